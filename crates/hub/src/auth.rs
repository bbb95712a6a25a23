//! Signed requests: who asks, and that nobody altered or repeated it.

use crate::{Hub, address::Address, bodies, error::ApiError, limits, state::now_ms};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts as _, OriginalUri, Request},
    http::{HeaderMap, request::Parts},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use holdfast_store::TerminalRow;
use holdfast_sync::{
    Hash, Signature, TerminalId,
    entry::{Key, Verifier},
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// How far a terminal's signed time may be from the hub's.
const SKEW_MS_MAX: u64 = 5 * 60 * 1000;

/// How long nonces are remembered: longer than a signed time stays acceptable.
const NONCE_MS: i64 = 10 * 60 * 1000 + 1000;

/// Most bytes of a signed body.
const BODY_BYTES_MAX: usize = holdfast_sync::wire::PUSH_BYTES_MAX + 64 * 1024;

/// A request that a registered terminal made and nobody altered.
pub(crate) struct Signed {
    pub(crate) terminal: TerminalRow,
    pub(crate) key: Key,
    pub(crate) body: Bytes,
}

/// Nonces that were seen lately.
#[derive(Default)]
pub(crate) struct Nonces {
    seen: Mutex<HashMap<(TerminalId, [u8; 16]), i64>>,
}

impl Nonces {
    fn take(&self, terminal: TerminalId, nonce: [u8; 16], now: i64) -> Result<(), ApiError> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() > 100_000 {
            seen.retain(|_, at| now - *at < NONCE_MS);
        }
        match seen.insert((terminal, nonce), now) {
            Some(at) if now - at < NONCE_MS => Err(ApiError::Replayed),
            _ => Ok(()),
        }
    }
}

impl FromRequest<Hub> for Signed {
    type Rejection = ApiError;

    async fn from_request(request: Request, hub: &Hub) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let claim = Claim::read(&parts.headers)?;
        let Ok(Address(address)) = Address::from_request_parts(&mut parts, hub).await;
        let forger = format!("forged {address}");
        hub.limits.look(&forger, limits::FORGED)?;
        let found = Self::check(claim, parts, body, hub).await;
        // Counted by where it came from: nobody uses up the tries of a terminal whose key they haven't got.
        if let Err(ApiError::BadSignature | ApiError::UnknownTerminal) = &found {
            hub.limits.take(&forger, limits::FORGED)?;
        }
        found
    }
}

impl Signed {
    async fn check(claim: Claim, parts: Parts, body: Body, hub: &Hub) -> Result<Self, ApiError> {
        // Only who is known may send as much as a journal has.
        let terminal = hub.ask(move |store| store.terminal(claim.terminal)).await?.ok_or(ApiError::UnknownTerminal)?;
        let body = bodies::read(body, BODY_BYTES_MAX).await?;
        let key = Key::new(&terminal.public_key).ok_or(ApiError::BadSignature)?;
        // Nested routers shorten the path they pass on; what was signed is the path that was sent.
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let path = uri.path_and_query().map_or("", |path| path.as_str());
        let text = claim.signed_text(parts.method.as_str(), path, &body);
        if !key.verifies(text.as_bytes(), &claim.signature) {
            return Err(ApiError::BadSignature);
        }
        hub.limits.take(&format!("terminal {}", claim.terminal), limits::SIGNED)?;
        let now = now_ms();
        if claim.time_ms.abs_diff(now) > SKEW_MS_MAX {
            return Err(ApiError::ClockSkew);
        }
        hub.nonces.take(claim.terminal, claim.nonce, now)?;
        hub.heard.note(claim.terminal);
        Ok(Self { terminal, key, body })
    }
}

/// The four headers.
#[derive(Clone, Copy)]
struct Claim {
    terminal: TerminalId,
    time_ms: i64,
    nonce: [u8; 16],
    signature: Signature,
}

impl Claim {
    fn read(headers: &HeaderMap) -> Result<Self, ApiError> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let read = || {
            Some(Self {
                terminal: TerminalId::from_hex(text("holdfast-terminal")?)?,
                time_ms: text("holdfast-time")?.parse().ok()?,
                nonce: TerminalId::from_hex(text("holdfast-nonce")?)?.0,
                signature: Signature(BASE64_URL_SAFE_NO_PAD.decode(text("holdfast-signature")?).ok()?.try_into().ok()?),
            })
        };
        read().ok_or(ApiError::NotSigned)
    }

    fn signed_text(&self, method: &str, path: &str, body: &[u8]) -> String {
        let Self { terminal, time_ms, nonce, .. } = self;
        let (nonce, body) = (hex::encode(nonce), Hash::of(body));
        format!("holdfast-request-1\n{method}\n{path}\n{terminal}\n{time_ms}\n{nonce}\n{body}")
    }
}
