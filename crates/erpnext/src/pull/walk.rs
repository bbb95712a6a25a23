//! Walking a list in the order of its stamps, page by page, with any number of rows at one stamp.

use crate::{json::text, site::Stamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Where a walk stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Place {
    /// At the first row, or the first from a stamp on.
    From(Option<Stamp>),
    /// Behind this name among the rows of this stamp, which are more than a page.
    Among(Stamp, String),
    /// Behind all rows of this stamp.
    Behind(Stamp),
}

impl Place {
    /// The filters of the next page, `field` being the stamp's column.
    pub(super) fn filters(&self, field: &str) -> Vec<Value> {
        match self {
            Self::From(None) => Vec::new(),
            Self::From(Some(stamp)) => vec![json!([field, ">=", stamp])],
            Self::Among(stamp, name) => vec![json!([field, "=", stamp]), json!(["name", ">", name])],
            Self::Behind(stamp) => vec![json!([field, ">", stamp])],
        }
    }

    /// Where the walk goes on after these rows; `None` at its end. Pages overlap by the rows of one stamp, so that rows that
    /// share it are not missed.
    pub(super) fn after(&self, rows: &[Value], field: &str, limit: u32) -> Option<Self> {
        let is_full = rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
        if !is_full {
            return match self {
                Self::Among(stamp, _) => Some(Self::Behind(*stamp)),
                _ => None,
            };
        }
        let stamp = |row: Option<&Value>| row.and_then(|row| Stamp::parse(row[field].as_str()?));
        let (first, last) = (stamp(rows.first())?, stamp(rows.last())?);
        if first == last { Some(Self::Among(last, text(&rows.last()?["name"]))) } else { Some(Self::From(Some(last))) }
    }
}
