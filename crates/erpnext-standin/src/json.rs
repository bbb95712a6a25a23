//! Documents as ERPNext writes them, and how their values are read.

use serde_json::{Map, Value};

/// A document or a row of a child table.
pub type Doc = Map<String, Value>;

static NULL: Value = Value::Null;

/// A field; null where it is missing.
pub(crate) fn field<'a>(doc: &'a Doc, name: &str) -> &'a Value {
    doc.get(name).unwrap_or(&NULL)
}

/// A field's text; empty for everything that is none.
pub(crate) fn text<'a>(doc: &'a Doc, name: &str) -> &'a str {
    field(doc, name).as_str().unwrap_or_default()
}

/// A field's number; zero for everything that is none.
pub(crate) fn number(doc: &Doc, name: &str) -> f64 {
    as_number(field(doc, name)).unwrap_or(0.0)
}

/// A check field.
pub(crate) fn is_set(doc: &Doc, name: &str) -> bool {
    number(doc, name) != 0.0
}

/// The rows of a table field.
pub(crate) fn rows<'a>(doc: &'a Doc, name: &str) -> impl Iterator<Item = &'a Doc> + Clone {
    field(doc, name).as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_object)
}

/// A number, also where it came as a text or a truth value.
pub(crate) fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Whether Frappe counts the value as missing.
pub(crate) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(rows) => rows.is_empty(),
        _ => false,
    }
}

/// Sets a field.
pub(crate) fn set(doc: &mut Doc, name: &str, value: impl Into<Value>) {
    match doc.get_mut(name) {
        Some(place) => *place = value.into(),
        None => {
            doc.insert(name.to_owned(), value.into());
        }
    }
}

/// Sets a field that is missing or blank.
pub(crate) fn set_missing(doc: &mut Doc, name: &str, value: impl Into<Value>) {
    if is_blank(field(doc, name)) {
        set(doc, name, value);
    }
}
