//! From an address to what is asked there.

use crate::{
    json::{Doc, text},
    refused::Refused,
    site::{Body, StandIn, known_doctype},
};
use holdfast_erpnext::{Method, Request};
use serde_json::Value;

impl StandIn {
    pub(crate) fn route(&mut self, request: &Request) -> Result<Body, Refused> {
        let pieces: Vec<String> = request.path.trim_matches('/').split('/').map(decode).collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        match pieces.as_slice() {
            ["api", "resource", doctype] | ["api", "v2", "document", doctype] => self.collection(request, doctype),
            ["api", "method", method] => {
                let arguments = arguments(request);
                self.call(request.method, method, &arguments)
            }
            ["api", "v2", "document", doctype, name, "method", method] => {
                let run = Request { method: Method::Post, body: Some(run_method(method)), ..request.clone() };
                self.single_document(&run, doctype, name)
            }
            ["api", "resource", doctype, name @ ..] | ["api", "v2", "document", doctype, name @ ..]
                if !name.is_empty() =>
            {
                self.single_document(request, doctype, &name.join("/"))
            }
            ["api", "v2", "method", method] => {
                let arguments = arguments(request);
                let Body { status, whole } = self.call(request.method, method, &arguments)?;
                Ok(Body { status, ..Body::data(whole["message"].clone()) })
            }
            _ => Err(Refused::no_route()),
        }
    }

    fn collection(&mut self, request: &Request, doctype: &str) -> Result<Body, Refused> {
        match request.method {
            Method::Get => {
                let arguments = arguments(request);
                self.list(doctype, &arguments).map(Body::data)
            }
            Method::Post => {
                let mut doc = object(request.body.as_ref());
                self.is_name_sent = !text(&doc, "name").is_empty();
                doc.remove("doctype");
                let name = self.insert(doctype, doc)?;
                self.just_saved(doctype, &name).map(Body::data)
            }
            Method::Put | Method::Delete => Err(Refused::no_route()),
        }
    }

    fn single_document(&mut self, request: &Request, doctype: &str, name: &str) -> Result<Body, Refused> {
        if known_doctype(doctype).is_none() {
            return Err(Refused::crash("ImportError", &format!("Module import failed for {doctype}")));
        }
        match request.method {
            Method::Get => {
                self.check_permission(doctype, "r")?;
                self.read(doctype, name).map(Body::data)
            }
            Method::Put => {
                self.update(doctype, name, object(request.body.as_ref()))?;
                self.just_saved(doctype, name).map(Body::data)
            }
            Method::Delete => {
                self.delete(doctype, name)?;
                Ok(Body { status: 202, ..Body::data("ok") })
            }
            Method::Post => {
                let arguments = object(request.body.as_ref());
                let Some(method) = arguments.get("run_method").and_then(Value::as_str) else {
                    return Err(Refused::crash("KeyError", "'run_method'"));
                };
                self.run_method(doctype, name, method)
            }
        }
    }
}

fn run_method(method: &str) -> Value {
    serde_json::json!({ "run_method": method })
}

/// A JSON object; an empty one where there is none.
pub(crate) fn object(value: Option<&Value>) -> Doc {
    value.and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The arguments of a call: the body's and the query's.
fn arguments(request: &Request) -> Doc {
    let mut arguments = object(request.body.as_ref());
    for (name, value) in &request.query {
        arguments.insert(name.clone(), value.as_str().into());
    }
    arguments
}

/// Takes percent-encoding back.
fn decode(piece: &str) -> String {
    let bytes = piece.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let value = escaped.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        decoded.push(value.unwrap_or(bytes[at]));
        at += if value.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
