//! A small shop to change: each test states only what matters to it.

use holdfast_engine::{
    Cart, Context, Date, Line, Payment, Priced, Shop, Tables,
    masters::{
        ApplyOn, ChargeType, Company, Currency, Customer, CustomerGroup, FreeItem, Item, ItemPrice, ModeOfPayment,
        PosProfile, PriceList, PricingRule, RuleEffect, RuleTarget, TaxRow, TaxesTemplate, TreeNode, Uom,
        UomConversionDetail,
    },
    price,
};

/// The shop's day.
pub fn today() -> Date {
    Date::new(2026, 11, 23).expect("a day")
}

/// The shop's tables: euros, 10 % on top, no rules.
pub fn tables() -> Tables {
    let node = |name: &str, parent: &str| TreeNode { name: name.into(), parent: parent.into() };
    let mode = |name: &str, kind: &str| ModeOfPayment {
        name: name.into(),
        kind: kind.into(),
        account: format!("{name} account"),
    };
    Tables {
        company: Company { name: "Shop".into(), default_currency: "EUR".into(), ..Company::default() },
        profile: PosProfile {
            name: "Till".into(),
            company: "Shop".into(),
            currency: "EUR".into(),
            customer: "Walk-in".into(),
            warehouse: "Floor".into(),
            selling_price_list: "Retail".into(),
            taxes_and_charges: "VAT".into(),
            apply_discount_on: "Grand Total".into(),
            ..PosProfile::default()
        },
        currencies: vec![Currency {
            name: "EUR".into(),
            smallest_currency_fraction_value: 0.01,
            ..Currency::default()
        }],
        price_lists: ["Retail", "Trade"].map(|name| PriceList { name: name.into(), currency: "EUR".into() }).into(),
        item_groups: vec![node("All", ""), node("Food", "All"), node("Tea", "Food"), node("Juice", "Food")],
        warehouses: vec![node("House", ""), node("Floor", "House")],
        customer_groups: ["All Groups", "Individual", "Trade"]
            .map(|name| CustomerGroup { name: name.into(), parent: "All Groups".into(), ..CustomerGroup::default() })
            .into(),
        uoms: [("Nos", true), ("Box", true), ("Kg", false)]
            .map(|(name, must_be_whole_number)| Uom { name: name.into(), must_be_whole_number })
            .into(),
        taxes_templates: vec![TaxesTemplate {
            name: "VAT".into(),
            taxes: vec![TaxRow {
                charge_type: ChargeType::OnNetTotal,
                account_head: "VAT".into(),
                rate: 10.0,
                ..TaxRow::default()
            }],
        }],
        modes_of_payment: vec![mode("Cash", "Cash"), mode("Card", "Bank")],
        ..Tables::default()
    }
}

/// An item with a price.
pub fn item(code: &str, group: &str, brand: &str, rate: f64) -> Item {
    Item {
        item_code: code.into(),
        item_name: format!("The {code}"),
        item_group: group.into(),
        brand: brand.into(),
        stock_uom: "Nos".into(),
        uoms: vec![UomConversionDetail { uom: "Box".into(), conversion_factor: 12.0 }],
        prices: vec![ItemPrice {
            price_list: "Retail".into(),
            uom: "Nos".into(),
            price_list_rate: rate,
            ..ItemPrice::default()
        }],
        ..Item::default()
    }
}

/// What the shop sells.
pub fn items() -> Vec<Item> {
    let mut loose = Item { stock_uom: "Kg".into(), ..item("loose", "Tea", "", 20.0) };
    loose.prices[0].uom = "Kg".into();
    vec![
        item("green", "Tea", "Hill", 10.0),
        item("black", "Tea", "Dale", 4.0),
        item("apple", "Juice", "Hill", 3.0),
        item("cup", "All", "", 5.0),
        loose,
    ]
}

/// Who buys.
pub fn customers() -> Vec<Customer> {
    let customer = |name: &str, group: &str| Customer {
        name: name.into(),
        customer_name: name.into(),
        customer_group: group.into(),
        ..Customer::default()
    };
    vec![customer("Walk-in", "Individual"), customer("Ada", "Individual"), customer("Trader", "Trade")]
}

/// The shop with these rules.
pub fn shop_with(rules: Vec<PricingRule>) -> Shop {
    Shop::new("shop", Tables { pricing_rules: rules, ..tables() }, items(), customers())
}

/// A rule on an item, a group or a brand.
pub fn rule(name: &str, apply_on: ApplyOn, target: &str, effect: RuleEffect) -> PricingRule {
    PricingRule {
        name: name.into(),
        title: format!("{name}!"),
        apply_on,
        targets: if apply_on == ApplyOn::Transaction {
            Vec::new()
        } else {
            vec![RuleTarget { value: target.into(), uom: String::new() }]
        },
        currency: "EUR".into(),
        effect,
        ..PricingRule::default()
    }
}

/// A free item of the same kind for every so many.
pub fn one_free_for(count: f64) -> RuleEffect {
    RuleEffect::Product(FreeItem {
        same_item: true,
        free_qty: 1.0,
        recurse_for: count,
        round_free_qty: true,
        ..FreeItem::default()
    })
}

/// A line of a cart.
pub fn line(code: &str, qty: f64) -> Line {
    Line { item_code: code.into(), qty, ..Line::default() }
}

/// A cart of lines.
pub fn cart(lines: Vec<Line>) -> Cart {
    Cart { lines, ..Cart::default() }
}

/// A payment in cash.
pub fn cash(amount: f64) -> Payment {
    Payment { mode_of_payment: "Cash".into(), amount, ..Payment::default() }
}

/// Prices a cart today, which must be possible.
pub fn priced(shop: &Shop, cart: &Cart) -> Priced {
    let priced = price(cart, shop, &Context::on(today()));
    assert_eq!(priced.refusal, None);
    priced
}
