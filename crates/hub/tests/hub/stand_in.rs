//! The stand-in for ERPNext behind a socket.

use crate::shop::serve;
use axum::{
    Router,
    body::to_bytes,
    extract::{Request as HttpRequest, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use holdfast_erpnext::{Heard, Method, Request};
use holdfast_erpnext_standin::{Caller, Fault, StandIn};
use holdfast_hub::site::Credential;
use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

/// A site that tests look into and break.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    inside: Arc<Mutex<Inside>>,
}

struct Inside {
    site: StandIn,
    /// What the next requests meet.
    faults: VecDeque<Fault>,
}

impl Served {
    pub(crate) async fn new(site: StandIn) -> Self {
        let inside = Inside { site, faults: VecDeque::new() };
        let inside = Arc::new(Mutex::new(inside));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&inside));
        Self { address: serve(router).await, inside }
    }

    /// Lets the next requests meet faults, one each.
    pub(crate) fn falter(&self, faults: impl IntoIterator<Item = Fault>) {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).faults.extend(faults);
    }

    /// Looks at the site, or changes it.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut StandIn) -> T) -> T {
        look(&mut self.inside.lock().unwrap_or_else(PoisonError::into_inner).site)
    }
}

/// The key of a user of the stand-in.
pub(crate) fn key_of(user: &str) -> Credential {
    Credential::Key { key: format!("key-{user}"), secret: format!("secret-{user}") }
}

async fn answer(State(inside): State<Arc<Mutex<Inside>>>, request: HttpRequest) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 25 << 20).await.unwrap_or_default();
    let header = parts.headers.get("authorization").and_then(|value| value.to_str().ok());
    let caller = header.map_or(Caller::Guest, |header| Caller::Header(header.to_owned()));
    let method = match parts.method.as_str() {
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "DELETE" => Method::Delete,
        _ => Method::Get,
    };
    let pairs = parts.uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    let query = pairs.map(|(name, value)| (decoded(name), decoded(value))).collect();
    let body = serde_json::from_slice(&body).ok();
    let request = Request { method, path: parts.uri.path().to_owned(), query, body };
    let mut inside = inside.lock().unwrap_or_else(PoisonError::into_inner);
    let fault = inside.faults.pop_front();
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    let now_ms = i64::try_from(since.as_millis()).expect("before the end of time");
    match inside.site.hear(&caller, &request, now_ms, fault) {
        Heard::Answer(answer) => {
            let status = StatusCode::from_u16(answer.status).expect("a status");
            (status, answer.body).into_response()
        }
        Heard::NotSent | Heard::Lost => StatusCode::BAD_GATEWAY.into_response(),
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let escaped = (byte == b'%').then(|| [rest.next(), rest.next()].map(|digit| char::from(digit.unwrap_or(b'0'))));
        bytes.push(
            escaped
                .map_or(byte, |[high, low]| u8::from_str_radix(&format!("{high}{low}"), 16).expect("two hex digits")),
        );
    }
    String::from_utf8(bytes).expect("UTF-8")
}
