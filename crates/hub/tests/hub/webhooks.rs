//! `POST webhooks`.

use crate::shop::{Shop, post};
use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use holdfast_hub::{Hub, vault::Vault};
use sha2::Sha256;

const PATH: &str = "/pos/api/v1/webhooks?doctype=POS%20Invoice";

/// A webhook's body as a real ERPNext sent it.
const BODY: &str = r#"{"name": "ACC-PSINV-2026-00120", "offline_uuid": "uuid-1795474688-wh", "grand_total": 2.67, "modified": "2026-11-23 17:58:18.787047"}"#;

/// Made over the body with HMAC-SHA256 and the key below, as ERPNext does.
const SIGNATURE: &str = "1/POQ+8OL3rUh6tgRoY2Qwcvv5p9RXR1rc0YE9kokTw=";

const KEY: &[u8] = b"terminal-hook-secret";

fn shop(name: &str) -> Shop {
    let shop = Shop::new(name, "127.0.0.1:1".parse().expect("an address"));
    let sealed = Vault::new(&[1; 32]).seal("site/webhook", KEY);
    shop.store.change(|change| change.set_secret("site/webhook", &sealed, 0)).expect("stored");
    shop
}

#[tokio::test]
async fn a_signed_hint_is_taken() {
    let shop = shop("hint");

    let signed = [("x-frappe-webhook-signature", SIGNATURE)];
    let (status, _) = post(&shop.hub(), PATH, &signed, BODY.into()).await;

    assert_eq!(status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_hint_of_a_stranger_is_not() {
    let shop = shop("stranger");
    let altered = BODY.replace("00120", "00121");

    let signed = [("x-frappe-webhook-signature", SIGNATURE)];
    let (without, _) = post(&shop.hub(), PATH, &[], BODY.into()).await;
    let (other, answer) = post(&shop.hub(), PATH, &signed, altered).await;

    assert_eq!((without, other), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    assert_eq!(answer["code"], "bad_signature");
}

#[tokio::test]
async fn a_hub_without_webhooks_has_no_such_route() {
    let shop = Shop::new("none", "127.0.0.1:1".parse().expect("an address"));

    let (status, _) = post(&shop.hub(), PATH, &[], BODY.into()).await;

    assert_eq!(status, StatusCode::NOT_FOUND);
}

/// A signed hint that a document changed.
pub(crate) async fn hint(shop: &Shop, hub: &Hub, doctype: &str, name: &str) {
    let sealed = Vault::new(&[1; 32]).seal("site/webhook", KEY);
    shop.store.change(|change| change.set_secret("site/webhook", &sealed, 0)).expect("stored");
    let body = serde_json::json!({ "name": name }).to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).expect("a key");
    mac.update(body.as_bytes());
    let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());

    let signed = [("x-frappe-webhook-signature", signature.as_str())];
    let (status, _) = post(hub, &format!("/pos/api/v1/webhooks?doctype={doctype}"), &signed, body).await;

    assert_eq!(status, StatusCode::NO_CONTENT);
}
