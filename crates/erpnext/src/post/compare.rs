//! What ERPNext booked against what the receipt says.

use super::Job;
use crate::json::{maybe_number, number, rows, text};
use holdfast_engine::{Invoice, decimal::to_text};
use holdfast_sync::posting::Difference;
use serde_json::Value;

/// The database keeps nine decimals; less than a millionth is not a difference.
const TOLERANCE: f64 = 1e-6;

/// Fields that differ, as they are found.
#[derive(Default)]
struct Found(Vec<Difference>);

impl Found {
    fn number(&mut self, field: String, receipt: f64, booked: &Value) {
        let value = number(booked);
        if (receipt - value).abs() > TOLERANCE {
            self.0.push(Difference { field, receipt: to_text(receipt), booked: to_text(value) });
        }
    }

    fn text(&mut self, field: String, receipt: &str, booked: &Value) {
        let booked = text(booked);
        if receipt.trim() != booked.trim() {
            self.0.push(Difference { field, receipt: receipt.to_owned(), booked });
        }
    }
}

/// Whether a document is submitted; a draft is a difference that a person sees until it is settled.
pub(super) fn submitted(booked: &Value) -> Vec<Difference> {
    let mut found = Found::default();
    found.number("docstatus".into(), 1.0, &booked["docstatus"]);
    found.0
}

/// Compares an invoice, field by field.
pub(super) fn invoice(job: &Job, invoice: &Invoice, customer: &str, booked: &Value) -> Vec<Difference> {
    let mut found = Found(submitted(booked));
    header(&mut found, job, invoice, customer, booked);
    items(&mut found, job, invoice, booked);
    taxes(&mut found, invoice, booked);
    payments(&mut found, invoice, booked);
    found.0
}

fn header(found: &mut Found, job: &Job, invoice: &Invoice, customer: &str, booked: &Value) {
    for (field, receipt) in [
        ("grand_total", invoice.grand_total),
        ("base_grand_total", invoice.base_grand_total),
        ("rounded_total", invoice.rounded_total),
        ("rounding_adjustment", invoice.rounding_adjustment),
        ("net_total", invoice.net_total),
        ("total", invoice.total),
        ("total_qty", invoice.total_qty),
        ("total_taxes_and_charges", invoice.total_taxes_and_charges),
        ("discount_amount", invoice.discount_amount),
        ("paid_amount", invoice.paid_amount),
        ("change_amount", invoice.change_amount),
        ("write_off_amount", invoice.write_off_amount),
        ("conversion_rate", invoice.conversion_rate),
        ("loyalty_amount", invoice.loyalty_amount),
    ] {
        found.number(field.into(), receipt, &booked[field]);
    }
    found.text("customer".into(), job.renamed("Customer", customer), &booked["customer"]);
    found.text("currency".into(), &invoice.currency, &booked["currency"]);
    found.text("posting_date".into(), &invoice.posting_date.to_string(), &booked["posting_date"]);
    found.text("coupon_code".into(), &invoice.coupon_code, &booked["coupon_code"]);
}

fn items(found: &mut Found, job: &Job, invoice: &Invoice, booked: &Value) {
    let booked = rows(&booked["items"]);
    if booked.len() != invoice.items.len() {
        found.number("items".into(), invoice.items.len() as f64, &booked.len().into());
        return;
    }
    for (at, (item, booked)) in invoice.items.iter().zip(booked).enumerate() {
        let place = |field: &str| format!("items.{}.{field}", at + 1);
        found.text(place("item_code"), job.renamed("Item", &item.item_code), &booked["item_code"]);
        found.text(place("uom"), &item.uom, &booked["uom"]);
        for (field, receipt) in [
            ("qty", item.qty),
            ("rate", item.rate),
            ("amount", item.amount),
            ("net_rate", item.net_rate),
            ("net_amount", item.net_amount),
        ] {
            found.number(place(field), receipt, &booked[field]);
        }
        // Another item has other batches and serial numbers.
        if job.is_renamed("Item", &item.item_code) {
            continue;
        }
        if !item.batch_no.is_empty() {
            found.text(place("batch_no"), job.renamed("Batch", &item.batch_no), &booked["batch_no"]);
        }
        if !item.serial_nos.is_empty() {
            found.text(place("serial_no"), &item.serial_nos.join("\n"), &booked["serial_no"]);
        }
    }
}

fn taxes(found: &mut Found, invoice: &Invoice, booked: &Value) {
    let booked = rows(&booked["taxes"]);
    if booked.len() != invoice.taxes.len() {
        found.number("taxes".into(), invoice.taxes.len() as f64, &booked.len().into());
        return;
    }
    for (at, (tax, booked)) in invoice.taxes.iter().zip(booked).enumerate() {
        let place = |field: &str| format!("taxes.{}.{field}", at + 1);
        found.text(place("account_head"), &tax.account_head, &booked["account_head"]);
        for (field, receipt) in [
            ("rate", tax.rate),
            ("tax_amount", tax.tax_amount),
            ("tax_amount_after_discount_amount", tax.tax_amount_after_discount_amount),
            ("total", tax.total),
        ] {
            found.number(place(field), receipt, &booked[field]);
        }
    }
}

fn payments(found: &mut Found, invoice: &Invoice, booked: &Value) {
    let booked: Vec<&Value> =
        rows(&booked["payments"]).iter().filter(|row| maybe_number(&row["amount"]) != Some(0.0)).collect();
    let receipt: Vec<_> = invoice.payments.iter().filter(|payment| payment.amount != 0.0).collect();
    if booked.len() != receipt.len() {
        found.number("payments".into(), receipt.len() as f64, &booked.len().into());
        return;
    }
    for (at, (payment, booked)) in receipt.into_iter().zip(booked).enumerate() {
        let place = |field: &str| format!("payments.{}.{field}", at + 1);
        found.text(place("mode_of_payment"), &payment.mode_of_payment, &booked["mode_of_payment"]);
        found.number(place("amount"), payment.amount, &booked["amount"]);
    }
}
