//! One case: priced by the engine, compared with what `ERPNext` left.

use crate::{
    case,
    fields::{self, Field, Shown},
    json,
    shop::{Base, CaseShop},
};
use holdfast_engine::{Invoice, Priced, price};
use serde_json::{Map, Value};

/// What came of a case.
#[derive(Clone, Debug)]
pub enum Replayed {
    /// It was compared.
    Compared {
        /// How many fields.
        fields: usize,
        /// Those that differ.
        differences: Vec<Difference>,
    },
    /// It cannot be replayed.
    Skipped(Skipped),
}

/// Why a case cannot be replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skipped {
    /// A refusal that depends on rules which the record doesn't hold.
    WithoutRules,
    /// Not `ERPNext`'s answer, but an accident of the recording.
    Artefact,
}

impl Skipped {
    /// In words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::WithoutRules => "refused because of rules that the record does not hold",
            Self::Artefact => "an artefact of the recording, not ERPNext's answer",
        }
    }
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Table and field, such as `items.rate`.
    pub field: String,
    /// Where, such as `items[2].rate`.
    pub place: String,
    /// What `ERPNext` has.
    pub expected: String,
    /// What the engine has.
    pub computed: String,
}

fn priced(case: &Value, base: &Base) -> Priced {
    let input = &case["input"];
    price(&case::cart(input), &CaseShop::new(case, base), &case::context(input, base.today))
}

/// All that the engine says of a case, as bytes: what must be the same on every machine.
pub(crate) fn transcript(case: &Value, base: &Base) -> Vec<u8> {
    let priced = priced(case, base);
    let refusal = priced.refusal.map(|refusal| refusal.to_string());
    serde_json::to_vec(&(priced.invoice, refusal)).expect("an invoice can be written")
}

/// Replays a case.
pub(crate) fn replay(case: &Value, base: &Base) -> Replayed {
    let refusal = case.get("error");
    if let Some(skipped) = refusal.and_then(|error| skips(case, error)) {
        return Replayed::Skipped(skipped);
    }
    let priced = priced(case, base);
    let mut comparison = Comparison::default();
    match refusal {
        Some(error) => comparison.refusal(error, &priced),
        None => comparison.output(&case["output"], &priced),
    }
    Replayed::Compared { fields: comparison.fields, differences: comparison.differences }
}

fn skips(case: &Value, error: &Value) -> Option<Skipped> {
    let message = json::text(&error["message"]);
    // Random rules are made for one case and are recorded with its masters only.
    let needs_rules = case["kind"] == "pricing" && case["masters"]["pricing_rules"].is_null();
    if error["type"] == "OperationalError" && message.contains("SAVEPOINT") {
        Some(Skipped::Artefact)
    } else {
        needs_rules.then_some(Skipped::WithoutRules)
    }
}

#[derive(Default)]
struct Comparison {
    fields: usize,
    differences: Vec<Difference>,
}

impl Comparison {
    fn refusal(&mut self, error: &Value, priced: &Priced) {
        let (exception, message) = match &priced.refusal {
            Some(refusal) => (refusal.exception().to_owned(), refusal.to_string()),
            None => (String::new(), String::new()),
        };
        self.compare("error", "type", "error", &error["type"], &Shown::Text(exception));
        self.compare("error", "message", "error", &error["message"], &Shown::Text(message));
    }

    fn output(&mut self, output: &Value, priced: &Priced) {
        if let Some(refusal) = &priced.refusal {
            self.fields += 1;
            self.note("refusal", "refusal".to_owned(), "none".to_owned(), refusal.to_string());
        }
        let invoice: &Invoice = &priced.invoice;
        let empty = Map::new();
        let doc = output["doc"].as_object().unwrap_or(&empty);
        self.record("doc", "doc", doc, fields::DOC, invoice);
        self.table("items", &output["items"], fields::ITEM, &invoice.items);
        self.table("taxes", &output["taxes"], fields::TAX, &invoice.taxes);
        self.table("payments", &output["payments"], fields::PAYMENT, &invoice.payments);
        self.table("pricing_rules", &output["pricing_rules"], fields::RULE, &invoice.applied_rules);
    }

    fn table<T>(&mut self, table: &'static str, expected: &Value, fields: &[Field<T>], rows: &[T]) {
        let expected = json::rows(expected);
        self.fields += 1;
        if expected.len() != rows.len() {
            let (expected, computed) = (expected.len().to_string(), rows.len().to_string());
            self.note(table, format!("{table}.length"), expected, computed);
        }
        for (at, (expected, row)) in expected.iter().zip(rows).enumerate() {
            if let Some(expected) = expected.as_object() {
                self.record(table, &format!("{table}[{at}]"), expected, fields, row);
            }
        }
    }

    /// Compares every field of a record, also those that are null on `ERPNext`'s side.
    fn record<T>(
        &mut self,
        table: &'static str,
        place: &str,
        expected: &Map<String, Value>,
        fields: &[Field<T>],
        row: &T,
    ) {
        for (name, show) in fields {
            self.compare(table, name, place, expected.get(*name).unwrap_or(&Value::Null), &show(row));
        }
        for name in expected.keys() {
            let is_compared = fields.iter().any(|(field, _)| field == name);
            let is_excluded = fields::EXCLUDED.iter().any(|(of, field, _)| *of == table && field == name);
            if !is_compared && !is_excluded {
                self.fields += 1;
                let (expected, computed) = (expected[name].to_string(), "unknown field".to_owned());
                self.note(table, format!("{place}.{name}"), expected, computed);
            }
        }
    }

    fn compare(&mut self, table: &str, name: &str, place: &str, expected: &Value, shown: &Shown) {
        self.fields += 1;
        let is_equal = match shown {
            Shown::Number(computed) => match expected {
                Value::Null => *computed == 0.0,
                Value::Number(number) => number.as_f64() == Some(*computed),
                _ => false,
            },
            Shown::Text(computed) => match expected {
                Value::Null => computed.is_empty(),
                Value::String(text) => text == computed,
                _ => false,
            },
            Shown::Numbers(computed) => json::numbers(expected).as_ref() == Some(computed),
        };
        if !is_equal {
            let field = format!("{table}.{name}");
            let place = format!("{place}.{name}");
            let computed = fields::show(shown);
            self.differences.push(Difference { field, place, expected: expected.to_string(), computed });
        }
    }

    fn note(&mut self, table: &str, place: String, expected: String, computed: String) {
        let name = place.rsplit('.').next().unwrap_or(&place);
        let field = if name == table { table.to_owned() } else { format!("{table}.{name}") };
        self.differences.push(Difference { field, place, expected, computed });
    }
}
