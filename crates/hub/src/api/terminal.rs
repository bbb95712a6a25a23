//! `GET terminal`: what the hub knows of the terminal that asks.

use crate::{Hub, auth::Signed, error::ApiError, secrets, state::now_ms};
use axum::{Json, extract::State};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use holdfast_store::{EmployeeRow, TerminalRow};
use serde_json::{Value, json};

pub(crate) async fn show(State(hub): State<Hub>, signed: Signed) -> Result<Json<Value>, ApiError> {
    describe(&hub, signed.terminal).await
}

/// A terminal, and who may sign in at it.
pub(crate) async fn describe(hub: &Hub, terminal: TerminalRow) -> Result<Json<Value>, ApiError> {
    let employees = hub.ask(holdfast_store::Store::employees).await?;
    let employees: Vec<Value> = employees.iter().filter_map(employee).collect();
    let acknowledged = (terminal.head.seq.0 > 0)
        .then(|| json!({ "seq": terminal.head.seq.0, "hash": terminal.head.hash.to_string() }));
    Ok(Json(json!({
        "terminal": terminal.id.to_string(),
        "code": terminal.code,
        "shop": &*hub.shop,
        "terminal_name": terminal.name,
        "pos_profile": terminal.pos_profile,
        "employees": employees,
        "revoked": terminal.is_revoked,
        "acknowledged": acknowledged,
        "hub_time_ms": now_ms(),
    })))
}

/// Somebody who may sign in; `None` for whoever has no PIN yet.
fn employee(employee: &EmployeeRow) -> Option<Value> {
    let pin = employee.pin.as_ref()?;
    Some(json!({
        "employee": employee.name,
        "full_name": employee.full_name,
        "role": employee.role,
        "digits": pin.digits,
        "salt": BASE64_URL_SAFE_NO_PAD.encode(&pin.verifier.salt),
        "verifier": BASE64_URL_SAFE_NO_PAD.encode(&pin.verifier.verifier),
        "memory_kib": secrets::MEMORY_KIB,
        "passes": secrets::PASSES,
        "lanes": secrets::LANES,
    }))
}
