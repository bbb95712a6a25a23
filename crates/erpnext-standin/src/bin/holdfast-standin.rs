//! Serves a stand-in for ERPNext over HTTP, for trying a hub without an ERPNext.

use anyhow::{Context, Result, anyhow};
use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{Request as HttpRequest, State},
    http::{HeaderMap, Method as HttpMethod, StatusCode},
    response::{IntoResponse, Response},
};
use clap::Parser;
use holdfast_erpnext::{Answer, Heard, Method, Request};
use holdfast_erpnext_standin::{Caller, Fault, StandIn, Version};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A stand-in for an ERPNext site, in memory.
///
/// Users are Administrator and cashier@example.com; the API key of a user is `key-` and its name, the secret `secret-` and its
/// name.
#[derive(Parser)]
struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8000")]
    listen: SocketAddr,
    /// How many items the shop has; without it, it is the shop of the recordings.
    #[arg(long)]
    items: Option<usize>,
    /// Be ERPNext 16.
    #[arg(long)]
    v16: bool,
    /// Of a thousand requests, how many meet a fault: a lost answer, a 5xx, a 429, an expired token.
    #[arg(long, default_value_t = 0)]
    faults: u64,
    /// How long every answer takes, in milliseconds.
    #[arg(long, default_value_t = 0)]
    slow_ms: u64,
}

struct Served {
    site: Mutex<(StandIn, u64)>,
    faults: u64,
    slow: Duration,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut site = match arguments.items {
        Some(items) => StandIn::of_shop(&holdfast_demo::shop(items)),
        None => StandIn::corner_shop(),
    };
    if arguments.v16 {
        site.settings_mut().version = Version::V16;
    }
    let served = Served {
        site: Mutex::new((site, 0)),
        faults: arguments.faults,
        slow: Duration::from_millis(arguments.slow_ms),
    };
    let router = Router::new().fallback(serve).with_state(Arc::new(served));
    let listener =
        tokio::net::TcpListener::bind(arguments.listen).await.context("the address cannot be listened on")?;
    println!("ERPNext stand-in on http://{}", listener.local_addr()?);
    axum::serve(listener, router).await.context("the server stopped")
}

async fn serve(State(served): State<Arc<Served>>, request: HttpRequest) -> Response {
    tokio::time::sleep(served.slow).await;
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 25 * 1024 * 1024).await.unwrap_or_default();
    let Ok(request) = read(&parts.method, parts.uri.path(), parts.uri.query().unwrap_or_default(), &body) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let caller = caller(&parts.headers);
    let now_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
    let mut site = served.site.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    site.1 += 1;
    let fate = site.1.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let fault = (fate % 1000 < served.faults).then(|| Fault::ALL[(fate / 1000) as usize % Fault::ALL.len()]);
    match site.0.hear(&caller, &request, now_ms, fault) {
        Heard::Answer(answer) => written(answer),
        // A connection that ends without a word.
        Heard::NotSent | Heard::Lost => StatusCode::BAD_GATEWAY.into_response(),
    }
}

fn caller(headers: &HeaderMap) -> Caller {
    match headers.get("authorization").and_then(|value| value.to_str().ok()) {
        Some(header) => Caller::Header(header.to_owned()),
        None => Caller::Guest,
    }
}

fn read(method: &HttpMethod, path: &str, query: &str, body: &Bytes) -> Result<Request> {
    let method = match method.as_str() {
        "GET" => Method::Get,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "DELETE" => Method::Delete,
        other => return Err(anyhow!("{other} is not modelled")),
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let query = pairs.map(|(name, value)| (decoded(name), decoded(value))).collect();
    let body = if body.is_empty() { None } else { Some(serde_json::from_slice(body).or_else(|_| form(body))?) };
    Ok(Request { method, path: path.to_owned(), query, body })
}

/// A form, as OAuth sends it.
fn form(body: &Bytes) -> Result<serde_json::Value> {
    let text = std::str::from_utf8(body)?;
    let pairs = text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    Ok(pairs.map(|(name, value)| (decoded(name), decoded(value).into())).collect::<serde_json::Map<_, _>>().into())
}

fn decoded(text: &str) -> String {
    let text = text.replace('+', " ");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        let escaped = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn written(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, [("content-type", "application/json")], answer.body).into_response();
    let wait_s = answer.retry_after_ms.map(|ms| ms / 1000);
    if let Some(value) = wait_s.and_then(|s| s.to_string().parse().ok()) {
        response.headers_mut().insert("retry-after", value);
    }
    response
}
