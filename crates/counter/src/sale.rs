//! From a priced basket to the entry that is journalled and the receipt that is printed.

use crate::{Basket, Ticket, basket::Back, people::People, summary, words};
use holdfast_engine::{ENGINE_VERSION, Invoice, Priced, Tables, money::format_number};
use holdfast_receipt::{Document, Labels, Line as ReceiptLine, Row, TaxRow};
use holdfast_sync::{
    Seq,
    body::{LineNote, Sale, SalesShare},
};

/// The number on a receipt: the terminal's code and the sale's place in its journal.
pub fn receipt_number(code: &str, seq: Seq) -> String {
    format!("{code}-{:06}", seq.0)
}

/// What a record says besides what was computed.
#[derive(Clone, Copy, Debug)]
pub struct Making<'a> {
    /// The shop's tables.
    pub tables: &'a Tables,
    /// Customers that were made here.
    pub people: &'a People,
    /// The terminal's short code.
    pub code: &'a str,
    /// The place of the first record's entry.
    pub seq: Seq,
    /// The shop's wall clock: `2026-11-23 12:00:00`.
    pub posted_local: &'a str,
}

/// The journal's records of a ticket in the order of their entries: what comes back, then what is sold. `name_of` gives the
/// Customer Name of a customer.
pub fn records(ticket: Ticket, basket: &Basket, making: Making<'_>, name_of: impl Fn(&str) -> String) -> Vec<Sale> {
    let returned = match &basket.back {
        Some(Back::Receipt(back)) => Some(back.returned.clone()),
        _ => None,
    };
    let mut records = Vec::new();
    let mut seq = making.seq;
    for (priced, is_back) in
        ticket.back.map(|back| (back, true)).into_iter().chain(ticket.sale.map(|sale| (sale, false)))
    {
        let making = Making { seq, ..making };
        let notes = if is_back { Vec::new() } else { notes(&priced, basket) };
        let mut record = record(priced.invoice, making, &name_of);
        record.notes = notes;
        record.remarks.clone_from(&basket.remarks);
        if is_back {
            record.returned.clone_from(&returned);
        } else if !basket.sales_person.is_empty() {
            record.sales_team = vec![SalesShare { sales_person: basket.sales_person.clone(), percentage: 100.0 }];
        }
        records.push(record);
        seq = seq.next();
    }
    records
}

fn record(invoice: Invoice, making: Making<'_>, name_of: impl Fn(&str) -> String) -> Sale {
    let tables = making.tables;
    Sale {
        receipt_number: receipt_number(making.code, making.seq),
        engine_version: ENGINE_VERSION.to_owned(),
        pos_profile: tables.profile.name.clone(),
        company: tables.company.name.clone(),
        customer_name: name_of(&invoice.customer),
        posted_local: making.posted_local.to_owned(),
        customer_entry: making.people.get(&invoice.customer).and_then(|person| person.made_by),
        invoice,
        ..Sale::default()
    }
}

/// Notes by the invoice's rows: rules may have added rows between the lines.
fn notes(priced: &Priced, basket: &Basket) -> Vec<LineNote> {
    let note = |(row, source): (usize, &Option<usize>)| {
        let text = &basket.lines.get((*source)?)?.note;
        let row = u32::try_from(row).ok()?;
        (!text.is_empty()).then(|| LineNote { row, text: text.clone() })
    };
    priced.sources.iter().enumerate().filter_map(note).collect()
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
        lines: lines(sale, &settings.number_format, money),
        totals: sums(invoice, money).into_iter().map(|(label, amount)| Row::new(label, amount)).collect(),
        total: money(invoice.payable()),
        payments: payments(invoice, money),
        change: (invoice.change_amount != 0.0).then(|| money(invoice.change_amount)),
        outstanding: (invoice.outstanding_amount > 0.0).then(|| money(invoice.outstanding_amount)),
        saved: (saved != 0.0).then(|| money(saved)),
        taxes: taxes(invoice, &settings.number_format, settings.currency_precision),
        footer: footer(sale),
        qr: Some(sale.receipt_number.clone()),
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

/// How it was paid, points included.
fn payments(invoice: &Invoice, money: impl Fn(f64) -> String) -> Vec<Row> {
    let points = (invoice.loyalty_amount != 0.0)
        .then(|| Row::new(format!("{} points", invoice.loyalty_points), money(invoice.loyalty_amount)));
    let paid = invoice.payments.iter().filter(|row| row.amount != 0.0);
    points.into_iter().chain(paid.map(|row| Row::new(&row.mode_of_payment, money(row.amount)))).collect()
}

fn footer(sale: &Sale) -> Vec<String> {
    let mut footer = Vec::new();
    if let Some(returned) = &sale.returned {
        footer.push(format!("Returned of receipt {}", returned.receipt_number));
    }
    footer.extend(sale.sales_team.iter().map(|share| format!("You were served by {}", share.sales_person)));
    footer.push(words::THANK_YOU.to_owned());
    footer
}

fn lines(sale: &Sale, number_format: &str, money: impl Fn(f64) -> String) -> Vec<ReceiptLine> {
    let line = |(at, item): (usize, &holdfast_engine::InvoiceItem)| {
        let mut notes: Vec<String> =
            sale.notes.iter().filter(|note| note.row as usize == at).map(|note| note.text.clone()).collect();
        if !item.is_free_item && item.discount_amount > 0.0 {
            let rules = summary::rules_of(&sale.invoice, &item.item_code).join(", ");
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
    sale.invoice.items.iter().enumerate().map(line).collect()
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
