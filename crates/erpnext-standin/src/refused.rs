//! Why a request is refused, and how Frappe says it.

use holdfast_erpnext::Answer;
use serde_json::{Map, Value, json};

/// A refusal: the HTTP status, the exception's class and its words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refused {
    pub(crate) status: u16,
    /// Module and class of the exception, such as `frappe.exceptions.ValidationError`.
    pub(crate) class: Box<str>,
    /// What it says, with HTML.
    pub(crate) message: String,
    /// The dialogue's title; empty where there is no dialogue.
    pub(crate) title: &'static str,
    /// The text after the class where it is not the message.
    pub(crate) exception: Option<Box<str>>,
    /// Several messages in place of one.
    pub(crate) list: Vec<String>,
    /// Whether Frappe names the exception only by its type.
    pub(crate) is_terse: bool,
}

impl Refused {
    /// `frappe.throw` with a title.
    pub(crate) fn titled(title: &'static str, message: impl Into<String>) -> Self {
        Self::of(417, "frappe.exceptions.ValidationError", title, message)
    }

    /// `frappe.throw`.
    pub(crate) fn plain(message: impl Into<String>) -> Self {
        Self::titled("Message", message)
    }

    /// `frappe.throw` with a class of its own.
    pub(crate) fn class(class: &str, message: impl Into<String>) -> Self {
        Self::of(417, class, "Message", message)
    }

    /// Any refusal with a dialogue.
    pub(crate) fn of(status: u16, class: &str, title: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            class: class.into(),
            message: message.into(),
            title,
            exception: None,
            list: Vec::new(),
            is_terse: false,
        }
    }

    /// An error in ERPNext's own program.
    pub(crate) fn crash(class: &str, message: &str) -> Self {
        Self::of(500, class, "", message)
    }

    /// No right to do this.
    pub(crate) fn permission(user: &str, doctype: &str) -> Self {
        let message = format!(
            "User <strong>{user}</strong> does not have doctype access via role permission for document \
             <strong>{doctype}</strong>"
        );
        Self { is_terse: true, ..Self::of(403, "frappe.exceptions.PermissionError", "Message", message) }
    }

    /// No such document.
    pub(crate) fn missing(doctype: &str, name: &str) -> Self {
        let message = format!("{doctype} {name} not found");
        Self { is_terse: true, ..Self::of(404, "frappe.exceptions.DoesNotExistError", "Message", message) }
    }

    /// No such address, or not by this method.
    pub(crate) fn no_route() -> Self {
        Self { is_terse: true, ..Self::of(404, "frappe.exceptions.DoesNotExistError", "", "") }
    }

    /// The credential is not known.
    pub(crate) fn signed_out() -> Self {
        Self::of(401, "frappe.exceptions.AuthenticationError", "", "")
    }

    /// A document could not be found by a link.
    pub(crate) fn links(missing: &[String]) -> Self {
        Self::class("frappe.exceptions.LinkValidationError", format!("Could not find {}", missing.join(", ")))
    }

    /// The class without its module.
    pub(crate) fn exc_type(&self) -> &str {
        self.class.rsplit('.').next().unwrap_or_default()
    }

    /// As Frappe's first API answers.
    pub(crate) fn answer(&self, warnings: &[Value]) -> Answer {
        let mut body = Map::new();
        body.insert("exc_type".into(), self.exc_type().into());
        if !self.is_terse {
            let said = self.exception.as_deref().unwrap_or(&self.message);
            let text = if said.is_empty() { self.class.to_string() } else { format!("{}: {said}", self.class) };
            body.insert("exception".into(), text.into());
        }
        let mut messages = warnings.to_vec();
        if !self.title.is_empty() {
            let message = if self.list.is_empty() { json!(self.message) } else { json!(self.list) };
            messages.push(json!({"message": message, "title": self.title, "raise_exception": 1}));
        }
        if !messages.is_empty() {
            body.insert("_server_messages".into(), server_messages(&messages).into());
        }
        answer(self.status, &Value::Object(body))
    }
}

/// Messages as the envelope carries them: a JSON text of a list of JSON texts.
pub(crate) fn server_messages(messages: &[Value]) -> String {
    let texts: Vec<String> = messages.iter().map(Value::to_string).collect();
    serde_json::to_string(&texts).expect("texts can be written")
}

/// A JSON answer.
pub(crate) fn answer(status: u16, body: &Value) -> Answer {
    let body = serde_json::to_vec(body).expect("a JSON value can be written");
    Answer { status, retry_after_ms: None, date_ms: None, body }
}
