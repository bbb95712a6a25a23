//! Reading ERPNext's JSON: what is missing is null, and null is empty, zero or no.

use holdfast_engine::Date;
use serde_json::Value;

/// A text; empty for null.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// A number; `None` for null.
pub fn maybe_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        _ => None,
    }
}

/// A number; zero for null.
pub fn number(value: &Value) -> f64 {
    maybe_number(value).unwrap_or(0.0)
}

/// A check field.
pub fn check(value: &Value) -> bool {
    number(value) != 0.0
}

/// A day; `None` for null.
pub fn date(value: &Value) -> Option<Date> {
    value.as_str().and_then(Date::parse)
}

/// The rows of a table; none for null.
pub fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A text that may be null.
pub fn maybe_text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
