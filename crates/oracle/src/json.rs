//! Reading `ERPNext`'s JSON that holds JSON.

pub(crate) use holdfast_erpnext::json::{maybe_number, rows, text};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

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
