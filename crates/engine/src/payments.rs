//! Payments: what was paid, what goes back as change, what stays open.
//!
//! `ERPNext`'s server computes little of this for a POS Invoice. At a counter these are the values that its own screen sends,
//! with the server's rounding; of a client's document they are what the server leaves after the first insert.

use crate::{
    Cart,
    cart::Payment,
    document::Document,
    invoice::{Invoice, InvoicePayment},
    loyalty,
    masters::{Masters, Tables},
    precision::{Field, Precision},
    refusal::Refusal,
};

/// Sets payments, `paid_amount`, `change_amount` and `outstanding_amount`.
pub(crate) fn settle<M: Masters>(document: &mut Document<'_, M>, cart: &Cart) -> Result<(), Refusal> {
    let rows = rows(&cart.payments, &document.invoice, document.tables, &document.precision);
    document.invoice.payments = rows;
    if document.is_sent { settle_as_server(document) } else { settle_as_screen(document) }
}

fn rows(payments: &[Payment], invoice: &Invoice, tables: &Tables, precision: &Precision) -> Vec<InvoicePayment> {
    let row = |payment: &Payment| {
        let mode = tables.modes_of_payment.iter().find(|mode| mode.name == payment.mode_of_payment);
        let amount = if payment.amount.is_finite() { payment.amount } else { 0.0 };
        InvoicePayment {
            mode_of_payment: payment.mode_of_payment.clone(),
            kind: mode.map_or_else(String::new, |mode| mode.kind.clone()),
            account: mode.map_or_else(String::new, |mode| mode.account.clone()),
            amount,
            base_amount: precision.round(Field::BasePaidAmount, amount * invoice.conversion_rate),
            reference_no: payment.reference_no.clone(),
        }
    };
    payments.iter().map(row).collect()
}

fn settle_as_screen<M: Masters>(document: &mut Document<'_, M>) -> Result<(), Refusal> {
    let precision = document.precision;
    for payment in &mut document.invoice.payments {
        payment.amount = precision.round(Field::PaidAmount, payment.amount);
        let base = payment.amount * document.invoice.conversion_rate;
        payment.base_amount = precision.round(Field::BasePaidAmount, base);
    }
    check_signs(&document.invoice)?;
    loyalty::check(document)?;
    let invoice = &mut document.invoice;
    let rate = invoice.conversion_rate;
    let (mut paid, mut base_paid) = sums(invoice);
    if invoice.redeem_loyalty_points {
        paid += precision.round(Field::PaidAmount, invoice.loyalty_amount / rate);
        base_paid += invoice.loyalty_amount;
    }
    invoice.paid_amount = precision.round(Field::PaidAmount, paid);
    invoice.base_paid_amount = precision.round(Field::BasePaidAmount, base_paid);

    let payable = invoice.payable();
    let base_payable = if invoice.rounded_total == 0.0 { invoice.base_grand_total } else { invoice.base_rounded_total };
    let has_cash = invoice.payments.iter().any(|payment| payment.kind == "Cash");
    let gives_change = !invoice.is_return && invoice.paid_amount > payable && has_cash;
    invoice.change_amount = 0.0;
    invoice.base_change_amount = 0.0;
    if gives_change {
        invoice.change_amount = precision.round(Field::ChangeAmount, invoice.paid_amount - payable);
        invoice.base_change_amount = precision.round(Field::BaseChangeAmount, invoice.base_paid_amount - base_payable);
    }
    let to_pay = precision.round(Field::GrandTotal, payable - invoice.write_off_amount);
    let outstanding = to_pay - invoice.paid_amount + invoice.change_amount * rate;
    invoice.outstanding_amount = precision.round(Field::OutstandingAmount, outstanding);
    Ok(())
}

/// The server believes the `paid_amount` that it was sent, computes change from it, and then replaces it by the sum of the
/// payments, which loyalty is no part of.
fn settle_as_server<M: Masters>(document: &mut Document<'_, M>) -> Result<(), Refusal> {
    let invoice = &mut document.invoice;
    let payable = invoice.payable();
    let base_payable =
        if invoice.base_rounded_total == 0.0 { invoice.base_grand_total } else { invoice.base_rounded_total };
    if invoice.change_amount == 0.0 && payable < invoice.paid_amount {
        invoice.change_amount = invoice.paid_amount - payable + invoice.write_off_amount;
        invoice.base_change_amount = invoice.base_paid_amount - base_payable + invoice.base_write_off_amount;
    }
    let over = invoice.paid_amount.abs() + invoice.write_off_amount.abs() - payable.abs();
    let places = i32::from(document.precision.places(Field::GrandTotal));
    if invoice.is_return && over > 1.0 / 10.0_f64.powi(places + 1) {
        return Err(Refusal::PaidTooMuch);
    }
    check_signs(invoice)?;
    loyalty::check(document)?;
    let (paid, base_paid) = sums(&document.invoice);
    document.invoice.paid_amount = paid;
    document.invoice.base_paid_amount = base_paid;
    Ok(())
}

fn check_signs(invoice: &Invoice) -> Result<(), Refusal> {
    let is_return = invoice.is_return;
    let is_wrong = |payment: &InvoicePayment| if is_return { payment.amount > 0.0 } else { payment.amount < 0.0 };
    match invoice.payments.iter().position(is_wrong) {
        Some(at) => Err(Refusal::PaymentSign { row: at + 1, is_return }),
        None => Ok(()),
    }
}

fn sums(invoice: &Invoice) -> (f64, f64) {
    let (mut paid, mut base_paid) = (0.0, 0.0);
    for payment in &invoice.payments {
        paid += payment.amount;
        base_paid += payment.base_amount;
    }
    (paid, base_paid)
}
