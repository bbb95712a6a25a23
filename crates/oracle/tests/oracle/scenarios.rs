//! Single scenarios of pricing rules, inserted into a real `ERPNext` one by one: what each kind of rule does, and what it
//! does not.

use flate2::read::GzDecoder;
use holdfast_engine::{
    Date, Priced, Shop, Tables,
    masters::{
        Company, Currency, Customer, CustomerGroup, Item, ItemPrice, ModeOfPayment, PosProfile, PriceList, TreeNode,
        Uom, UomConversionDetail,
    },
    price,
};
use holdfast_oracle::{read_cart, read_context, read_pricing_rules};
use serde_json::Value;

/// The shop that the scenarios were played in.
fn shop(rules: &[Value]) -> Shop {
    let node = |name: &str, parent: &str| TreeNode { name: name.into(), parent: parent.into() };
    let group = |name: &str, parent: &str| CustomerGroup {
        name: name.into(),
        parent: parent.into(),
        ..CustomerGroup::default()
    };
    let root = "All Item Groups";
    let tables = Tables {
        company: Company { name: "Corner Shop Ltd".into(), default_currency: "USD".into(), ..Company::default() },
        profile: PosProfile {
            currency: "USD".into(),
            customer: "Walk In".into(),
            warehouse: "Stores - CS".into(),
            selling_price_list: "Standard Selling".into(),
            apply_discount_on: "Grand Total".into(),
            ..PosProfile::default()
        },
        currencies: vec![Currency {
            name: "USD".into(),
            smallest_currency_fraction_value: 0.01,
            ..Currency::default()
        }],
        price_lists: vec![PriceList { name: "Standard Selling".into(), currency: "USD".into() }],
        item_groups: vec![
            node(root, ""),
            node("Food", root),
            node("Drinks", "Food"),
            node("Soda", "Drinks"),
            node("Snacks", "Food"),
            node("Products", root),
        ],
        customer_groups: vec![group("All Customer Groups", ""), group("Individual", "All Customer Groups")],
        modes_of_payment: vec![ModeOfPayment { name: "Cash".into(), kind: "Cash".into(), account: "Cash - CS".into() }],
        uoms: ["Nos", "Box"].map(|name| Uom { name: name.into(), must_be_whole_number: true }).into(),
        pricing_rules: read_pricing_rules(rules),
        ..Tables::default()
    };
    let goods = [
        ("A", "Soda", "Acme", 10.0),
        ("B", "Snacks", "", 19.99),
        ("C", "Snacks", "", 3.33),
        ("D", "Soda", "", 1.05),
        ("E", "Products", "", 100.0),
        ("F", "Products", "", 7.77),
    ];
    let items = goods.map(|(code, group, brand, rate)| Item {
        item_code: code.into(),
        item_name: code.into(),
        item_group: group.into(),
        brand: brand.into(),
        stock_uom: "Nos".into(),
        uoms: vec![UomConversionDetail { uom: "Box".into(), conversion_factor: 12.0 }],
        prices: vec![ItemPrice {
            price_list: "Standard Selling".into(),
            uom: "Nos".into(),
            price_list_rate: rate,
            ..ItemPrice::default()
        }],
        ..Item::default()
    });
    let customers = ["Walk In", "Bob"].map(|name| Customer {
        name: name.into(),
        customer_name: name.into(),
        customer_group: "Individual".into(),
        ..Customer::default()
    });
    Shop::new("scenarios", tables, items.into(), customers.into())
}

fn play(case: &Value) -> Priced {
    let rules = case["rules"].as_array().expect("rules");
    let mut request = case["request"].clone();
    request["payments"] = serde_json::json!([{"mode_of_payment": "Cash", "amount": 0.0}]);
    if request["customer"].is_null() {
        request["customer"] = "Walk In".into();
    }
    price(&read_cart(&request), &shop(rules), &read_context(&request, Date::new(2026, 11, 23).expect("a day")))
}

fn differences(expected: &Value, priced: &Priced) -> Vec<String> {
    let invoice = &priced.invoice;
    let mut found = Vec::new();
    let mut number = |place: String, expected: &Value, computed: f64| {
        let expected = expected.as_str().and_then(|text| text.parse().ok()).or_else(|| expected.as_f64());
        if expected.unwrap_or(0.0) != computed {
            found.push(format!("{place}: ERPNext {expected:?}, engine {computed}"));
        }
    };
    number("total".into(), &expected["total"], invoice.total);
    number("grand_total".into(), &expected["grand_total"], invoice.grand_total);
    number("discount_amount".into(), &expected["discount_amount"], invoice.discount_amount);
    let percentage = invoice.additional_discount_percentage;
    number("additional_discount_percentage".into(), &expected["additional_discount_percentage"], percentage);
    let rows = expected["items"].as_array().expect("items");
    number("items".into(), &rows.len().into(), invoice.items.len() as f64);
    for (at, (row, item)) in rows.iter().zip(&invoice.items).enumerate() {
        for (field, computed) in [
            ("qty", item.qty),
            ("conversion_factor", item.conversion_factor),
            ("price_list_rate", item.price_list_rate),
            ("margin_rate_or_amount", item.margin_rate_or_amount),
            ("rate_with_margin", item.rate_with_margin),
            ("discount_percentage", item.discount_percentage),
            ("discount_amount", item.discount_amount),
            ("rate", item.rate),
            ("amount", item.amount),
            ("net_amount", item.net_amount),
            ("is_free_item", f64::from(u8::from(item.is_free_item))),
        ] {
            number(format!("items[{at}].{field}"), &row[field], computed);
        }
    }
    for (at, (row, item)) in rows.iter().zip(&invoice.items).enumerate() {
        for (field, computed) in [
            ("item_code", item.item_code.clone()),
            ("uom", item.uom.clone()),
            ("margin_type", item.margin_type.map_or("", holdfast_engine::MarginType::as_erpnext).to_owned()),
            ("pricing_rules", item.pricing_rules_text()),
        ] {
            if row[field].as_str().unwrap_or_default() != computed {
                found.push(format!("items[{at}].{field}: ERPNext {}, engine {computed}", row[field]));
            }
        }
    }
    let applied: Vec<&str> = invoice.applied_rules.iter().map(|rule| rule.pricing_rule.as_str()).collect();
    let expected: Vec<&str> = expected["applied"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if applied != expected {
        found.push(format!("applied: ERPNext {expected:?}, engine {applied:?}"));
    }
    found
}

#[test]
fn every_scenario_ends_as_it_did_in_erpnext() {
    let data = GzDecoder::new(include_bytes!("../../data/scenarios.json.gz").as_slice());
    let scenarios: Value = serde_json::from_reader(data).expect("the scenarios are JSON");
    let cases = scenarios["cases"].as_array().expect("cases");
    let mut found = Vec::new();
    for case in cases {
        let priced = play(case);

        let refused = priced.refusal.as_ref().map_or("", |refusal| refusal.exception());
        let label = case["label"].as_str().unwrap_or_default();
        if case["error"].as_str().unwrap_or_default() != refused {
            found.push(format!("{label}: ERPNext {}, engine {:?}", case["error"], priced.refusal));
        } else if case["error"].is_null() {
            let differences = differences(&case["insert"], &priced);
            found.extend(differences.into_iter().map(|difference| format!("{label}: {difference}")));
        }
    }
    assert!(cases.len() >= 64);
    assert!(found.is_empty(), "{}", found.join("\n"));
}
