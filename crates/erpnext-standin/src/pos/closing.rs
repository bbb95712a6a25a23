//! POS Closing Entry: the end of a shift, consolidated at once or in the background.

use crate::{
    documents::Saving,
    json::{Doc, number, rows, set, set_missing, text},
    refused::Refused,
    site::{Body, Job, StandIn},
};
use serde_json::{Value, json};

/// From so many invoices on ERPNext consolidates in the background.
const BACKGROUND_COUNT_MIN: usize = 10;

impl StandIn {
    pub(crate) fn validate_closing(&self, saving: &Saving<'_>, doc: &mut Doc) -> Result<(), Refused> {
        let now = self.now();
        set_missing(doc, "posting_date", now.date().to_string());
        set_missing(doc, "posting_time", now.time());
        if self.store.text("POS Opening Entry", text(doc, "pos_opening_entry"), "status") != "Open" {
            let message = "Selected POS Opening Entry should be open.";
            return Err(Refused::titled("Invalid Opening Entry", message));
        }
        let names: Vec<&str> = invoice_names(doc).collect();
        let mut errors = Vec::new();
        for (at, name) in names.iter().enumerate() {
            if names[..at].contains(name) {
                errors.push(format!(
                    "<strong>{name}</strong> is added multiple times on rows: <strong>[{}]</strong>",
                    at + 1
                ));
            }
        }
        if !errors.is_empty() {
            return Err(listed("Duplicate POS Invoices found", &errors));
        }
        for (at, name) in names.iter().enumerate() {
            self.check_closed_invoice(doc, at + 1, name, &mut errors);
        }
        if !errors.is_empty() {
            return Err(listed("Invalid POS Invoices", &errors));
        }
        if saving.before.is_none() {
            set(doc, "status", "Draft");
        }
        Ok(())
    }

    fn check_closed_invoice(&self, doc: &Doc, row: usize, name: &str, errors: &mut Vec<String>) {
        let Some(invoice) = self.invoice(name) else {
            return;
        };
        let mut say = |message: String| errors.push(format!("Row #{row}: {message}"));
        if !text(invoice, "consolidated_invoice").is_empty() {
            say("POS Invoice is already consolidated".into());
            return;
        }
        if text(invoice, "pos_profile") != text(doc, "pos_profile") {
            say(format!("POS Profile doesn't match <strong>{}</strong>", text(doc, "pos_profile")));
        }
        if number(invoice, "docstatus") != 1.0 {
            say("POS Invoice is not submitted".into());
        }
        if text(invoice, "owner") != text(doc, "user") {
            say(format!("POS Invoice isn't created by user <strong>{}</strong>", text(doc, "owner")));
        }
    }

    /// A POS Invoice, or a Sales Invoice of version 16.
    pub(crate) fn invoice(&self, name: &str) -> Option<&std::sync::Arc<Doc>> {
        self.store.get("POS Invoice", name).or_else(|| self.store.get("Sales Invoice", name))
    }

    pub(crate) fn closing_submitted(&mut self, name: &str) -> Result<(), Refused> {
        self.start_consolidation(name)
    }

    /// `retry` of a closing that failed.
    pub(crate) fn retry_closing(&mut self, name: &str) -> Result<Body, Refused> {
        self.check_permission("POS Closing Entry", "w")?;
        if !self.store.has("POS Closing Entry", name) {
            return Err(Refused::missing("POS Closing Entry", name));
        }
        self.start_consolidation(name)?;
        Ok(Body { status: 200, whole: json!({}) })
    }

    fn start_consolidation(&mut self, name: &str) -> Result<(), Refused> {
        let Some(closing) = self.store.get("POS Closing Entry", name).cloned() else {
            return Ok(());
        };
        if invoice_names(&closing).count() < BACKGROUND_COUNT_MIN {
            // What is refused is rolled back with the whole request.
            self.consolidate(&closing)?;
            self.end_closing(name);
            return Ok(());
        }
        self.set_closing(name, "Queued", "");
        self.warn("Message", "POS Invoices will be consolidated in a background process");
        let due_us = self.clock_us() + self.settings.job_delay_ms * 1000;
        let job = Job { due_us, user: self.user.clone(), closing_entry: name.to_owned() };
        self.pending_jobs.push(job);
        Ok(())
    }

    /// Runs background jobs whose time has come.
    pub(crate) fn run_jobs(&mut self) {
        while let Some(at) = self.jobs.iter().position(|job| job.due_us <= self.clock_us()) {
            let job = self.jobs.remove(at);
            self.user = job.user;
            let Some(closing) = self.store.get("POS Closing Entry", &job.closing_entry).cloned() else {
                continue;
            };
            match self.consolidate(&closing) {
                Ok(()) => self.end_closing(&job.closing_entry),
                Err(refused) => {
                    self.end(false);
                    self.set_closing(&job.closing_entry, "Failed", &refused.message);
                }
            }
            self.end(true);
        }
    }

    fn end_closing(&mut self, name: &str) {
        self.set_closing(name, "Submitted", "");
        let opening = self.store.text("POS Closing Entry", name, "pos_opening_entry").to_owned();
        let stamp = self.stamp();
        if let Some(mut doc) = self.store.get("POS Opening Entry", &opening).map(|doc| (**doc).clone()) {
            set(&mut doc, "pos_closing_entry", name);
            set(&mut doc, "status", "Closed");
            set(&mut doc, "modified", stamp);
            self.store.put("POS Opening Entry", doc);
        }
    }

    fn set_closing(&mut self, name: &str, status: &str, error: &str) {
        let stamp = self.stamp();
        if let Some(mut doc) = self.store.get("POS Closing Entry", name).map(|doc| (**doc).clone()) {
            set(&mut doc, "status", status);
            set(&mut doc, "error_message", error);
            set(&mut doc, "modified", stamp);
            self.store.put("POS Closing Entry", doc);
        }
    }

    /// A cancelled closing lets its invoices go and opens its opening entry again.
    pub(crate) fn closing_cancelled(&mut self, name: &str) {
        let Some(closing) = self.store.get("POS Closing Entry", name).cloned() else {
            return;
        };
        for invoice in invoice_names(&closing) {
            let doc = self.store.get("POS Invoice", invoice).map(|doc| (**doc).clone());
            let Some(mut doc) = doc.filter(|doc| !text(doc, "consolidated_invoice").is_empty()) else {
                continue;
            };
            set(&mut doc, "consolidated_invoice", Value::Null);
            let status = if number(&doc, "is_return") == 1.0 { "Return" } else { "Paid" };
            set(&mut doc, "status", status);
            self.undeliver(&doc);
            self.store.put("POS Invoice", doc);
        }
        let opening = text(&closing, "pos_opening_entry").to_owned();
        if let Some(mut doc) = self.store.get("POS Opening Entry", &opening).map(|doc| (**doc).clone()) {
            set(&mut doc, "pos_closing_entry", Value::Null);
            set(&mut doc, "status", "Open");
            self.store.put("POS Opening Entry", doc);
        }
    }

    /// `get_pos_invoices`: whole documents of a user and a profile between two moments.
    pub(crate) fn pos_invoices(&self, arguments: &Doc) -> Vec<Value> {
        use crate::clock::instant;
        let (from, upto) = (instant(text(arguments, "start")), instant(text(arguments, "end")));
        let fits = |doc: &&std::sync::Arc<Doc>| {
            let at = instant(&format!("{} {}", text(doc, "posting_date"), text(doc, "posting_time")));
            number(doc, "docstatus") == 1.0
                && text(doc, "owner") == text(arguments, "user")
                && text(doc, "pos_profile") == text(arguments, "pos_profile")
                && text(doc, "consolidated_invoice").is_empty()
                && from <= at
                && at <= upto
        };
        let found = self.store.all("POS Invoice").filter(fits);
        found.map(|doc| self.read("POS Invoice", text(doc, "name")).unwrap_or_default()).collect()
    }
}

/// The invoices of a closing, in version 15's table and in version 16's.
pub(crate) fn invoice_names(closing: &Doc) -> impl Iterator<Item = &str> {
    let old =
        rows(closing, "pos_transactions").chain(rows(closing, "pos_invoices")).map(|row| text(row, "pos_invoice"));
    old.chain(rows(closing, "sales_invoices").map(|row| text(row, "sales_invoice")))
}

/// A refusal of several lines.
fn listed(title: &'static str, errors: &[String]) -> Refused {
    let exception = serde_json::to_string(errors).expect("texts can be written");
    Refused { exception: Some(exception.into()), list: errors.to_vec(), ..Refused::titled(title, errors.join("<br>")) }
}
