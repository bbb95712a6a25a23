//! Everything of the shop but its goods: taxes, profiles, rules, people who buy.

use holdfast_engine::{
    Date,
    masters::{
        AccountRate, ApplyOn, ChargeType, Company, CouponCode, Currency, Customer, CustomerGroup, Denomination,
        FreeItem, ItemTaxTemplate, LoyaltyProgram, LoyaltyTier, ModeOfPayment, Permit, Policy, PosPaymentMethod,
        PosProfile, PriceList, PricingRule, RuleEffect, RuleTarget, Settings, Tables, TaxRow, TaxesTemplate, TreeNode,
        Uom,
    },
};

pub(crate) const VAT: &str = "VAT - HSM";
pub(crate) const STANDARD_PRICES: &str = "Standard Selling";
pub(crate) const TRADE_PRICES: &str = "Trade";
const COMPANY: &str = "Harbour Street Market";
const CLUB: &str = "Harbour Club";

pub(crate) fn tables() -> Tables {
    Tables {
        settings: Settings::default(),
        company: Company {
            name: COMPANY.into(),
            default_currency: "EUR".into(),
            address_lines: vec!["12 Harbour Street".into(), "24103 Kiel".into(), "+49 431 555 0142".into()],
            tax_id: "DE 812 345 678".into(),
        },
        profile: profiles().swap_remove(0),
        currencies: vec![Currency {
            name: "EUR".into(),
            symbol: "€".into(),
            symbol_on_right: false,
            smallest_currency_fraction_value: 0.01,
        }],
        price_lists: [STANDARD_PRICES, TRADE_PRICES]
            .map(|name| PriceList { name: name.into(), currency: "EUR".into() })
            .into(),
        item_groups: item_groups(),
        customer_groups: vec![
            CustomerGroup { name: "All Customer Groups".into(), ..CustomerGroup::default() },
            CustomerGroup {
                name: "Individual".into(),
                parent: "All Customer Groups".into(),
                ..CustomerGroup::default()
            },
            CustomerGroup {
                name: "Trade".into(),
                parent: "All Customer Groups".into(),
                default_price_list: TRADE_PRICES.into(),
            },
        ],
        territories: vec![TreeNode { name: "Germany".into(), parent: String::new() }],
        warehouses: vec![TreeNode { name: "Shop Floor - HSM".into(), parent: String::new() }],
        uoms: [("Nos", true), ("Kg", false), ("Crate", true), ("Case", true), ("Pair", true)]
            .map(|(name, must_be_whole_number)| Uom { name: name.into(), must_be_whole_number })
            .into(),
        item_tax_templates: [("VAT 7 - HSM", 7.0), ("VAT 0 - HSM", 0.0)]
            .map(|(name, rate)| ItemTaxTemplate {
                name: name.into(),
                taxes: vec![AccountRate { account: VAT.into(), rate }],
            })
            .into(),
        taxes_templates: vec![vat_template("VAT included - HSM", true), vat_template("VAT on top - HSM", false)],
        pricing_rules: pricing_rules(),
        coupons: vec![CouponCode {
            name: "Welcome".into(),
            coupon_code: "WELCOME20".into(),
            pricing_rule: "PRLE-0007".into(),
            ..CouponCode::default()
        }],
        loyalty_programs: vec![LoyaltyProgram {
            name: CLUB.into(),
            conversion_factor: 0.05,
            expiry_days: 365,
            tiers: vec![LoyaltyTier { tier_name: "Member".into(), min_spent: 0.0, collection_factor: 1.0 }],
            ..LoyaltyProgram::default()
        }],
        sales_persons: ["Amara Lindqvist", "Jonas Okoye", "Mei Tanaka"].map(str::to_owned).into(),
        modes_of_payment: [("Cash", "Cash"), ("Card", "Bank"), ("Voucher", "General")]
            .map(|(name, kind)| ModeOfPayment {
                name: name.into(),
                kind: kind.into(),
                account: format!("{name} - HSM"),
            })
            .into(),
        ..Tables::default()
    }
}

fn vat_template(name: &str, included: bool) -> TaxesTemplate {
    let row = TaxRow {
        charge_type: ChargeType::OnNetTotal,
        account_head: VAT.into(),
        description: "VAT".into(),
        rate: 19.0,
        included_in_print_rate: included,
        ..TaxRow::default()
    };
    TaxesTemplate { name: name.into(), taxes: vec![row] }
}

/// The shop floor and the trade counter.
pub(crate) fn profiles() -> Vec<PosProfile> {
    let mode = |name: &str, default| PosPaymentMethod {
        mode_of_payment: name.into(),
        default,
        allow_in_returns: name != "Voucher",
    };
    let shop_floor = PosProfile {
        name: "Harbour Street".into(),
        company: COMPANY.into(),
        currency: "EUR".into(),
        customer: "Walk-in Customer".into(),
        warehouse: "Shop Floor - HSM".into(),
        selling_price_list: STANDARD_PRICES.into(),
        taxes_and_charges: "VAT included - HSM".into(),
        apply_discount_on: "Grand Total".into(),
        allow_discount_change: true,
        payments: vec![mode("Cash", true), mode("Card", false), mode("Voucher", false)],
        denominations: [200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01]
            .map(|value| Denomination { value })
            .into(),
        account_for_change_amount: "Cash - HSM".into(),
        policy: Policy { coupons: Permit::Allowed, loyalty: Permit::Allowed, ..Policy::default() },
        ..PosProfile::default()
    };
    let trade_counter = PosProfile {
        name: "Trade Counter".into(),
        selling_price_list: TRADE_PRICES.into(),
        taxes_and_charges: "VAT on top - HSM".into(),
        payments: vec![mode("Cash", true), mode("Card", false)],
        allow_partial_payment: true,
        is_closing_blind: true,
        policy: Policy { credit: Permit::Allowed, ..shop_floor.policy.clone() },
        ..shop_floor.clone()
    };
    vec![shop_floor, trade_counter]
}

fn item_groups() -> Vec<TreeNode> {
    let tree: [(&str, &[&str]); 5] = [
        ("Food", &["Bakery", "Dairy", "Produce", "Pantry", "Sweets"]),
        ("Drinks", &["Soft Drinks", "Coffee and Tea", "Beer", "Wine"]),
        ("Household", &["Cleaning", "Kitchen", "Candles"]),
        ("Clothing", &["Shirts", "Socks"]),
        ("Electronics", &["Audio", "Accessories"]),
    ];
    let root = "All Item Groups";
    let mut groups = vec![TreeNode { name: root.into(), parent: String::new() }];
    for (parent, children) in tree {
        groups.push(TreeNode { name: parent.into(), parent: root.into() });
        groups.extend(children.iter().map(|name| TreeNode { name: (*name).into(), parent: parent.into() }));
    }
    groups.extend(["Care", "Gifts and Services"].map(|name| TreeNode { name: name.into(), parent: root.into() }));
    groups
}

fn pricing_rules() -> Vec<PricingRule> {
    let rule = |number: u32, title: &str, apply_on, target: &str| PricingRule {
        name: format!("PRLE-{number:04}"),
        title: title.into(),
        apply_on,
        targets: vec![RuleTarget { value: target.into(), uom: String::new() }],
        currency: "EUR".into(),
        ..PricingRule::default()
    };
    let chocolate =
        FreeItem { same_item: true, free_qty: 1.0, recurse_for: 2.0, round_free_qty: true, ..FreeItem::default() };
    vec![
        PricingRule {
            min_qty: 6.0,
            effect: RuleEffect::DiscountPercentage(10.0),
            ..rule(1, "Six bottles, ten percent off", ApplyOn::ItemGroup, "Wine")
        },
        PricingRule {
            min_qty: 2.0,
            effect: RuleEffect::Product(chocolate),
            ..rule(2, "Buy two bars, get one free", ApplyOn::Brand, "Korhonen")
        },
        PricingRule {
            effect: RuleEffect::DiscountAmount(0.5),
            ..rule(3, "Breakfast week", ApplyOn::Brand, "Harbour Bakehouse")
        },
        PricingRule {
            customer_group: "Trade".into(),
            min_amt: 50.0,
            effect: RuleEffect::DiscountPercentage(3.0),
            ..rule(4, "Trade, from 50 a line", ApplyOn::ItemGroup, "Household")
        },
        PricingRule {
            valid_from: Date::new(2024, 1, 1),
            valid_upto: Date::new(2025, 12, 31),
            effect: RuleEffect::DiscountPercentage(25.0),
            ..rule(5, "Last year's socks", ApplyOn::ItemGroup, "Socks")
        },
        // For the trade only: where a rule on the whole sale is watched and doesn't apply, ERPNext takes free items out.
        PricingRule {
            targets: Vec::new(),
            customer_group: "Trade".into(),
            min_amt: 150.0,
            effect: RuleEffect::DiscountPercentage(5.0),
            ..rule(6, "Trade, five percent from 150", ApplyOn::Transaction, "")
        },
        PricingRule {
            coupon_code_based: true,
            effect: RuleEffect::DiscountPercentage(20.0),
            ..rule(7, "Welcome, a fifth off what cares for you", ApplyOn::ItemGroup, "Care")
        },
    ]
}

pub(crate) fn customers() -> Vec<Customer> {
    const FIRST: [&str; 10] = ["Anna", "Bilal", "Clara", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jakub"];
    const LAST: [&str; 6] = ["Albrecht", "Barros", "Chen", "Dahl", "Eriksen", "Fischer"];
    let customer = |name: String, group: &str, mobile_no: String| Customer {
        customer_name: name.clone(),
        name,
        customer_group: group.into(),
        territory: "Germany".into(),
        mobile_no,
        ..Customer::default()
    };
    let mut customers = vec![customer("Walk-in Customer".into(), "Individual", String::new())];
    for (row, last) in LAST.iter().enumerate() {
        for (column, first) in FIRST.iter().enumerate() {
            let number = row * FIRST.len() + column;
            let person = customer(format!("{first} {last}"), "Individual", format!("+49 151 555 {number:04}"));
            // Every third is in the club.
            let (loyalty_program, points) = if number.is_multiple_of(3) { (CLUB, 40 + 20 * number) } else { ("", 0) };
            let loyalty_points = i64::try_from(points).expect("few points");
            customers.push(Customer { loyalty_program: loyalty_program.into(), loyalty_points, ..person });
        }
    }
    for name in ["Café Leuchtturm", "Hotel Kieler Bucht", "Kita Seestern", "Werft Kantine"] {
        customers.push(customer(name.into(), "Trade", String::new()));
    }
    customers
}
