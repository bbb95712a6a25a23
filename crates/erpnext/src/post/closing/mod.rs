//! POS Closing Entry: the end of a shift, in as many parts as ERPNext takes.
//!
//! Nothing is kept between tries. Which parts are done is read from ERPNext: the closings whose `holdfast_id` begins with the
//! task's, and which invoices are consolidated. A part is one POS Closing Entry `<id>.<n>`; every part but the first needs an
//! opening entry of its own, `<id>.<n>.opening`, because a closing uses one up.

mod document;
mod plan;

use super::{
    Job, document as reference,
    once::{End, Once},
    refusal, refused,
};
use crate::{
    conversation::{Conversation, Step},
    heard::{Heard, Trouble},
    json::{number, rows, text},
    request::{List, Method, Request},
};
use document::{Amounts, Part};
use holdfast_sync::{
    Body,
    body::{Sale, ShiftClosed, ShiftOpened},
    posting::{BookedDocument, Difference, Outcome, Refusal, RefusalKind},
};
use plan::Open;
use serde_json::{Value, json};
use std::collections::BTreeMap;

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

/// When to ask again about a closing in the background, in milliseconds.
const POLL_MS: u64 = 5_000;

/// How often a closing that is tried again is looked at before the try ends, and how long between, in milliseconds.
const LOOKS_AFTER_RETRY: u8 = 20;
const LOOK_MS: u64 = 2_000;

/// So often a closing is parted further before a person has a look.
const PARTINGS_MAX: usize = 6;

/// So many steps are taken in one try; the rest is for the next.
const ROUNDS_MAX: u32 = 500;

/// Names in one request: few enough for any limit on a request's size.
const NAMES_MAX: usize = 200;

#[derive(Clone, Debug)]
pub(super) struct Closing {
    job: Job,
    closed: ShiftClosed,
    opened: ShiftOpened,
    /// The shift's POS Opening Entry.
    opening: Option<String>,
    /// The shift's invoices by name, with their sales.
    sales: BTreeMap<String, Sale>,
    /// Names that are still to be read.
    unread: Vec<String>,
    /// What ERPNext says of each.
    invoices: Vec<Value>,
    /// Closings of this task that are there.
    closings: Vec<Value>,
    rounds: u32,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Start,
    ReadingClosings,
    ReadingInvoices,
    Cancelling,
    Retrying,
    /// A closing that was tried again is looked at.
    Watching {
        name: String,
        looks: u8,
    },
    Opening(Box<Once>),
    Closing(Box<Once>),
}

impl Closing {
    pub(super) fn new(job: Job, closed: ShiftClosed) -> Self {
        let mut opened = ShiftOpened::default();
        let mut opening = None;
        let mut sales = BTreeMap::new();
        for (entry, row) in &job.shift {
            match &entry.body {
                Body::ShiftOpened(body) => {
                    opened = body.clone();
                    opening = row.documents().first().map(|document| document.name.clone());
                }
                Body::Sale(sale) => {
                    for document in row.documents() {
                        sales.insert(document.name.clone(), (**sale).clone());
                    }
                }
                _ => {}
            }
        }
        let unread = sales.keys().cloned().collect();
        let (invoices, closings) = (Vec::new(), Vec::new());
        Self { job, closed, opened, opening, sales, unread, invoices, closings, rounds: 0, at: At::Start }
    }

    fn doctype(&self) -> &'static str {
        self.job.site.invoice_type.doctype()
    }

    fn begin(&mut self) -> Step<Outcome> {
        if self.opening.is_none() {
            let message = "The opening entry of this shift is not in ERPNext.";
            return Step::Done(refused(RefusalKind::Opening, message));
        }
        self.at = At::ReadingClosings;
        let like = format!("{}.%", self.job.id());
        Step::Ask(Request::list(&List {
            doctype: "POS Closing Entry",
            parent: None,
            fields: vec!["name", "docstatus", "status", "error_message", "holdfast_id", "pos_opening_entry"],
            filters: vec![json!(["holdfast_id", "like", like])],
            order_by: "creation asc",
            limit: 0,
        }))
    }

    fn read_invoices(&mut self) -> Step<Outcome> {
        if self.unread.is_empty() {
            return self.close();
        }
        let names = self.unread.split_off(self.unread.len().saturating_sub(NAMES_MAX));
        self.at = At::ReadingInvoices;
        Step::Ask(Request::list(&List {
            doctype: self.doctype(),
            parent: None,
            fields: INVOICE_FIELDS.iter().copied().chain([self.done_field()]).collect(),
            filters: vec![json!(["name", "in", names])],
            order_by: "creation asc",
            limit: 0,
        }))
    }

    /// The field of an invoice that says that a closing has it.
    fn done_field(&self) -> &'static str {
        if self.doctype() == "Sales Invoice" { "pos_closing_entry" } else { "consolidated_invoice" }
    }

    /// What to do next, by what is there.
    fn close(&mut self) -> Step<Outcome> {
        for closing in &self.closings {
            let (name, error) = (text(&closing["name"]), text(&closing["error_message"]));
            match (number(&closing["docstatus"]) as u8, closing["status"].as_str()) {
                (1, Some("Queued")) => return Step::Done(Outcome::Underway { after_ms: POLL_MS }),
                (1, Some("Failed")) => return self.take_failed(&name, error),
                (0, _) => {
                    // What an earlier version or a person left; its invoices are still open.
                    self.at = At::Cancelling;
                    return Step::Ask(Request::delete("POS Closing Entry", &name));
                }
                _ => {}
            }
        }
        let open = self.open();
        if open.is_empty() && !self.done().is_empty() {
            return Step::Done(self.booked());
        }
        self.next_part(&open)
    }

    /// A failure for rounding is parted further; any other is tried once more in each try.
    fn take_failed(&mut self, name: &str, error: String) -> Step<Outcome> {
        if error.contains("Debit and Credit not equal") {
            if self.partings() >= PARTINGS_MAX {
                return Step::Done(refused(RefusalKind::Consolidation, error));
            }
            self.at = At::Cancelling;
            return Step::Ask(Request::update("POS Closing Entry", name, json!({ "docstatus": 2 })));
        }
        self.at = At::Retrying;
        let path = Request::document("POS Closing Entry", name).path;
        Step::Ask(Request::new(Method::Post, path, Some(json!({ "run_method": "retry" }))))
    }

    /// Submitted invoices of the shift that no closing has yet.
    fn open(&self) -> Vec<Open> {
        let is_open = |row: &&Value| row["docstatus"] == 1 && text(&row[self.done_field()]).is_empty();
        let of = |row: &Value| Open {
            name: text(&row["name"]),
            customer: text(&row["customer"]),
            is_return: number(&row["is_return"]) != 0.0,
            return_against: text(&row["return_against"]),
            left_over: number(&row["base_grand_total"])
                - number(&row["base_net_total"])
                - number(&row["base_total_taxes_and_charges"]),
        };
        let mut open: Vec<Open> = self.invoices.iter().filter(is_open).map(of).collect();
        open.sort_by(|a, b| a.name.cmp(&b.name));
        open
    }

    /// How often a closing of this task failed and was cancelled.
    fn partings(&self) -> usize {
        self.closings.iter().filter(|closing| closing["docstatus"] == 2).count()
    }

    /// An opening entry that no closing has used up: the shift's own, or one that was made for a closing which failed.
    fn free_opening(&self) -> Option<String> {
        let used: Vec<String> = self.done().iter().map(|closing| text(&closing["pos_opening_entry"])).collect();
        let others = self.closings.iter().map(|closing| text(&closing["pos_opening_entry"]));
        self.opening.iter().cloned().chain(others).find(|name| !used.contains(name))
    }

    fn done(&self) -> Vec<&Value> {
        self.closings.iter().filter(|closing| closing["docstatus"] == 1 && closing["status"] == "Submitted").collect()
    }

    fn next_part(&mut self, open: &[Open]) -> Step<Outcome> {
        if let Some(opening) = self.free_opening() {
            return self.send_part(open, &opening);
        }
        let body = self.another_opening();
        let id = format!("{}.{}.opening", self.job.id(), self.closings.len() + 1);
        let mut once = Once::new("POS Opening Entry", id, body, false, false);
        let step = once.next(None);
        self.at = At::Opening(Box::new(once));
        self.pass(step)
    }

    fn another_opening(&self) -> Value {
        let zone = self.job.site.zone();
        let start = if self.job.site.opens_daily() { self.job.now_ms } else { self.opened_at_ms() };
        let start = zone.stamp(start);
        let modes = self.opened.opening.iter();
        let balance: Vec<Value> =
            modes.map(|mode| json!({ "mode_of_payment": mode.mode_of_payment, "opening_amount": 0 })).collect();
        json!({
            "pos_profile": self.opened.pos_profile, "company": self.opened.company, "user": self.job.user,
            "period_start_date": start.to_string(), "posting_date": start.date_text(), "set_posting_date": 1,
            "balance_details": balance,
        })
    }

    fn opened_at_ms(&self) -> i64 {
        let opening = self.job.shift.iter().find(|(entry, _)| matches!(entry.body, Body::ShiftOpened(_)));
        opening.map_or_else(
            || self.job.made_at_ms(),
            |(entry, _)| entry.header.made_at_ms + entry.header.hub_offset_ms.unwrap_or(0),
        )
    }

    fn send_part(&mut self, open: &[Open], opening: &str) -> Step<Outcome> {
        // The Sales Invoices of version 16 are in the books already; nothing is merged.
        let is_merged = self.doctype() != "Sales Invoice";
        let parts = if is_merged { plan::parts(open, self.partings()) } else { vec![(0..open.len()).collect()] };
        let is_last = parts.len() <= 1;
        let part: Vec<&Open> = parts.first().into_iter().flatten().map(|at| &open[*at]).collect();
        let rows = part.iter().filter_map(|open| {
            let row = self.invoices.iter().find(|row| row["name"] == open.name.as_str())?;
            Some((row, self.sales.get(&open.name)?))
        });
        let body = Part {
            job: &self.job,
            opened: &self.opened,
            opening,
            opened_at_ms: self.opened_at_ms(),
            amounts: self.amounts(&part, is_last),
            invoices: rows.collect(),
        }
        .body();
        let id = format!("{}.{}", self.job.id(), self.closings.len() + 1);
        let mut once = Once::new("POS Closing Entry", id, body, false, false);
        let step = once.next(None);
        self.at = At::Closing(Box::new(once));
        self.pass(step)
    }

    /// What was expected and counted, by mode. The last part takes what the counter counted less what the parts before took, so
    /// that the parts add up to the shift.
    fn amounts(&self, part: &[&Open], is_last: bool) -> Amounts {
        let of_part = |open: &&Open| self.sales.get(&open.name).map(|sale| &sale.invoice);
        let taken = Amounts::of_sales(part.iter().filter_map(of_part), &self.opened, self.done().is_empty());
        if !is_last {
            return taken;
        }
        let is_done = |row: &&Value| !text(&row[self.done_field()]).is_empty();
        let before = self.invoices.iter().filter(is_done).filter_map(|row| self.sales.get(row["name"].as_str()?));
        let before = before.map(|sale| &sale.invoice);
        // With one part nothing was taken before, not even the opening balance.
        let earlier =
            if self.done().is_empty() { Amounts::default() } else { Amounts::of_sales(before, &self.opened, true) };
        Amounts::of_shift(&self.closed, &self.opened, &earlier, self.done().is_empty())
    }

    /// What became of a closing that was tried again.
    fn watch(&mut self, looks: u8, closing: &Value) -> Step<Outcome> {
        match closing["status"].as_str() {
            Some("Failed") => Step::Done(refused(RefusalKind::Consolidation, text(&closing["error_message"]))),
            Some("Queued") if looks < LOOKS_AFTER_RETRY => {
                self.at = At::Watching { name: text(&closing["name"]), looks: looks + 1 };
                Step::Wait { ms: LOOK_MS }
            }
            Some("Queued") => Step::Done(Outcome::Underway { after_ms: POLL_MS }),
            _ => self.again(),
        }
    }

    fn booked(&self) -> Outcome {
        let documents: Vec<BookedDocument> =
            self.done().iter().map(|closing| reference("POS Closing Entry", &text(&closing["name"]))).collect();
        let missing = self.invoices.iter().filter(|row| text(&row[self.done_field()]).is_empty());
        let differences = missing.map(|row| Difference {
            field: format!("pos_transactions.{}", text(&row["name"])),
            receipt: "1".into(),
            booked: "0".into(),
        });
        Outcome::Booked { documents, differences: differences.collect() }
    }

    fn pass(&mut self, step: Step<End>) -> Step<Outcome> {
        let end = match step {
            Step::Ask(request) => return Step::Ask(request),
            Step::Wait { ms } => return Step::Wait { ms },
            Step::Done(end) => end,
        };
        let made = match end {
            Ok(made) => made,
            Err(Outcome::Refused(refusal)) if refusal.message.contains("Debit and Credit not equal") => {
                return Step::Done(Outcome::Refused(Refusal { kind: RefusalKind::Consolidation, ..refusal }));
            }
            Err(outcome) => return Step::Done(outcome),
        };
        if matches!(self.at, At::Opening(_)) {
            let open = self.open();
            return self.send_part(&open, &text(&made["name"]));
        }
        match made["status"].as_str() {
            Some("Queued") => Step::Done(Outcome::Underway { after_ms: POLL_MS }),
            // Look at everything again: there may be more parts, or a failure to take care of.
            _ => self.again(),
        }
    }

    fn again(&mut self) -> Step<Outcome> {
        self.rounds += 1;
        if self.rounds > ROUNDS_MAX {
            return Step::Done(Outcome::Underway { after_ms: POLL_MS });
        }
        self.unread = self.sales.keys().cloned().collect();
        self.invoices.clear();
        self.closings.clear();
        self.begin()
    }
}

impl Conversation for Closing {
    type Outcome = Outcome;

    fn next(&mut self, heard: Option<Heard>) -> Step<Outcome> {
        let Some(heard) = heard else {
            return match &self.at {
                At::Watching { name, .. } => Step::Ask(Request::document("POS Closing Entry", name)),
                _ => self.again(),
            };
        };
        if let At::Opening(once) | At::Closing(once) = &mut self.at {
            let step = once.next(Some(heard));
            return self.pass(step);
        }
        // A retry that failed at once says so by a refusal.
        let data = match (&self.at, heard.data()) {
            (_, Ok(data)) => data,
            (At::Retrying, Err(trouble @ Trouble::Refused { .. })) => {
                return Step::Done(match refusal::outcome(&trouble) {
                    Outcome::Refused(refusal) => {
                        Outcome::Refused(Refusal { kind: RefusalKind::Consolidation, ..refusal })
                    }
                    outcome => outcome,
                });
            }
            (_, Err(trouble)) => return Step::Done(refusal::outcome(&trouble)),
        };
        match self.at {
            At::ReadingClosings => {
                self.closings = rows(&data).to_vec();
                self.read_invoices()
            }
            At::ReadingInvoices => {
                self.invoices.extend(rows(&data).iter().cloned());
                self.read_invoices()
            }
            At::Retrying => {
                let failed = self.closings.iter().find(|closing| closing["status"] == "Failed");
                let name = failed.map(|closing| text(&closing["name"])).unwrap_or_default();
                self.at = At::Watching { name, looks: 0 };
                Step::Wait { ms: LOOK_MS }
            }
            At::Watching { looks, .. } => self.watch(looks, &data),
            _ => self.again(),
        }
    }
}
