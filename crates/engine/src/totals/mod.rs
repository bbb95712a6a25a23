//! `calculate_taxes_and_totals` of `ERPNext` for a POS Invoice: item values, taxes, totals and the document's discount.
//!
//! The order of operations is `ERPNext`'s and must stay: sums run left to right from zero, every parenthesis decides about a
//! cent somewhere. A calculation is one pass over the document, and a second one where a document discount was
//! distributed over the items.

mod discount;
mod items;
mod taxes;

use crate::{
    invoice::Invoice,
    masters::{AccountRate, Item, Masters, Settings, Tables},
    rounding,
};
use std::borrow::Cow;

/// Computes everything of a POS Invoice that follows from its lines, tax rows and discounts; overwrites what was there.
///
/// The source is `calculate_taxes_and_totals` (POS Invoice, on every save). Payments are not part of it.
pub fn calculate(invoice: &mut Invoice, masters: &impl Masters) {
    if invoice.items.is_empty() {
        return;
    }
    Calculation::new(invoice, masters).run();
}

/// The precisions of a site, applied by name.
#[derive(Clone, Copy)]
pub(crate) struct Precision<'a>(&'a Settings);

impl<'a> Precision<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        Self(settings)
    }

    /// Rounds as a Currency field.
    pub(crate) fn money(self, value: f64) -> f64 {
        self.0.rounding_method.round(value, self.0.currency_precision)
    }

    /// Rounds as a Float or Percent field.
    pub(crate) fn float(self, value: f64) -> f64 {
        self.0.rounding_method.round(value, self.0.float_precision)
    }

    /// Rounds as POS Invoice Item `discount_percentage`.
    pub(crate) fn percentage(self, value: f64) -> f64 {
        self.0.rounding_method.round(value, self.0.discount_percentage_precision)
    }
}

/// One run over a document.
struct Calculation<'a, M> {
    invoice: &'a mut Invoice,
    masters: &'a M,
    tables: Cow<'a, Tables>,
    /// Whether the document's discount has been distributed over the items: this is the second pass.
    is_discount_applied: bool,
    /// The total that a Grand Total discount is taken from, built from unrounded taxes.
    total_for_discount: f64,
    /// What the grand total is corrected by, so that inclusive prices and discounts come out whole.
    grand_total_diff: f64,
    /// Scratch values of a tax row for the item at hand.
    rows: Vec<Scratch>,
}

/// What `ERPNext` keeps on a tax row while it walks over the items.
#[derive(Clone, Copy, Default)]
struct Scratch {
    /// The inclusive fraction of this row, and the running total of fractions plus one.
    fraction: f64,
    running_fraction: f64,
    /// This row's tax on the item at hand, and the item's running total up to this row.
    amount: f64,
    running_total: f64,
    /// What is left to distribute of an Actual row.
    left: f64,
}

impl<'a, M: Masters> Calculation<'a, M> {
    fn new(invoice: &'a mut Invoice, masters: &'a M) -> Self {
        let rows = vec![Scratch::default(); invoice.taxes.len()];
        Self {
            invoice,
            masters,
            tables: Cow::Borrowed(masters.tables()),
            is_discount_applied: false,
            total_for_discount: 0.0,
            grand_total_diff: 0.0,
            rows,
        }
    }

    fn run(&mut self) {
        self.pass();
        self.derive_discount_from_percentage();
        if self.distribute_discount() {
            self.is_discount_applied = true;
            self.pass();
        }
    }

    fn pass(&mut self) {
        if !self.is_discount_applied {
            self.set_item_values();
        }
        self.check_item_tax_templates();
        self.start_tax_rows();
        self.take_inclusive_taxes_out();
        self.sum_net_totals();
        self.compute_taxes();
        self.correct_for_inclusive_taxes();
        self.compute_totals();
    }

    fn item(&self, item_code: &str) -> Option<Cow<'a, Item>> {
        self.masters.item(item_code)
    }

    /// Whether a discount on the grand total is at work, from whichever field.
    fn has_grand_total_discount(&self) -> bool {
        let invoice = &self.invoice;
        invoice.apply_discount_on == "Grand Total"
            && (self.is_discount_applied
                || invoice.discount_amount != 0.0
                || invoice.additional_discount_percentage != 0.0)
    }

    fn sum_net_totals(&mut self) {
        let precision = Precision(&self.tables.settings);
        let mut sums = [0.0; 5];
        for item in &self.invoice.items {
            sums[0] += item.qty;
            sums[1] += item.amount;
            sums[2] += item.base_amount;
            sums[3] += item.net_amount;
            sums[4] += item.base_net_amount;
        }
        self.invoice.total_qty = sums[0];
        self.invoice.total = precision.money(sums[1]);
        self.invoice.base_total = precision.money(sums[2]);
        self.invoice.net_total = precision.money(sums[3]);
        self.invoice.base_net_total = precision.money(sums[4]);
    }

    fn compute_totals(&mut self) {
        let diff = self.grand_total_diff;
        let precision = Precision(&self.tables.settings);
        let invoice = &mut *self.invoice;
        let rate = invoice.conversion_rate;
        let (grand_total, taxes) = match invoice.taxes.last() {
            Some(last) => {
                let grand_total = last.total + diff;
                (grand_total, precision.money(grand_total - invoice.net_total - diff))
            }
            None => (invoice.net_total, 0.0),
        };
        invoice.total_taxes_and_charges = taxes;
        invoice.base_total_taxes_and_charges = precision.money(precision.money(taxes) * rate);
        let base_grand_total = if taxes == 0.0 { invoice.base_net_total } else { precision.money(grand_total * rate) };
        invoice.grand_total = precision.money(grand_total);
        invoice.base_grand_total = precision.money(base_grand_total);
        self.compute_rounded_total();
    }

    fn compute_rounded_total(&mut self) {
        let settings = &self.tables.settings;
        let precision = Precision(settings);
        let invoice = &mut *self.invoice;
        if settings.disable_rounded_total {
            invoice.rounded_total = 0.0;
            invoice.base_rounded_total = 0.0;
            invoice.rounding_adjustment = 0.0;
            return;
        }
        let fraction = self.tables.currency(&invoice.currency).map_or(0.0, |c| c.smallest_currency_fraction_value);
        invoice.rounded_total = rounding::round_to_fraction(
            settings.rounding_method,
            invoice.grand_total,
            fraction,
            settings.currency_precision,
        );
        invoice.rounding_adjustment = precision.money(invoice.rounded_total - invoice.grand_total);
        let base = |value| precision.money(precision.money(value) * invoice.conversion_rate);
        invoice.base_rounded_total = base(invoice.rounded_total);
        invoice.base_rounding_adjustment = base(invoice.rounding_adjustment);
    }
}

/// The rate of a tax row for an item: its template's word on the account, else the row's own.
fn tax_rate(item_tax_rate: &[AccountRate], account: &str, row_rate: f64, precision: Precision<'_>) -> f64 {
    match item_tax_rate.iter().find(|entry| entry.account == account) {
        Some(entry) => precision.float(entry.rate),
        None => row_rate,
    }
}
