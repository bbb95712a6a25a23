//! `GET health`: is a hub there, and which.

use crate::state::now_ms;
use axum::Json;
use serde_json::{Value, json};

pub(crate) async fn show() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION"), "api": 1, "hub_time_ms": now_ms() }))
}
