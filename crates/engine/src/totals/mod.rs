//! `calculate_taxes_and_totals` of `ERPNext` for a POS Invoice: item values, taxes, totals and the document's discount.
//!
//! The order of operations is `ERPNext`'s and must stay: sums run left to right from zero, every parenthesis decides about a
//! cent somewhere. A calculation is one pass over the document, and a second one where a document discount was
//! distributed over the items.

mod discount;
mod items;
mod taxes;

use crate::{
    goods::{Good, Loader},
    hash::{ByHash, hash},
    invoice::{Invoice, InvoiceItem},
    masters::{AccountRate, Masters, PricingRule, Tables},
    precision::{Field, Precision},
    refusal::Refusal,
    rounding,
};
use std::{hash::BuildHasherDefault, rc::Rc};

/// Computes everything of a POS Invoice that follows from its lines, tax rows and discounts; overwrites what was there.
///
/// The source is `calculate_taxes_and_totals` (POS Invoice, on every save). Payments are not part of it.
pub fn calculate(invoice: &mut Invoice, masters: &impl Masters) {
    let loader = Loader::new(masters);
    let tables = masters.tables();
    let unknown = Rc::new(Good::unknown());
    let goods: Vec<Rc<Good<'_>>> =
        invoice.items.iter().map(|item| loader.load(&item.item_code).unwrap_or_else(|| Rc::clone(&unknown))).collect();
    let basis = Basis {
        goods: goods.iter().map(|good| &**good).collect(),
        tables,
        precision: Precision::new(&tables.settings),
        find_rule: &|name| tables.pricing_rules.iter().find(|rule| rule.name == name),
    };
    // What is refused here is a discount on nothing in particular; everything before it has been computed.
    let _ = run(invoice, &basis);
}

/// What a calculation rests on.
pub(crate) struct Basis<'a, 'm> {
    /// The item of each row.
    pub(crate) goods: Vec<&'a Good<'m>>,
    pub(crate) tables: &'m Tables,
    pub(crate) precision: Precision,
    pub(crate) find_rule: &'a dyn Fn(&str) -> Option<&'m PricingRule>,
}

pub(crate) fn run(invoice: &mut Invoice, basis: &Basis<'_, '_>) -> Result<(), Refusal> {
    if invoice.items.is_empty() {
        return Ok(());
    }
    let rows = vec![Scratch::default(); invoice.taxes.len()];
    let details = detail_places(&invoice.items);
    let mut calculation = Calculation {
        invoice,
        basis,
        is_discount_applied: false,
        total_for_discount: None,
        grand_total_diff: 0.0,
        rows,
        details,
    };
    calculation.run()
}

/// One run over a document.
struct Calculation<'a, 'b, 'm> {
    invoice: &'a mut Invoice,
    basis: &'a Basis<'b, 'm>,
    /// Whether the document's discount has been distributed over the items: this is the second pass.
    is_discount_applied: bool,
    /// The total that a Grand Total discount is taken from, built from unrounded taxes.
    total_for_discount: Option<f64>,
    /// What the grand total is corrected by, so that inclusive prices and discounts come out whole.
    grand_total_diff: f64,
    /// Scratch values of a tax row for the item at hand.
    rows: Vec<Scratch>,
    /// For each line its place in `item_wise_tax_detail`, which has one entry for an item.
    details: Vec<usize>,
}

/// Lines of one item share an entry, in the order of their first lines.
fn detail_places(items: &[InvoiceItem]) -> Vec<usize> {
    let mut first_lines = ByHash::with_capacity_and_hasher(items.len(), BuildHasherDefault::default());
    let (mut places, mut next): (Vec<usize>, usize) = (Vec::with_capacity(items.len()), 0);
    for (at, item) in items.iter().enumerate() {
        let first = *first_lines.entry(hash(0, &item.item_code)).or_insert(at);
        // Where two names have one hash, the names are looked through.
        let is_same = |line: &InvoiceItem| line.item_code == item.item_code;
        let first = if is_same(&items[first]) { first } else { items.iter().position(is_same).unwrap_or(at) };
        let place = if first == at { next } else { places[first] };
        next += usize::from(first == at);
        places.push(place);
    }
    places
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

impl Calculation<'_, '_, '_> {
    fn run(&mut self) -> Result<(), Refusal> {
        self.pass();
        self.derive_discount_from_percentage();
        let result = self.distribute_discount();
        if let Ok(true) = result {
            self.is_discount_applied = true;
            self.pass();
        }
        self.compute_commission();
        result.map(|_| ())
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
        let mut weight = 0.0;
        for item in &self.invoice.items {
            weight += item.total_weight;
        }
        self.invoice.total_net_weight = weight;
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
        let precision = &self.basis.precision;
        let mut sums = [0.0; 5];
        for item in &self.invoice.items {
            sums[0] += item.qty;
            sums[1] += item.amount;
            sums[2] += item.base_amount;
            sums[3] += item.net_amount;
            sums[4] += item.base_net_amount;
        }
        self.invoice.total_qty = sums[0];
        self.invoice.total = precision.round(Field::Total, sums[1]);
        self.invoice.base_total = precision.round(Field::BaseTotal, sums[2]);
        self.invoice.net_total = precision.round(Field::NetTotal, sums[3]);
        self.invoice.base_net_total = precision.round(Field::BaseNetTotal, sums[4]);
    }

    fn compute_totals(&mut self) {
        let diff = self.grand_total_diff;
        let precision = &self.basis.precision;
        let invoice = &mut *self.invoice;
        let rate = invoice.conversion_rate;
        let (grand_total, taxes) = match invoice.taxes.last() {
            Some(last) => {
                let grand_total = last.total + diff;
                let taxes = grand_total - invoice.net_total - diff;
                (grand_total, precision.round(Field::TotalTaxesAndCharges, taxes))
            }
            None => (invoice.net_total, 0.0),
        };
        invoice.total_taxes_and_charges = taxes;
        invoice.base_total_taxes_and_charges =
            precision.to_base(Field::TotalTaxesAndCharges, Field::BaseTotalTaxesAndCharges, taxes, rate);
        let base_grand_total = if taxes == 0.0 {
            invoice.base_net_total
        } else {
            precision.round(Field::BaseGrandTotal, grand_total * rate)
        };
        invoice.grand_total = precision.round(Field::GrandTotal, grand_total);
        invoice.base_grand_total = precision.round(Field::BaseGrandTotal, base_grand_total);
        self.compute_rounded_total();
    }

    fn compute_rounded_total(&mut self) {
        let tables = self.basis.tables;
        let precision = &self.basis.precision;
        let invoice = &mut *self.invoice;
        if tables.settings.disable_rounded_total {
            invoice.rounded_total = 0.0;
            invoice.base_rounded_total = 0.0;
            invoice.rounding_adjustment = 0.0;
            return;
        }
        let fraction = tables.currency(&invoice.currency).map_or(0.0, |c| c.smallest_currency_fraction_value);
        let places = precision.places(Field::RoundedTotal);
        invoice.rounded_total = rounding::round_to_fraction(precision.method(), invoice.grand_total, fraction, places);
        invoice.rounding_adjustment =
            precision.round(Field::RoundingAdjustment, invoice.rounded_total - invoice.grand_total);
        let rate = invoice.conversion_rate;
        invoice.base_rounded_total =
            precision.to_base(Field::RoundedTotal, Field::BaseRoundedTotal, invoice.rounded_total, rate);
        invoice.base_rounding_adjustment = precision.to_base(
            Field::RoundingAdjustment,
            Field::BaseRoundingAdjustment,
            invoice.rounding_adjustment,
            rate,
        );
    }

    /// Commission on the rows that grant it. Rows that a client sends grant none, free rows do as their item says.
    fn compute_commission(&mut self) {
        let precision = &self.basis.precision;
        let invoice = &mut *self.invoice;
        invoice.commission_rate = precision.round(Field::CommissionRate, invoice.commission_rate);
        let mut eligible = 0.0;
        for item in invoice.items.iter().filter(|item| item.grant_commission) {
            eligible += item.base_net_amount;
        }
        invoice.amount_eligible_for_commission = eligible;
        invoice.total_commission = precision.round(Field::TotalCommission, eligible * invoice.commission_rate / 100.0);
    }
}

/// The rate of a tax row for an item: its template's word on the account, else the row's own.
fn tax_rate(item_tax_rate: &[AccountRate], account: &str, row_rate: f64, precision: &Precision) -> f64 {
    match item_tax_rate.iter().find(|entry| entry.account == account) {
        Some(entry) => precision.round(Field::TaxRate, entry.rate),
        None => row_rate,
    }
}
