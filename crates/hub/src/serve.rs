//! The hub's doors: sockets with or without TLS, with the limits that the network asks for.
//!
//! Nobody holds a connection open by being slow, a slow TLS handshake keeps nobody else waiting, and a request knows its
//! caller's address ([`axum::extract::ConnectInfo`]).

use axum::{Router, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use rustls::ServerConfig;
use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

/// Most connections at once; the next one waits.
const CONNECTIONS_MAX: usize = 4_096;

/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long the head of a request may take, and how long a connection may be idle.
const HEAD: Duration = Duration::from_mins(1);

/// How long connections have to end when the hub stops.
const FAREWELL: Duration = Duration::from_secs(10);

/// Most bytes of a request's head.
const HEAD_BYTES_MAX: usize = 32 * 1024;

/// Most headers of a request.
const HEADERS_MAX: usize = 100;

/// Marks a request that came over the hub's own TLS.
#[derive(Clone, Copy)]
pub(crate) struct Encrypted;

/// Serves until `stop` is ready; then lets requests that are being answered end.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    router: Router,
    stop: impl Future<Output = ()>,
) {
    let acceptor = tls.map(TlsAcceptor::from);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    tokio::pin!(stop);
    loop {
        let place = Arc::clone(&places).acquire_owned().await.expect("nobody closes it");
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(cause) => {
                    rest(&cause).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        tokio::spawn(greet(stream, peer, acceptor.clone(), router.clone(), graceful.watcher(), place));
    }
    drop(listener);
    if timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not end and are cut");
    }
}

/// One caller who hangs up early is no reason to rest; a machine without file handles is.
async fn rest(cause: &io::Error) {
    let is_theirs = matches!(
        cause.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    );
    if !is_theirs {
        tracing::error!(%cause, "no connection can be accepted");
        sleep(Duration::from_secs(1)).await;
    }
}

async fn greet(
    stream: TcpStream,
    peer: SocketAddr,
    acceptor: Option<TlsAcceptor>,
    router: Router,
    watcher: Watcher,
    _place: OwnedSemaphorePermit,
) {
    // Answers are small and waited for.
    let _ = stream.set_nodelay(true);
    match acceptor {
        None => talk(stream, peer, None, router, watcher).await,
        Some(acceptor) => match timeout(HANDSHAKE, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => talk(stream, peer, Some(Encrypted), router, watcher).await,
            Ok(Err(cause)) => tracing::debug!(%peer, %cause, "no TLS"),
            Err(_) => tracing::debug!(%peer, "the handshake took too long"),
        },
    }
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    encrypted: Option<Encrypted>,
    router: Router,
    watcher: Watcher,
) {
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        encrypted.map(|encrypted| request.extensions_mut().insert(encrypted));
        router.clone().oneshot(request.map(axum::body::Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(cause) = watcher.watch(connection).await {
        tracing::debug!(%peer, %cause, "the connection broke");
    }
}
