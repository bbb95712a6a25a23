//! The way of a browser: to the site with a challenge, and back with a code.

use crate::request::encode;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// A secret of one sign-in, which never leaves the hub before the code is exchanged.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier(String);

impl Verifier {
    /// From 32 random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(random))
    }

    /// As it was kept.
    pub fn from_text(text: String) -> Self {
        Self(text)
    }

    /// As it is kept and sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the site is told beforehand.
    pub fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }
}

/// What a browser is sent to the site with.
#[derive(Clone, PartialEq, Eq)]
pub struct Authorization<'a> {
    /// The OAuth client's id.
    pub client_id: &'a str,
    /// Where the site sends the browser back to: one of the client's addresses.
    pub redirect_uri: &'a str,
    /// A secret that must come back: it ties the answer to the browser that asked.
    pub state: &'a str,
    /// [`Verifier::challenge`].
    pub challenge: &'a str,
}

impl Authorization<'_> {
    /// The address to send the browser to, behind the site's own.
    pub fn target(&self) -> String {
        let fields = [
            ("client_id", self.client_id),
            ("redirect_uri", self.redirect_uri),
            ("response_type", "code"),
            ("scope", "all openid"),
            ("state", self.state),
            ("code_challenge", self.challenge),
            ("code_challenge_method", "S256"),
        ];
        let query: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        format!("/api/method/frappe.integrations.oauth2.authorize?{}", query.join("&"))
    }
}

/// What a browser came back with.
#[derive(Clone, PartialEq, Eq)]
pub enum Callback {
    /// A code, to be exchanged at once.
    Code(String),
    /// The person did not agree, or the site refused.
    Denied,
    /// It is not the answer to what was asked: nothing is to be done with it.
    Foreign,
}

/// Reads names and values of the query that a browser came back with.
pub fn read_callback<'a>(query: impl IntoIterator<Item = (&'a str, &'a str)>, state: &str) -> Callback {
    let (mut code, mut returned) = (None, None);
    for (name, value) in query {
        match name {
            "code" => code = Some(value),
            "state" => returned = Some(value),
            _ => {}
        }
    }
    match (returned == Some(state) && !state.is_empty(), code) {
        (false, _) => Callback::Foreign,
        (true, Some(code)) => Callback::Code(code.to_owned()),
        (true, None) => Callback::Denied,
    }
}

#[cfg(test)]
mod tests {
    use super::{Authorization, Callback, Verifier, read_callback};

    fn verifier() -> Verifier {
        Verifier::new(std::array::from_fn(|at| u8::try_from(at).expect("there are 32")))
    }

    #[test]
    fn the_challenge_is_the_hash_that_erpnext_computes() {
        // The pair of a sign-in that a real ERPNext 15.72 let through.
        assert_eq!(verifier().as_str(), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
        assert_eq!(verifier().challenge(), "6oZqdX5MOLq_qBJ8vppAnT4fk6AP8UiP9zX8-Rev_9A");
    }

    #[test]
    fn a_browser_is_sent_with_everything_encoded() {
        let challenge = verifier().challenge();
        let authorization = Authorization {
            client_id: "t5atrhnrml",
            redirect_uri: "https://pos.example.com/oauth?a=1",
            state: "one two",
            challenge: &challenge,
        };

        assert_eq!(
            authorization.target(),
            "/api/method/frappe.integrations.oauth2.authorize?client_id=t5atrhnrml\
             &redirect_uri=https%3A%2F%2Fpos.example.com%2Foauth%3Fa%3D1&response_type=code&scope=all%20openid\
             &state=one%20two&code_challenge=6oZqdX5MOLq_qBJ8vppAnT4fk6AP8UiP9zX8-Rev_9A&code_challenge_method=S256"
        );
    }

    #[test]
    fn a_code_counts_only_with_the_state_that_was_sent() {
        let read = |query: &[(&'static str, &'static str)], state| read_callback(query.iter().copied(), state);

        assert!(read(&[("code", "c"), ("state", "s")], "s") == Callback::Code("c".to_owned()));
        assert!(read(&[("code", "c"), ("state", "other")], "s") == Callback::Foreign);
        assert!(read(&[("code", "c"), ("state", "")], "") == Callback::Foreign);
        assert!(read(&[("error", "access_denied"), ("state", "s")], "s") == Callback::Denied);
    }
}
