//! Recorded exchanges with a real ERPNext, and how two answers are compared.

use serde_json::{Map, Value};
use std::{collections::BTreeMap, io::Read};

/// One exchange.
pub struct Exchange {
    pub file: &'static str,
    pub line: usize,
    pub at_ms: i64,
    pub whole: Value,
}

const FILES: &[(&str, &[u8])] = &[
    ("prove", include_bytes!("../../data/recorded/prove.jsonl.gz")),
    ("errors", include_bytes!("../../data/recorded/errors.jsonl.gz")),
    ("behaviours", include_bytes!("../../data/recorded/behaviours.jsonl.gz")),
    ("behaviours2", include_bytes!("../../data/recorded/behaviours2.jsonl.gz")),
    ("closing_big", include_bytes!("../../data/recorded/closing_big.jsonl.gz")),
    ("reads", include_bytes!("../../data/recorded/reads.jsonl.gz")),
];

/// The exchanges of a file, in order.
pub fn exchanges(file: &str) -> Vec<Exchange> {
    let (file, packed) = FILES.iter().find(|(name, _)| *name == file).expect("the file is known");
    let mut text = String::new();
    flate2::read::GzDecoder::new(*packed).read_to_string(&mut text).expect("the file is whole");
    let mut at_ms = 0;
    let exchange = |(line, text): (usize, &str)| {
        let whole: Value = serde_json::from_str(text).expect("JSON");
        at_ms = whole["at"].as_str().and_then(unix_ms).unwrap_or(at_ms);
        Exchange { file, line: line + 1, at_ms, whole }
    };
    text.lines().enumerate().map(exchange).collect()
}

/// `2026-11-23T22:52:37Z`.
fn unix_ms(text: &str) -> Option<i64> {
    let date = holdfast_engine::Date::parse(text.get(..10)?)?;
    let mut parts = text.get(11..19)?.split(':').map(|part| part.parse::<i64>().ok());
    let (h, m, s) = (parts.next()??, parts.next()??, parts.next()??);
    Some((i64::from(date.unix_days()) * 86_400 + h * 3600 + m * 60 + s) * 1000)
}

/// Names and stamps of the recording, and what they are here.
#[derive(Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// The request with this side's names in it.
    pub fn translate(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(text).into(),
            Value::Array(values) => values.iter().map(|value| self.translate(value)).collect(),
            Value::Object(fields) => {
                Value::Object(fields.iter().map(|(name, value)| (name.clone(), self.translate(value))).collect())
            }
            value => value.clone(),
        }
    }

    pub fn text(&self, text: &str) -> String {
        self.0.get(text).cloned().unwrap_or_else(|| text.to_owned())
    }

    /// Notes the names in two answers that belong together.
    pub fn learn(&mut self, recorded: &Value, here: &Value) {
        if let (Some(Value::String(theirs)), Some(Value::String(ours))) =
            (recorded.get("modified"), here.get("modified"))
        {
            self.0.insert(theirs.clone(), ours.clone());
        }
        self.learn_names(recorded, here);
    }

    fn learn_names(&mut self, recorded: &Value, here: &Value) {
        match (recorded, here) {
            (Value::Object(recorded), Value::Object(here)) => {
                if let (Some(Value::String(theirs)), Some(Value::String(ours))) =
                    (recorded.get("name"), here.get("name"))
                    && theirs != ours
                    && is_made_up(theirs)
                {
                    self.0.insert(theirs.clone(), ours.clone());
                }
                for (name, value) in recorded {
                    self.learn_names(value, here.get(name).unwrap_or(&Value::Null));
                }
            }
            (Value::String(theirs), Value::String(ours)) if theirs != ours && is_made_up(theirs) => {
                self.0.insert(theirs.clone(), ours.clone());
            }
            (Value::Array(recorded), Value::Array(here)) => {
                recorded.iter().zip(here).for_each(|(recorded, here)| self.learn_names(recorded, here));
            }
            _ => {}
        }
    }
}

/// Whether Frappe drew the name or counted it.
fn is_made_up(name: &str) -> bool {
    let is_drawn = name.len() == 10 && name.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
    is_drawn || ["ACC-", "POS-"].iter().any(|prefix| name.starts_with(prefix))
}

/// Fields that no two sites have alike, or that are prose.
const UNCOMPARED: &[&str] = &[
    "name",
    "creation",
    "modified",
    "parent",
    "modified_by",
    "owner_name",
    "in_words",
    "base_in_words",
    "title",
    "actual_qty",
    "actual_batch_qty",
    "idx",
    "__unsaved",
    "__islocal",
    "__onload",
    "doctype",
    "parenttype",
    "parentfield",
    "child_docname",
    "image",
    "description",
    "barcode",
    "language",
    "remarks",
    "serial_and_batch_bundle",
    "posting_time",
    "contact_person",
    "contact_display",
    "contact_mobile",
    "contact_email",
    "address_display",
    "customer_address",
    "select_print_heading",
    "write_off_account",
    "cost_center",
    "letter_head",
    "tax_id",
    "meets_condition",
    "preview_request_body",
    "webhook_secret",
];

/// Where two answers differ: path, recorded, here. What only one of them has is a zero or nothing.
pub fn differences(recorded: &Value, here: &Value) -> Vec<(String, Value, Value)> {
    let mut found = Vec::new();
    compare("", recorded, here, &mut found);
    found
}

fn compare(path: &str, recorded: &Value, here: &Value, found: &mut Vec<(String, Value, Value)>) {
    match (recorded, here) {
        (Value::Object(a), Value::Object(b)) => {
            for name in keys(a, b) {
                let place = format!("{path}.{name}");
                compare(&place, a.get(name).unwrap_or(&Value::Null), b.get(name).unwrap_or(&Value::Null), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{path}[{at}]"), a, b, found);
            }
        }
        (a, b) if is_alike(a, b) => {}
        (a, b) => found.push((path.to_owned(), a.clone(), b.clone())),
    }
}

/// The fields of the recording; what is only here is not a claim about ERPNext.
fn keys<'a>(a: &'a Map<String, Value>, _: &'a Map<String, Value>) -> impl Iterator<Item = &'a str> {
    a.keys().map(String::as_str).filter(|name| !UNCOMPARED.contains(name))
}

fn is_alike(a: &Value, b: &Value) -> bool {
    let is_nothing = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Array(rows) => rows.is_empty(),
        _ => false,
    };
    let json = |text: &str| serde_json::from_str::<Value>(text).ok().filter(Value::is_object);
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::String(a), Value::String(b)) if a != b => matches!((json(a), json(b)), (Some(a), Some(b)) if a == b),
        (a, b) => a == b || (is_nothing(a) && is_nothing(b)),
    }
}
