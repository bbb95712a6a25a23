//! One condition of a list.

use crate::json::{Doc, as_number, field, is_blank};
use serde_json::Value;
use std::cmp::Ordering;

/// A condition on one field.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    /// Whose field: the list's DocType or one of its tables.
    pub(super) doctype: String,
    pub(super) field: String,
    operator: String,
    value: Value,
}

impl Filter {
    /// Reads a list of conditions or an object of values.
    pub(super) fn read(doctype: &str, value: &Value) -> Vec<Self> {
        match value {
            Value::Object(fields) => fields.iter().map(|(name, value)| Self::of_entry(doctype, name, value)).collect(),
            Value::Array(conditions) => conditions.iter().filter_map(|value| Self::of_list(doctype, value)).collect(),
            _ => Vec::new(),
        }
    }

    fn new(doctype: &str, field: &str, operator: &str, value: &Value) -> Self {
        Self {
            doctype: doctype.to_owned(),
            field: field.to_owned(),
            operator: operator.to_ascii_lowercase(),
            value: value.clone(),
        }
    }

    /// `{"field": value}` or `{"field": ["operator", value]}`.
    fn of_entry(doctype: &str, name: &str, value: &Value) -> Self {
        match value.as_array().map(Vec::as_slice) {
            Some([Value::String(operator), value]) => Self::new(doctype, name, operator, value),
            _ => Self::new(doctype, name, "=", value),
        }
    }

    /// `["field", "operator", value]`, with the DocType before it or not.
    fn of_list(doctype: &str, value: &Value) -> Option<Self> {
        match value.as_array()?.as_slice() {
            [Value::String(of), Value::String(name), Value::String(operator), value, ..] => {
                Some(Self::new(of, name, operator, value))
            }
            [Value::String(name), Value::String(operator), value] => Some(Self::new(doctype, name, operator, value)),
            [Value::String(name), value] => Some(Self::new(doctype, name, "=", value)),
            _ => None,
        }
    }

    /// The values that fit, where they are listed.
    pub(super) fn exact_values(&self) -> Option<Vec<String>> {
        match self.operator.as_str() {
            "=" => self.value.as_str().filter(|text| !text.is_empty()).map(|text| vec![text.to_owned()]),
            "in" => Some(self.values().iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            _ => None,
        }
    }

    /// A lower bound of a field.
    pub(super) fn at_least(&self, name: &str) -> Option<&str> {
        (self.field == name && matches!(self.operator.as_str(), ">" | ">=")).then(|| self.value.as_str()).flatten()
    }

    /// Whether a document or a row fits.
    pub(super) fn fits(&self, doc: &Doc) -> bool {
        let value = field(doc, &self.field);
        match self.operator.as_str() {
            "=" => is_equal(value, &self.value),
            "!=" => !is_equal(value, &self.value),
            "in" => self.values().iter().any(|other| is_equal(value, other)),
            "not in" => !self.values().iter().any(|other| is_equal(value, other)),
            "like" => is_like(value, &self.value),
            "not like" => !is_like(value, &self.value),
            "is" => is_blank(value) == (self.value == "not set"),
            "between" => {
                let bounds = self.values();
                let (Some(from), Some(upto)) = (bounds.first(), bounds.get(1)) else {
                    return false;
                };
                !value.is_null() && compare(value, from).is_ge() && compare(value, upto).is_le()
            }
            operator => {
                let order = compare(value, &self.value);
                !value.is_null()
                    && match operator {
                        ">" => order.is_gt(),
                        ">=" => order.is_ge(),
                        "<" => order.is_lt(),
                        "<=" => order.is_le(),
                        _ => false,
                    }
            }
        }
    }

    /// The values of `in`: a list, or a text with commas.
    fn values(&self) -> Vec<Value> {
        match &self.value {
            Value::Array(values) => values.clone(),
            Value::String(text) => text.split(',').map(|part| part.trim().into()).collect(),
            value => vec![value.clone()],
        }
    }
}

fn is_equal(value: &Value, wanted: &Value) -> bool {
    if is_blank(value) && (is_blank(wanted) || as_number(wanted) == Some(0.0)) {
        return true;
    }
    compare(value, wanted) == Ordering::Equal
}

/// The order of two values: numbers by size, all else as text, null first.
pub(super) fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (Value::String(a), Value::String(b)) => a.cmp(b),
        _ => match (as_number(a), as_number(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => a.to_string().cmp(&b.to_string()),
        },
    }
}

/// SQL `like`, in which case does not matter.
fn is_like(value: &Value, pattern: &Value) -> bool {
    let (Some(value), Some(pattern)) = (value.as_str(), pattern.as_str()) else {
        return false;
    };
    let (value, pattern) = (value.to_lowercase(), pattern.to_lowercase());
    let mut pieces = pattern.split('%');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = value.strip_prefix(first) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in middle {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::Filter;
    use serde_json::{Value, json};

    fn fits(filter: &Value, doc: &Value) -> bool {
        let filters = Filter::read("Item", filter);
        filters.iter().all(|filter| filter.fits(doc.as_object().expect("an object")))
    }

    #[test]
    fn conditions_come_as_lists_or_as_an_object() {
        let doc = json!({"name": "A", "qty": 3.0});

        assert!(fits(&json!({"name": "A", "qty": [">", 2]}), &doc));
        assert!(fits(&json!([["name", "=", "A"], ["Item", "qty", "<=", 3]]), &doc));
        assert!(!fits(&json!([["name", "in", ["B", "C"]]]), &doc));
    }

    #[test]
    fn what_is_empty_equals_blank_and_zero_and_is_not_greater_than_anything() {
        let doc = json!({"brand": null});

        assert!(fits(&json!({"brand": ""}), &doc));
        assert!(fits(&json!([["brand", "is", "not set"]]), &doc));
        assert!(!fits(&json!([["brand", ">", ""]]), &doc));
    }

    #[test]
    fn like_knows_parts_anywhere() {
        for (pattern, is_found) in
            [("%milk%", true), ("fresh%", true), ("%2", false), ("fr%mi%lot", true), ("milk", false)]
        {
            assert_eq!(
                fits(&json!([["name", "like", pattern]]), &json!({"name": "Fresh Milk lot"})),
                is_found,
                "{pattern}"
            );
        }
    }
}
