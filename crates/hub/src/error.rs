//! Answers that say no: a stable code for programs, a sentence for people.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use holdfast_store::StoreError;
use serde_json::{Value, json};

/// Why a request was refused. The codes are those of the protocol page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("The request could not be read: {0}.")]
    BadRequest(&'static str),
    #[error("The request is not signed.")]
    NotSigned,
    #[error("The request took too long to arrive.")]
    TooSlow,
    #[error("The signature does not fit the terminal's key.")]
    BadSignature,
    #[error("The terminal's clock is too far from the hub's.")]
    ClockSkew,
    #[error("This request was received before.")]
    Replayed,
    #[error("This hub does not know the terminal.")]
    UnknownTerminal,
    #[error("This terminal was switched off by an administrator.")]
    RevokedTerminal,
    #[error("The account or the password is wrong.")]
    WrongCredentials,
    #[error("Too many tries; please wait a moment.")]
    TooManyTries { retry_after_ms: u64 },
    #[error("The request is too large.")]
    TooLarge,
    #[error("There is nothing here.")]
    NotFound,
    #[error("The hub is older than the terminal; please update the hub.")]
    TooNew,
    #[error("ERPNext cannot be reached right now; please try again in a moment.")]
    SiteAway,
    #[error("The hub cannot answer right now.")]
    Unavailable(#[from] StoreError),
}

impl ApiError {
    fn code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad_request"),
            Self::NotSigned => (StatusCode::UNAUTHORIZED, "not_signed"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "too_slow"),
            Self::BadSignature => (StatusCode::UNAUTHORIZED, "bad_signature"),
            Self::ClockSkew => (StatusCode::UNAUTHORIZED, "clock_skew"),
            Self::Replayed => (StatusCode::UNAUTHORIZED, "replayed"),
            Self::UnknownTerminal => (StatusCode::UNAUTHORIZED, "unknown_terminal"),
            Self::RevokedTerminal => (StatusCode::FORBIDDEN, "revoked_terminal"),
            Self::WrongCredentials => (StatusCode::UNAUTHORIZED, "wrong_credentials"),
            Self::TooManyTries { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_many_tries"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::TooNew => (StatusCode::UPGRADE_REQUIRED, "too_new"),
            Self::SiteAway | Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        }
    }

    fn details(&self) -> Value {
        match self {
            Self::ClockSkew => json!({ "hub_time_ms": crate::state::now_ms() }),
            Self::TooManyTries { retry_after_ms } => json!({ "retry_after_ms": retry_after_ms }),
            _ => json!({}),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.code();
        if let Self::Unavailable(cause) = &self {
            // What the database said is for the log, not for whoever asks.
            tracing::error!(%cause, "the store failed");
        } else {
            tracing::info!(code, "refused");
        }
        let body = json!({ "code": code, "message": self.to_string(), "details": self.details() });
        (status, Json(body)).into_response()
    }
}
