//! `POST enrolment`: an account lets a browser become a terminal.

use super::terminal::describe;
use crate::{Hub, error::ApiError, limits, secrets, state::now_ms};
use axum::{Json, body::Bytes, extract::State, http::HeaderMap};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use holdfast_store::{NewTerminal, Role};
use holdfast_sync::{PublicKey, TerminalId, entry::Key};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

#[derive(Deserialize)]
pub(crate) struct Credentials {
    account: String,
    password: String,
}

#[derive(Deserialize)]
pub(crate) struct Enrolment {
    #[serde(flatten)]
    credentials: Credentials,
    terminal_name: String,
    pos_profile: String,
    public_key: String,
}

/// The profiles that the account may enrol for.
pub(crate) async fn profiles(State(hub): State<Hub>, headers: HeaderMap, body: Bytes) -> Result<Json<Value>, ApiError> {
    sign_in(&hub, &headers, read(&body)?).await?;
    let profiles = hub.ask(holdfast_store::Store::profiles).await?;
    let profiles: Vec<Value> = profiles
        .into_iter()
        .map(|p| json!({ "name": p.name, "company": p.company, "currency": p.currency, "warehouse": p.warehouse }))
        .collect();
    Ok(Json(json!({ "shop": &*hub.shop, "profiles": profiles })))
}

/// Registers a terminal.
pub(crate) async fn enrol(State(hub): State<Hub>, headers: HeaderMap, body: Bytes) -> Result<Json<Value>, ApiError> {
    let enrolment: Enrolment = read(&body)?;
    let public_key = BASE64_URL_SAFE_NO_PAD
        .decode(&enrolment.public_key)
        .ok()
        .map(PublicKey)
        .filter(|key| Key::new(key).is_some())
        .ok_or(ApiError::BadRequest("the public key is no point on the curve"))?;
    let name = enrolment.terminal_name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(ApiError::BadRequest("a terminal's name has 1 to 60 characters"));
    }
    let account = enrolment.credentials.account.clone();
    sign_in(&hub, &headers, enrolment.credentials).await?;
    let mut id = [0; 16];
    getrandom::fill(&mut id).expect("the operating system gives random bytes");
    let terminal = NewTerminal { id: TerminalId(id), name, pos_profile: enrolment.pos_profile, public_key, account };
    let row = hub
        .ask(move |store| match store.manifest(&terminal.pos_profile)? {
            Some(_) => store.enrol(&terminal, now_ms()).map(Some),
            None => Ok(None),
        })
        .await?
        .ok_or(ApiError::NotFound)?;
    tracing::info!(terminal = %row.id, code = row.code, "enrolled");
    describe(&hub, row).await
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|_| ApiError::BadRequest("it is not the JSON that was expected"))
}

/// Checks account and password, each try counted by address and by account.
async fn sign_in(hub: &Hub, headers: &HeaderMap, credentials: Credentials) -> Result<(), ApiError> {
    let address = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or("direct");
    hub.limits.take(format!("address {address}"), limits::ENROLMENT_BY_ADDRESS)?;
    hub.limits.take(format!("account {}", credentials.account), limits::ENROLMENT_BY_ACCOUNT)?;
    let is_right = hub
        .ask(move |store| {
            let known = store.account(&credentials.account)?;
            let may_enrol = known.as_ref().is_some_and(|known| known.role >= Role::Manager && !known.is_disabled);
            // An unknown account takes as long as a wrong password.
            let expected = known.map_or_else(|| secrets::verifier("no such account"), |known| known.password);
            Ok(secrets::matches(&credentials.password, &expected) && may_enrol)
        })
        .await?;
    if is_right { Ok(()) } else { Err(ApiError::WrongCredentials) }
}
