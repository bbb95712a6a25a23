//! Which rules could apply to a row: by item, group or brand, as far as `ERPNext` looks.

use super::Shelf;
use crate::{
    document::Document,
    masters::{ApplyOn, Masters, PricingRule},
    refusal::Refusal,
    sort,
};

/// What the search for rules sees of a row; nulls are zero.
pub(crate) struct RowArgs {
    /// The row's place.
    pub(crate) at: usize,
    pub(crate) qty: f64,
    pub(crate) stock_qty: f64,
    pub(crate) conversion_factor: f64,
    pub(crate) price_list_rate: f64,
    pub(crate) rate: f64,
}

/// A rule that could apply, with the child row that made it one.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'m> {
    pub(super) at: usize,
    pub(super) rule: &'m PricingRule,
    pub(super) target: usize,
}

impl<'m> Candidate<'m> {
    /// The UOM that the child row names.
    pub(super) fn uom(&self) -> &'m str {
        self.rule.targets.get(self.target).map_or("", |target| &target.uom)
    }

    /// The item that the child row names; `None` for groups and brands.
    pub(super) fn item_code(&self) -> Option<&'m str> {
        let target = self.rule.targets.get(self.target)?;
        (self.rule.apply_on == ApplyOn::ItemCode).then_some(&*target.value)
    }
}

/// The candidates of a row whose conditions hold, in `ERPNext`'s order: item first, then group, then brand, as far as it
/// looks.
pub(super) fn of_row<'m, M: Masters>(
    document: &Document<'m, M>,
    args: &RowArgs,
) -> Result<Vec<Candidate<'m>>, Refusal> {
    let Some(shelf) = &document.shelf else {
        return Ok(Vec::new());
    };
    let mut found: Vec<Candidate<'m>> = Vec::new();
    for level in [ApplyOn::ItemCode, ApplyOn::ItemGroup, ApplyOn::Brand] {
        of_level(level, shelf, document, args, &mut found);
        let goes_on = found.first().is_none_or(|first| {
            first.rule.has_priority || found.iter().all(|candidate| candidate.rule.apply_multiple_pricing_rules)
        });
        if !goes_on {
            break;
        }
    }
    let mut holding = Vec::with_capacity(found.len());
    for candidate in found {
        if shelf.holds(candidate.at, document)? {
            holding.push(candidate);
        }
    }
    Ok(holding)
}

/// One candidate for each child row that fits, or for every one where the rule works on the row as another item.
fn of_level<'m, M: Masters>(
    level: ApplyOn,
    shelf: &Shelf<'m>,
    document: &Document<'m, M>,
    args: &RowArgs,
    found: &mut Vec<Candidate<'m>>,
) {
    let (row, line) = (&document.rows[args.at], &document.invoice.items[args.at]);
    let item = &row.good.item;
    let (rules, index) = (shelf.rules, shelf.index());
    let start = found.len();
    let mut add = |at: usize, target: usize, asks_uom: bool| {
        let candidate = Candidate { at, rule: &rules[at], target };
        let fits_uom = !asks_uom || candidate.uom().is_empty() || line.uom.is_empty() || candidate.uom() == line.uom;
        let fits = fits_uom
            && shelf.is_meant(at, document)
            && shelf.fits_warehouse(candidate.rule, &line.warehouse, document.tables);
        if fits && !found[start..].iter().any(|other| other.at == at && other.target == target) {
            found.push(candidate);
        }
    };
    let own = match level {
        ApplyOn::ItemCode => {
            index.watching(rules, level, &item.item_code).for_each(|(at, target)| add(at, target, true));
            if !item.variant_of.is_empty() {
                index.watching(rules, level, &item.variant_of).for_each(|(at, target)| add(at, target, false));
            }
            &item.item_code
        }
        ApplyOn::ItemGroup => {
            for group in row.good.groups.iter() {
                index.watching(rules, level, group).for_each(|(at, target)| add(at, target, true));
            }
            &item.item_group
        }
        ApplyOn::Brand => {
            index.watching(rules, level, &item.brand).for_each(|(at, target)| add(at, target, false));
            &item.brand
        }
        ApplyOn::Transaction => return,
    };
    if !own.is_empty() {
        for at in index.working_on(rules, level, own) {
            // Only a rule with child rows of this kind comes up at this level.
            let rows = if rules[at].apply_on == level { rules[at].targets.len() } else { 0 };
            (0..rows).for_each(|target| add(at, target, false));
        }
    }
    let key = |candidate: &Candidate<'_>| (index.rank(candidate.at), candidate.target);
    sort::few(&mut found[start..], |a, b| key(a) < key(b));
}
