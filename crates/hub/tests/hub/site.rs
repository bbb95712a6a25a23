//! What the site client makes of good, bad and missing answers.

use crate::shop::{Shop, client, serve};
use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use holdfast_erpnext::{Answer, Conversation, Heard, Method, Request, Step};
use holdfast_hub::{
    site::{ACCOUNT, Credential, SERVICE, Site, Tokens},
    vault::Vault,
};
use serde_json::json;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

fn key() -> Credential {
    Credential::Key { key: "k".into(), secret: "s".into() }
}

fn password() -> Credential {
    Credential::Password { user: "ada@example.com".into(), password: "right".into() }
}

fn invoice() -> Request {
    Request::insert("POS Invoice", json!({ "holdfast_id": "x" }))
}

/// A server that reads a request and then sends these bytes and hangs up.
async fn raw(bytes: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it listens");
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(bytes).await;
        }
    });
    address
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it listens");
    drop(listener);

    assert_eq!(client(address).send(&key(), &invoice()).await, Heard::NotSent);
}

#[tokio::test]
async fn a_request_without_an_answer_is_lost() {
    for answer in [
        b"".as_slice(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"dat",
    ] {
        let address = raw(answer).await;

        let heard = client(address).send(&key(), &invoice()).await;

        assert_eq!(heard, Heard::Lost, "{}", String::from_utf8_lossy(answer));
    }
}

#[tokio::test]
async fn what_the_site_says_of_time_and_patience_is_heard() {
    let address = raw(
        b"HTTP/1.1 429 Too Many\r\nDate: Tue, 24 Nov 2026 22:49:42 GMT\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n{}",
    )
    .await;

    let heard = client(address).send(&key(), &invoice()).await;

    let (retry_after_ms, date_ms) = (Some(7_000), Some(1_795_560_582_000));
    assert_eq!(heard, Heard::Answer(Answer { status: 429, retry_after_ms, date_ms, body: b"{}".to_vec() }));
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let router = Router::new()
        .route("/api/resource/POS%20Invoice", post(async || Redirect::permanent("/elsewhere")))
        .route("/elsewhere", get(async move || counted.fetch_add(1, Ordering::SeqCst).to_string()));
    let address = serve(router).await;

    let heard = client(address).send(&key(), &invoice()).await;

    assert!(matches!(heard, Heard::Answer(Answer { status: 308, .. })), "{heard:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn no_request_leaves_the_site() {
    let address = serve(Router::new()).await;
    let request = Request::new(Method::Get, "//elsewhere.example/api".into(), None);

    assert_eq!(client(address).send(&key(), &request).await, Heard::NotSent);
}

#[tokio::test]
async fn a_key_goes_without_a_cookie() {
    let router = Router::new().route(
        "/api/method/who",
        get(async |headers: HeaderMap| {
            let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("none").to_owned();
            (
                [(header::SET_COOKIE, "sid=abc")],
                axum::Json(json!({ "message": [text(header::AUTHORIZATION), text(header::COOKIE)] })),
            )
        }),
    );
    let client = client(serve(router).await);
    let ask = Request::look("who", Vec::new());

    client.send(&key(), &ask).await;
    let heard = client.send(&key(), &ask).await;

    assert_eq!(heard.data().expect("an answer"), json!(["token k:s", "none"]));
}

/// A site that knows one password, and forgets its first session after a request.
fn forgetful(logins: Arc<AtomicUsize>) -> Router {
    let login = async move |body: String| {
        if !body.contains("pwd=right") {
            return (StatusCode::UNAUTHORIZED, axum::Json(json!({ "message": "wrong" }))).into_response();
        }
        let number = logins.fetch_add(1, Ordering::SeqCst);
        let cookie = format!("sid=session-{number}; HttpOnly; Path=/");
        ([(header::SET_COOKIE, cookie)], axum::Json(json!({ "message": "Logged In" }))).into_response()
    };
    let who = async |headers: HeaderMap| {
        let cookie = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if cookie == "sid=session-1" {
            axum::Json(json!({ "message": "ada@example.com" })).into_response()
        } else {
            (StatusCode::FORBIDDEN, [(header::SET_COOKIE, "sid=Guest; Path=/")], "{}").into_response()
        }
    };
    Router::new().route("/api/method/login", post(login)).route("/api/method/who", get(who))
}

#[tokio::test]
async fn a_session_that_ended_is_begun_again() {
    let logins = Arc::new(AtomicUsize::new(0));
    let client = client(serve(forgetful(Arc::clone(&logins))).await);
    let ask = Request::look("who", Vec::new());

    let first = client.send(&password(), &ask).await;
    let second = client.send(&password(), &ask).await;

    assert_eq!(first.data().expect("an answer"), json!("ada@example.com"));
    assert_eq!(second, first);
    assert_eq!(logins.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_wrong_password_is_no_sign_in() {
    let client = client(serve(forgetful(Arc::default())).await);
    let wrong = Credential::Password { user: "ada@example.com".into(), password: "wrong".into() };

    let heard = client.send(&wrong, &Request::look("who", Vec::new())).await;

    assert_eq!(heard.read(), Err(holdfast_erpnext::Trouble::SignedOut));
}

/// Asks twice with a wait in between.
#[derive(Default)]
struct Twice(Vec<Option<Heard>>);

impl Conversation for Twice {
    type Outcome = Vec<Option<Heard>>;

    fn next(&mut self, heard: Option<Heard>) -> Step<Self::Outcome> {
        self.0.push(heard);
        match self.0.len() {
            1 | 3 => Step::Ask(Request::look("who", Vec::new())),
            2 => Step::Wait { ms: 1 },
            _ => Step::Done(std::mem::take(&mut self.0)),
        }
    }
}

#[tokio::test]
async fn a_conversation_is_held_to_its_end() {
    let router = Router::new().route("/api/method/who", get(async || "{\"message\":1}"));
    let shop = Shop::new("conversation", serve(router).await);
    shop.site.keep(SERVICE, &key()).await.expect("kept");

    let heard = shop.site.hold(Twice::default()).await.expect("an account");

    assert!(matches!(heard.as_slice(), [None, Some(Heard::Answer(_)), None, Some(Heard::Answer(_))]), "{heard:?}");
}

/// Gives a new pair for the refresh token `r0`, once.
fn renewing(renewals: Arc<AtomicUsize>) -> Router {
    let renew = async move |body: String| {
        if body.contains("refresh_token=r0") && renewals.fetch_add(1, Ordering::SeqCst) == 0 {
            let pair = json!({ "access_token": "a1", "refresh_token": "r1", "expires_in": 3600 });
            (StatusCode::OK, axum::Json(pair))
        } else {
            (StatusCode::BAD_REQUEST, axum::Json(json!({ "error": "invalid_grant" })))
        }
    };
    let who = async |headers: HeaderMap| {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        (if bearer == "Bearer a1" { StatusCode::OK } else { StatusCode::UNAUTHORIZED }, "{\"message\":1}")
    };
    Router::new()
        .route("/api/method/frappe.integrations.oauth2.get_token", post(renew))
        .route("/api/method/who", get(who))
}

fn ended(refresh: &str) -> Credential {
    Credential::Tokens(Tokens { access: "a0".into(), refresh: refresh.into(), client_id: "c".into(), until_ms: 0 })
}

#[tokio::test]
async fn tokens_are_renewed_once_and_kept_sealed() {
    let renewals = Arc::new(AtomicUsize::new(0));
    let address = serve(renewing(Arc::clone(&renewals))).await;
    let shop = Shop::new("renew", address);
    let name = format!("{ACCOUNT}ada");
    shop.site.keep(&name, &ended("r0")).await.expect("kept");
    let ask = Request::look("who", Vec::new());

    let (first, second) = tokio::join!(shop.site.send("ada", &ask), shop.site.send("ada", &ask));
    let restarted = Site::new(client(address), Arc::clone(&shop.store), Vault::new(&[1; 32]), None);
    let third = restarted.send("ada", &ask).await;

    for heard in [first, second, third] {
        assert_eq!(heard.expect("an account").data().expect("signed in"), json!(1));
    }
    assert_eq!(renewals.load(Ordering::SeqCst), 1);
    let sealed = shop.store.secret(&name).expect("read").expect("kept");
    assert!(!sealed.windows(2).any(|window| window == b"r1"));
}

#[tokio::test]
async fn an_account_that_is_no_longer_accepted_is_said() {
    let shop = Shop::new("signed-out", serve(renewing(Arc::default())).await);
    shop.site.keep(&format!("{ACCOUNT}ada"), &ended("spent")).await.expect("kept");

    let heard = shop.site.send("ada", &Request::look("who", Vec::new())).await.expect("an account");

    assert_eq!(heard.read(), Err(holdfast_erpnext::Trouble::SignedOut));
    let alerts = shop.store.alerts().expect("read");
    assert_eq!((alerts[0].kind.as_str(), alerts[0].subject.as_str()), ("signed_out", "ada"));
}
