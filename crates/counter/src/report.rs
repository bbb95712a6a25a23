//! What was sold: by hour, item, employee and mode of payment, from the journal alone.

use crate::book::{BookedSale, cents, received};
use std::collections::BTreeMap;

/// A sum and how often something was added to it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    /// Receipts, or pieces of an item.
    pub count: f64,
    /// In the profile's currency.
    pub amount: f64,
}

impl Sum {
    fn add(&mut self, count: f64, amount: f64) {
        self.count = cents(self.count + count);
        self.amount = cents(self.amount + amount);
    }
}

/// Sales and returns of some time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Receipts of sales, and what was to be paid.
    pub sales: Sum,
    /// Receipts of returns, and what was paid out; below zero.
    pub returns: Sum,
    /// By the hour of the day in which they were made; hours without a receipt are left out.
    pub by_hour: Vec<(u32, Sum)>,
    /// By `item_name`, the largest amount first. Amounts are the lines' own, before a discount on the whole sale.
    pub by_item: Vec<(String, Sum)>,
    /// By employee, the largest amount first.
    pub by_employee: Vec<(String, Sum)>,
    /// By mode of payment, change taken off, the largest amount first.
    pub by_mode: Vec<(String, Sum)>,
}

impl Report {
    /// Sales less returns.
    pub fn total(&self) -> f64 {
        cents(self.sales.amount + self.returns.amount)
    }
}

/// Adds sales up; `hour_of` says in which hour of the shop's day a moment lies.
pub fn report<'a>(sales: impl Iterator<Item = &'a BookedSale>, hour_of: impl Fn(i64) -> u32) -> Report {
    let mut report = Report::default();
    let mut by_hour: BTreeMap<u32, Sum> = BTreeMap::new();
    let (mut by_item, mut by_employee, mut by_mode) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for booked in sales {
        let invoice = &booked.sale.invoice;
        let payable = invoice.payable();
        let kind = if invoice.is_return { &mut report.returns } else { &mut report.sales };
        kind.add(1.0, payable);
        by_hour.entry(hour_of(booked.made_at_ms)).or_default().add(1.0, payable);
        add(&mut by_employee, &booked.employee, 1.0, payable);
        for item in &invoice.items {
            add(&mut by_item, &item.item_name, item.qty, item.amount);
        }
        for (mode, amount) in received(&booked.sale) {
            add(&mut by_mode, &mode, 1.0, amount);
        }
    }
    report.by_hour = by_hour.into_iter().collect();
    report.by_item = largest_first(by_item);
    report.by_employee = largest_first(by_employee);
    report.by_mode = largest_first(by_mode);
    report
}

fn add(sums: &mut BTreeMap<String, Sum>, name: &str, count: f64, amount: f64) {
    sums.entry(name.to_owned()).or_default().add(count, amount);
}

/// What was taken back altogether is left out.
fn largest_first(sums: BTreeMap<String, Sum>) -> Vec<(String, Sum)> {
    let mut sums: Vec<_> = sums.into_iter().filter(|(_, sum)| sum.count != 0.0 || sum.amount != 0.0).collect();
    sums.sort_by(|(_, left), (_, right)| right.amount.total_cmp(&left.amount));
    sums
}
