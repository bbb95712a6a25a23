//! The document of one part.

use super::super::Job;
use crate::json::{number, text};
use holdfast_engine::Invoice;
use holdfast_sync::body::{Sale, ShiftClosed, ShiftOpened};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A part.
pub(super) struct Part<'a> {
    pub(super) job: &'a Job,
    pub(super) opened: &'a ShiftOpened,
    /// The POS Opening Entry that it uses up.
    pub(super) opening: &'a str,
    pub(super) opened_at_ms: i64,
    pub(super) amounts: Amounts,
    /// Each invoice as ERPNext lists it, with its sale.
    pub(super) invoices: Vec<(&'a Value, &'a Sale)>,
}

/// By mode of payment: opening, expected, counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Amounts(Vec<ModeOfPart>);

#[derive(Clone, Debug, Default, PartialEq)]
struct ModeOfPart {
    mode_of_payment: String,
    opening: f64,
    expected: f64,
    counted: f64,
}

impl Amounts {
    /// What sales alone make of it: the till is as it should be. The first part has the opening balance.
    pub(super) fn of_sales<'a>(
        invoices: impl Iterator<Item = &'a Invoice>,
        opened: &ShiftOpened,
        is_first: bool,
    ) -> Self {
        let mut amounts = Self::default();
        for mode in &opened.opening {
            let entry = amounts.mode(&mode.mode_of_payment);
            if is_first {
                entry.opening = mode.amount;
                entry.expected = mode.amount;
            }
        }
        for invoice in invoices {
            let cash = invoice.payments.iter().position(|payment| payment.kind == "Cash");
            for (at, payment) in invoice.payments.iter().enumerate() {
                // Change goes out of the drawer, as the counter's own sum has it.
                let change = if Some(at) == cash { invoice.change_amount } else { 0.0 };
                amounts.mode(&payment.mode_of_payment).expected += payment.amount - change;
            }
        }
        for mode in &mut amounts.0 {
            mode.expected = cents(mode.expected);
            mode.counted = mode.expected;
        }
        amounts
    }

    /// What closings in ERPNext took.
    pub(super) fn of_closings(rows: &[Value]) -> Self {
        let mut amounts = Self::default();
        for row in rows {
            let entry = amounts.mode(&text(&row["mode_of_payment"]));
            entry.opening += number(&row["opening_amount"]);
            entry.expected += number(&row["expected_amount"]);
            entry.counted += number(&row["closing_amount"]);
        }
        amounts
    }

    /// What the counter says of the whole shift, less what others have or are to have.
    pub(super) fn of_shift(closed: &ShiftClosed, opened: &ShiftOpened, others: &[&Self], is_first: bool) -> Self {
        let mut amounts = Self::default();
        for mode in &opened.opening {
            let entry = amounts.mode(&mode.mode_of_payment);
            entry.opening = if is_first { mode.amount } else { 0.0 };
        }
        for mode in &closed.expected {
            amounts.mode(&mode.mode_of_payment).expected += mode.amount;
        }
        for mode in &closed.counted {
            amounts.mode(&mode.mode_of_payment).counted += mode.amount;
        }
        for mode in others.iter().flat_map(|others| &others.0) {
            let entry = amounts.mode(&mode.mode_of_payment);
            entry.expected -= mode.expected;
            entry.counted -= mode.counted;
        }
        for mode in &mut amounts.0 {
            mode.expected = cents(mode.expected);
            mode.counted = cents(mode.counted);
        }
        amounts
    }

    fn mode(&mut self, name: &str) -> &mut ModeOfPart {
        let at = self.0.iter().position(|mode| mode.mode_of_payment == name).unwrap_or_else(|| {
            self.0.push(ModeOfPart { mode_of_payment: name.to_owned(), ..ModeOfPart::default() });
            self.0.len() - 1
        });
        &mut self.0[at]
    }

    fn rows(&self) -> Value {
        let row = |mode: &ModeOfPart| {
            json!({
                "mode_of_payment": mode.mode_of_payment,
                "opening_amount": mode.opening,
                "expected_amount": mode.expected,
                "closing_amount": mode.counted,
                "difference": cents(mode.counted - mode.expected),
            })
        };
        self.0.iter().map(row).collect()
    }
}

impl Part<'_> {
    pub(super) fn body(&self) -> Value {
        let zone = self.job.site.zone();
        let (start, end) = (zone.stamp(self.opened_at_ms), zone.stamp(self.job.made_at_ms()));
        let sum = |field: &str| cents(self.invoices.iter().map(|(row, _)| number(&row[field])).sum());
        let mut body = json!({
            "pos_opening_entry": self.opening,
            "period_start_date": start.to_string(),
            "period_end_date": end.to_string(),
            "posting_date": end.date_text(),
            "posting_time": end.time_text(),
            "company": self.opened.company,
            "pos_profile": self.opened.pos_profile,
            "user": self.job.user,
            "grand_total": sum("grand_total"),
            "net_total": sum("net_total"),
            "total_quantity": sum("total_qty"),
            "payment_reconciliation": self.amounts.rows(),
            "taxes": self.taxes(),
        });
        // Version 16 has a table for each kind of invoice.
        let is_sales_invoice = self.job.site.invoice_type.doctype() == "Sales Invoice";
        let (table, link) = match (self.job.site.opens_daily(), is_sales_invoice) {
            (_, true) => ("sales_invoices", "sales_invoice"),
            (true, false) => ("pos_invoices", "pos_invoice"),
            (false, false) => ("pos_transactions", "pos_invoice"),
        };
        if self.job.site.opens_daily() {
            body["total_taxes_and_charges"] = json!(sum("total_taxes_and_charges"));
        }
        let row = |(row, _): &(&Value, &Sale)| {
            json!({
                link: row["name"],
                "posting_date": row["posting_date"],
                "grand_total": row["grand_total"],
                "customer": row["customer"],
                "is_return": row["is_return"],
                "return_against": Some(text(&row["return_against"])).filter(|name| !name.is_empty()),
            })
        };
        body[table] = self.invoices.iter().map(row).collect();
        body
    }

    /// By account and rate, before a discount on the whole document, as ERPNext's own form has it.
    fn taxes(&self) -> Value {
        let mut sums: BTreeMap<(String, String), (f64, f64)> = BTreeMap::new();
        for tax in self.invoices.iter().flat_map(|(_, sale)| &sale.invoice.taxes) {
            let key = (tax.account_head.clone(), holdfast_engine::decimal::to_text(tax.rate));
            let entry = sums.entry(key).or_insert((tax.rate, 0.0));
            entry.1 += tax.tax_amount;
        }
        let row = |((account, _), (rate, amount)): (&(String, String), &(f64, f64))| json!({ "account_head": account, "rate": rate, "amount": cents(*amount) });
        sums.iter().map(row).collect()
    }
}

/// Sums free of binary noise.
fn cents(value: f64) -> f64 {
    (value * 1e6).round() / 1e6 + 0.0
}
