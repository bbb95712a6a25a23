//! A proxy between hub and site that loses answers on purpose.
//!
//! Faults are bound to what is asked, not to time: the nth request of a kind meets its fate in every run.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The site carries it out; the answer breaks off.
    LostAnswer,
    /// The site carries it out; a gateway's page comes instead of the answer.
    GatewayTimeout,
    /// It never reaches the site: a gateway says so.
    BadGateway,
    /// It never reaches the site: too many requests, come back in a second.
    TooManyRequests,
    /// It never reaches the site: the connection breaks.
    LostRequest,
}

/// Which requests meet a fault.
#[derive(Debug)]
pub(crate) struct Rule {
    /// What to call it in the report.
    pub(crate) name: &'static str,
    /// What happens.
    pub(crate) fault: Fault,
    /// `true` for requests that change something, `false` for reads.
    pub(crate) is_write: bool,
    /// What the path or the body contains.
    pub(crate) about: &'static str,
    /// The first one that meets it, counted from one.
    pub(crate) first: u32,
    /// After it every how-many-th.
    pub(crate) every: u32,
    seen: AtomicU32,
    is_due: AtomicBool,
    fired: AtomicU32,
}

impl Rule {
    /// A rule.
    pub(crate) fn new(name: &'static str, fault: Fault, about: (&'static str, bool), first: u32, every: u32) -> Self {
        let (about, is_write) = about;
        Self {
            name,
            fault,
            is_write,
            about,
            first,
            every,
            seen: AtomicU32::new(0),
            is_due: AtomicBool::new(false),
            fired: AtomicU32::new(0),
        }
    }

    /// Counts a request, and says whether it meets its fate: it, or one before it that was let pass.
    fn meets(&self, is_write: bool, what: &str) -> bool {
        if is_write != self.is_write || !what.contains(self.about) {
            return false;
        }
        let seen = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        if seen >= self.first && (seen - self.first).is_multiple_of(self.every) {
            self.is_due.store(true, Ordering::Relaxed);
        }
        self.is_due.load(Ordering::Relaxed)
    }
}

/// The proxy.
#[derive(Clone)]
pub(crate) struct Proxy {
    inner: Arc<Inner>,
}

struct Inner {
    client: reqwest::Client,
    site: String,
    rules: Vec<Rule>,
    is_on: AtomicBool,
    passed: AtomicU32,
    /// Requests since the last fault.
    calm: AtomicU32,
}

/// So many requests pass after a fault. Two counters share the faults, and an entry that met one at each of its tries would be put
/// before a person, rightly.
const CALM: u32 = 3;

impl Proxy {
    /// Starts one in front of a site; gives it and its address. It passes everything on until it is told otherwise.
    pub(crate) async fn start(site: &str, rules: Vec<Rule>) -> anyhow::Result<(Self, SocketAddr)> {
        let client = reqwest::Client::builder().timeout(Duration::from_mins(5)).build()?;
        let inner = Inner {
            client,
            site: site.to_owned(),
            rules,
            is_on: AtomicBool::new(false),
            passed: AtomicU32::new(0),
            calm: AtomicU32::new(CALM),
        };
        let proxy = Self { inner: Arc::new(inner) };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router = Router::new().fallback(pass).with_state(proxy.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok((proxy, address))
    }

    /// Lets faults happen, or not.
    pub(crate) fn set_faults(&self, is_on: bool) {
        self.inner.is_on.store(is_on, Ordering::Relaxed);
    }

    /// Each rule's name, and how often it was met.
    pub(crate) fn fired(&self) -> Vec<(&'static str, u32)> {
        self.inner.rules.iter().map(|rule| (rule.name, rule.fired.load(Ordering::Relaxed))).collect()
    }

    /// Requests that reached the site.
    pub(crate) fn passed(&self) -> u32 {
        self.inner.passed.load(Ordering::Relaxed)
    }

    fn fault(&self, is_write: bool, what: &str) -> Option<Fault> {
        if !self.inner.is_on.load(Ordering::Relaxed) {
            return None;
        }
        // Every rule counts what it sees, so that one does not shift the others.
        let met: Vec<&Rule> = self.inner.rules.iter().filter(|rule| rule.meets(is_write, what)).collect();
        let is_calm = self.inner.calm.fetch_add(1, Ordering::Relaxed) >= CALM;
        let rule = met.first().filter(|_| is_calm)?;
        self.inner.calm.store(0, Ordering::Relaxed);
        rule.is_due.store(false, Ordering::Relaxed);
        rule.fired.fetch_add(1, Ordering::Relaxed);
        Some(rule.fault)
    }
}

async fn pass(State(proxy): State<Proxy>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, 64 << 20).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let is_write = parts.method != reqwest::Method::GET;
    let what = format!("{} {}", target.replace("%20", " "), String::from_utf8_lossy(&body));
    let fault = proxy.fault(is_write, &what);
    match fault {
        Some(Fault::BadGateway) => return page(StatusCode::BAD_GATEWAY),
        Some(Fault::LostRequest) => return broken(),
        Some(Fault::TooManyRequests) => {
            return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")]).into_response();
        }
        None | Some(Fault::LostAnswer | Fault::GatewayTimeout) => {}
    }
    let answer = forward(&proxy, parts.method, &target, &parts.headers, body).await;
    match fault {
        Some(Fault::LostAnswer) => broken(),
        Some(Fault::GatewayTimeout) => page(StatusCode::GATEWAY_TIMEOUT),
        _ => answer.unwrap_or_else(|_| broken()),
    }
}

async fn forward(
    proxy: &Proxy,
    method: reqwest::Method,
    target: &str,
    headers: &reqwest::header::HeaderMap,
    body: Bytes,
) -> reqwest::Result<Response> {
    proxy.inner.passed.fetch_add(1, Ordering::Relaxed);
    let mut sent = proxy.inner.client.request(method, format!("{}{target}", proxy.inner.site)).body(body);
    for name in [header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT, header::COOKIE] {
        if let Some(value) = headers.get(&name) {
            sent = sent.header(name, value);
        }
    }
    let answer = sent.send().await?;
    let status = answer.status();
    let kept: Vec<(HeaderName, HeaderValue)> = answer
        .headers()
        .iter()
        .filter(|(name, _)| ![header::CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH].contains(name))
        .filter(|(name, _)| **name != header::CONTENT_ENCODING)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut response = (status, answer.bytes().await?).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    for (name, value) in kept {
        response.headers_mut().append(name, value);
    }
    Ok(response)
}

/// What a gateway says.
fn page(status: StatusCode) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html")], format!("<html><h1>{status}</h1></html>")).into_response()
}

/// An answer that breaks off before its end.
fn broken() -> Response {
    let cut: Result<Bytes, std::io::Error> = Err(std::io::ErrorKind::ConnectionReset.into());
    Response::new(Body::from_stream(futures_util::stream::iter([cut])))
}
