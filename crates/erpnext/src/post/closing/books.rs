//! What ERPNext has of a shift: its invoices, the closings of this task, and what these took.

use super::{document::Amounts, plan::Open};
use crate::{
    json::{number, text},
    request::{List, Request},
};
use serde_json::{Value, json};

/// What is read of each invoice.
const INVOICE_FIELDS: &[&str] = &[
    "name",
    "docstatus",
    "customer",
    "is_return",
    "return_against",
    "posting_date",
    "grand_total",
    "net_total",
    "total_qty",
    "base_grand_total",
    "base_net_total",
    "base_total_taxes_and_charges",
    "total_taxes_and_charges",
];

/// Names in one request: few enough for any limit on a request's size.
const NAMES_MAX: usize = 200;

#[derive(Clone, Debug, Default)]
pub(super) struct Books {
    /// POS Invoice or Sales Invoice.
    pub(super) doctype: &'static str,
    /// Names that are still to be read.
    pub(super) unread: Vec<String>,
    pub(super) invoices: Vec<Value>,
    pub(super) closings: Vec<Value>,
    /// By mode of payment, of the closings that are done.
    pub(super) taken: Amounts,
}

impl Books {
    /// Asks for the closings of a task.
    pub(super) fn ask_closings(id: &str) -> Request {
        Request::list(&List {
            doctype: "POS Closing Entry",
            parent: None,
            fields: vec!["name", "docstatus", "status", "error_message", "holdfast_id", "pos_opening_entry"],
            filters: vec![json!(["holdfast_id", "like", format!("{id}.%")])],
            order_by: "creation asc",
            limit: 0,
        })
    }

    /// Asks for the next invoices; nothing where all are read.
    pub(super) fn ask_invoices(&mut self) -> Option<Request> {
        if self.unread.is_empty() {
            return None;
        }
        let names = self.unread.split_off(self.unread.len().saturating_sub(NAMES_MAX));
        Some(Request::list(&List {
            doctype: self.doctype,
            parent: None,
            fields: INVOICE_FIELDS.iter().copied().chain([self.done_field()]).collect(),
            filters: vec![json!(["name", "in", names])],
            order_by: "creation asc",
            limit: 0,
        }))
    }

    /// Asks what the closings that are done took; nothing where none is.
    pub(super) fn ask_taken(&self) -> Option<Request> {
        let names: Vec<String> = self.done().iter().map(|closing| text(&closing["name"])).collect();
        (!names.is_empty()).then(|| {
            Request::list(&List {
                doctype: "POS Closing Entry Detail",
                parent: Some("POS Closing Entry"),
                fields: vec!["mode_of_payment", "opening_amount", "expected_amount", "closing_amount"],
                filters: vec![json!(["parent", "in", names])],
                order_by: "creation asc",
                limit: 0,
            })
        })
    }

    /// The field of an invoice that says that a closing has it.
    fn done_field(&self) -> &'static str {
        if self.doctype == "Sales Invoice" { "pos_closing_entry" } else { "consolidated_invoice" }
    }

    fn is_done(&self, row: &Value) -> bool {
        !text(&row[self.done_field()]).is_empty()
    }

    /// Submitted invoices of the shift that no closing has yet.
    pub(super) fn open(&self) -> Vec<Open> {
        let of = |row: &Value| Open {
            name: text(&row["name"]),
            customer: text(&row["customer"]),
            is_return: number(&row["is_return"]) != 0.0,
            return_against: text(&row["return_against"]),
            left_over: number(&row["base_grand_total"])
                - number(&row["base_net_total"])
                - number(&row["base_total_taxes_and_charges"]),
        };
        let open = self.invoices.iter().filter(|row| row["docstatus"] == 1 && !self.is_done(row));
        let mut open: Vec<Open> = open.map(of).collect();
        open.sort_by(|a, b| a.name.cmp(&b.name));
        open
    }

    /// An invoice as ERPNext lists it.
    pub(super) fn invoice(&self, name: &str) -> Option<&Value> {
        self.invoices.iter().find(|row| row["name"] == name)
    }

    /// Invoices that no closing has.
    pub(super) fn left_out(&self) -> impl Iterator<Item = String> {
        self.invoices.iter().filter(|row| !self.is_done(row)).map(|row| text(&row["name"]))
    }

    /// Closings that are done.
    pub(super) fn done(&self) -> Vec<&Value> {
        self.closings.iter().filter(|closing| closing["docstatus"] == 1 && closing["status"] == "Submitted").collect()
    }

    /// How often a closing of this task failed and was cancelled.
    pub(super) fn partings(&self) -> usize {
        self.closings.iter().filter(|closing| closing["docstatus"] == 2).count()
    }

    /// An opening entry that no closing has used up: the shift's own, or one that was made for a closing which failed.
    pub(super) fn free_opening(&self, of_shift: &str) -> Option<String> {
        let used: Vec<String> = self.done().iter().map(|closing| text(&closing["pos_opening_entry"])).collect();
        let others = self.closings.iter().map(|closing| text(&closing["pos_opening_entry"]));
        std::iter::once(of_shift.to_owned()).chain(others).find(|name| !used.contains(name))
    }
}
