//! Payments: what was paid, what goes back as change, what stays open.
//!
//! `ERPNext`'s server computes none of this for a POS Invoice that is submitted at once; these are the values that its own
//! screen sends, with the server's rounding.

use crate::{
    cart::Payment,
    invoice::{Invoice, InvoicePayment},
    masters::Tables,
    totals::Precision,
};

/// Sets payments, `paid_amount`, `change_amount` and `outstanding_amount`.
pub(crate) fn settle(invoice: &mut Invoice, payments: &[Payment], tables: &Tables) {
    let precision = Precision::new(&tables.settings);
    let rate = invoice.conversion_rate;
    invoice.payments = payments
        .iter()
        .map(|payment| {
            let mode = tables.modes_of_payment.iter().find(|mode| mode.name == payment.mode_of_payment);
            let amount = precision.money(payment.amount);
            InvoicePayment {
                mode_of_payment: payment.mode_of_payment.clone(),
                kind: mode.map_or_else(String::new, |mode| mode.kind.clone()),
                account: mode.map_or_else(String::new, |mode| mode.account.clone()),
                amount,
                base_amount: precision.money(amount * rate),
                reference_no: payment.reference_no.clone(),
            }
        })
        .collect();
    let (mut paid, mut base_paid) = (0.0, 0.0);
    for payment in &invoice.payments {
        paid += payment.amount;
        base_paid += payment.base_amount;
    }
    invoice.paid_amount = precision.money(paid);
    invoice.base_paid_amount = precision.money(base_paid);

    let payable = invoice.payable();
    let base_payable = if invoice.rounded_total == 0.0 { invoice.base_grand_total } else { invoice.base_rounded_total };
    let has_cash = invoice.payments.iter().any(|payment| payment.kind == "Cash");
    let gives_change = !invoice.is_return && invoice.paid_amount > payable && has_cash;
    invoice.change_amount = if gives_change { precision.money(invoice.paid_amount - payable) } else { 0.0 };
    invoice.base_change_amount =
        if gives_change { precision.money(invoice.base_paid_amount - base_payable) } else { 0.0 };
    let to_pay = precision.money(payable - invoice.write_off_amount);
    invoice.outstanding_amount =
        precision.money(to_pay - invoice.paid_amount + invoice.change_amount * invoice.conversion_rate);
}
