//! Completing listed rows: their child tables, or the whole documents.

use super::{Row, Wanted, Way, put, reduced, row};
use crate::{
    heard::{Heard, Trouble},
    json::text,
    request::{List, Request},
};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Completes some rows.
#[derive(Clone, Debug)]
pub(super) struct Complete {
    wanted: &'static Wanted,
    rows: Vec<Row>,
    /// The child table, or the row, that is read next.
    at: usize,
    pub(super) absent: Vec<String>,
}

impl Complete {
    pub(super) fn new(wanted: &'static Wanted, rows: Vec<Row>, absent: Vec<String>) -> Self {
        Self { wanted, rows, at: 0, absent }
    }

    /// What to ask next; `None` when the rows are complete.
    pub(super) fn ask(&self) -> Option<Request> {
        if self.wanted.way == Way::Documents {
            return self.rows.get(self.at).map(|row| Request::document(self.wanted.doctype, &row.name));
        }
        let child = self.wanted.children.get(self.at).filter(|_| !self.rows.is_empty())?;
        let names: Vec<&str> = self.rows.iter().map(|row| &*row.name).collect();
        let own = present(child.fields, &self.absent, Some(child.table));
        Some(Request::list(&List {
            doctype: child.doctype,
            parent: Some(self.wanted.doctype),
            fields: ["parent", "idx"].into_iter().chain(own).collect(),
            filters: vec![
                json!(["parent", "in", names]),
                json!(["parenttype", "=", self.wanted.doctype]),
                json!(["parentfield", "=", child.table]),
            ],
            order_by: "parent asc, idx asc",
            limit: 0,
        }))
    }

    /// Takes the answer.
    pub(super) fn take(&mut self, heard: &Heard) -> Result<(), Trouble> {
        if self.wanted.way == Way::Documents { self.take_document(heard) } else { self.take_children(heard) }
    }

    fn take_document(&mut self, heard: &Heard) -> Result<(), Trouble> {
        match heard.data() {
            Ok(document) => {
                if let Some(row) = row(self.wanted, &document) {
                    self.rows[self.at] = row;
                }
                self.at += 1;
                Ok(())
            }
            // Gone since it was listed. Nothing is said about it here: the deletions will.
            Err(Trouble::Refused { status: 404, .. }) => {
                self.rows.remove(self.at);
                Ok(())
            }
            Err(trouble) => Err(trouble),
        }
    }

    fn take_children(&mut self, heard: &Heard) -> Result<(), Trouble> {
        let child = &self.wanted.children[self.at];
        let answer = match heard.data() {
            Ok(answer) => answer,
            Err(trouble) => {
                let field = unknown_field(&trouble, child.fields, &self.absent, Some(child.table)).ok_or(trouble)?;
                self.absent.push(field);
                return Ok(());
            }
        };
        let mut by_parent: HashMap<String, Vec<Value>> = HashMap::new();
        for row in answer.as_array().ok_or(Trouble::Unclear)? {
            by_parent.entry(text(&row["parent"])).or_default().push(Value::Object(reduced(row, child.fields)));
        }
        for row in &mut self.rows {
            put(&mut row.fields, child.table, by_parent.remove(&row.name).unwrap_or_default().into());
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn finish(self) -> (Vec<Row>, Vec<String>) {
        (self.rows, self.absent)
    }
}

/// The fields to list a doctype's own rows with.
pub(super) fn listed_fields(wanted: &'static Wanted, absent: &[String]) -> Vec<&'static str> {
    let own = if wanted.way == Way::Documents { Vec::new() } else { present(wanted.fields, absent, None) };
    ["name", "modified"].into_iter().chain(own).collect()
}

fn present(fields: &'static [&'static str], absent: &[String], table: Option<&str>) -> Vec<&'static str> {
    fields.iter().filter(|field| !absent.contains(&qualified(table, field))).copied().collect()
}

fn qualified(table: Option<&str>, field: &str) -> String {
    table.map_or_else(|| field.to_owned(), |table| format!("{table}.{field}"))
}

/// The field that a site does not have, if that is what the refusal is about. ERPNext names it in a sentence that may be
/// translated, so it is looked for among what was asked.
pub(super) fn unknown_field(
    trouble: &Trouble,
    fields: &'static [&'static str],
    absent: &[String],
    table: Option<&str>,
) -> Option<String> {
    let Trouble::Refused { exc_type, message, .. } = trouble else {
        return None;
    };
    if exc_type != "DataError" {
        return None;
    }
    let words: Vec<&str> = message.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    present(fields, absent, table).into_iter().find(|field| words.contains(field)).map(|field| qualified(table, field))
}
