//! `GET postings`: what became of the terminal's entries in ERPNext's books.

use crate::{Hub, auth::Signed, error::ApiError};
use axum::{
    Json,
    extract::{Query, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Most rows in one answer.
const ROWS_MAX: usize = 500;

#[derive(Deserialize)]
pub(crate) struct Since {
    /// `next` of the answer before, or nothing.
    #[serde(default)]
    since_ms: i64,
}

/// The rows that changed at `since_ms` or later, oldest change first. Whoever asks again with `next` misses none; the last
/// one comes twice.
pub(crate) async fn list(
    State(hub): State<Hub>,
    Query(Since { since_ms }): Query<Since>,
    signed: Signed,
) -> Result<Json<Value>, ApiError> {
    let terminal = signed.terminal.id;
    let lines = hub.ask(move |store| store.postings_changed(terminal, since_ms, ROWS_MAX)).await?;
    let next = lines.last().map_or(since_ms, |line| line.changed_at_ms);
    let postings: Vec<Value> = lines
        .iter()
        .map(|line| json!({ "seq": line.row.id.seq.0, "state": line.row.state.word(), "documents": line.row.documents() }))
        .collect();
    Ok(Json(json!({ "postings": postings, "next": next })))
}
