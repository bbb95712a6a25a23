//! How much of each batch is in each warehouse.
//!
//! ERPNext has no list of it; `get_batch_qty` sums up the ledger of a warehouse, less what POS Invoices hold, without expired and
//! disabled batches. That costs the site more than a list, so it is asked every few minutes only.

use super::{Cursor, Row, Scope};
use crate::{
    heard::{Heard, Trouble},
    json::{number, text},
    request::Request,
    site::Stamp,
};
use serde_json::{Map, Value, json};

/// How often the sums are asked for, milliseconds.
const EVERY_MS: i64 = 5 * 60_000;

/// Reads the quantities of all warehouses.
#[derive(Clone, Debug)]
pub(super) struct Quantities {
    /// Still to be asked about, the next one last.
    warehouses: Vec<String>,
    rows: Vec<Row>,
    is_due: bool,
}

impl Quantities {
    pub(super) fn new(scope: &Scope, cursor: &Cursor, now_ms: i64) -> Self {
        let is_due = cursor.fresh_at_ms().is_none_or(|read_ms| now_ms - read_ms >= EVERY_MS);
        let warehouses = if is_due { scope.warehouses.clone() } else { Vec::new() };
        Self { warehouses, rows: Vec::new(), is_due }
    }

    pub(super) fn is_due(&self) -> bool {
        self.is_due
    }

    pub(super) fn ask(&self) -> Option<Request> {
        let query = vec![("warehouse".to_owned(), self.warehouses.last()?.clone())];
        Some(Request::look("erpnext.stock.doctype.batch.batch.get_batch_qty", query))
    }

    pub(super) fn take(&mut self, heard: &Heard) -> Result<(), Trouble> {
        let answer = heard.data()?;
        let name = self.warehouses.pop().expect("it was asked about");
        let mut batches: Vec<(String, f64)> = answer
            .as_array()
            .ok_or(Trouble::Unclear)?
            .iter()
            .map(|row| (text(&row["batch_no"]), number(&row["qty"])))
            .collect();
        batches.sort_by(|a, b| a.0.cmp(&b.0));
        let batches = batches.into_iter().map(|(batch_no, qty)| json!({ "batch_no": batch_no, "qty": qty }));
        let fields = Map::from_iter([("batches".to_owned(), batches.collect::<Value>())]);
        // Sums have no stamp; with one and the same the mirror sees whether they changed.
        let modified = Stamp::parse("1970-01-01 00:00:00").expect("it is a time");
        self.rows.push(Row { name, modified, fields });
        Ok(())
    }

    pub(super) fn finish(self) -> Vec<Row> {
        self.rows
    }
}
