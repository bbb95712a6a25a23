//! A terminal that signs its requests.

use crate::shop::Shop;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, Request},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use holdfast_store::NewTerminal;
use holdfast_sync::{Hash, PublicKey, TerminalId};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use std::time::{SystemTime, UNIX_EPOCH};

/// A terminal with its key.
pub(crate) struct Terminal {
    pub(crate) id: TerminalId,
    pub(crate) key: SigningKey,
    nonces: u64,
}

/// The hub's time.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_millis()).expect("before the year 292 million")
}

impl Terminal {
    /// One that the shop knows.
    pub(crate) fn enrolled(shop: &Shop, profile: &str) -> Self {
        let terminal = Self::stranger(1);
        let public_key = PublicKey(terminal.key.verifying_key().to_encoded_point(false).as_bytes().to_vec());
        let row = NewTerminal {
            id: terminal.id,
            name: "Till 1".into(),
            pos_profile: profile.into(),
            public_key,
            account: "manager".into(),
        };
        shop.store.enrol(&row, now_ms()).expect("stored");
        terminal
    }

    /// One that nobody knows.
    pub(crate) fn stranger(number: u8) -> Self {
        Self { id: TerminalId([number; 16]), key: SigningKey::from_slice(&[number; 32]).expect("a key"), nonces: 0 }
    }

    /// Somebody who claims to be this terminal and hasn't got its key.
    pub(crate) fn forger(&self) -> Self {
        Self { id: self.id, ..Self::stranger(3) }
    }

    /// A request as this terminal makes it now.
    pub(crate) fn request(&mut self, method: &str, path: &str, body: &[u8]) -> Request<Body> {
        self.request_at(now_ms(), method, path, body)
    }

    /// A request signed with a time.
    pub(crate) fn request_at(&mut self, time_ms: i64, method: &str, path: &str, body: &[u8]) -> Request<Body> {
        self.nonces += 1;
        let (id, nonce) = (self.id, format!("{:032x}", self.nonces));
        let text = format!("holdfast-request-1\n{method}\n{path}\n{id}\n{time_ms}\n{nonce}\n{}", Hash::of(body));
        let signature: Signature = self.key.sign(text.as_bytes());
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes());
        let mut request = Request::new(Body::from(body.to_vec()));
        *request.method_mut() = Method::from_bytes(method.as_bytes()).expect("a method");
        *request.uri_mut() = path.parse().expect("a path");
        let headers: &mut HeaderMap = request.headers_mut();
        for (name, value) in [
            ("holdfast-terminal", id.to_string()),
            ("holdfast-time", time_ms.to_string()),
            ("holdfast-nonce", nonce),
            ("holdfast-signature", signature),
        ] {
            headers.insert(name, HeaderValue::try_from(value).expect("a value"));
        }
        request
    }
}
