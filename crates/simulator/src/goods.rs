//! Sales that cost little to make: the journal's own types, with money that adds up to the cent.
//!
//! What a real cart costs is the engine's question, which has its own proofs; here only the sums must hold: lines make the total,
//! payments less change make the total, a return takes back exactly what was sold.

use crate::fate::mix;
use holdfast_engine::{Date, Invoice, InvoiceItem, InvoicePayment, InvoiceTax};
use holdfast_sync::{
    EntryRef,
    body::{Returned, Sale},
};

/// Modes of payment: the first is cash.
pub const MODES: [&str; 2] = ["Cash", "Card"];

/// An amount in cents.
pub fn minor(amount: f64) -> i64 {
    (amount * 100.0).round() as i64
}

fn major(minor: i64) -> f64 {
    minor as f64 / 100.0
}

/// A sale; the number decides what, and how it is paid.
pub fn sale(receipt_number: String, number: u32) -> Sale {
    let number = u64::from(number);
    let lines = 1 + mix(&[number, 1]) % 3;
    let items: Vec<InvoiceItem> = (0..lines).map(|at| item(mix(&[number, 2, at]))).collect();
    let total: i64 = items.iter().map(|item| minor(item.amount)).sum();
    let cash = match mix(&[number, 3]) % 3 {
        0 => 0,
        1 => (total + 999) / 1_000 * 1_000,
        _ => total / 2,
    };
    let card = (total - cash).max(0);
    let change = cash + card - total;
    invoice(receipt_number, items, [cash, card], change)
}

/// Gives a sale back, in cash.
pub fn give_back(receipt_number: String, original: &Sale, entry: EntryRef) -> Sale {
    let items = original
        .invoice
        .items
        .iter()
        .map(|item| InvoiceItem { qty: -item.qty, amount: -item.amount, ..item.clone() })
        .collect();
    let total = minor(original.invoice.grand_total);
    let mut sale = invoice(receipt_number, items, [-total, 0], 0);
    sale.invoice.is_return = true;
    sale.returned =
        Some(Returned { receipt_number: original.receipt_number.clone(), entry: Some(entry), document: String::new() });
    sale
}

fn item(number: u64) -> InvoiceItem {
    let price = 5 + i64::try_from(number % 4_000).unwrap_or_default();
    let qty = 1 + i64::try_from(number >> 32 & 3).unwrap_or_default();
    InvoiceItem {
        item_code: format!("ITEM-{:03}", number % 20),
        item_name: "Something".into(),
        uom: "Nos".into(),
        qty: qty as f64,
        rate: major(price),
        amount: major(price * qty),
        ..InvoiceItem::default()
    }
}

fn invoice(receipt_number: String, items: Vec<InvoiceItem>, paid: [i64; 2], change: i64) -> Sale {
    let total: i64 = items.iter().map(|item| minor(item.amount)).sum();
    let net = (total * 100 + if total < 0 { -59 } else { 59 }) / 119;
    let payments = MODES.iter().zip(paid).filter(|(_, amount)| *amount != 0).map(|(mode, amount)| InvoicePayment {
        mode_of_payment: (*mode).into(),
        kind: (*mode).into(),
        amount: major(amount),
        base_amount: major(amount),
        ..InvoicePayment::default()
    });
    let invoice = Invoice {
        customer: "Walk-in".into(),
        currency: "EUR".into(),
        posting_date: Date::parse("2026-11-23").unwrap_or_default(),
        conversion_rate: 1.0,
        payments: payments.collect(),
        taxes: vec![InvoiceTax {
            account_head: "VAT - CS".into(),
            rate: 19.0,
            included_in_print_rate: true,
            tax_amount: major(total - net),
            ..InvoiceTax::default()
        }],
        total: major(total),
        net_total: major(net),
        total_taxes_and_charges: major(total - net),
        grand_total: major(total),
        rounded_total: major(total),
        paid_amount: major(paid[0] + paid[1]),
        change_amount: major(change),
        items,
        ..Invoice::default()
    };
    Sale {
        receipt_number,
        pos_profile: "Main Till".into(),
        company: "Corner Shop".into(),
        customer_name: "Walk-in".into(),
        posted_local: "2026-11-23 12:00:00".into(),
        engine_version: "1".into(),
        invoice,
        ..Sale::default()
    }
}

/// What a sale leaves in the drawer, in cents by mode: payments less change.
pub fn taken(invoice: &Invoice) -> [i64; 2] {
    let paid = |mode: &str| {
        let of = invoice.payments.iter().filter(|payment| payment.mode_of_payment == mode);
        of.map(|payment| minor(payment.amount)).sum::<i64>()
    };
    [paid(MODES[0]) - minor(invoice.change_amount), paid(MODES[1])]
}

#[cfg(test)]
mod tests {
    use super::{give_back, minor, sale, taken};
    use holdfast_sync::EntryRef;

    #[test]
    fn money_adds_up_whatever_is_sold() {
        for number in 0..2_000 {
            let sale = sale(String::new(), number);
            let back = give_back(String::new(), &sale, EntryRef::default());

            for invoice in [&sale.invoice, &back.invoice] {
                let lines: i64 = invoice.items.iter().map(|item| minor(item.amount)).sum();
                assert_eq!(lines, minor(invoice.grand_total));
                assert_eq!(taken(invoice).iter().sum::<i64>(), minor(invoice.grand_total));
                assert_eq!(minor(invoice.net_total + invoice.total_taxes_and_charges), lines);
            }
            assert_eq!(minor(sale.invoice.grand_total), -minor(back.invoice.grand_total));
        }
    }
}
