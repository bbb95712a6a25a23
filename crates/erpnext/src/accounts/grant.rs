//! What the token route answers.

use crate::heard::{Answer, Heard, Trouble};
use serde::Deserialize;

/// Tokens as the site granted them.
#[derive(Clone, PartialEq, Eq)]
pub struct Grant {
    /// Sent with each request as `Authorization: Bearer`.
    pub access_token: String,
    /// Gets the next pair, once.
    pub refresh_token: String,
    /// How long the access token is good for, milliseconds.
    pub expires_in_ms: i64,
}

/// Why there are no tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInTrouble {
    /// The code or the refresh token was used, has expired or was revoked, or the verifier does not fit.
    #[error("this sign-in is no longer good: please sign in again")]
    Spent,
    /// The site has no such OAuth client, or another address for it.
    #[error("the site does not know this hub's OAuth client: run provisioning again")]
    UnknownClient,
    /// Something else, in the site's words.
    #[error("the site did not grant the sign-in: {0}")]
    Denied(String),
    /// The site did not answer clearly. A code may be spent then; tokens can be asked for with it no more than once.
    #[error(transparent)]
    Site(#[from] Trouble),
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    refresh_token: String,
    expires_in: i64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Denial {
    error: String,
    error_description: String,
    description: String,
    exc_type: String,
}

/// Reads what came of [`super::Form::exchange`] or [`super::Form::refresh`].
pub fn read_grant(heard: &Heard) -> Result<Grant, SignInTrouble> {
    let Heard::Answer(answer) = heard else {
        return Err(heard.read().expect_err("there is no answer").into());
    };
    if let Ok(granted) = serde_json::from_slice::<Granted>(&answer.body)
        && answer.status == 200
    {
        return Ok(Grant {
            access_token: granted.access_token,
            refresh_token: granted.refresh_token,
            expires_in_ms: granted.expires_in.saturating_mul(1000),
        });
    }
    Err(denial(answer).unwrap_or_else(|| heard.read().err().unwrap_or(Trouble::Unclear).into()))
}

/// A denial of the protocol; `None` if the answer is about something else.
fn denial(answer: &Answer) -> Option<SignInTrouble> {
    let denial: Denial = serde_json::from_slice(&answer.body).ok()?;
    match (answer.status, denial.error.as_str()) {
        (400 | 401, "invalid_grant") => Some(SignInTrouble::Spent),
        (400 | 401, "invalid_client" | "unauthorized_client") => Some(SignInTrouble::UnknownClient),
        // ERPNext looks the client up with the guest's rights.
        (403, "") if denial.exc_type == "PermissionError" => Some(SignInTrouble::UnknownClient),
        (400 | 401, error) if !error.is_empty() => {
            let words = [denial.error_description, denial.description, error.to_owned()];
            words.into_iter().find(|text| !text.is_empty()).map(SignInTrouble::Denied)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Grant, SignInTrouble, read_grant};
    use crate::heard::{Answer, Heard, Trouble};

    fn heard(status: u16, body: &str) -> Heard {
        Heard::Answer(Answer { status, retry_after_ms: None, date_ms: None, body: body.as_bytes().to_vec() })
    }

    fn trouble(status: u16, body: &str) -> SignInTrouble {
        read_grant(&heard(status, body)).err().expect("there are no tokens")
    }

    /// Bodies as an ERPNext 15.72 sent them, tokens changed.
    #[test]
    fn tokens_and_denials_are_told_apart() {
        let good =
            r#"{"access_token":"a","expires_in":3600,"token_type":"Bearer","scope":"all openid","refresh_token":"r"}"#;
        let unknown = r#"{"exc_type":"PermissionError","_error_message":"No permission for OAuth Client"}"#;
        let invalid =
            r#"{"description":"Invalid client_id parameter value.","status_code":400,"error":"invalid_request"}"#;

        let grant = Grant { access_token: "a".into(), refresh_token: "r".into(), expires_in_ms: 3_600_000 };
        assert!(read_grant(&heard(200, good)) == Ok(grant));
        assert_eq!(trouble(400, r#"{"error":"invalid_grant"}"#), SignInTrouble::Spent);
        assert_eq!(trouble(403, unknown), SignInTrouble::UnknownClient);
        assert_eq!(trouble(400, invalid), SignInTrouble::Denied("Invalid client_id parameter value.".into()));
        assert_eq!(trouble(502, "<html>"), SignInTrouble::Site(Trouble::Unclear));
        assert_eq!(trouble(200, "<html>"), SignInTrouble::Site(Trouble::Unclear));
        assert_eq!(read_grant(&Heard::Lost).err(), Some(SignInTrouble::Site(Trouble::Unclear)));
    }
}
