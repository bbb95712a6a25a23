//! Pricing Rules as `ERPNext`'s server applies them on a first save: to each line in order, then to the document.
//!
//! Every pricing starts from the cart, so an effect is gone as soon as the cart no longer qualifies.

mod candidates;
mod effects;
mod free_items;
mod selection;

use crate::{
    invoice::AppliedRule,
    masters::{ApplyOn, Masters, PricingRule, RuleEffect},
    price::{Priced, Refusal},
    totals,
};

/// Finds and applies the rules of each line; appends free items.
pub(crate) fn apply_to_lines(priced: &mut Priced, masters: &impl Masters) -> Result<(), Refusal> {
    let tables = masters.tables();
    if tables.pricing_rules.is_empty() {
        return Ok(());
    }
    let mut index = 0;
    // Free items are appended while walking; they are rows, but no rule is looked for on them.
    while index < priced.invoice.items.len() {
        if !priced.invoice.items[index].is_free_item {
            let found = candidates::of_line(&priced.invoice, index, masters);
            let selected = selection::select(&found, &priced.invoice, index, masters)?;
            apply(priced, index, &selected, masters);
        }
        index += 1;
    }
    Ok(())
}

fn apply(priced: &mut Priced, index: usize, selected: &[&PricingRule], masters: &impl Masters) {
    if selected.is_empty() {
        return;
    }
    let (prices, products): (Vec<&PricingRule>, Vec<&PricingRule>) =
        selected.iter().copied().partition(|rule| !matches!(rule.effect, RuleEffect::Product(_)));
    let currency = priced.invoice.currency.clone();
    let places = masters.tables();
    let line = &mut priced.invoice.items[index];
    line.pricing_rules = Some(selected.iter().map(|rule| rule.name.clone()).collect());
    if !prices.is_empty() {
        effects::apply_to_line(line, &prices, &currency, places);
    }
    let item_code = line.item_code.clone();
    for rule in selected {
        note(priced, rule, &item_code);
    }
    for rule in products {
        free_items::add_for_line(priced, index, rule, masters);
    }
}

fn note(priced: &mut Priced, rule: &PricingRule, item_code: &str) {
    priced.invoice.applied_rules.push(AppliedRule {
        pricing_rule: rule.name.clone(),
        title: rule.title.clone(),
        item_code: item_code.to_owned(),
    });
}

/// Applies the rules on the whole document: all that fit, later ones overwriting, then the totals again.
pub(crate) fn apply_to_transaction(priced: &mut Priced, masters: &impl Masters) {
    if priced.invoice.ignore_pricing_rule || priced.invoice.is_return {
        return;
    }
    let tables = masters.tables();
    let rules: Vec<&PricingRule> = tables
        .pricing_rules
        .iter()
        .filter(|rule| rule.apply_on == ApplyOn::Transaction)
        .filter(|rule| candidates::fits_parties(rule, &priced.invoice, masters))
        .collect();
    for rule in rules {
        let fits = selection::is_in_window(rule, priced.invoice.total_qty, priced.invoice.total, 1.0);
        if fits && effects::apply_to_document(&mut priced.invoice, rule) {
            note(priced, rule, "");
            totals::calculate(&mut priced.invoice, masters);
        } else if fits {
            free_items::add_for_document(priced, rule, masters);
            note(priced, rule, "");
            totals::calculate(&mut priced.invoice, masters);
        }
    }
}
