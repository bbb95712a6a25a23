//! Which invoices are closed together.
//!
//! ERPNext merges the invoices of a customer into one Sales Invoice of net amounts and taxes. Where rounding was adjusted, the
//! ledger has to balance around the sum of rounded totals, and what inclusive taxes left over on each receipt
//! (`grand_total` less net less taxes) adds up: beyond 0.5 of the company's currency it refuses the whole closing. That sum is
//! known before, so invoices are parted such that no part comes near it.

use std::collections::BTreeMap;

/// What a part's sum may come to, company currency: less than ERPNext's 0.5, for the doubles in between.
pub(super) const LEFT_OVER_MAX: f64 = 0.45;

/// One submitted invoice that is not consolidated.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Open {
    pub(super) name: String,
    pub(super) customer: String,
    pub(super) is_return: bool,
    pub(super) return_against: String,
    /// `base_grand_total` less net and taxes: what inclusive taxes left over.
    pub(super) left_over: f64,
}

/// Invoices from which on ERPNext closes in the background: below, it says at once what it thinks of a part.
const BACKGROUND_COUNT_MIN: usize = 10;

/// How large a part may be.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Size {
    /// How often a closing failed in the background: each time the parts get smaller, until one is answered at once.
    pub(super) partings: usize,
    /// The most units, after a part was refused at once.
    pub(super) units_max: Option<usize>,
}

/// A part: places in the list of invoices, and how many units these are.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PartOf {
    pub(super) places: Vec<usize>,
    pub(super) units: usize,
}

/// Everything as one part.
pub(super) fn whole(invoices: &[Open]) -> PartOf {
    PartOf { places: (0..invoices.len()).collect(), units: units(invoices).len() }
}

/// Invoices in parts. A return goes with its sale, or after it.
pub(super) fn parts(invoices: &[Open], size: Size) -> Vec<PartOf> {
    let divisor = 1_usize << size.partings.min(16);
    let limit = LEFT_OVER_MAX / divisor as f64;
    let count_max = match size.partings {
        0 => usize::MAX,
        _ => invoices.len().div_ceil(divisor).max(BACKGROUND_COUNT_MIN - 1),
    };
    let mut parts: Vec<PartOf> = Vec::new();
    let mut sums: BTreeMap<(&str, bool), f64> = BTreeMap::new();
    for unit in units(invoices) {
        let mut with_unit = sums.clone();
        add(&mut with_unit, invoices, &unit);
        let fits_sum = with_unit.values().all(|sum| sum.abs() <= limit);
        match parts.last_mut() {
            Some(part)
                if fits_sum
                    && part.places.len() + unit.len() <= count_max
                    && size.units_max.is_none_or(|units_max| part.units < units_max) =>
            {
                part.places.extend(&unit);
                part.units += 1;
                sums = with_unit;
            }
            _ => {
                sums = BTreeMap::new();
                add(&mut sums, invoices, &unit);
                parts.push(PartOf { places: unit, units: 1 });
            }
        }
    }
    parts
}

fn add<'a>(sums: &mut BTreeMap<(&'a str, bool), f64>, invoices: &'a [Open], unit: &[usize]) {
    for invoice in unit.iter().map(|at| &invoices[*at]) {
        *sums.entry((&invoice.customer, invoice.is_return)).or_default() += invoice.left_over;
    }
}

/// What cannot be parted: a sale with the returns against it.
fn units(invoices: &[Open]) -> Vec<Vec<usize>> {
    let places: BTreeMap<&str, usize> =
        invoices.iter().enumerate().map(|(at, invoice)| (invoice.name.as_str(), at)).collect();
    let mut units: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, invoice) in invoices.iter().enumerate() {
        let original = places.get(invoice.return_against.as_str()).copied().filter(|_| invoice.is_return);
        units.entry(original.unwrap_or(at)).or_default().push(at);
    }
    units.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sale(number: usize, left_over: f64) -> Open {
        Open { name: format!("S{number}"), customer: "C".into(), left_over, ..Open::default() }
    }

    #[test]
    fn few_invoices_are_closed_at_once() {
        let invoices: Vec<Open> = (0..40).map(|number| sale(number, -0.01)).collect();

        assert_eq!(parts(&invoices, Size::default()).len(), 1);
    }

    #[test]
    fn no_part_comes_near_what_erpnext_refuses() {
        let invoices: Vec<Open> = (0..119).map(|number| sale(number, -0.01)).collect();

        let parts = parts(&invoices, Size::default());

        assert_eq!(parts.iter().map(|part| part.places.len()).sum::<usize>(), 119);
        for part in parts {
            assert!(part.places.iter().map(|at| invoices[*at].left_over).sum::<f64>().abs() <= LEFT_OVER_MAX);
        }
    }

    #[test]
    fn customers_are_merged_apart_and_so_do_not_add_up() {
        let of = |number: usize| Open { customer: format!("C{number}"), ..sale(number, 0.04) };
        let invoices: Vec<Open> = (0..100).map(of).collect();

        assert_eq!(parts(&invoices, Size::default()).len(), 1);
    }

    #[test]
    fn a_return_stays_with_its_sale() {
        let mut invoices: Vec<Open> = (0..60).map(|number| sale(number, -0.01)).collect();
        invoices.push(Open { is_return: true, return_against: "S2".into(), ..sale(60, 0.01) });

        let parts = parts(&invoices, Size::default());

        assert!(parts.iter().any(|part| part.places.contains(&2) && part.places.contains(&60)));
    }

    #[test]
    fn after_a_failure_parts_are_smaller() {
        let invoices: Vec<Open> = (0..40).map(|number| sale(number, -0.01)).collect();

        assert!(
            parts(&invoices, Size { partings: 1, units_max: None }).len() > parts(&invoices, Size::default()).len()
        );
    }
}
