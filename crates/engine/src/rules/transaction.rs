//! Rules on the whole document, after its totals are known.

use super::{free_rows, selection::is_in_window};
use crate::{
    document::Document,
    masters::{ApplyOn, Masters, PricingRule, RuleEffect},
    price::{Suggestion, SuggestionKind},
    refusal::Refusal,
};

/// Applies all rules that fit, in the order of their names, later ones over earlier ones, and computes again after each.
///
/// The server asks neither for the day nor for the price list here. Where there are rules and none fits it takes all free
/// rows out, also those of other rules, and does not compute again. A counter's sale is computed again: it is booked row by row
/// as it was sold, and then its sums are those of its rows.
pub(crate) fn apply<M: Masters>(document: &mut Document<'_, M>) -> Result<(), Refusal> {
    if document.invoice.ignore_pricing_rule {
        return Ok(());
    }
    let candidates = candidates(document);
    if candidates.is_empty() {
        return Ok(());
    }
    let mut fitting = Vec::new();
    for (at, rule) in candidates {
        let fits = is_in_window(rule, document.invoice.total_qty, document.invoice.total);
        if fits && holds(document, at)? {
            fitting.push(rule);
        }
    }
    if fitting.is_empty() {
        let has_removed = remove_free_rows(document);
        return if has_removed && !document.is_sent { document.calculate() } else { Ok(()) };
    }
    for rule in fitting {
        if matches!(rule.effect, RuleEffect::Product(_)) {
            give(document, rule)?;
        } else if discount(document, rule)? {
            break;
        }
    }
    Ok(())
}

fn candidates<'m, M: Masters>(document: &Document<'m, M>) -> Vec<(usize, &'m PricingRule)> {
    let Some(shelf) = &document.shelf else {
        return Vec::new();
    };
    let all = shelf.index().transactions().iter().map(|at| (*at as usize, &shelf.rules[*at as usize]));
    let fitting = all.filter(|(_, rule)| shelf.fits_parties(rule, &document.invoice));
    fitting.filter(|(_, rule)| rule.apply_on == ApplyOn::Transaction).collect()
}

fn holds<M: Masters>(document: &Document<'_, M>, at: usize) -> Result<bool, Refusal> {
    document.shelf.as_ref().map_or(Ok(true), |shelf| shelf.holds(at, document))
}

/// Takes free rows out as the server does: it takes them from the list it walks along, so of two in a row one stays. Says
/// whether there were any.
fn remove_free_rows<M: Masters>(document: &mut Document<'_, M>) -> bool {
    let (mut at, before) = (0, document.rows.len());
    while at < document.rows.len() {
        if document.invoice.items[at].is_free_item {
            document.remove(at);
        }
        at += 1;
    }
    document.rows.len() < before
}

/// Sets the document's discount; says whether no further rule is asked.
fn discount<'m, M: Masters>(document: &mut Document<'m, M>, rule: &'m PricingRule) -> Result<bool, Refusal> {
    if !rule.apply_discount_on.is_empty() {
        document.invoice.apply_discount_on.clone_from(&rule.apply_discount_on);
    }
    let coupon = document.invoice.coupon_code.clone();
    let has_coupon = !coupon.is_empty()
        && document.loader.masters().coupon(&coupon).is_some_and(|coupon| coupon.pricing_rule == rule.name);
    let (invoice, known) = (&mut document.invoice, &mut document.known_discounts);
    let (field, is_known, value) = match rule.effect {
        RuleEffect::DiscountPercentage(value) => {
            (&mut invoice.additional_discount_percentage, &mut known.percentage, value)
        }
        RuleEffect::DiscountAmount(value) => (&mut invoice.discount_amount, &mut known.amount, value),
        RuleEffect::Rate(_) | RuleEffect::Product(_) => return document.calculate().map(|()| false),
    };
    let is_set = value != 0.0;
    if is_set && rule.validate_applied_rule && *is_known && *field < value {
        let kind = SuggestionKind::NotApplied;
        document.suggestions.push(Suggestion { item_code: String::new(), title: rule.title.clone(), kind });
    } else if is_set {
        // A rule for another coupon, or for none, takes the discount away.
        let is_applied = !rule.coupon_code_based || has_coupon;
        *field = if is_applied { value } else { 0.0 };
        *is_known = true;
        if is_applied {
            document.applied_to_all.push(rule);
        }
    }
    document.calculate()?;
    Ok(is_set && rule.coupon_code_based && has_coupon)
}

/// Adds what the rule gives, and lets the server fill the document in again from the profile, rules of rows included.
fn give<'m, M: Masters>(document: &mut Document<'m, M>, rule: &'m PricingRule) -> Result<(), Refusal> {
    let free = free_rows::of_document(document, rule)?;
    document.applied_to_all.push(rule);
    document.put_free_rows(free.as_slice())?;
    document.reset_from_profile()?;
    document.fill_rows(false)?;
    document.calculate()
}
