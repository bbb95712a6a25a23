//! Who the hub is at the site.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How an account proves itself. Kept sealed, never logged, never sent to a terminal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Credential {
    /// API key and secret of a User.
    Key {
        /// `api_key`.
        key: String,
        /// `api_secret`.
        secret: String,
    },
    /// OAuth 2 tokens.
    Tokens(Tokens),
    /// User and password, where the site has no OAuth Client: signed in anew when the session ends.
    Password {
        /// User.
        user: String,
        /// In clear text here, sealed in the store.
        password: String,
    },
}

/// A pair of OAuth 2 tokens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// Sent with each request.
    pub access: String,
    /// Gets the next pair, once.
    pub refresh: String,
    /// The OAuth Client that they belong to.
    pub client_id: String,
    /// When the access token ends, Unix milliseconds.
    pub until_ms: i64,
}

/// What one request carries: a token or a cookie, never both, for Frappe lets the cookie win.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Proof {
    Authorization(String),
    Session(String),
}

impl Credential {
    /// What requests carry; `None` for a password, which has to be turned into a session first.
    pub(super) fn proof(&self) -> Option<Proof> {
        match self {
            Self::Key { key, secret } => Some(Proof::Authorization(format!("token {key}:{secret}"))),
            Self::Tokens(tokens) => Some(Proof::Authorization(format!("Bearer {}", tokens.access))),
            Self::Password { .. } => None,
        }
    }

    /// What a person calls this way of signing in.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Key { .. } => "API key",
            Self::Tokens(_) => "OAuth",
            Self::Password { .. } => "user and password",
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential({})", self.words())
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}
