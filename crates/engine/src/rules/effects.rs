//! What the selected rules do to a line or to the document.

use crate::{
    invoice::{Invoice, InvoiceItem},
    masters::{PricingRule, RuleEffect, Tables},
    totals::Precision,
};

/// Applies price rules to a line: discounts add up, a rate replaces the list price if it comes last.
pub(super) fn apply_to_line(line: &mut InvoiceItem, rules: &[&PricingRule], currency: &str, tables: &Tables) {
    let (mut percentage, mut amount) = (0.0, 0.0);
    let list_rate = line.price_list_rate;
    let mut new_list_rate = None;
    for rule in rules {
        new_list_rate = None;
        match rule.effect {
            RuleEffect::Rate(rate) => {
                percentage = 0.0;
                if rule.currency == currency && rate != 0.0 {
                    let names_uom = rule.targets.iter().any(|target| target.uom == line.uom);
                    new_list_rate = Some(rate * if names_uom { 1.0 } else { line.conversion_factor });
                }
            }
            RuleEffect::DiscountPercentage(value) if list_rate != 0.0 => {
                amount += list_rate * (value / 100.0);
                percentage = amount / list_rate * 100.0;
            }
            RuleEffect::DiscountPercentage(value) => percentage += value,
            RuleEffect::DiscountAmount(value) => amount += value,
            RuleEffect::Product(_) => {}
        }
    }
    line.discount_percentage = percentage;
    line.discount_amount = amount;
    if let Some(rate) = new_list_rate {
        line.price_list_rate = rate;
    }
    if line.price_list_rate != 0.0 {
        let precision = Precision::new(&tables.settings);
        line.rate = precision.money(line.price_list_rate * (1.0 - (line.discount_percentage / 100.0)));
        if line.discount_amount != 0.0 {
            line.rate = line.price_list_rate - line.discount_amount;
        }
    }
}

/// Applies a price rule to the document; `false` for a rule that gives a product instead.
pub(super) fn apply_to_document(invoice: &mut Invoice, rule: &PricingRule) -> bool {
    match rule.effect {
        RuleEffect::DiscountPercentage(value) => invoice.additional_discount_percentage = value,
        RuleEffect::DiscountAmount(value) => invoice.discount_amount = value,
        RuleEffect::Rate(_) => {}
        RuleEffect::Product(_) => return false,
    }
    true
}
