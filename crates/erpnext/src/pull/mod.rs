//! Reads masters as they change, page by page, into a mirror that the host stores.
//!
//! Each page is a conversation whose outcome holds changes and the next cursor: the host stores both in one transaction and
//! asks for the next page. Dropped at any point, it begins again with the cursor that was stored. Whatever is lost or repeated,
//! the mirror comes to equal the site:
//!
//! - [`ReadPage`] reads what was modified since the last round. A cursor is an *instant* of the site's own clock, never a stamp
//!   that was read: stamps lie in the future where a database has another time zone, and repeat an hour once a year.
//! - [`Deletions`] takes names from Deleted Document as hints and asks which of them are really gone.
//! - [`Check`] compares names and stamps of a whole doctype with the mirror: renames leave no other trace, and neither do rows that
//!   were changed or removed past Frappe.
//! - [`ReadSome`] reads rows by name, for webhooks.

mod check;
mod complete;
mod cursor;
mod deletions;
mod mirror;
mod page;
mod quantities;
mod some;
mod tables;
mod walk;
mod wanted;

pub use check::{Check, Checked};
pub use cursor::Cursor;
pub use deletions::{Deleted, Deletions};
pub use mirror::Mirror;
pub use page::{Page, ReadPage};
pub use some::ReadSome;
pub use tables::WANTED;
pub use wanted::{BATCH_QUANTITY, Child, Scope, Wanted, Way, linking_to, wanted};

use crate::site::Stamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How far back a round reads again, milliseconds: a transaction may commit this long after it took its stamp.
pub const OVERLAP_MS: i64 = 10 * 60_000;

/// How far ahead of the site's clock a stamp may lie and still count as now, milliseconds.
pub const SKEW_MS: i64 = 2 * 60_000;

/// A row as the mirror keeps it: the wanted fields that have a value, child tables among them as lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its key.
    pub name: String,
    /// `modified`.
    pub modified: Stamp,
    /// What is wanted of it.
    pub fields: Map<String, Value>,
}

/// What happened to a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Change {
    /// It is new, or may have changed.
    Upsert(Row),
    /// It is gone, or no longer concerns us.
    Delete(String),
}

/// A row of an answer with nothing but its wanted fields; `None` without a name or a stamp.
fn row(wanted: &Wanted, answer: &Value) -> Option<Row> {
    let name = answer["name"].as_str()?.to_owned();
    let modified = Stamp::parse(answer["modified"].as_str()?)?;
    let mut fields = reduced(answer, wanted.fields);
    for child in wanted.children {
        if let Some(rows) = answer[child.table].as_array() {
            let rows = rows.iter().map(|row| Value::Object(reduced(row, child.fields))).collect::<Vec<_>>();
            put(&mut fields, child.table, rows.into());
        }
    }
    Some(Row { name, modified, fields })
}

fn reduced(answer: &Value, fields: &[&str]) -> Map<String, Value> {
    let mut reduced = Map::new();
    for field in fields {
        put(&mut reduced, field, answer[*field].clone());
    }
    reduced
}

/// Leaves out what reads the same as nothing. Zeros stay: a field may have a default that is not zero.
fn put(fields: &mut Map<String, Value>, field: &str, value: Value) {
    let is_empty = match &value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(rows) => rows.is_empty(),
        _ => false,
    };
    if !is_empty {
        fields.insert(field.to_owned(), value);
    }
}
