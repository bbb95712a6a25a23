//! Where a page cannot be: a sentence instead, or the way to the sign-in.

use super::page::open_page;
use crate::error::ApiError;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::html;

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum Problem {
    /// Nobody is signed in, or no longer.
    SignIn,
    /// In one plain sentence.
    Words(StatusCode, String),
    /// What the hub's parts say.
    Hub(ApiError),
}

impl Problem {
    pub(super) fn new(status: StatusCode, words: &str) -> Self {
        Self::Words(status, words.to_owned())
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        Self::Hub(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, words) = match self {
            Self::SignIn => return Redirect::to("/pos/console/sign-in").into_response(),
            Self::Words(status, words) => (status, words),
            Self::Hub(error) => {
                let words = error.to_string();
                // The answer to a program is made for its status, and because that logs the cause.
                (error.into_response().status(), words)
            }
        };
        let content = html! {
            p.notice.bad { (words) }
            p { a href="/pos/console/" { "Back to the overview" } }
        };
        (status, open_page("This did not work", &content)).into_response()
    }
}
