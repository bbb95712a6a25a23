//! Promotional Scheme: a generator of pricing rules. `ERPNext` makes the rules when a scheme is saved; at a sale only they
//! matter.

use crate::{
    Date,
    masters::{ApplyOn, FreeItem, OtherTarget, PricingRule, RuleEffect, RuleTarget},
};
use serde::{Deserialize, Serialize};

/// Promotional Scheme, for selling.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PromotionalScheme {
    /// Its name and key, and the title of its rules.
    pub name: String,
    /// `disable`.
    pub disable: bool,
    /// `apply_on`.
    pub apply_on: ApplyOn,
    /// `items`, `item_groups` or `brands`.
    pub targets: Vec<RuleTarget>,
    /// `apply_rule_on_other`.
    pub other: Option<OtherTarget>,
    /// `mixed_conditions`.
    pub mixed_conditions: bool,
    /// `is_cumulative`.
    pub is_cumulative: bool,
    /// `applicable_for` with its values: a rule is made for each.
    pub applicable_for: ApplicableFor,
    /// `valid_from`.
    pub valid_from: Option<Date>,
    /// `valid_upto`.
    pub valid_upto: Option<Date>,
    /// `currency`.
    pub currency: String,
    /// `price_discount_slabs`, then `product_discount_slabs`.
    pub slabs: Vec<Slab>,
}

/// Promotional Scheme `applicable_for`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApplicableFor {
    /// Everybody.
    #[default]
    All,
    /// These customers.
    Customer(Vec<String>),
    /// These customer groups.
    CustomerGroup(Vec<String>),
    /// These territories.
    Territory(Vec<String>),
    /// These sales partners.
    SalesPartner(Vec<String>),
    /// These campaigns.
    Campaign(Vec<String>),
}

/// Promotional Scheme Price Discount or Product Discount.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "these are the doctype's check fields")]
pub struct Slab {
    /// The row's `name`, which is the rules' `promotional_scheme_id`.
    pub name: String,
    /// `disable`.
    pub disable: bool,
    /// `min_qty`.
    #[serde(with = "crate::decimal")]
    pub min_qty: f64,
    /// `max_qty`; zero for none.
    #[serde(with = "crate::decimal")]
    pub max_qty: f64,
    /// `min_amount`.
    #[serde(with = "crate::decimal")]
    pub min_amount: f64,
    /// `max_amount`; zero for none.
    #[serde(with = "crate::decimal")]
    pub max_amount: f64,
    /// `priority`, 0 if none.
    pub priority: u8,
    /// `warehouse`.
    pub warehouse: String,
    /// `threshold_percentage`.
    #[serde(with = "crate::decimal")]
    pub threshold_percentage: f64,
    /// `apply_multiple_pricing_rules`.
    pub apply_multiple_pricing_rules: bool,
    /// `apply_discount_on`, of a scheme on the document.
    pub apply_discount_on: String,
    /// `apply_discount_on_rate`.
    pub apply_discount_on_rate: bool,
    /// `validate_applied_rule`.
    pub validate_applied_rule: bool,
    /// `for_price_list`.
    pub for_price_list: String,
    /// What the slab gives.
    pub effect: RuleEffect,
}

impl PromotionalScheme {
    /// The rules of the scheme: one for each slab and each value of `applicable_for`, disabled ones left out. `name_of` gives
    /// the name of the rule with that number, counted from zero over all of them.
    pub fn pricing_rules(&self, name_of: impl Fn(usize) -> String) -> Vec<PricingRule> {
        let (mut rules, mut number) = (Vec::new(), 0);
        for slab in &self.slabs {
            for rule in self.for_values(&self.rule(slab)) {
                if !self.disable && !slab.disable {
                    rules.push(PricingRule { name: name_of(number), ..rule });
                }
                number += 1;
            }
        }
        rules
    }

    fn rule(&self, slab: &Slab) -> PricingRule {
        PricingRule {
            title: self.name.clone(),
            apply_on: self.apply_on,
            targets: if self.apply_on == ApplyOn::Transaction { Vec::new() } else { self.targets.clone() },
            other: self.other.clone(),
            mixed_conditions: self.mixed_conditions,
            is_cumulative: self.is_cumulative,
            valid_from: self.valid_from,
            valid_upto: self.valid_upto,
            currency: self.currency.clone(),
            min_qty: slab.min_qty,
            max_qty: slab.max_qty,
            min_amt: slab.min_amount,
            max_amt: slab.max_amount,
            has_priority: slab.priority != 0,
            priority: slab.priority,
            warehouse: slab.warehouse.clone(),
            threshold_percentage: slab.threshold_percentage,
            apply_multiple_pricing_rules: slab.apply_multiple_pricing_rules,
            apply_discount_on: slab.apply_discount_on.clone(),
            apply_discount_on_rate: slab.apply_discount_on_rate,
            validate_applied_rule: slab.validate_applied_rule,
            for_price_list: slab.for_price_list.clone(),
            effect: self.saved(&slab.effect),
            promotional_scheme: self.name.clone(),
            ..PricingRule::default()
        }
    }

    /// What saving a rule makes of its free item.
    fn saved(&self, effect: &RuleEffect) -> RuleEffect {
        let RuleEffect::Product(free) = effect else {
            return effect.clone();
        };
        let same_item = !self.mixed_conditions && (free.same_item || free.free_item.is_empty());
        RuleEffect::Product(FreeItem { same_item, ..free.clone() })
    }

    fn for_values(&self, rule: &PricingRule) -> Vec<PricingRule> {
        let each = |values: &[String], set: fn(&mut PricingRule) -> &mut String| {
            let made = values.iter().map(|value| {
                let mut rule = rule.clone();
                value.clone_into(set(&mut rule));
                rule
            });
            made.collect()
        };
        match &self.applicable_for {
            ApplicableFor::All => vec![rule.clone()],
            ApplicableFor::Customer(values) => each(values, |rule| &mut rule.customer),
            ApplicableFor::CustomerGroup(values) => each(values, |rule| &mut rule.customer_group),
            ApplicableFor::Territory(values) => each(values, |rule| &mut rule.territory),
            ApplicableFor::SalesPartner(values) => each(values, |rule| &mut rule.sales_partner),
            ApplicableFor::Campaign(values) => each(values, |rule| &mut rule.campaign),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_made_for_each_slab_and_each_group() {
        let slab = |name: &str, min_qty, percentage| Slab {
            name: name.into(),
            min_qty,
            effect: RuleEffect::DiscountPercentage(percentage),
            ..Slab::default()
        };
        let scheme = PromotionalScheme {
            name: "Tea Time".into(),
            slabs: vec![slab("a", 2.0, 5.0), Slab { disable: true, ..slab("b", 3.0, 8.0) }, slab("c", 5.0, 12.0)],
            applicable_for: ApplicableFor::CustomerGroup(vec!["VIP".into(), "Staff".into()]),
            ..PromotionalScheme::default()
        };

        let rules = scheme.pricing_rules(|number| format!("PRLE-{number:04}"));

        let made: Vec<_> = rules.iter().map(|rule| (rule.name.as_str(), &*rule.customer_group, rule.min_qty)).collect();
        assert_eq!(
            made,
            [
                ("PRLE-0000", "VIP", 2.0),
                ("PRLE-0001", "Staff", 2.0),
                ("PRLE-0004", "VIP", 5.0),
                ("PRLE-0005", "Staff", 5.0)
            ]
        );
        assert!(rules.iter().all(|rule| rule.title == "Tea Time" && rule.promotional_scheme == "Tea Time"));
    }

    #[test]
    fn a_product_slab_without_an_item_gives_the_same_item() {
        let free = FreeItem { free_qty: 1.0, ..FreeItem::default() };
        let slab = Slab { effect: RuleEffect::Product(free), ..Slab::default() };
        let scheme = PromotionalScheme { slabs: vec![slab], ..PromotionalScheme::default() };

        let rules = scheme.pricing_rules(|_| "R".into());

        assert!(matches!(&rules[0].effect, RuleEffect::Product(free) if free.same_item));
    }
}
