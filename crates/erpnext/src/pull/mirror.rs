//! The masters of a site as they were last read, in memory: what the host's tables hold.

use super::{Change, Row};
use crate::site::Stamp;
use std::collections::BTreeMap;

/// All rows by doctype and name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mirror {
    tables: BTreeMap<String, BTreeMap<String, Row>>,
}

impl Mirror {
    /// Takes a change; says whether anything is different now.
    pub fn apply(&mut self, doctype: &str, change: Change) -> bool {
        let table = self.tables.entry(doctype.to_owned()).or_default();
        match change {
            Change::Upsert(row) => match table.get(&row.name) {
                Some(held) if *held == row => false,
                _ => {
                    table.insert(row.name.clone(), row);
                    true
                }
            },
            Change::Delete(name) => table.remove(&name).is_some(),
        }
    }

    /// The rows of a doctype, by name.
    pub fn rows(&self, doctype: &str) -> impl Iterator<Item = &Row> {
        self.tables.get(doctype).into_iter().flat_map(BTreeMap::values)
    }

    /// One row.
    pub fn row(&self, doctype: &str, name: &str) -> Option<&Row> {
        self.tables.get(doctype)?.get(name)
    }

    /// Names and stamps of a doctype, for a check.
    pub fn known(&self, doctype: &str) -> BTreeMap<String, Stamp> {
        self.rows(doctype).map(|row| (row.name.clone(), row.modified)).collect()
    }
}
