//! What is asked: a request as a value, without a host, a credential or a socket.

use serde_json::{Value, json};
use std::fmt::Write as _;

/// How something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads; ERPNext rolls back whatever a GET changed.
    Get,
    /// Makes a document, or calls a method.
    Post,
    /// Changes a document.
    Put,
    /// Deletes a document.
    Delete,
}

impl Method {
    /// As HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// Which rows are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List<'a> {
    /// The doctype of the rows.
    pub doctype: &'a str,
    /// For child tables: the doctype that they belong to, whose permissions count.
    pub parent: Option<&'a str>,
    /// Their columns.
    pub fields: Vec<&'a str>,
    /// All of these must hold, each `[field, operator, value]`.
    pub filters: Vec<Value>,
    /// Such as `modified asc, name asc`.
    pub order_by: &'a str,
    /// The most rows; zero for all.
    pub limit: u32,
}

/// One request to a site.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// GET, POST, PUT or DELETE.
    pub method: Method,
    /// From the slash on, percent-encoded, without a query.
    pub path: String,
    /// Names and values of the query, not encoded yet.
    pub query: Vec<(String, String)>,
    /// JSON, where there is a body.
    pub body: Option<Value>,
}

impl Request {
    /// Reads one document with its child tables: `GET /api/resource/DocType/name`.
    pub fn document(doctype: &str, name: &str) -> Self {
        Self::new(Method::Get, format!("/api/resource/{}/{}", encode(doctype), encode(name)), None)
    }

    /// Makes a document: `POST /api/resource/DocType`.
    pub fn insert(doctype: &str, document: Value) -> Self {
        Self::new(Method::Post, format!("/api/resource/{}", encode(doctype)), Some(document))
    }

    /// Changes fields of a document: `PUT /api/resource/DocType/name`. With `docstatus` 1 it submits, with 2 it cancels.
    pub fn update(doctype: &str, name: &str, fields: Value) -> Self {
        Self::new(Method::Put, format!("/api/resource/{}/{}", encode(doctype), encode(name)), Some(fields))
    }

    /// Deletes a document: `DELETE /api/resource/DocType/name`.
    pub fn delete(doctype: &str, name: &str) -> Self {
        Self::new(Method::Delete, format!("/api/resource/{}/{}", encode(doctype), encode(name)), None)
    }

    /// Calls a whitelisted method that may change something: `POST /api/method/dotted.path`.
    pub fn call(method: &str, arguments: Value) -> Self {
        Self::new(Method::Post, format!("/api/method/{method}"), Some(arguments))
    }

    /// Calls a whitelisted method that only reads: `GET /api/method/dotted.path`.
    pub fn look(method: &str, query: Vec<(String, String)>) -> Self {
        Self { query, ..Self::new(Method::Get, format!("/api/method/{method}"), None) }
    }

    /// Reads rows of a doctype, or of a child table if a `parent` doctype is named: `frappe.client.get_list`.
    ///
    /// It is a POST because a list of names in a filter can be longer than an address may be; it changes nothing.
    pub fn list(list: &List<'_>) -> Self {
        let mut arguments = json!({
            "doctype": list.doctype,
            "fields": list.fields,
            "filters": list.filters,
            "order_by": list.order_by,
            "limit_page_length": list.limit,
        });
        if let Some(parent) = list.parent {
            arguments["parent"] = parent.into();
        }
        Self::call("frappe.client.get_list", arguments)
    }

    /// Any request.
    pub fn new(method: Method, path: String, body: Option<Value>) -> Self {
        Self { method, path, query: Vec::new(), body }
    }

    /// Path and query as they go over the wire.
    pub fn target(&self) -> String {
        let mut target = self.path.clone();
        for (at, (name, value)) in self.query.iter().enumerate() {
            target.push(if at == 0 { '?' } else { '&' });
            target.push_str(&encode(name));
            target.push('=');
            target.push_str(&encode(value));
        }
        target
    }
}

/// Percent-encodes a piece of a path or a query: everything but letters, digits and `-._~`.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a string takes everything");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::Request;

    #[test]
    fn names_with_slashes_and_accents_stay_one_piece_of_the_path() {
        let request = Request::document("POS Invoice", "Filiale/Süd #1");

        assert_eq!(request.target(), "/api/resource/POS%20Invoice/Filiale%2FS%C3%BCd%20%231");
    }

    #[test]
    fn queries_are_encoded_piece_by_piece() {
        let filters = r#"[["modified",">","2026-11-23 17:00:00"]]"#.to_owned();
        let request = Request::look(
            "frappe.client.get_count",
            vec![("doctype".into(), "Item".into()), ("filters".into(), filters)],
        );

        assert_eq!(
            request.target(),
            "/api/method/frappe.client.get_count?doctype=Item\
             &filters=%5B%5B%22modified%22%2C%22%3E%22%2C%222026-11-23%2017%3A00%3A00%22%5D%5D"
        );
    }
}
