//! What the selected rules come to for a row.

use super::{
    FreeRow, RowArgs, free_rows,
    selection::{OnlyFor, Selected},
};
use crate::{
    document::Document,
    masters::{Masters, PricingRule, RateOrDiscount, RuleEffect, Tables},
    price::Suggestion,
    refusal::Refusal,
};

/// What the rules of a row come to; `None` where no rule said anything about a field.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "what the last rule of several was")]
pub(crate) struct Outcome<'m> {
    /// The names for `pricing_rules`; an empty list where rules were found and none could be used.
    pub(crate) names: Option<Vec<String>>,
    /// The row carried rules and has lost them: what they had set is reset.
    pub(crate) is_removed: bool,
    pub(crate) price_list_rate: Option<f64>,
    pub(crate) rate: Option<f64>,
    pub(crate) discount_percentage: Option<f64>,
    pub(crate) discount_amount: Option<f64>,
    pub(crate) margin_rate_or_amount: Option<f64>,
    /// The last rule only looks whether the cashier gave the discount.
    pub(crate) only_validates: bool,
    /// The last rule is about a price, not a free item.
    pub(crate) is_price: bool,
    /// The last price rule sets a rate.
    pub(crate) is_rate_last: bool,
    only_for: Option<(OnlyFor<'m>, &'m Tables)>,
    pub(crate) free_rows: Vec<FreeRow>,
    pub(crate) suggestions: Vec<Suggestion>,
}

impl Outcome<'_> {
    /// Whether the discount is for this item.
    pub(crate) fn covers(&self, item_code: &str) -> bool {
        self.only_for.is_none_or(|(only_for, tables)| only_for.contains(item_code, tables))
    }
}

/// The rules that a row carries, without asking whether they still fit.
pub(super) fn carried<'m, M: Masters>(
    document: &Document<'m, M>,
    args: &RowArgs,
) -> Result<Vec<Selected<'m>>, Refusal> {
    let item = &document.invoice.items[args.at];
    let names = item.pricing_rules.as_deref().unwrap_or_default();
    let good = &document.rows[args.at].good;
    let find = |name: &String| {
        let found = document.shelf.as_ref().and_then(|shelf| shelf.by_name(name));
        let rule = found.ok_or_else(|| Refusal::UnknownRule { rule: name.clone() })?;
        let value = good.own(rule.apply_on);
        let row = rule.targets.iter().rev().find(|target| target.value == *value);
        let only_for = rule.other.as_ref().map_or(OnlyFor::Watched(rule), OnlyFor::Other);
        Ok(Selected { rule, uom: row.map_or("", |row| &row.uom), only_for: Some(only_for) })
    };
    names.iter().map(find).collect()
}

/// What the selected rules do together, one after the other.
pub(super) fn of_rules<'m, M: Masters>(
    document: &Document<'m, M>,
    args: &RowArgs,
    selected: &[Selected<'m>],
) -> Result<Outcome<'m>, Refusal> {
    let mut outcome = Outcome::default();
    if selected.is_empty() {
        return Ok(outcome);
    }
    let mut names = Vec::with_capacity(selected.len());
    let mut has_margin = false;
    for chosen in selected {
        let rule = chosen.rule;
        if rule.coupon_code_based && !has_coupon(document, rule) {
            continue;
        }
        let is_product = matches!(rule.effect, RuleEffect::Product(_));
        outcome.only_validates = rule.validate_applied_rule;
        outcome.is_price = !is_product;
        names.push(rule.name.clone());
        if rule.mixed_conditions || rule.other.is_some() {
            let only_for = chosen.only_for.map(|only_for| (only_for, document.tables));
            outcome.only_for = only_for.or(outcome.only_for);
        }
        if rule.validate_applied_rule {
            continue;
        }
        if is_product {
            outcome.free_rows.extend(free_rows::of_row(document, args, rule)?);
        } else {
            has_margin |= add_margin(&mut outcome, rule, &document.invoice.currency);
            add_price(&mut outcome, chosen, document, args)?;
        }
    }
    if !has_margin {
        outcome.margin_rate_or_amount = Some(0.0);
    }
    outcome.names = Some(names);
    Ok(outcome)
}

/// Whether the document has the coupon of a rule: `ERPNext` knows one for each rule, the last modified.
fn has_coupon<M: Masters>(document: &Document<'_, M>, rule: &PricingRule) -> bool {
    let coupon = &document.invoice.coupon_code;
    !coupon.is_empty() && document.loader.masters().coupon_of_rule(&rule.name).is_some_and(|name| name == *coupon)
}

fn add_margin(outcome: &mut Outcome<'_>, rule: &PricingRule, currency: &str) -> bool {
    let Some(margin) = rule.margin_in(currency) else {
        return false;
    };
    let before = outcome.margin_rate_or_amount.filter(|_| rule.apply_multiple_pricing_rules);
    outcome.margin_rate_or_amount = Some(before.map_or(margin.value, |before| before + margin.value));
    true
}

/// Discounts add up; a rate replaces the list price, and counts if it comes last.
fn add_price<M: Masters>(
    outcome: &mut Outcome<'_>,
    chosen: &Selected<'_>,
    document: &Document<'_, M>,
    args: &RowArgs,
) -> Result<(), Refusal> {
    let (rule, list_rate) = (chosen.rule, args.price_list_rate);
    let kind = rule.effect.rate_or_discount();
    outcome.is_rate_last = kind == RateOrDiscount::Rate;
    match rule.effect {
        RuleEffect::Rate(rate) => {
            if rule.currency == document.invoice.currency && rate != 0.0 {
                let is_for_unit = chosen.uom == document.invoice.items[args.at].uom;
                outcome.price_list_rate = Some(rate * if is_for_unit { 1.0 } else { args.conversion_factor });
            }
            outcome.discount_percentage = Some(0.0);
        }
        RuleEffect::DiscountPercentage(value) | RuleEffect::DiscountAmount(value)
            if rule.apply_discount_on_rate && outcome.discount_percentage.is_some_and(|given| given != 0.0) =>
        {
            let field = match kind {
                RateOrDiscount::DiscountAmount => &mut outcome.discount_amount,
                _ => &mut outcome.discount_percentage,
            };
            let given = field.ok_or(Refusal::Crash {
                exception: "KeyError",
                message: "'discount_amount'",
                cause: "an amount is taken off a rate that a percentage without a list price made",
            })?;
            *field = Some(given + (100.0 - given) * (value / 100.0));
        }
        RuleEffect::DiscountPercentage(value) if list_rate != 0.0 => {
            let amount = outcome.discount_amount.unwrap_or(0.0) + list_rate * (value / 100.0);
            outcome.discount_amount = Some(amount);
            if amount != 0.0 {
                outcome.discount_percentage = Some((amount / list_rate) * 100.0);
            }
        }
        RuleEffect::DiscountPercentage(value) => {
            outcome.discount_percentage = Some(outcome.discount_percentage.unwrap_or(0.0) + value);
        }
        RuleEffect::DiscountAmount(value) => {
            outcome.discount_amount = Some(outcome.discount_amount.unwrap_or(0.0) + value);
        }
        RuleEffect::Product(_) => {}
    }
    Ok(())
}

/// What is reset when a row has lost its rules.
pub(super) fn removed<'m, M: Masters>(document: &Document<'m, M>, args: &RowArgs) -> Outcome<'m> {
    let mut outcome = Outcome { is_removed: true, ..Outcome::default() };
    let names = document.invoice.items[args.at].pricing_rules.as_deref().unwrap_or_default();
    let rules = names.iter().filter_map(|name| document.shelf.as_ref()?.by_name(name));
    for rule in rules.filter(|rule| !matches!(rule.effect, RuleEffect::Product(_))) {
        match rule.effect.rate_or_discount() {
            RateOrDiscount::DiscountPercentage => {
                outcome.discount_percentage = Some(0.0);
                outcome.discount_amount = Some(0.0);
                outcome.rate = Some(args.price_list_rate);
            }
            RateOrDiscount::DiscountAmount => outcome.discount_amount = Some(0.0),
            RateOrDiscount::Rate => {}
        }
        if rule.margin.is_some() {
            outcome.margin_rate_or_amount = Some(0.0);
        }
    }
    outcome
}
