//! Pricing rules at a counter: what each kind does to a cart whose rows come with their prices.

use crate::shop::{cart, customers, items, line, one_free_for, priced, rule, shop_with, tables, today};
use holdfast_engine::{
    Cart, Context, CouponError, Date, MarginType, Masters, Refusal, Shop, SuggestionKind, Tables,
    masters::{ApplyOn, CouponCode, Customer, Item, OtherTarget, PricingRule, RuleEffect, RuleMargin, Sold, SoldQuery},
    price,
};
use std::borrow::Cow;

fn ten_percent(name: &str, target: &str) -> PricingRule {
    rule(name, ApplyOn::ItemCode, target, RuleEffect::DiscountPercentage(10.0))
}

#[test]
fn an_amount_window_counts_the_price_of_the_row() {
    let shop = shop_with(vec![PricingRule { min_amt: 30.0, ..ten_percent("R", "green") }]);

    assert_eq!(priced(&shop, &cart(vec![line("green", 2.0)])).invoice.items[0].rate, 10.0);
    assert_eq!(priced(&shop, &cart(vec![line("green", 3.0)])).invoice.items[0].rate, 9.0);
}

#[test]
fn an_effect_is_gone_as_soon_as_the_cart_no_longer_qualifies() {
    let free = PricingRule { min_qty: 2.0, ..rule("Free", ApplyOn::ItemCode, "green", one_free_for(2.0)) };
    let shop = shop_with(vec![free]);

    let with = priced(&shop, &cart(vec![line("green", 4.0)]));
    let without = priced(&shop, &cart(vec![line("green", 1.0)]));

    assert_eq!(with.invoice.items.len(), 2);
    assert_eq!(with.invoice.items[1].qty, 2.0);
    assert_eq!(with.sources, [Some(0), None]);
    assert_eq!(without.invoice.items.len(), 1);
    assert!(without.invoice.applied_rules.is_empty());
}

#[test]
fn a_coupon_rule_waits_for_its_coupon() {
    let shop = Shop::new(
        "shop",
        Tables {
            pricing_rules: vec![PricingRule { coupon_code_based: true, ..ten_percent("R", "green") }],
            coupons: vec![
                coupon("Autumn", "R", "2026-01-01", "2026-12-31"),
                coupon("Older", "R", "2026-01-01", "2026-12-31"),
                coupon("Past", "Q", "2026-01-01", "2026-06-30"),
                coupon("Ahead", "Q", "2027-01-01", ""),
            ],
            ..tables()
        },
        items(),
        customers(),
    );
    let with = |code: &str| {
        let cart = Cart { coupon_code: code.into(), ..cart(vec![line("green", 1.0)]) };
        price(&cart, &shop, &Context::on(today()))
    };

    assert_eq!(with("Autumn").invoice.items[0].rate, 9.0);
    // Of several coupons of a rule ERPNext knows the one modified last.
    assert_eq!(with("Older").invoice.items[0].rate, 10.0);
    assert_eq!(with("").invoice.items[0].pricing_rules.as_deref(), Some(&[][..]));
    assert_eq!(with("Past").refusal, Some(Refusal::Coupon(CouponError::Expired)));
    assert_eq!(with("Ahead").refusal, Some(Refusal::Coupon(CouponError::NotStarted)));
    assert_eq!(with("Nope").refusal, Some(Refusal::Coupon(CouponError::Unknown { name: "Nope".into() })));
}

fn coupon(name: &str, rule: &str, from: &str, upto: &str) -> CouponCode {
    CouponCode {
        name: name.into(),
        pricing_rule: rule.into(),
        valid_from: Date::parse(from),
        valid_upto: Date::parse(upto),
        maximum_use: 10,
        ..CouponCode::default()
    }
}

#[test]
fn a_used_up_coupon_is_refused() {
    let mut shop = shop_with(Vec::new());
    shop.tables.coupons = vec![CouponCode { used: 10, ..coupon("Autumn", "R", "2026-01-01", "") }];
    let cart = Cart { coupon_code: "Autumn".into(), ..cart(vec![line("green", 1.0)]) };

    assert_eq!(price(&cart, &shop, &Context::on(today())).refusal, Some(Refusal::Coupon(CouponError::UsedUp)));
}

#[test]
fn happy_hour_depends_on_the_clock() {
    let condition = r#"posting_time >= "17:00:00" and customer_group == "Individual""#.to_owned();
    let shop = shop_with(vec![PricingRule { condition, ..ten_percent("R", "green") }]);
    let at = |hour: u32| {
        let context = Context { posting_date: today(), posting_time_s: hour * 3600 };
        price(&cart(vec![line("green", 1.0)]), &shop, &context).invoice.items[0].rate
    };

    assert_eq!(at(16), 10.0);
    assert_eq!(at(17), 9.0);
}

#[test]
fn a_condition_beyond_understanding_is_refused_and_a_wrong_one_does_not_hold() {
    let with = |condition: &str| {
        let rule = PricingRule { condition: condition.into(), ..ten_percent("R", "green") };
        price(&cart(vec![line("green", 1.0)]), &shop_with(vec![rule]), &Context::on(today()))
    };

    assert!(matches!(with("custom_zone == 'A'").refusal, Some(Refusal::Condition { rule, .. }) if rule == "R"));
    let wrong = with("doc.customer == 'Ada'");
    assert_eq!(wrong.refusal, None);
    assert_eq!(wrong.invoice.items[0].rate, 10.0);
}

#[test]
fn a_rule_on_another_item_waits_for_its_trigger_and_marks_it() {
    let other = Some(OtherTarget { apply_on: ApplyOn::ItemCode, value: "cup".into() });
    let shop = shop_with(vec![PricingRule { other, ..ten_percent("R", "green") }]);

    let alone = priced(&shop, &cart(vec![line("cup", 1.0)]));
    let together = priced(&shop, &cart(vec![line("cup", 1.0), line("green", 1.0)]));

    assert_eq!(alone.invoice.items[0].rate, 5.0);
    assert_eq!(together.invoice.items[0].rate, 4.5);
    assert_eq!(together.invoice.items[1].rate, 10.0);
    assert_eq!(together.invoice.items[1].pricing_rules_text(), "[\n \"R\"\n]");
}

#[test]
fn mixed_conditions_count_rows_together_but_groups_are_only_marked() {
    let of = |apply_on, targets: [&str; 2]| PricingRule {
        mixed_conditions: true,
        min_qty: 4.0,
        targets: targets
            .map(|value| holdfast_engine::masters::RuleTarget { value: value.into(), ..Default::default() })
            .into(),
        ..rule("R", apply_on, "", RuleEffect::DiscountPercentage(10.0))
    };
    let sold = cart(vec![line("green", 2.0), line("black", 2.0)]);

    let by_code = priced(&shop_with(vec![of(ApplyOn::ItemCode, ["green", "black"])]), &sold);
    let by_group = priced(&shop_with(vec![of(ApplyOn::ItemGroup, ["Tea", "Juice"])]), &sold);

    assert_eq!(by_code.invoice.items.iter().map(|item| item.rate).collect::<Vec<_>>(), [9.0, 3.6]);
    // ERPNext looks item codes up in a list of groups: the rule is noted and nothing is taken off.
    assert_eq!(by_group.invoice.items.iter().map(|item| item.rate).collect::<Vec<_>>(), [10.0, 4.0]);
    assert_eq!(by_group.invoice.applied_rules.len(), 2);
}

/// A shop that has sold before.
struct Known(Shop);

impl Masters for Known {
    fn tables(&self) -> &Tables {
        &self.0.tables
    }

    fn item(&self, item_code: &str) -> Option<Cow<'_, Item>> {
        self.0.item(item_code)
    }

    fn customer(&self, name: &str) -> Option<Cow<'_, Customer>> {
        self.0.customer(name)
    }

    fn sold(&self, query: &SoldQuery<'_>) -> Sold {
        assert_eq!(query.values, ["green".to_owned()]);
        Sold { stock_qty: 8.0, amount: 80.0 }
    }
}

#[test]
fn a_cumulative_rule_counts_what_was_sold_before() {
    let cumulative = PricingRule { is_cumulative: true, min_qty: 10.0, ..ten_percent("R", "green") };
    let shop = Known(shop_with(vec![cumulative]));
    let rate = |qty| price(&cart(vec![line("green", qty)]), &shop, &Context::on(today())).invoice.items[0].rate;

    assert_eq!(rate(1.0), 10.0);
    assert_eq!(rate(2.0), 9.0);
}

#[test]
fn a_cart_that_almost_qualifies_is_told_and_sold() {
    let near = PricingRule { min_qty: 10.0, threshold_percentage: 20.0, ..ten_percent("Ten teas", "green") };
    let shop = shop_with(vec![near]);

    let nine = priced(&shop, &cart(vec![line("green", 9.0)]));
    let five = priced(&shop, &cart(vec![line("green", 5.0)]));

    assert_eq!(nine.suggestions.len(), 1);
    assert_eq!(nine.suggestions[0].title, "Ten teas!");
    assert_eq!(nine.suggestions[0].kind, SuggestionKind::Quantity(10.0));
    assert!(five.suggestions.is_empty());
}

#[test]
fn a_rule_that_only_validates_takes_nothing_off_and_tells() {
    let shop = shop_with(vec![PricingRule { validate_applied_rule: true, ..ten_percent("R", "green") }]);

    let sold = priced(&shop, &cart(vec![line("green", 1.0)]));

    assert_eq!(sold.invoice.items[0].rate, 10.0);
    assert_eq!(sold.suggestions[0].kind, SuggestionKind::NotApplied);
}

#[test]
fn a_margin_goes_on_the_list_price_before_the_discount() {
    let margin = Some(RuleMargin { margin_type: MarginType::Percentage, value: 20.0 });
    let shop = shop_with(vec![PricingRule { margin, ..ten_percent("R", "green") }]);

    let item = priced(&shop, &cart(vec![line("green", 1.0)])).invoice.items[0].clone();

    assert_eq!((item.rate_with_margin, item.rate), (12.0, 10.8));
}

#[test]
fn two_rules_of_one_priority_are_a_conflict() {
    let shop = shop_with(vec![ten_percent("A", "green"), ten_percent("B", "green")]);

    let refused = price(&cart(vec![line("green", 1.0)]), &shop, &Context::on(today())).refusal;

    assert_eq!(refused, Some(Refusal::RuleConflict { rules: "B\nA".into() }));
    assert_eq!(refused.map(|refusal| refusal.exception()), Some("MultiplePricingRuleConflict"));
}

#[test]
fn several_rules_add_up_and_compound_where_they_say_so() {
    let multiple = |name: &str, priority, apply_discount_on_rate| PricingRule {
        apply_multiple_pricing_rules: true,
        has_priority: true,
        priority,
        apply_discount_on_rate,
        ..ten_percent(name, "green")
    };
    let rate = |rules| priced(&shop_with(rules), &cart(vec![line("green", 1.0)])).invoice.items[0].rate;

    assert_eq!(rate(vec![multiple("A", 1, false), multiple("B", 2, false)]), 8.0);
    assert_eq!(rate(vec![multiple("A", 1, false), multiple("B", 2, true)]), 8.1);
}

#[test]
fn an_amount_as_high_as_the_price_takes_nothing_off() {
    let shop = shop_with(vec![rule("R", ApplyOn::ItemCode, "green", RuleEffect::DiscountAmount(10.0))]);

    // ERPNext takes a rate of zero for a rate that is missing, and fills it in from the list price.
    assert_eq!(priced(&shop, &cart(vec![line("green", 1.0)])).invoice.items[0].rate, 10.0);
}

#[test]
fn rules_ask_for_warehouse_partner_and_campaign() {
    let with = |set: fn(&mut PricingRule)| {
        let mut rule = ten_percent("R", "green");
        set(&mut rule);
        let mut shop = shop_with(vec![rule]);
        shop.tables.profile.campaign = "Autumn".into();
        priced(&shop, &cart(vec![line("green", 1.0)])).invoice.items[0].rate
    };

    assert_eq!(with(|rule| rule.warehouse = "House".into()), 9.0);
    assert_eq!(with(|rule| rule.warehouse = "Cellar".into()), 10.0);
    assert_eq!(with(|rule| rule.campaign = "Autumn".into()), 9.0);
    assert_eq!(with(|rule| rule.campaign = "Spring".into()), 10.0);
    assert_eq!(with(|rule| rule.sales_partner = "Scout".into()), 10.0);
    assert_eq!(with(|rule| rule.valid_upto = Date::new(2026, 11, 22)), 10.0);
    assert_eq!(with(|rule| rule.for_price_list = "Trade".into()), 10.0);
}

#[test]
fn a_rule_on_the_whole_sale_discounts_even_when_it_has_expired() {
    let expired = PricingRule {
        min_amt: 50.0,
        valid_upto: Date::new(2026, 1, 31),
        ..rule("R", ApplyOn::Transaction, "", RuleEffect::DiscountPercentage(10.0))
    };
    let shop = shop_with(vec![expired]);

    let sold = priced(&shop, &cart(vec![line("green", 6.0)]));

    assert_eq!(sold.invoice.additional_discount_percentage, 10.0);
    assert_eq!(sold.invoice.grand_total, 59.4);
    assert_eq!(sold.document_rules[0].pricing_rule, "R");
}

#[test]
fn a_rule_on_the_whole_sale_that_does_not_fit_takes_free_items_away() {
    let free = rule("Free", ApplyOn::ItemCode, "green", one_free_for(1.0));
    let all = |min_amt| PricingRule {
        min_amt,
        ..rule("All", ApplyOn::Transaction, "", RuleEffect::DiscountPercentage(10.0))
    };
    let rows = |min_amt| {
        priced(&shop_with(vec![free.clone(), all(min_amt)]), &cart(vec![line("green", 1.0)])).invoice.items.len()
    };

    assert_eq!(rows(1.0), 2);
    assert_eq!(rows(1_000.0), 1);
}

#[test]
fn a_rule_with_a_rate_of_zero_leaves_the_list_price() {
    let shop = shop_with(vec![rule("R", ApplyOn::ItemCode, "green", RuleEffect::Rate(0.0))]);

    let sold = priced(&shop, &cart(vec![line("green", 2.0)]));

    assert_eq!((sold.invoice.items[0].price_list_rate, sold.invoice.total), (10.0, 20.0));
    assert_eq!(sold.invoice.applied_rules[0].pricing_rule, "R");
}

#[test]
fn the_sums_of_a_counter_are_those_of_the_rows_that_stay() {
    let free = rule("Free", ApplyOn::ItemCode, "green", one_free_for(1.0));
    let all =
        PricingRule { min_amt: 1_000.0, ..rule("All", ApplyOn::Transaction, "", RuleEffect::DiscountPercentage(10.0)) };

    let sold = priced(&shop_with(vec![free, all]), &cart(vec![line("green", 2.0)]));

    assert_eq!((sold.invoice.items.len(), sold.invoice.total_qty), (1, 2.0));
}

#[test]
fn a_rule_on_the_whole_sale_cannot_give_recursively() {
    let shop = shop_with(vec![PricingRule {
        effect: match one_free_for(2.0) {
            RuleEffect::Product(free) => RuleEffect::Product(holdfast_engine::masters::FreeItem {
                same_item: false,
                free_item: "cup".into(),
                ..free
            }),
            other => other,
        },
        ..rule("R", ApplyOn::Transaction, "", RuleEffect::default())
    }]);

    let refused = price(&cart(vec![line("green", 1.0)]), &shop, &Context::on(today())).refusal;

    assert_eq!(refused.map(|refusal| refusal.exception()), Some("AttributeError"));
}
