//! Tax rows: taking inclusive taxes out of prices, each row's amount, and the running totals.

use super::{Calculation, Scratch, items::set_base_net_values, tax_rate};
use crate::{
    invoice::{InvoiceItem, InvoiceTax, ItemTaxDetail},
    masters::ChargeType,
    precision::{Field, Precision},
};

/// The row that a Previous Row type refers to; `None` where the template points nowhere.
fn referred(tax: &InvoiceTax, rows: &[Scratch], index: usize) -> Option<Scratch> {
    let at = usize::from(tax.row_id?).checked_sub(1).filter(|at| *at < index)?;
    rows.get(at).copied()
}

impl Calculation<'_, '_, '_> {
    /// Clears what a pass computes; an Actual row keeps its amount, a second pass what the first one showed.
    pub(super) fn start_tax_rows(&mut self) {
        let precision = &self.basis.precision;
        let keeps_amount = self.is_discount_applied && self.invoice.apply_discount_on == "Grand Total";
        for tax in &mut self.invoice.taxes {
            if tax.charge_type == ChargeType::Actual {
                tax.rate = 0.0;
            } else if !keeps_amount {
                tax.tax_amount = 0.0;
            }
            tax.item_wise_tax_detail.clear();
            tax.total = 0.0;
            tax.tax_amount_after_discount_amount = 0.0;
            tax.rate = precision.round(Field::TaxRate, tax.rate);
            tax.tax_amount = precision.round(Field::TaxAmount, tax.tax_amount);
        }
        self.rows.fill(Scratch::default());
    }

    /// Computes net amounts where prices include taxes (`included_in_print_rate`).
    pub(super) fn take_inclusive_taxes_out(&mut self) {
        if !self.invoice.taxes.iter().any(|tax| tax.included_in_print_rate) || self.is_discount_applied {
            return;
        }
        let precision = &self.basis.precision;
        let conversion_rate = self.invoice.conversion_rate;
        let taxes = &self.invoice.taxes;
        for item in &mut self.invoice.items {
            let (fraction, per_unit) = inclusive_fractions(item, taxes, &mut self.rows, precision);
            if item.qty == 0.0 || (fraction == 0.0 && per_unit == 0.0) {
                continue;
            }
            let amount = item.amount - per_unit;
            item.net_amount = precision.round(Field::NetAmount, amount / (1.0 + fraction));
            item.net_rate = precision.round(Field::NetRate, item.net_amount / item.qty);
            item.discount_percentage = precision.round(Field::DiscountPercentage, item.discount_percentage);
            set_base_net_values(item, conversion_rate, precision);
        }
    }

    /// Computes every row's tax as the sum over the items, rounded once, and the running totals.
    pub(super) fn compute_taxes(&mut self) {
        let Some(last_tax) = self.invoice.taxes.len().checked_sub(1) else {
            return;
        };
        let precision = &self.basis.precision;
        for (row, tax) in self.rows.iter_mut().zip(&self.invoice.taxes) {
            row.left = precision.round(Field::TaxAmount, tax.tax_amount);
        }
        let last_item = self.invoice.items.len() - 1;
        for item in 0..=last_item {
            self.tax_item(item, item == last_item);
        }
        self.remember_total_for_discount(last_tax);
        self.round_tax_rows();
    }

    fn tax_item(&mut self, item_index: usize, is_last_item: bool) {
        let rounds_rows = self.basis.tables.settings.round_row_wise_tax;
        let precision = &self.basis.precision;
        let adds_to_tax_amount = !(self.is_discount_applied && self.invoice.apply_discount_on == "Grand Total");
        let (net_total, conversion_rate) = (self.invoice.net_total, self.invoice.conversion_rate);
        let item = &self.invoice.items[item_index];
        for index in 0..self.invoice.taxes.len() {
            let tax = &mut self.invoice.taxes[index];
            let rate = tax_rate(&item.item_tax_rate, &tax.account_head, tax.rate, precision);
            let mut amount = match tax.charge_type {
                ChargeType::Actual if net_total == 0.0 => 0.0,
                ChargeType::Actual => (item.net_amount * precision.round(Field::TaxAmount, tax.tax_amount)) / net_total,
                ChargeType::OnNetTotal => (rate / 100.0) * item.net_amount,
                ChargeType::OnPreviousRowAmount => {
                    (rate / 100.0) * referred(tax, &self.rows, index).map_or(0.0, |row| row.amount)
                }
                ChargeType::OnPreviousRowTotal => {
                    (rate / 100.0) * referred(tax, &self.rows, index).map_or(0.0, |row| row.running_total)
                }
                ChargeType::OnItemQuantity => rate * item.qty,
            };
            let share = ItemShare { at: self.details[item_index], rate, amount: amount * conversion_rate };
            note_item_tax(tax, item, &share, rounds_rows.then_some(precision));
            if rounds_rows {
                amount = precision.round(Field::TaxAmount, amount);
            }
            if tax.charge_type == ChargeType::Actual {
                let row = &mut self.rows[index];
                row.left -= amount;
                if is_last_item {
                    amount += row.left;
                }
            } else if adds_to_tax_amount {
                tax.tax_amount += amount;
            }
            tax.tax_amount_after_discount_amount += amount;
            let before = if index == 0 { item.net_amount } else { self.rows[index - 1].running_total };
            self.rows[index].amount = amount;
            self.rows[index].running_total = before + amount;
        }
    }

    /// Before rows are rounded: the total that a Grand Total discount starts from, or what is missing from it after.
    fn remember_total_for_discount(&mut self, last_tax: usize) {
        if !self.has_grand_total_discount() {
            return;
        }
        let precision = &self.basis.precision;
        let invoice = &mut *self.invoice;
        let mut total = invoice.net_total;
        for tax in &mut invoice.taxes {
            if self.is_discount_applied {
                tax.tax_amount_after_discount_amount =
                    precision.round(Field::TaxAmount, tax.tax_amount_after_discount_amount);
            }
            total = precision.round(Field::TaxTotal, total + tax.tax_amount_after_discount_amount);
            tax.total = total;
        }
        let total = invoice.taxes[last_tax].total;
        if self.is_discount_applied {
            let before = self.total_for_discount.unwrap_or(0.0);
            self.grand_total_diff = precision.round(Field::GrandTotal, before - invoice.discount_amount - total);
        } else {
            self.total_for_discount = Some(total);
        }
    }

    fn round_tax_rows(&mut self) {
        let precision = &self.basis.precision;
        let invoice = &mut *self.invoice;
        let rate = invoice.conversion_rate;
        let mut total = invoice.net_total;
        for tax in &mut invoice.taxes {
            tax.tax_amount = precision.round(Field::TaxAmount, tax.tax_amount);
            tax.tax_amount_after_discount_amount =
                precision.round(Field::TaxAmount, tax.tax_amount_after_discount_amount);
            tax.base_tax_amount = precision.to_base(Field::TaxAmount, Field::BaseTaxAmount, tax.tax_amount, rate);
            tax.base_tax_amount_after_discount_amount = precision.to_base(
                Field::TaxAfterDiscount,
                Field::BaseTaxAfterDiscount,
                tax.tax_amount_after_discount_amount,
                rate,
            );
            total = precision.round(Field::TaxTotal, total + tax.tax_amount_after_discount_amount);
            tax.total = total;
            tax.base_total = precision.to_base(Field::TaxTotal, Field::BaseTaxTotal, tax.total, rate);
        }
    }

    /// Inclusive prices must add up to what was on the shelf: small differences go into the grand total.
    pub(super) fn correct_for_inclusive_taxes(&mut self) {
        let invoice = &self.invoice;
        let Some(last) = invoice.taxes.last().filter(|_| invoice.taxes.iter().any(|tax| tax.included_in_print_rate))
        else {
            return;
        };
        let precision = &self.basis.precision;
        let mut not_included = 0.0;
        for tax in invoice.taxes.iter().filter(|tax| !tax.included_in_print_rate) {
            not_included += tax.tax_amount_after_discount_amount;
        }
        let mut diff = invoice.total + not_included - precision.round(Field::TaxTotal, last.total);
        if self.is_discount_applied && invoice.discount_amount != 0.0 {
            diff -= invoice.discount_amount;
        }
        let diff = precision.round(Field::RoundingAdjustment, diff);
        let limit = 5.0 / 10.0_f64.powi(i32::from(precision.places(Field::TaxAmount)));
        self.grand_total_diff = if diff != 0.0 && diff.abs() <= limit { diff } else { 0.0 };
    }
}

/// The summed fraction of the price that is tax, and the summed tax per unit times quantity.
fn inclusive_fractions(
    item: &InvoiceItem,
    taxes: &[InvoiceTax],
    rows: &mut [Scratch],
    precision: &Precision,
) -> (f64, f64) {
    let (mut fractions, mut per_unit) = (0.0, 0.0);
    for (index, tax) in taxes.iter().enumerate() {
        let (mut fraction, mut quantity_rate) = (0.0, 0.0);
        if tax.included_in_print_rate {
            let rate = tax_rate(&item.item_tax_rate, &tax.account_head, tax.rate, precision);
            let referred = referred(tax, rows, index).unwrap_or_default();
            match tax.charge_type {
                ChargeType::OnNetTotal => fraction = rate / 100.0,
                ChargeType::OnPreviousRowAmount => fraction = (rate / 100.0) * referred.fraction,
                ChargeType::OnPreviousRowTotal => {
                    fraction = (rate / 100.0) * referred.running_fraction;
                }
                ChargeType::OnItemQuantity => quantity_rate = rate,
                ChargeType::Actual => {}
            }
        }
        let before = if index == 0 { 1.0 } else { rows[index - 1].running_fraction };
        rows[index].fraction = fraction;
        rows[index].running_fraction = before + fraction;
        fractions += fraction;
        per_unit += quantity_rate * item.qty;
    }
    (fractions, per_unit)
}

/// A line's share of a tax row, in company currency.
struct ItemShare {
    /// The item's place in `item_wise_tax_detail`.
    at: usize,
    rate: f64,
    amount: f64,
}

/// Adds a line's share to `item_wise_tax_detail`.
fn note_item_tax(tax: &mut InvoiceTax, item: &InvoiceItem, share: &ItemShare, rounds: Option<&Precision>) {
    let round = |value: f64| rounds.map_or(value, |precision| precision.round(Field::TaxAmount, value));
    let (rate, amount) = (share.rate, round(share.amount));
    match tax.item_wise_tax_detail.get_mut(share.at) {
        Some(detail) => {
            detail.rate = rate;
            detail.amount = round(amount + round(detail.amount));
        }
        None => tax.item_wise_tax_detail.push(ItemTaxDetail { item_code: item.item_code.clone(), rate, amount }),
    }
}
