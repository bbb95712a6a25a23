//! Which of the candidates apply: quantity and amount windows, priority, and the conflict that `ERPNext` refuses.

use super::{RowArgs, candidates::Candidate, suggestions};
use crate::{
    document::Document,
    goods::Good,
    masters::{ApplyOn, Masters, OtherTarget, PricingRule, RateOrDiscount, RuleTarget, SoldQuery, Tables},
    price::Suggestion,
    refusal::Refusal,
    sort,
};

/// A rule that applies to a row.
#[derive(Clone, Copy)]
pub(super) struct Selected<'m> {
    pub(super) rule: &'m PricingRule,
    /// The UOM that the child row names, by which the rule was found.
    pub(super) uom: &'m str,
    /// What the rule's discount is for, where that is not simply the row.
    pub(super) only_for: Option<OnlyFor<'m>>,
}

/// What a rule's discount is for. `ERPNext` looks item codes up in it, also where it holds groups or brands.
#[derive(Clone, Copy)]
pub(super) enum OnlyFor<'m> {
    /// What the rule watches.
    Watched(&'m PricingRule),
    /// What it works on while it watches something else.
    Other(&'m OtherTarget),
}

impl OnlyFor<'_> {
    pub(super) fn contains(&self, item_code: &str, tables: &Tables) -> bool {
        match self {
            Self::Other(other) => other.value == item_code,
            Self::Watched(rule) => rule.targets.iter().any(|target| watches(rule.apply_on, target, item_code, tables)),
        }
    }
}

/// Whether a target is a value or, among groups, above it.
fn watches(apply_on: ApplyOn, target: &RuleTarget, value: &str, tables: &Tables) -> bool {
    target.value == value
        || (apply_on == ApplyOn::ItemGroup && Tables::lineage(&tables.item_groups, value).contains(&&*target.value))
}

/// The rules to apply to a row, in order.
pub(super) fn select<'m, M: Masters>(
    candidates: &[Candidate<'m>],
    document: &Document<'m, M>,
    args: &RowArgs,
    suggestions: &mut Vec<Suggestion>,
) -> Result<Vec<Selected<'m>>, Refusal> {
    let are_all_multiple = candidates.iter().all(|candidate| candidate.rule.apply_multiple_pricing_rules);
    if !are_all_multiple {
        let known = suggestions.len();
        let selected = filter(candidates, document, args, suggestions)?;
        // The server trips over its own suggestion here. A counter tells it and goes on.
        if document.is_sent && suggestions.len() > known {
            return Err(Refusal::Crash {
                exception: "AttributeError",
                message: "'dict' object has no attribute 'coupon_code_based'",
                cause: "a pricing rule with a threshold is close to applying",
            });
        }
        return Ok(selected.into_iter().collect());
    }
    let mut selected: Vec<Selected<'m>> = Vec::new();
    for candidate in candidates {
        selected.extend(filter(std::slice::from_ref(candidate), document, args, suggestions)?);
    }
    // A missing priority counts as 1; the sort is stable, so candidates keep their order inside a priority.
    sort::few(&mut selected, |a, b| a.rule.priority.max(1) < b.rule.priority.max(1));
    Ok(selected)
}

/// Leaves at most one rule of several, or refuses.
fn filter<'m, M: Masters>(
    candidates: &[Candidate<'m>],
    document: &Document<'m, M>,
    args: &RowArgs,
    suggestions: &mut Vec<Suggestion>,
) -> Result<Option<Selected<'m>>, Refusal> {
    let Some(first) = candidates.first().map(|candidate| candidate.rule) else {
        return Ok(None);
    };
    let line = &document.invoice.items[args.at];
    let (qty, amount) = quantities(first, document, args);
    let mut left: Vec<Selected<'m>> = match &first.other {
        Some(other) if !first.mixed_conditions => by_trigger(first, other, candidates, document),
        _ => {
            let only_for = first.mixed_conditions.then_some(OnlyFor::Watched(first));
            let fitting = in_window(candidates, document, qty, amount, &line.uom);
            fitting.map(|candidate| Selected { rule: candidate.rule, uom: candidate.uom(), only_for }).collect()
        }
    };
    if left.is_empty() {
        let near = candidates.iter().find_map(|found| suggestions::near(found.rule, &line.item_code, qty, amount));
        suggestions.extend(near);
        return Ok(None);
    }
    if left.len() > 1 {
        keep_if_any(&mut left, |rule| rule.currency == document.invoice.currency);
    }
    let highest = left.iter().map(|selected| selected.rule.priority).max().unwrap_or(0);
    left.retain(|selected| selected.rule.priority == highest);
    let is_percentage = |rule: &PricingRule| rule.effect.rate_or_discount() == RateOrDiscount::DiscountPercentage;
    if left.len() > 1 && left.iter().all(|selected| is_percentage(selected.rule)) {
        keep_if_any(&mut left, |rule| rule.for_price_list == document.invoice.selling_price_list);
    }
    match left.as_slice() {
        [only] => Ok(Some(*only)),
        several => {
            let names: Vec<&str> = several.iter().map(|selected| selected.rule.name.as_str()).collect();
            Err(Refusal::RuleConflict { rules: names.join("\n") })
        }
    }
}

fn keep_if_any(left: &mut Vec<Selected<'_>>, holds: impl Fn(&PricingRule) -> bool) {
    if left.iter().any(|selected| holds(selected.rule)) {
        left.retain(|selected| holds(selected.rule));
    }
}

/// The quantity and the amount that windows are compared with.
fn quantities<M: Masters>(first: &PricingRule, document: &Document<'_, M>, args: &RowArgs) -> (f64, f64) {
    let (mut qty, mut amount) = (args.stock_qty, args.price_list_rate * args.qty);
    if first.mixed_conditions {
        (qty, amount) = mixed_sums(first, document, args);
        if first.is_cumulative {
            let values: Vec<String> = first.targets.iter().map(|target| target.value.clone()).collect();
            let sold = document.loader.masters().sold(&query(first, &values));
            if sold.stock_qty != 0.0 {
                qty += sold.stock_qty;
                amount += sold.amount;
            }
        }
    } else if first.is_cumulative {
        let value = document.rows[args.at].good.own(first.apply_on);
        let sold = document.loader.masters().sold(&query(first, std::slice::from_ref(value)));
        qty += sold.stock_qty;
        amount += sold.amount;
    }
    (qty, amount)
}

fn query<'a>(rule: &'a PricingRule, values: &'a [String]) -> SoldQuery<'a> {
    SoldQuery {
        apply_on: rule.apply_on,
        values,
        warehouse: &rule.warehouse,
        from: rule.valid_from,
        upto: rule.valid_upto,
    }
}

/// Whether a rule watches an item, by whatever it watches.
fn names(rule: &PricingRule, good: &Good<'_>) -> bool {
    rule.targets.iter().any(|target| match rule.apply_on {
        ApplyOn::ItemCode => target.value == good.item.item_code,
        ApplyOn::ItemGroup => good.is_in_group(&target.value),
        ApplyOn::Brand => !target.value.is_empty() && target.value == good.item.brand,
        ApplyOn::Transaction => false,
    })
}

/// With `mixed_conditions` all rows that the rule names count together. What the server has not filled in yet of a row, it
/// takes from the row at hand.
fn mixed_sums<M: Masters>(rule: &PricingRule, document: &Document<'_, M>, args: &RowArgs) -> (f64, f64) {
    let current = &document.rows[args.at].good;
    let (mut qty, mut amount) = (0.0, 0.0);
    for (row, line) in document.rows.iter().zip(&document.invoice.items) {
        let is_known = !row.nulls.details;
        let has_own = match rule.apply_on {
            ApplyOn::ItemCode => true,
            ApplyOn::ItemGroup => is_known && !row.good.item.item_group.is_empty(),
            ApplyOn::Brand | ApplyOn::Transaction => is_known && !row.good.item.brand.is_empty(),
        };
        if !names(rule, if has_own { &row.good } else { current }) {
            continue;
        }
        let stock_qty = if is_known { line.stock_qty } else { 0.0 };
        qty += [stock_qty, args.stock_qty, args.qty].into_iter().find(|qty| *qty != 0.0).unwrap_or(0.0);
        amount += if row.good.item.item_code == current.item.item_code {
            args.qty * args.price_list_rate
        } else {
            let rate = if line.price_list_rate == 0.0 { args.rate } else { line.price_list_rate };
            line.qty * rate
        };
    }
    (qty, amount)
}

/// A rule on another item asks the first row that it watches, and only that.
fn by_trigger<'m, M: Masters>(
    first: &'m PricingRule,
    other: &'m OtherTarget,
    candidates: &[Candidate<'m>],
    document: &Document<'m, M>,
) -> Vec<Selected<'m>> {
    let trigger = document.rows.iter().zip(&document.invoice.items).find(|(row, line)| {
        let is_known = first.apply_on == ApplyOn::ItemCode || !row.nulls.details;
        is_known && line.qty != 0.0 && names(first, &row.good)
    });
    let Some((_, line)) = trigger else {
        return Vec::new();
    };
    let factor = if line.conversion_factor == 0.0 { 1.0 } else { line.conversion_factor };
    let stock_qty = line.qty * factor;
    let rate = if line.price_list_rate == 0.0 { line.rate } else { line.price_list_rate };
    let fitting = in_window(candidates, document, stock_qty, stock_qty * rate, &line.uom);
    let mut selected: Vec<Selected<'m>> =
        fitting.map(|found| Selected { rule: found.rule, uom: found.uom(), only_for: None }).collect();
    if let Some(foremost) = selected.first_mut() {
        foremost.only_for = Some(OnlyFor::Other(other));
    }
    selected
}

fn in_window<'a, 'm, M: Masters>(
    candidates: &'a [Candidate<'m>],
    document: &'a Document<'m, M>,
    qty: f64,
    amount: f64,
    uom: &'a str,
) -> impl Iterator<Item = &'a Candidate<'m>> {
    candidates.iter().filter(move |candidate| {
        let own = candidate.uom();
        // Windows are in stock units, unless the child row names a unit: then in that, of the item that the row names.
        let factor = match candidate.item_code().filter(|_| !own.is_empty()) {
            Some(code) => document.loader.load(code).map_or(1.0, |good| good.conversion_factor(own, document.tables)),
            None => 1.0,
        };
        let amount_factor = if own == uom { 1.0 } else { factor };
        is_in_qty_window(candidate.rule, qty, factor) && is_in_amount_window(candidate.rule, amount, amount_factor)
    })
}

/// Whether the document's quantity and amount lie in a rule's window.
pub(super) fn is_in_window(rule: &PricingRule, qty: f64, amount: f64) -> bool {
    is_in_qty_window(rule, qty, 1.0) && is_in_amount_window(rule, amount, 1.0)
}

fn is_in_qty_window(rule: &PricingRule, qty: f64, factor: f64) -> bool {
    qty >= rule.min_qty * factor && (rule.max_qty == 0.0 || qty <= rule.max_qty * factor)
}

fn is_in_amount_window(rule: &PricingRule, amount: f64, factor: f64) -> bool {
    amount >= rule.min_amt * factor && (rule.max_amt == 0.0 || amount <= rule.max_amt * factor)
}
