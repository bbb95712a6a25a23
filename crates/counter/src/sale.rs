//! From a priced basket to the entry that is journalled and the receipt that is printed.

use crate::words;
use holdfast_engine::{ENGINE_VERSION, Invoice, Tables, money::format_number};
use holdfast_receipt::{Document, DocumentLine};
use holdfast_sync::{Seq, body::Sale};

/// The number on a receipt: the terminal's code and the sale's place in its journal.
pub fn receipt_number(code: &str, seq: Seq) -> String {
    format!("{code}-{:06}", seq.0)
}

/// The journal's record of a sale.
pub fn record(invoice: Invoice, tables: &Tables, customer_name: &str, code: &str, seq: Seq, posted_local: &str) -> Sale {
    Sale {
        receipt_number: receipt_number(code, seq),
        engine_version: ENGINE_VERSION.to_owned(),
        pos_profile: tables.profile.name.clone(),
        company: tables.company.name.clone(),
        customer_name: customer_name.to_owned(),
        posted_local: posted_local.to_owned(),
        invoice,
        return_against: None,
    }
}

/// What the receipt of a sale says; every print after the first is marked.
pub fn receipt(sale: &Sale, tables: &Tables, cashier: &str, is_copy: bool) -> Document {
    let settings = &tables.settings;
    let invoice = &sale.invoice;
    let money = |value: f64| format_number(value, &settings.number_format, settings.currency_precision);
    let fact = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    let mut facts = vec![
        fact("No.", &sale.receipt_number),
        fact("Date", &sale.posted_local),
        fact("Cashier", cashier),
    ];
    if invoice.customer != tables.profile.customer {
        facts.push(fact("Customer", &sale.customer_name));
    }
    let mut shop_lines = tables.company.address_lines.clone();
    if !tables.company.tax_id.is_empty() {
        shop_lines.push(format!("VAT ID {}", tables.company.tax_id));
    }
    let mut payments: Vec<(String, String)> =
        invoice.payments.iter().map(|row| (row.mode_of_payment.clone(), money(row.amount))).collect();
    if invoice.change_amount != 0.0 {
        payments.push(fact("Change", &money(invoice.change_amount)));
    }
    Document {
        shop: sale.company.clone(),
        shop_lines,
        title: if invoice.is_return { "Return".to_owned() } else { "Receipt".to_owned() },
        copy_mark: is_copy.then(|| "COPY".to_owned()),
        facts,
        lines: lines(invoice, money),
        sums: sums(invoice, money),
        total: fact(&format!("Total {}", invoice.currency), &money(invoice.payable())),
        payments,
        footer: vec![words::THANK_YOU.to_owned()],
    }
}

fn lines(invoice: &Invoice, money: impl Fn(f64) -> String) -> Vec<DocumentLine> {
    let line = |item: &holdfast_engine::InvoiceItem| {
        let mut notes = Vec::new();
        if item.is_free_item {
            notes.push("free".to_owned());
        } else if item.discount_amount > 0.0 {
            notes.push(format!("instead of {} each", money(item.price_list_rate)));
        }
        if !item.batch_no.is_empty() {
            notes.push(format!("Batch {}", item.batch_no));
        }
        notes.extend(item.serial_nos.iter().map(|serial| format!("Serial No {serial}")));
        DocumentLine {
            name: item.item_name.clone(),
            detail: format!("{} {} x {}", quantity(item.qty), item.uom, money(item.rate)),
            amount: money(item.amount),
            notes,
        }
    };
    invoice.items.iter().map(line).collect()
}

/// Discount, then each tax at each rate as the items carry it, then rounding.
pub fn sums(invoice: &Invoice, money: impl Fn(f64) -> String) -> Vec<(String, String)> {
    let mut sums = Vec::new();
    if invoice.discount_amount != 0.0 {
        sums.push(("Discount".to_owned(), money(-invoice.discount_amount)));
    }
    for tax in &invoice.taxes {
        let label = if tax.included_in_print_rate {
            format!("{} included", tax.description)
        } else {
            tax.description.clone()
        };
        sums.push((label, money(tax.tax_amount_after_discount_amount)));
    }
    if invoice.rounding_adjustment != 0.0 {
        sums.push(("Rounding".to_owned(), money(invoice.rounding_adjustment)));
    }
    sums
}

/// A quantity without needless decimals.
pub fn quantity(qty: f64) -> String {
    let text = format!("{qty:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
