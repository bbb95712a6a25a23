//! POS Closing Entry: the end of a shift, in as many parts as ERPNext takes.
//!
//! Nothing is kept between tries. Which parts are done is read from ERPNext: the closings whose `holdfast_id` begins with the
//! task's, and which invoices are consolidated. A part is one POS Closing Entry `<id>.<n>`; every part but the first needs an
//! opening entry of its own, `<id>.<n>.opening`, because a closing uses one up.
//!
//! One invoice that ERPNext cannot consolidate does not keep the others out: a part that is refused is halved until the
//! invoice is alone, the rest is closed, and a person is shown the one.

mod books;
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
    request::{Method, Request},
};
use books::Books;
use document::{Amounts, Part};
use holdfast_sync::{
    Body,
    body::{Sale, ShiftClosed, ShiftOpened},
    posting::{BookedDocument, Difference, Outcome, Refusal, RefusalKind},
};
use plan::{Open, Size};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// When to ask again about a closing in the background, in milliseconds.
const POLL_MS: u64 = 5_000;

/// How often a closing that is tried again is looked at before the try ends, and how long between, in milliseconds.
const LOOKS_AFTER_RETRY: u8 = 20;
const LOOK_MS: u64 = 2_000;

/// So often a closing is parted further before a person has a look.
const PARTINGS_MAX: usize = 8;

/// With more invoices that cannot be closed the reason is not in them.
const HELD_MAX: usize = 20;

/// So many steps are taken in one try; the rest is for the next.
const ROUNDS_MAX: u32 = 500;

#[derive(Clone, Debug)]
pub(super) struct Closing {
    job: Job,
    closed: ShiftClosed,
    opened: ShiftOpened,
    /// The shift's POS Opening Entry; empty where there is none.
    opening: String,
    /// The shift's invoices by name, with their sales.
    sales: BTreeMap<String, Sale>,
    books: Books,
    /// Invoices that ERPNext does not close, with its words.
    held: BTreeMap<String, String>,
    /// How many units a part may have, after a larger one was refused.
    units_max: Option<usize>,
    /// The part that is being closed: names, and how many units these are.
    sending: (Vec<String>, usize),
    rounds: u32,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Start,
    ReadingClosings,
    ReadingInvoices,
    ReadingTaken,
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
        let mut opening = String::new();
        let mut sales = BTreeMap::new();
        for (entry, row) in &job.shift {
            match &entry.body {
                Body::ShiftOpened(body) => {
                    opened = body.clone();
                    opening = row.documents().first().map(|document| document.name.clone()).unwrap_or_default();
                }
                Body::Sale(sale) => {
                    for document in row.documents() {
                        sales.insert(document.name.clone(), (**sale).clone());
                    }
                }
                _ => {}
            }
        }
        Self {
            job,
            closed,
            opened,
            opening,
            sales,
            books: Books::default(),
            held: BTreeMap::new(),
            units_max: None,
            sending: (Vec::new(), 0),
            rounds: 0,
            at: At::Start,
        }
    }

    fn begin(&mut self) -> Step<Outcome> {
        if self.opening.is_empty() {
            let message = "The opening entry of this shift is not in ERPNext.";
            return Step::Done(refused(RefusalKind::Opening, message));
        }
        self.rounds += 1;
        if self.rounds > ROUNDS_MAX {
            return Step::Done(Outcome::Underway { after_ms: POLL_MS });
        }
        let unread = self.sales.keys().cloned().collect();
        self.books = Books { doctype: self.job.site.invoice_type.doctype(), unread, ..Books::default() };
        self.at = At::ReadingClosings;
        Step::Ask(Books::ask_closings(&self.job.id().to_string()))
    }

    fn read_on(&mut self) -> Step<Outcome> {
        if let Some(request) = self.books.ask_invoices() {
            self.at = At::ReadingInvoices;
            return Step::Ask(request);
        }
        match self.books.ask_taken() {
            Some(request) => {
                self.at = At::ReadingTaken;
                Step::Ask(request)
            }
            None => self.close(),
        }
    }

    /// What to do next, by what is there.
    fn close(&mut self) -> Step<Outcome> {
        for closing in &self.books.closings {
            let (name, error) = (text(&closing["name"]), text(&closing["error_message"]));
            match (number(&closing["docstatus"]) as u8, closing["status"].as_str()) {
                (1, Some("Queued")) => return Step::Done(Outcome::Underway { after_ms: POLL_MS }),
                (1, Some("Failed")) => return self.take_failed(&name, error),
                (0, _) => {
                    // What a person left; its invoices are still open.
                    self.at = At::Cancelling;
                    return Step::Ask(Request::delete("POS Closing Entry", &name));
                }
                _ => {}
            }
        }
        let open = self.open();
        let is_all_done = open.is_empty() && !self.books.done().is_empty();
        if open.is_empty() && !self.held.is_empty() {
            Step::Done(self.stuck())
        } else if is_all_done {
            Step::Done(self.booked())
        } else if let Some(opening) = self.books.free_opening(&self.opening) {
            self.send_part(&opening)
        } else {
            self.send_opening()
        }
    }

    /// Invoices that are to be closed, without those that cannot be.
    fn open(&self) -> Vec<Open> {
        let mut open = self.books.open();
        open.retain(|invoice| !self.held.contains_key(&invoice.name));
        open
    }

    /// A failure for rounding is parted further at once; any other is tried once more before.
    fn take_failed(&mut self, name: &str, error: String) -> Step<Outcome> {
        if error.contains("Debit and Credit not equal") {
            return self.part_further(name, error);
        }
        self.at = At::Retrying;
        let path = Request::document("POS Closing Entry", name).path;
        Step::Ask(Request::new(Method::Post, path, Some(json!({ "run_method": "retry" }))))
    }

    fn part_further(&mut self, name: &str, error: String) -> Step<Outcome> {
        if self.books.partings() >= PARTINGS_MAX {
            return Step::Done(refused(RefusalKind::Consolidation, error));
        }
        self.at = At::Cancelling;
        Step::Ask(Request::update("POS Closing Entry", name, json!({ "docstatus": 2 })))
    }

    /// What became of a closing that was tried again.
    fn watch(&mut self, looks: u8, closing: &Value) -> Step<Outcome> {
        let name = text(&closing["name"]);
        match closing["status"].as_str() {
            Some("Failed") => self.part_further(&name, text(&closing["error_message"])),
            Some("Queued") if looks < LOOKS_AFTER_RETRY => {
                self.at = At::Watching { name, looks: looks + 1 };
                Step::Wait { ms: LOOK_MS }
            }
            Some("Queued") => Step::Done(Outcome::Underway { after_ms: POLL_MS }),
            _ => self.begin(),
        }
    }

    fn send_opening(&mut self) -> Step<Outcome> {
        let zone = self.job.site.zone();
        let start_ms = if self.job.site.opens_daily() { self.job.now_ms } else { self.opened_at_ms() };
        let start = zone.stamp(start_ms);
        let modes = self.opened.opening.iter();
        let balance: Vec<Value> =
            modes.map(|mode| json!({ "mode_of_payment": mode.mode_of_payment, "opening_amount": 0 })).collect();
        let body = json!({
            "pos_profile": self.opened.pos_profile, "company": self.opened.company, "user": self.job.user,
            "period_start_date": start.to_string(), "posting_date": start.date_text(), "set_posting_date": 1,
            "balance_details": balance,
        });
        let id = format!("{}.{}.opening", self.job.id(), self.books.closings.len() + 1);
        let mut once = Once::new("POS Opening Entry", id, body, false, false);
        let step = once.next(None);
        self.at = At::Opening(Box::new(once));
        self.pass(step)
    }

    fn opened_at_ms(&self) -> i64 {
        let opening = self.job.shift.iter().find(|(entry, _)| matches!(entry.body, Body::ShiftOpened(_)));
        opening.map_or_else(
            || self.job.made_at_ms(),
            |(entry, _)| entry.header.made_at_ms + entry.header.hub_offset_ms.unwrap_or(0),
        )
    }

    fn send_part(&mut self, opening: &str) -> Step<Outcome> {
        let open = self.open();
        // The Sales Invoices of version 16 are in the books already; nothing is merged.
        let is_merged = self.books.doctype != "Sales Invoice";
        let size = Size { partings: self.books.partings(), units_max: self.units_max };
        let mut parts = if is_merged { plan::parts(&open, size) } else { vec![plan::whole(&open)] };
        let is_last = parts.len() <= 1;
        let part = if parts.is_empty() { plan::PartOf::default() } else { parts.swap_remove(0) };
        let names: Vec<String> = part.places.iter().map(|at| open[*at].name.clone()).collect();
        let invoices = names.iter().filter_map(|name| Some((self.books.invoice(name)?, self.sales.get(name)?)));
        let body = Part {
            job: &self.job,
            opened: &self.opened,
            opening,
            opened_at_ms: self.opened_at_ms(),
            amounts: self.amounts(&names, is_last),
            invoices: invoices.collect(),
        }
        .body();
        let id = format!("{}.{}", self.job.id(), self.books.closings.len() + 1);
        let mut once = Once::new("POS Closing Entry", id, body, false, false);
        let step = once.next(None);
        self.sending = (names, part.units);
        self.at = At::Closing(Box::new(once));
        self.pass(step)
    }

    /// What was expected and counted, by mode. The last part takes what the counter counted less what the parts before took, so
    /// that the parts add up to the shift; what invoices that cannot be closed brought in stays for these.
    fn amounts(&self, part: &[String], is_last: bool) -> Amounts {
        let is_first = self.books.done().is_empty();
        let of = |names: &mut dyn Iterator<Item = &String>| {
            let invoices: Vec<_> = names.filter_map(|name| Some(&self.sales.get(name)?.invoice)).collect();
            Amounts::of_sales(invoices.into_iter(), &self.opened, false)
        };
        if !is_last {
            let invoices = part.iter().filter_map(|name| Some(&self.sales.get(name)?.invoice));
            return Amounts::of_sales(invoices, &self.opened, is_first);
        }
        let held = of(&mut self.held.keys());
        Amounts::of_shift(&self.closed, &self.opened, &[&self.books.taken, &held], is_first)
    }

    fn booked(&self) -> Outcome {
        let differences = self.books.left_out().map(|name| Difference {
            field: format!("pos_transactions.{name}"),
            receipt: "1".into(),
            booked: "0".into(),
        });
        Outcome::Booked { documents: self.documents(), differences: differences.collect() }
    }

    fn documents(&self) -> Vec<BookedDocument> {
        self.books.done().iter().map(|closing| reference("POS Closing Entry", &text(&closing["name"]))).collect()
    }

    /// Everything is closed but what cannot be.
    fn stuck(&self) -> Outcome {
        let (held, all) = (self.held.len(), self.books.invoices.len());
        let words: Vec<String> = self.held.iter().map(|(name, message)| format!("{name}: {message}")).collect();
        let message = format!("{} of {all} invoices are closed. {}", all - held.min(all), words.join(" "));
        refused(RefusalKind::Consolidation, message)
    }

    fn pass(&mut self, step: Step<End>) -> Step<Outcome> {
        let end = match step {
            Step::Ask(request) => return Step::Ask(request),
            Step::Wait { ms } => return Step::Wait { ms },
            Step::Done(end) => end,
        };
        let is_opening = matches!(self.at, At::Opening(_));
        match end {
            Ok(made) if is_opening => self.send_part(&text(&made["name"])),
            Ok(made) if made["status"] == "Queued" => Step::Done(Outcome::Underway { after_ms: POLL_MS }),
            // Look at everything again: there may be more parts, or a failure to take care of.
            Ok(_) => self.begin(),
            Err(Outcome::Refused(refusal)) if !is_opening && is_about_invoices(refusal.kind) => self.halve(refusal),
            Err(outcome) => Step::Done(outcome),
        }
    }

    /// A part that was refused at once left nothing behind: half of it is tried next, until an invoice is alone.
    fn halve(&mut self, refusal: Refusal) -> Step<Outcome> {
        let (names, units) = std::mem::take(&mut self.sending);
        if names.is_empty() || self.held.len() >= HELD_MAX {
            return Step::Done(Outcome::Refused(Refusal { kind: RefusalKind::Consolidation, ..refusal }));
        }
        if units > 1 {
            self.units_max = Some(units / 2);
        } else {
            self.units_max = None;
            // Of a sale with its returns the sale may go alone; if it is at fault itself, that shows next.
            let is_return =
                |name: &String| self.books.invoice(name).is_some_and(|row| number(&row["is_return"]) != 0.0);
            let (returns, others): (Vec<String>, Vec<String>) = names.into_iter().partition(is_return);
            let blamed = if returns.is_empty() { others } else { returns };
            self.held.extend(blamed.into_iter().map(|name| (name, refusal.message.clone())));
        }
        self.close()
    }
}

/// Whether a closing without some invoice might be taken.
fn is_about_invoices(kind: RefusalKind) -> bool {
    !matches!(kind, RefusalKind::Permission | RefusalKind::Opening | RefusalKind::Mandatory)
}

impl Conversation for Closing {
    type Outcome = Outcome;

    fn next(&mut self, heard: Option<Heard>) -> Step<Outcome> {
        let Some(heard) = heard else {
            return match &self.at {
                At::Watching { name, .. } => Step::Ask(Request::document("POS Closing Entry", name)),
                _ => self.begin(),
            };
        };
        if let At::Opening(once) | At::Closing(once) = &mut self.at {
            let step = once.next(Some(heard));
            return self.pass(step);
        }
        let failed = self.books.closings.iter().find(|closing| closing["status"] == "Failed");
        let failed = failed.map(|closing| text(&closing["name"])).unwrap_or_default();
        let data = match (&self.at, heard.data()) {
            (_, Ok(data)) => data,
            // A retry that is done at once says by a refusal that it failed.
            (At::Retrying, Err(Trouble::Refused { message, .. })) => return self.part_further(&failed, message),
            (_, Err(trouble)) => return Step::Done(refusal::outcome(&trouble)),
        };
        match self.at {
            At::ReadingClosings => {
                self.books.closings = rows(&data).to_vec();
                self.read_on()
            }
            At::ReadingInvoices => {
                self.books.invoices.extend(rows(&data).iter().cloned());
                self.read_on()
            }
            At::ReadingTaken => {
                self.books.taken = Amounts::of_closings(rows(&data));
                self.close()
            }
            At::Retrying => {
                self.at = At::Watching { name: failed, looks: 0 };
                Step::Wait { ms: LOOK_MS }
            }
            At::Watching { looks, .. } => self.watch(looks, &data),
            _ => self.begin(),
        }
    }
}
