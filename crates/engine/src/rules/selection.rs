//! Which of the candidates apply: quantity and amount windows, priority, and the conflict that `ERPNext` refuses.

use super::candidates::Candidate;
use crate::{
    details,
    invoice::{Invoice, InvoiceItem},
    masters::{ApplyOn, Masters, PricingRule, RuleEffect, Tables},
    price::Refusal,
};

/// The rules to apply to a line, in order.
pub(super) fn select<'a>(
    candidates: &[Candidate<'a>],
    invoice: &Invoice,
    index: usize,
    masters: &'a impl Masters,
) -> Result<Vec<&'a PricingRule>, Refusal> {
    let all_multiple = candidates.iter().all(|candidate| candidate.rule.apply_multiple_pricing_rules);
    if !all_multiple {
        return Ok(filter(candidates, invoice, index, masters)?.into_iter().collect());
    }
    let mut selected = Vec::new();
    for candidate in candidates {
        selected.extend(filter(std::slice::from_ref(candidate), invoice, index, masters)?);
    }
    // A missing priority counts as 1; the sort is stable, so candidates keep their order inside a priority.
    selected.sort_by_key(|rule| rule.priority.max(1));
    Ok(selected)
}

/// Leaves at most one rule of several, or refuses.
fn filter<'a>(
    candidates: &[Candidate<'a>],
    invoice: &Invoice,
    index: usize,
    masters: &'a impl Masters,
) -> Result<Option<&'a PricingRule>, Refusal> {
    let Some(first) = candidates.first() else {
        return Ok(None);
    };
    let tables = masters.tables();
    let line = &invoice.items[index];
    let (qty, amount) = if first.rule.mixed_conditions {
        mixed_sums(first.rule, invoice, index, tables)
    } else {
        (line.stock_qty, line.price_list_rate * line.qty)
    };
    let mut left: Vec<&Candidate<'a>> =
        candidates.iter().filter(|candidate| window_holds(candidate, line, qty, amount, masters)).collect();

    keep_if_any(&mut left, |candidate| candidate.rule.currency == invoice.currency);
    if let Some(highest) = left.iter().map(|candidate| candidate.rule.priority).max() {
        left.retain(|candidate| candidate.rule.priority == highest);
    }
    if left.iter().all(|candidate| matches!(candidate.rule.effect, RuleEffect::DiscountPercentage(_))) {
        keep_if_any(&mut left, |candidate| candidate.rule.for_price_list == invoice.selling_price_list);
    }
    match left.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only.rule)),
        several => {
            let names: Vec<&str> = several.iter().map(|candidate| candidate.rule.name.as_str()).collect();
            Err(Refusal::RuleConflict { rules: names.join("\n") })
        }
    }
}

fn keep_if_any<'a, 'b>(left: &mut Vec<&'b Candidate<'a>>, holds: impl Fn(&Candidate<'a>) -> bool) {
    if left.iter().any(|candidate| holds(candidate)) {
        left.retain(|candidate| holds(candidate));
    }
}

fn window_holds(candidate: &Candidate<'_>, line: &InvoiceItem, qty: f64, amount: f64, masters: &impl Masters) -> bool {
    let uom = &candidate.target.uom;
    let factor = if uom.is_empty() {
        1.0
    } else {
        masters.item(&line.item_code).map_or(1.0, |item| details::conversion_factor(&item, uom, masters.tables()))
    };
    let amount_factor = if *uom == line.uom { 1.0 } else { factor };
    is_in_qty_window(candidate.rule, qty, factor) && is_in_amount_window(candidate.rule, amount, amount_factor)
}

/// Whether a quantity and an amount lie in a rule's window.
pub(super) fn is_in_window(rule: &PricingRule, qty: f64, amount: f64, factor: f64) -> bool {
    is_in_qty_window(rule, qty, factor) && is_in_amount_window(rule, amount, factor)
}

fn is_in_qty_window(rule: &PricingRule, qty: f64, factor: f64) -> bool {
    qty >= rule.min_qty * factor && (rule.max_qty == 0.0 || qty <= rule.max_qty * factor)
}

fn is_in_amount_window(rule: &PricingRule, amount: f64, factor: f64) -> bool {
    amount >= rule.min_amt * factor && (rule.max_amt == 0.0 || amount <= rule.max_amt * factor)
}

/// With `mixed_conditions` all lines that the rule names count together.
fn mixed_sums(rule: &PricingRule, invoice: &Invoice, index: usize, tables: &Tables) -> (f64, f64) {
    let current = &invoice.items[index];
    let (mut qty, mut amount) = (0.0, 0.0);
    for line in &invoice.items {
        let is_meant = rule.targets.iter().any(|target| match rule.apply_on {
            ApplyOn::ItemCode => target.value == line.item_code,
            ApplyOn::ItemGroup => {
                Tables::lineage(&tables.item_groups, &line.item_group).contains(&target.value.as_str())
            }
            ApplyOn::Brand => target.value == line.brand,
            ApplyOn::Transaction => false,
        });
        if is_meant {
            let priced = if line.item_code == current.item_code { current } else { line };
            qty += line.stock_qty;
            amount += priced.qty * priced.price_list_rate;
        }
    }
    (qty, amount)
}
