//! The hub over HTTP: signed requests, time limits, and the difference between a hub and something else that answers.

use crate::{
    browser,
    crypto::{self, TerminalKeys},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use holdfast_sync::{Hash, TerminalId};
use js_sys::Uint8Array;
use serde::Deserialize;
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestInit, Response};

const API: &str = "/pos/api/v1/";

/// How long to wait for an answer, in milliseconds.
const TIMEOUT_MS: i32 = 15_000;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NetError {
    /// Nothing answers.
    #[error("There is no hub in reach.")]
    NoHub,
    /// Something answers that is not a hub.
    #[error("Something answered that is not the hub.")]
    Nonsense,
    /// The hub says no.
    #[error("{message}")]
    Refused {
        /// The stable code.
        code: String,
        /// A sentence for a person.
        message: String,
    },
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

#[derive(Deserialize)]
struct Refusal {
    code: String,
    message: String,
}

/// The way to the hub for an enrolled terminal.
#[derive(Debug)]
pub(crate) struct Hub {
    terminal: TerminalId,
    keys: TerminalKeys,
    /// What to add to this device's clock to get the hub's.
    offset_ms: Cell<Option<i64>>,
}

impl Hub {
    pub(crate) fn new(terminal: TerminalId, keys: TerminalKeys) -> Self {
        Self { terminal, keys, offset_ms: Cell::new(None) }
    }

    /// What to add to this device's clock to get the hub's, if a hub was reached.
    pub(crate) fn offset_ms(&self) -> Option<i64> {
        self.offset_ms.get()
    }

    /// Asks, signed; once more if the hub's clock was not what we thought.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: &[u8], etag: &str) -> Result<Answer, NetError> {
        match self.try_ask(method, path, body, etag).await {
            Err(NetError::Refused { code, .. }) if code == "clock_skew" => self.try_ask(method, path, body, etag).await,
            other => other,
        }
    }

    async fn try_ask(&self, method: &str, path: &str, body: &[u8], etag: &str) -> Result<Answer, NetError> {
        let time = browser::now_ms() + self.offset_ms.get().unwrap_or(0);
        let nonce = hex::encode(crypto::random::<16>());
        let (terminal, path) = (self.terminal, format!("{API}{path}"));
        let body_hash = Hash::of(body);
        let text = format!("holdfast-request-1\n{method}\n{path}\n{terminal}\n{time}\n{nonce}\n{body_hash}");
        let signature = self.keys.sign(text.as_bytes()).await.map_err(|_| NetError::NoHub)?;
        let mut headers = vec![
            ("Holdfast-Terminal", terminal.to_string()),
            ("Holdfast-Time", time.to_string()),
            ("Holdfast-Nonce", nonce),
            ("Holdfast-Signature", BASE64_URL_SAFE_NO_PAD.encode(signature.0)),
        ];
        if !etag.is_empty() {
            headers.push(("If-None-Match", etag.to_owned()));
        }
        let (answer, hub_time) = send(method, &path, body, &headers).await?;
        if let Some(hub_time) = hub_time {
            self.offset_ms.set(Some(hub_time - browser::now_ms()));
        }
        refuse_errors(answer)
    }
}

/// Asks without a signature: enrolment.
pub(crate) async fn post_json(path: &str, body: &serde_json::Value) -> Result<serde_json::Value, NetError> {
    let headers = [("Content-Type", "application/json".to_owned())];
    let (answer, _) = send("POST", &format!("{API}{path}"), body.to_string().as_bytes(), &headers).await?;
    serde_json::from_slice(&refuse_errors(answer)?.body).map_err(|_| NetError::Nonsense)
}

/// Only a hub's own answers count: every other 4xx, 5xx and page is something in between.
fn refuse_errors(answer: Answer) -> Result<Answer, NetError> {
    if answer.status < 400 {
        return Ok(answer);
    }
    let refusal: Refusal = serde_json::from_slice(&answer.body).map_err(|_| NetError::Nonsense)?;
    Err(NetError::Refused { code: refusal.code, message: refusal.message })
}

/// Sends and reads everything within the time limit. Answers without a hub's clock are not a hub's.
async fn send(
    method: &str,
    path: &str,
    body: &[u8],
    headers: &[(&str, String)],
) -> Result<(Answer, Option<i64>), NetError> {
    let controller = AbortController::new().map_err(|_| NetError::NoHub)?;
    let timer = browser::set_timeout(TIMEOUT_MS, {
        let controller = controller.clone();
        move || controller.abort()
    });
    let result = fetch(method, path, body, headers, &controller).await;
    drop(timer);
    let response = result.map_err(|_| NetError::NoHub)?;
    let (status, hub_time, body) = response;
    let hub_time = hub_time.and_then(|time| time.parse::<i64>().ok()).ok_or(NetError::Nonsense)?;
    Ok((Answer { status, body }, Some(hub_time)))
}

type Fetched = (u16, Option<String>, Vec<u8>);

async fn fetch(
    method: &str,
    path: &str,
    body: &[u8],
    headers: &[(&str, String)],
    controller: &AbortController,
) -> Result<Fetched, JsValue> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_signal(Some(&controller.signal()));
    if method != "GET" {
        init.set_body(&Uint8Array::from(body));
    }
    let list = Headers::new()?;
    for (name, value) in headers {
        list.set(name, value)?;
    }
    init.set_headers(&list);
    let window = web_sys::window().expect("there is a window");
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(path, &init)).await?.dyn_into()?;
    let body = Uint8Array::new(&JsFuture::from(response.array_buffer()?).await?).to_vec();
    Ok((response.status(), response.headers().get("holdfast-hub-time").ok().flatten(), body))
}
