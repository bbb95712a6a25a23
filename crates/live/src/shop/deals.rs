//! Pricing rules, a coupon, a loyalty program, and the customers that have to do with them.

use super::{Shop, people::customer};
use crate::site::Site;
use anyhow::Result;
use serde_json::{Value, json};

/// The code that a customer says.
pub(crate) const COUPON: &str = "BOOKWORM";

pub(super) async fn make(site: &Site, shop: &Shop, today: &str) -> Result<()> {
    let from = format!("{}-01-01", &today[..4]);
    let program = json!({
        "loyalty_program_name": shop.name("Club"), "loyalty_program_type": "Single Tier Program", "from_date": from,
        "company": shop.company, "conversion_factor": 0.1, "expiry_duration": 365, "auto_opt_in": 0,
        "expense_account": shop.of_company("Points"), "cost_center": shop.accounts.cost_center,
        "collection_rules": [{"tier_name": "Member", "min_spent": 0, "collection_factor": 2}],
    });
    site.insert("Loyalty Program", program).await?;
    for (name, group, is_member) in [
        ("Walk-in", "Customers", false),
        ("Ada", "Customers", true),
        ("Ben", "Customers", false),
        ("Trader", "Traders", false),
    ] {
        let program = if is_member { shop.name("Club") } else { String::new() };
        customer(site, shop, name, group, &program).await?;
    }
    let points = json!({
        "loyalty_program": shop.name("Club"), "loyalty_program_tier": "Member", "customer": shop.name("Ada"),
        "loyalty_points": 100, "purchase_amount": 200, "company": shop.company, "posting_date": today,
        "expiry_date": format!("{}-12-31", today[..4].parse::<u32>().unwrap_or_default() + 1),
    });
    site.insert("Loyalty Point Entry", points).await?;
    let rules = [
        (
            "Tea 10%",
            json!({"items": [{"item_code": shop.code("TEA")}], "rate_or_discount": "Discount Percentage", "discount_percentage": 10}),
        ),
        (
            "Soap 2+1",
            json!({
                "items": [{"item_code": shop.code("SOAP")}], "price_or_product_discount": "Product", "same_item": 1,
                "min_qty": 2, "free_qty": 1, "free_item_rate": 0, "is_recursive": 1, "recurse_for": 2,
            }),
        ),
        (
            "Mugs from 3",
            json!({
                "items": [{"item_code": shop.code("MUG")}], "rate_or_discount": "Discount Amount", "discount_amount": 0.77, "min_qty": 3,
            }),
        ),
        (
            "Basket 100",
            json!({
                "apply_on": "Transaction", "rate_or_discount": "Discount Percentage", "discount_percentage": 5, "min_amt": 100,
                "apply_discount_on": "Grand Total",
            }),
        ),
    ];
    for (title, fields) in rules {
        rule(site, shop, title, &from, &fields).await?;
    }
    let books = json!({
        "items": [{"item_code": shop.code("BOOK")}], "rate_or_discount": "Discount Percentage", "discount_percentage": 20,
        "coupon_code_based": 1,
    });
    let rule = rule(site, shop, "Books 20%", &from, &books).await?;
    let coupon = json!({
        "coupon_name": shop.name("Bookworm"), "coupon_type": "Promotional", "coupon_code": shop.code(COUPON),
        "pricing_rule": rule, "valid_from": from, "valid_upto": format!("{}-12-31", &today[..4]), "maximum_use": 100,
    });
    site.insert("Coupon Code", coupon).await.map(|_| ())
}

async fn rule(site: &Site, shop: &Shop, title: &str, from: &str, fields: &Value) -> Result<String> {
    let mut rule = json!({
        "title": shop.name(title), "selling": 1, "company": shop.company, "currency": shop.currency,
        "price_or_product_discount": "Price", "valid_from": from, "margin_type": "", "apply_on": "Item Code",
    });
    for (field, value) in fields.as_object().expect("it is written so") {
        rule[field] = value.clone();
    }
    site.insert_named("Pricing Rule", rule).await
}
