//! Pricing rules, coupons and loyalty.

use crate::json::{check, date, number, rows, text};
use holdfast_engine::{
    MarginType,
    masters::{
        ApplyOn, CouponCode, FreeItem, LoyaltyProgram, LoyaltyTier, OtherTarget, PricingRule, RateOrDiscount,
        RuleEffect, RuleMargin, RuleTarget,
    },
};
use serde_json::Value;

/// The rules in force for selling, of Pricing Rule documents.
pub fn pricing_rules(list: &[Value]) -> Vec<PricingRule> {
    list.iter().filter(|row| !check(&row["disable"]) && check(&row["selling"])).map(pricing_rule).collect()
}

fn pricing_rule(row: &Value) -> PricingRule {
    let apply_on = ApplyOn::from_erpnext(&text(&row["apply_on"])).unwrap_or_default();
    let (table, field) = match apply_on {
        ApplyOn::ItemCode => ("items", "item_code"),
        ApplyOn::ItemGroup => ("item_groups", "item_group"),
        ApplyOn::Brand | ApplyOn::Transaction => ("brands", "brand"),
    };
    let target = |row: &Value| RuleTarget { value: text(&row[field]), uom: text(&row["uom"]) };
    let margin_type = MarginType::from_erpnext(&text(&row["margin_type"]));
    let value = number(&row["margin_rate_or_amount"]);
    PricingRule {
        name: text(&row["name"]),
        title: text(&row["title"]),
        apply_on,
        targets: rows(&row[table]).iter().map(target).collect(),
        other: other_target(row),
        has_priority: check(&row["has_priority"]),
        priority: number(&row["priority"]) as u8,
        apply_multiple_pricing_rules: check(&row["apply_multiple_pricing_rules"]),
        apply_discount_on_rate: check(&row["apply_discount_on_rate"]),
        mixed_conditions: check(&row["mixed_conditions"]),
        is_cumulative: check(&row["is_cumulative"]),
        coupon_code_based: check(&row["coupon_code_based"]),
        validate_applied_rule: check(&row["validate_applied_rule"]),
        condition: text(&row["condition"]),
        warehouse: text(&row["warehouse"]),
        customer: text(&row["customer"]),
        customer_group: text(&row["customer_group"]),
        territory: text(&row["territory"]),
        sales_partner: text(&row["sales_partner"]),
        campaign: text(&row["campaign"]),
        for_price_list: text(&row["for_price_list"]),
        currency: text(&row["currency"]),
        valid_from: date(&row["valid_from"]),
        valid_upto: date(&row["valid_upto"]),
        min_qty: number(&row["min_qty"]),
        max_qty: number(&row["max_qty"]),
        min_amt: number(&row["min_amt"]),
        max_amt: number(&row["max_amt"]),
        threshold_percentage: number(&row["threshold_percentage"]),
        margin: margin_type.map(|margin_type| RuleMargin { margin_type, value }),
        apply_discount_on: text(&row["apply_discount_on"]),
        effect: effect(row),
        promotional_scheme: text(&row["promotional_scheme"]),
    }
}

fn other_target(row: &Value) -> Option<OtherTarget> {
    let apply_on = ApplyOn::from_erpnext(&text(&row["apply_rule_on_other"]))?;
    let field = match apply_on {
        ApplyOn::ItemCode => "other_item_code",
        ApplyOn::ItemGroup => "other_item_group",
        ApplyOn::Brand | ApplyOn::Transaction => "other_brand",
    };
    Some(OtherTarget { apply_on, value: text(&row[field]) })
}

fn effect(row: &Value) -> RuleEffect {
    let rate_or_discount = RateOrDiscount::from_erpnext(&text(&row["rate_or_discount"])).unwrap_or_default();
    if row["price_or_product_discount"] == "Product" {
        let is_recursive = check(&row["is_recursive"]);
        return RuleEffect::Product(FreeItem {
            same_item: check(&row["same_item"]) && row["apply_on"] != "Transaction",
            free_item: text(&row["free_item"]),
            free_item_uom: text(&row["free_item_uom"]),
            free_qty: number(&row["free_qty"]),
            free_item_rate: number(&row["free_item_rate"]),
            recurse_for: if is_recursive { number(&row["recurse_for"]) } else { 0.0 },
            apply_recursion_over: number(&row["apply_recursion_over"]),
            round_free_qty: check(&row["round_free_qty"]),
            dont_enforce_free_item_qty: check(&row["dont_enforce_free_item_qty"]),
            rate_or_discount,
        });
    }
    match rate_or_discount {
        RateOrDiscount::Rate => RuleEffect::Rate(number(&row["rate"])),
        RateOrDiscount::DiscountAmount => RuleEffect::DiscountAmount(number(&row["discount_amount"])),
        RateOrDiscount::DiscountPercentage => RuleEffect::DiscountPercentage(number(&row["discount_percentage"])),
    }
}

/// Coupons, last modified first.
pub fn coupons(list: &[Value]) -> Vec<CouponCode> {
    let mut list: Vec<&Value> = list.iter().collect();
    // Those that came with a case were made one after the other.
    list.reverse();
    list.sort_by_key(|row| std::cmp::Reverse(text(&row["modified"])));
    let coupon = |row: &&Value| CouponCode {
        name: text(&row["name"]),
        coupon_code: text(&row["coupon_code"]),
        pricing_rule: text(&row["pricing_rule"]),
        valid_from: date(&row["valid_from"]),
        valid_upto: date(&row["valid_upto"]),
        maximum_use: number(&row["maximum_use"]) as u32,
        used: number(&row["used"]) as u32,
    };
    list.iter().map(coupon).collect()
}

/// A Loyalty Program.
pub fn loyalty_program(row: &Value) -> LoyaltyProgram {
    let tier = |row: &Value| LoyaltyTier {
        tier_name: text(&row["tier_name"]),
        min_spent: number(&row["min_spent"]),
        collection_factor: number(&row["collection_factor"]),
    };
    LoyaltyProgram {
        name: text(&row["name"]),
        from_date: date(&row["from_date"]),
        to_date: date(&row["to_date"]),
        conversion_factor: number(&row["conversion_factor"]),
        expiry_days: number(&row["expiry_duration"]) as u32,
        tiers: rows(&row["collection_rules"]).iter().map(tier).collect(),
    }
}
