//! From a priced basket to the entry that is journalled and the receipt that is printed.

use crate::{summary, words};
use holdfast_engine::{ENGINE_VERSION, Invoice, Tables, money::format_number};
use holdfast_receipt::{Document, Labels, Line as ReceiptLine, Row, TaxRow};
use holdfast_sync::{Seq, body::Sale};

/// The number on a receipt: the terminal's code and the sale's place in its journal.
pub fn receipt_number(code: &str, seq: Seq) -> String {
    format!("{code}-{:06}", seq.0)
}

/// The journal's record of a sale.
pub fn record(
    invoice: Invoice,
    tables: &Tables,
    customer_name: &str,
    code: &str,
    seq: Seq,
    posted_local: &str,
) -> Sale {
    Sale {
        receipt_number: receipt_number(code, seq),
        engine_version: ENGINE_VERSION.to_owned(),
        pos_profile: tables.profile.name.clone(),
        company: tables.company.name.clone(),
        customer_name: customer_name.to_owned(),
        posted_local: posted_local.to_owned(),
        invoice,
        ..Sale::default()
    }
}

/// What the receipt of a sale says; every print after the first is marked.
pub fn receipt(sale: &Sale, tables: &Tables, cashier: &str, is_copy: bool) -> Document {
    let settings = &tables.settings;
    let invoice = &sale.invoice;
    let money = |value: f64| format_number(value, &settings.number_format, settings.currency_precision);
    let mut address = tables.company.address_lines.clone();
    if !tables.company.tax_id.is_empty() {
        address.push(format!("VAT ID {}", tables.company.tax_id));
    }
    let saved = summary::saved(invoice, settings.currency_precision);
    let labels = Labels::default();
    Document {
        shop: sale.company.clone(),
        address,
        title: if invoice.is_return { "Return".to_owned() } else { "Receipt".to_owned() },
        number: sale.receipt_number.clone(),
        copy_mark: is_copy.then(|| "COPY".to_owned()),
        posted: sale.posted_local.clone(),
        cashier: cashier.to_owned(),
        customer: (invoice.customer != tables.profile.customer).then(|| sale.customer_name.clone()),
        lines: lines(invoice, &settings.number_format, money),
        totals: sums(invoice, money).into_iter().map(|(label, amount)| Row::new(label, amount)).collect(),
        total: money(invoice.payable()),
        payments: invoice.payments.iter().map(|row| Row::new(&row.mode_of_payment, money(row.amount))).collect(),
        change: (invoice.change_amount != 0.0).then(|| money(invoice.change_amount)),
        outstanding: (invoice.outstanding_amount > 0.0).then(|| money(invoice.outstanding_amount)),
        saved: (saved != 0.0).then(|| money(saved)),
        taxes: taxes(invoice, &settings.number_format, settings.currency_precision),
        footer: vec![words::THANK_YOU.to_owned()],
        labels: Labels { total: format!("{} {}", labels.total, invoice.currency), ..labels },
        ..Document::default()
    }
}

/// The table of taxes, where there is more than one rate to tell apart.
fn taxes(invoice: &Invoice, number_format: &str, places: u8) -> Vec<TaxRow> {
    let taxes = summary::taxes_by_rate(invoice, places);
    let label = |tax: &summary::TaxAtRate| {
        let has_rate = tax.description.contains('%');
        if has_rate { tax.description.clone() } else { format!("{} {}%", tax.description, quantity(tax.rate)) }
    };
    let row = |tax: &summary::TaxAtRate| TaxRow {
        label: label(tax),
        net: format_number(tax.net, number_format, places),
        tax: format_number(tax.tax, number_format, places),
    };
    if taxes.len() > 1 { taxes.iter().map(row).collect() } else { Vec::new() }
}

fn lines(invoice: &Invoice, number_format: &str, money: impl Fn(f64) -> String) -> Vec<ReceiptLine> {
    let line = |item: &holdfast_engine::InvoiceItem| {
        let mut notes = Vec::new();
        if !item.is_free_item && item.discount_amount > 0.0 {
            let rules = summary::rules_of(invoice, &item.item_code).join(", ");
            let reason = if rules.is_empty() { String::new() } else { format!(": {rules}") };
            notes.push(format!("instead of {} each{reason}", money(item.price_list_rate)));
        }
        if !item.batch_no.is_empty() {
            notes.push(format!("Batch {}", item.batch_no));
        }
        notes.extend(item.serial_nos.iter().map(|serial| format!("Serial No {serial}")));
        ReceiptLine {
            name: item.item_name.clone(),
            quantity: format!("{} {}", printed_quantity(item.qty, number_format), item.uom),
            rate: money(item.rate),
            amount: money(item.amount),
            notes,
            is_free: item.is_free_item,
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
        let label =
            if tax.included_in_print_rate { format!("{} included", tax.description) } else { tax.description.clone() };
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

/// The same in the shop's number format.
fn printed_quantity(qty: f64, number_format: &str) -> String {
    let decimals = quantity(qty).split_once('.').map_or(0, |(_, decimals)| decimals.len());
    format_number(
        qty,
        number_format,
        u8::try_from(decimals).expect("a quantity is written with at most three decimals"),
    )
}
