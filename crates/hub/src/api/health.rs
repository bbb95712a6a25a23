//! `GET health`: is a hub there, which, and how its workers are.

use crate::{Hub, state::now_ms};
use axum::{Json, extract::State};
use serde_json::{Value, json};

pub(crate) async fn show(State(hub): State<Hub>) -> Json<Value> {
    Json(json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "api": 1,
        "hub_time_ms": now_ms(),
        "workers": hub.watch.all(),
    }))
}
