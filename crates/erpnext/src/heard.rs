//! What came back, and whether anything may have happened.
//!
//! The one question that decides about a repeated try is whether the request may have been carried out. A connection that was
//! never made, a 429 and a 503 were not; a lost answer and a gateway's 502 or 504 may have been; a 417 was rolled back.

use serde::Deserialize;
use serde_json::Value;

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// `Retry-After`, in milliseconds, where it came.
    pub retry_after_ms: Option<u64>,
    /// The site's clock by the `Date` header, Unix milliseconds, where it came.
    pub date_ms: Option<i64>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// An answer.
    Answer(Answer),
    /// No connection was made: nothing happened.
    NotSent,
    /// It was sent, and no whole answer came: anything may have happened.
    Lost,
}

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It may have been carried out: look before trying again.
    #[error("no clear answer came")]
    Unclear,
    /// It was not carried out; try again, after this many milliseconds if the site said so.
    #[error("the site cannot answer right now")]
    NotNow {
        /// `Retry-After`.
        after_ms: Option<u64>,
    },
    /// The credential is no longer good: it was not carried out.
    #[error("the site does not accept the sign-in")]
    SignedOut,
    /// ERPNext says no; trying the same again does not help.
    #[error("{message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// `exc_type`: the class of ERPNext's exception, empty where none was named.
        exc_type: String,
        /// ERPNext's own sentence, without its HTML.
        message: String,
    },
}

impl Trouble {
    /// Whether nobody needs to do anything but wait.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unclear | Self::NotNow { .. })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Envelope {
    exc_type: String,
    exception: String,
    #[serde(rename = "_server_messages")]
    server_messages: String,
    #[serde(rename = "_error_message")]
    error_message: String,
}

impl Heard {
    /// The JSON of a good answer, or why there is none.
    pub fn read(&self) -> Result<Value, Trouble> {
        match self {
            Self::NotSent => Err(Trouble::NotNow { after_ms: None }),
            Self::Lost => Err(Trouble::Unclear),
            Self::Answer(answer) => answer.read(),
        }
    }

    /// What a good answer says: `data` of the resource routes, `message` of the methods.
    pub fn data(&self) -> Result<Value, Trouble> {
        let mut whole = self.read()?;
        let key = if whole.get("data").is_some() { "data" } else { "message" };
        Ok(whole.get_mut(key).map(Value::take).unwrap_or_default())
    }
}

impl Answer {
    fn read(&self) -> Result<Value, Trouble> {
        let body: Option<Value> = serde_json::from_slice(&self.body).ok();
        if (200..300).contains(&self.status) {
            // A good status without JSON is some other machine's page: what became of the request nobody knows.
            return body.ok_or(Trouble::Unclear);
        }
        let envelope: Envelope = body.and_then(|body| serde_json::from_value(body).ok()).unwrap_or_default();
        match (self.status, envelope.exc_type.as_str()) {
            (401, _) => Err(Trouble::SignedOut),
            (429 | 503, _) | (_, "QueryDeadlockError" | "QueryTimeoutError" | "DocumentLockedError") => {
                Err(Trouble::NotNow { after_ms: self.retry_after_ms })
            }
            // A gateway gave up waiting, or the site's answer is none of Frappe's.
            (500.., "") | (..=399, _) => Err(Trouble::Unclear),
            _ => {
                Err(Trouble::Refused { status: self.status, message: envelope.sentence(), exc_type: envelope.exc_type })
            }
        }
    }
}

impl Envelope {
    /// The last of the server's messages, or the exception's text.
    fn sentence(&self) -> String {
        let messages: Vec<String> = serde_json::from_str(&self.server_messages).unwrap_or_default();
        let last = messages.last().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let said = last.as_ref().and_then(|message| message["message"].as_str()).unwrap_or_default();
        let after_class = self.exception.split_once(": ").map_or(self.exception.as_str(), |(_, text)| text);
        [said, &self.error_message, after_class, &self.exc_type]
            .into_iter()
            .map(without_html)
            .find(|text| !text.is_empty())
            .unwrap_or_else(|| "ERPNext did not say why.".to_owned())
    }
}

/// A text without tags and with the commonest entities resolved. Bold words stay in their sentence, paragraphs apart.
pub(crate) fn without_html(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (tag, after))) =
        rest.split_once('<').and_then(|(before, rest)| Some((before, rest.split_once('>')?)))
    {
        plain.push_str(before);
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if !matches!(name, "a" | "b" | "code" | "em" | "i" | "span" | "strong") {
            plain.push(' ');
        }
        rest = after;
    }
    plain.push_str(rest);
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")];
    let plain = entities.iter().fold(plain, |text, (entity, character)| text.replace(entity, character));
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Heard {
        Heard::Answer(Answer { status, retry_after_ms: None, date_ms: None, body: body.into() })
    }

    #[test]
    fn sentences_that_a_tag_parts_stay_apart() {
        assert_eq!(
            without_html("No permission for <b>Item</b>.<br>Ask &quot;Ada&quot; &amp; co."),
            "No permission for Item. Ask \"Ada\" & co."
        );
    }

    #[test]
    fn a_refusal_carries_the_last_of_the_servers_messages() {
        let body = r#"{"exc_type":"ValidationError","exception":"frappe.exceptions.ValidationError: x",
            "_server_messages":"[\"{\\\"message\\\": \\\"first\\\"}\", \"{\\\"message\\\": \\\"<p>second</p>\\\"}\"]"}"#;

        let refused = Trouble::Refused { status: 417, exc_type: "ValidationError".into(), message: "second".into() };
        assert_eq!(answer(417, body).data(), Err(refused));
    }

    #[test]
    fn what_may_have_been_carried_out_is_told_from_what_was_not() {
        let deadlock = r#"{"exc_type":"QueryDeadlockError"}"#;

        assert_eq!(Heard::Lost.read(), Err(Trouble::Unclear));
        assert_eq!(Heard::NotSent.read(), Err(Trouble::NotNow { after_ms: None }));
        assert_eq!(answer(504, "<html>Gateway Timeout</html>").read(), Err(Trouble::Unclear));
        assert_eq!(answer(200, "<html>Sign in to the Wi-Fi</html>").read(), Err(Trouble::Unclear));
        assert_eq!(answer(500, deadlock).read(), Err(Trouble::NotNow { after_ms: None }));
        assert_eq!(answer(401, "{}").read(), Err(Trouble::SignedOut));
    }
}
