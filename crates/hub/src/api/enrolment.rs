//! `POST enrolment`: an account lets a browser become a terminal.

use super::terminal::describe;
use crate::{
    Hub,
    address::Address,
    error::ApiError,
    sign_in::{Credentials, Enroller, sign_in},
    state::now_ms,
};
use axum::{Json, body::Bytes, extract::State};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use holdfast_store::{NewTerminal, ProfileRow};
use holdfast_sync::{PublicKey, TerminalId, entry::Key};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::HashMap;

#[derive(Deserialize)]
pub(crate) struct Enrolment {
    #[serde(flatten)]
    credentials: Credentials,
    terminal_name: String,
    pos_profile: String,
    public_key: String,
}

/// The profiles that the account may enrol for.
pub(crate) async fn profiles(State(hub): State<Hub>, address: Address, body: Bytes) -> Result<Json<Value>, ApiError> {
    let enroller = sign_in(&hub, &address, read(&body)?).await?;
    let profiles: Vec<Value> = profiles_of(&hub, &enroller)
        .await?
        .into_iter()
        .map(|p| json!({ "name": p.name, "company": p.company, "currency": p.currency, "warehouse": p.warehouse }))
        .collect();
    Ok(Json(json!({ "shop": &*hub.shop, "profiles": profiles })))
}

/// Registers a terminal.
pub(crate) async fn enrol(State(hub): State<Hub>, address: Address, body: Bytes) -> Result<Json<Value>, ApiError> {
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
    let enroller = sign_in(&hub, &address, enrolment.credentials).await?;
    let profiles = profiles_of(&hub, &enroller).await?;
    let profile = profiles.into_iter().find(|profile| profile.name == enrolment.pos_profile);
    let pos_profile = profile.ok_or(ApiError::NotFound)?.name;
    enroller.keep(&hub).await?;
    let mut id = [0; 16];
    getrandom::fill(&mut id).expect("the operating system gives random bytes");
    let account = enroller.account;
    let terminal = NewTerminal { id: TerminalId(id), name, pos_profile, public_key, account };
    let row = hub.ask(move |store| store.enrol(&terminal, now_ms())).await?;
    tracing::info!(terminal = %row.id, code = row.code, account = row.account, "enrolled");
    describe(&hub, row).await
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|_| ApiError::BadRequest("it is not the JSON that was expected"))
}

/// The published profiles that the account may use.
async fn profiles_of(hub: &Hub, enroller: &Enroller) -> Result<Vec<ProfileRow>, ApiError> {
    let (mut published, mirrored) = hub.ask(|store| Ok((store.profiles()?, store.mirror_rows("POS Profile")?))).await?;
    let mirrored: HashMap<String, Value> = mirrored
        .into_iter()
        .filter_map(|profile| Some((profile.name, serde_json::from_slice(&profile.row).ok()?)))
        .collect();
    published.retain(|profile| mirrored.get(&profile.name).is_none_or(|profile| enroller.may_use(profile)));
    Ok(published)
}
