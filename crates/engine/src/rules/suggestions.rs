//! "Buy one more and save": rules that a cart almost qualifies for (`threshold_percentage`).

use crate::{
    masters::PricingRule,
    price::{Suggestion, SuggestionKind},
};

/// What to tell about a rule that a row misses by little.
pub(super) fn near(rule: &PricingRule, item_code: &str, qty: f64, amount: f64) -> Option<Suggestion> {
    if rule.threshold_percentage == 0.0 {
        return None;
    }
    let reach = |limit: f64| (limit * rule.threshold_percentage * 0.01).trunc();
    let is_just_below = |limit: f64, value: f64| limit != 0.0 && value < limit && limit - reach(limit) <= value;
    let is_just_above = |limit: f64, value: f64| limit != 0.0 && value > limit && limit + reach(limit) >= value;
    // Of several the last one counts.
    let kinds = [
        (is_just_above(rule.max_amt, amount), SuggestionKind::Amount(rule.max_amt)),
        (is_just_above(rule.max_qty, qty), SuggestionKind::Quantity(rule.max_qty)),
        (is_just_below(rule.min_amt, amount), SuggestionKind::Amount(rule.min_amt)),
        (is_just_below(rule.min_qty, qty), SuggestionKind::Quantity(rule.min_qty)),
    ];
    let (_, kind) = kinds.into_iter().find(|(is_near, _)| *is_near)?;
    Some(Suggestion { item_code: item_code.to_owned(), title: rule.title.clone(), kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cart_that_misses_a_rule_by_little_is_told() {
        let rule =
            PricingRule { title: "Ten".into(), min_qty: 10.0, threshold_percentage: 20.0, ..PricingRule::default() };

        assert_eq!(near(&rule, "A", 9.0, 0.0).map(|found| found.kind), Some(SuggestionKind::Quantity(10.0)));
        assert_eq!(near(&rule, "A", 8.0, 0.0).map(|found| found.kind), Some(SuggestionKind::Quantity(10.0)));
        assert_eq!(near(&rule, "A", 7.0, 0.0), None);
        assert_eq!(near(&rule, "A", 11.0, 0.0), None);
    }
}
