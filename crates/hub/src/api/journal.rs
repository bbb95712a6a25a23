//! `POST journal`: entries up, acknowledgement down.

use crate::{Hub, auth::Signed, error::ApiError, state::now_ms, worker::Input};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use holdfast_sync::{
    hub,
    wire::{self, PUSH_ENTRIES_MAX, PushAnswer, PushRequest, Unreadable},
};

/// Stores a terminal's entries; a revoked terminal's too, for the sales were made.
pub(crate) async fn push(State(hub): State<Hub>, signed: Signed) -> Result<Response, ApiError> {
    let request: PushRequest = wire::decode(&signed.body).map_err(|error| match error {
        Unreadable::TooNew(_) => ApiError::TooNew,
        Unreadable::Malformed => ApiError::BadRequest("it is no push"),
    })?;
    if request.entries.len() > PUSH_ENTRIES_MAX {
        return Err(ApiError::TooLarge);
    }
    let (id, key) = (signed.terminal.id, signed.key);
    let sent = request.entries.len();
    // Signatures are checked before the store's lock is taken.
    let verified = tokio::task::spawn_blocking(move || hub::verify(id, &key, request.entries));
    let answer = match verified.await.expect("verification does not panic") {
        Ok(entries) => {
            let pushed = hub.ask(move |store| store.push(id, entries, now_ms())).await?;
            if pushed.forked > 0 {
                tracing::error!(terminal = %id, forked = pushed.forked, "a journal exists twice");
            }
            tracing::info!(terminal = %id, sent, stored = pushed.stored, "pushed");
            if !pushed.rows.is_empty() {
                // Without a worker, as in tests of the routes, the rows wait in the store.
                let _ = hub.posting.send(Input::Received(pushed.rows));
            }
            pushed.answer
        }
        Err(broken) => {
            tracing::error!(terminal = %id, %broken, "entries refused");
            hub::refuse(&broken)
        }
    };
    Ok(answer_with(&answer))
}

fn answer_with(answer: &PushAnswer) -> Response {
    ([(header::CONTENT_TYPE, "application/vnd.holdfast")], wire::encode(answer)).into_response()
}
