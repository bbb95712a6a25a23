//! `POST webhooks`: ERPNext says that a document changed, so that nobody waits for the next round.
//!
//! What it says is only a hint about what to read. The signature keeps strangers from making the hub read all day.

use crate::{Hub, address::Address, error::ApiError, limits, site::WEBHOOK_SECRET};
use axum::{
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use serde::Deserialize;
use sha2::Sha256;

#[derive(Deserialize)]
pub(crate) struct About {
    doctype: String,
}

#[derive(Deserialize)]
struct Document {
    name: String,
}

pub(crate) async fn changed(
    State(hub): State<Hub>,
    Address(address): Address,
    Query(About { doctype }): Query<About>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    hub.limits.take(&format!("webhook {address}"), limits::WEBHOOK)?;
    let sealed = hub.ask(|store| store.secret(WEBHOOK_SECRET)).await?.ok_or(ApiError::NotFound)?;
    let secret = hub.vault.open(WEBHOOK_SECRET, &sealed).map_err(|error| {
        tracing::error!(%error, "webhooks cannot be checked");
        ApiError::NotFound
    })?;
    let signature = headers.get("x-frappe-webhook-signature").and_then(|value| BASE64_STANDARD.decode(value).ok());
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).expect("HMAC takes keys of any length");
    mac.update(&body);
    mac.verify_slice(&signature.unwrap_or_default()).map_err(|_| ApiError::BadSignature)?;
    let document: Document =
        serde_json::from_slice(&body).map_err(|_| ApiError::BadRequest("it is not the JSON that was expected"))?;
    hub.hurry.changed(&doctype, &document.name);
    Ok(StatusCode::NO_CONTENT)
}
