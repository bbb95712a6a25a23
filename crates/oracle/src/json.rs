//! Reading `ERPNext`'s JSON: what is missing is null, and null is empty, zero or no.

use holdfast_engine::Date;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// A text; empty for null.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// A number; `None` for null.
pub(crate) fn maybe_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        _ => None,
    }
}

/// A number; zero for null.
pub(crate) fn number(value: &Value) -> f64 {
    maybe_number(value).unwrap_or(0.0)
}

/// A check field.
pub(crate) fn check(value: &Value) -> bool {
    number(value) != 0.0
}

/// A day; `None` for null.
pub(crate) fn date(value: &Value) -> Option<Date> {
    value.as_str().and_then(Date::parse)
}

/// The rows of a table; none for null.
pub(crate) fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A text that may be null.
pub(crate) fn maybe_text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A JSON text that holds an object of numbers or lists of numbers, in its own order; empty for null.
pub(crate) fn numbers(value: &Value) -> Option<Vec<(String, Vec<f64>)>> {
    let text = match value {
        Value::Null => return Some(Vec::new()),
        Value::String(text) => text,
        _ => return None,
    };
    let Entries(entries) = serde_json::from_str(text).ok()?;
    let numbers = |value: &Value| match value {
        Value::Array(values) => values.iter().map(maybe_number).collect(),
        value => maybe_number(value).map(|number| vec![number]),
    };
    entries.into_iter().map(|(key, value)| Some((key, numbers(&value)?))).collect()
}

/// An object's entries as they stand there.
struct Entries(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}
