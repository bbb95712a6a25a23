//! How an account is proved: OAuth 2 with PKCE, as values.
//!
//! API key and secret need no dialogue, and a user's password is one form. For OAuth 2 this module says where to send a browser, reads
//! what it comes back with, and gives the two forms that turn a code into tokens and old tokens into new ones. ERPNext's token route
//! reads forms only, so these are no [`crate::Request`]s. Nothing here is logged: codes, verifiers and tokens have no `Debug`.

mod grant;
mod pkce;

pub use grant::{Grant, SignInTrouble, read_grant};
pub use pkce::{Authorization, Callback, Verifier, read_callback};

/// A form to be sent to the site, as a guest.
#[derive(Clone, PartialEq, Eq)]
pub struct Form {
    /// From the slash on.
    pub path: &'static str,
    /// Names and values, not encoded yet.
    pub fields: Vec<(&'static str, String)>,
}

const TOKEN: &str = "/api/method/frappe.integrations.oauth2.get_token";
const REVOKE: &str = "/api/method/frappe.integrations.oauth2.revoke_token";

impl Form {
    /// Turns a code into tokens, once. ERPNext checks the verifier and no client secret.
    pub fn exchange(client_id: &str, redirect_uri: &str, code: &str, verifier: &Verifier) -> Self {
        let fields = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("client_id", client_id.to_owned()),
            ("redirect_uri", redirect_uri.to_owned()),
            ("code", code.to_owned()),
            ("code_verifier", verifier.as_str().to_owned()),
        ];
        Self { path: TOKEN, fields }
    }

    /// Gets new tokens. Each refresh token is for one use; the old access token stays good until it ends.
    pub fn refresh(client_id: &str, refresh_token: &str) -> Self {
        let fields = vec![
            ("grant_type", "refresh_token".to_owned()),
            ("client_id", client_id.to_owned()),
            ("refresh_token", refresh_token.to_owned()),
        ];
        Self { path: TOKEN, fields }
    }

    /// Makes a token void. The answer is always good.
    pub fn revoke(token: &str) -> Self {
        Self { path: REVOKE, fields: vec![("token", token.to_owned())] }
    }

    /// Signs in with a password, for a session; for sites without an OAuth client.
    pub fn login(user: &str, password: &str) -> Self {
        Self { path: "/api/method/login", fields: vec![("usr", user.to_owned()), ("pwd", password.to_owned())] }
    }
}
