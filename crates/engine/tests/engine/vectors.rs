//! Replays what a real `ERPNext` 15.71 computed: rounding values and whole invoices, compared bit for bit.

use flate2::read::GzDecoder;
use holdfast_engine::{
    Invoice, InvoiceItem, InvoiceTax, MarginType, Shop, Tables, calculate_taxes_and_totals,
    masters::{AccountRate, ChargeType, Currency, Item, ItemTaxTemplate, Settings},
    rounding::RoundingMethod,
};
use serde_json::Value;

fn read(compressed: &[u8]) -> Value {
    serde_json::from_reader(GzDecoder::new(compressed)).expect("the vectors are JSON")
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().expect("a number as text"),
        Value::Null => 0.0,
        other => other.as_f64().expect("a number"),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn settings(case: &Value) -> Settings {
    Settings {
        rounding_method: RoundingMethod::from_erpnext(&text(&case["rounding_method"])).expect("a known method"),
        currency_precision: number(&case["currency_precision"]) as u8,
        float_precision: number(&case["float_precision"]) as u8,
        discount_percentage_precision: number(&case["percent_discount_precision"]) as u8,
        disable_rounded_total: number(&case["disable_rounded_total"]) != 0.0,
        round_row_wise_tax: number(&case["round_row_wise_tax"]) != 0.0,
        ..Settings::default()
    }
}

/// The invoice of a case, and a shop that knows its items' tax templates.
fn arrange(case: &Value) -> (Invoice, Shop) {
    let input = &case["in"];
    let mut tables = Tables { settings: settings(&case["settings"]), ..Tables::default() };
    tables.currencies.push(Currency {
        name: text(&input["currency"]),
        smallest_currency_fraction_value: number(&case["settings"]["smallest"]),
        ..Currency::default()
    });
    let rows = |name: &str| input[name].as_array().cloned().unwrap_or_default();
    let mut items = Vec::new();
    let lines = rows("items").into_iter().enumerate().map(|(index, row)| {
        let template = format!("template of row {index}");
        let taxes = row["item_tax_map"].as_object().cloned().unwrap_or_default();
        let taxes = taxes.iter().map(|(account, rate)| AccountRate { account: account.clone(), rate: number(rate) });
        tables.item_tax_templates.push(ItemTaxTemplate { name: template.clone(), taxes: taxes.collect() });
        items.push(Item { item_code: text(&row["item_code"]), ..Item::default() });
        InvoiceItem {
            item_code: text(&row["item_code"]),
            qty: number(&row["qty"]),
            conversion_factor: number(&row["conversion_factor"]),
            price_list_rate: number(&row["price_list_rate"]),
            rate: number(&row["rate"]),
            discount_percentage: number(&row["discount_percentage"]),
            discount_amount: number(&row["discount_amount"]),
            margin_type: match row["margin_type"].as_str() {
                Some("Amount") => Some(MarginType::Amount),
                Some("Percentage") => Some(MarginType::Percentage),
                _ => None,
            },
            margin_rate_or_amount: number(&row["margin_rate_or_amount"]),
            item_tax_template: template,
            ..InvoiceItem::default()
        }
    });
    let lines: Vec<InvoiceItem> = lines.collect();
    let taxes = rows("taxes").into_iter().map(|row| InvoiceTax {
        charge_type: ChargeType::from_erpnext(&text(&row["charge_type"])).expect("a known charge type"),
        row_id: row["row_id"].as_str().and_then(|id| id.parse().ok()),
        account_head: text(&row["account_head"]),
        rate: number(&row["rate"]),
        tax_amount: number(&row["tax_amount"]),
        included_in_print_rate: number(&row["included_in_print_rate"]) != 0.0,
        ..InvoiceTax::default()
    });
    let invoice = Invoice {
        currency: text(&input["currency"]),
        conversion_rate: number(&input["conversion_rate"]),
        is_return: number(&input["is_return"]) != 0.0,
        apply_discount_on: text(&input["apply_discount_on"]),
        additional_discount_percentage: number(&input["additional_discount_percentage"]),
        discount_amount: number(&input["discount_amount"]),
        items: lines,
        taxes: taxes.collect(),
        ..Invoice::default()
    };
    (invoice, Shop::new("vectors", tables, items, Vec::new()))
}

/// The fields of `expected` that the engine also has, as JSON, compared as doubles.
fn differences(place: &str, expected: &Value, computed: &impl serde::Serialize, found: &mut Vec<String>) -> usize {
    let computed = serde_json::to_value(computed).expect("the invoice serialises");
    let mut compared = 0;
    for (field, expected) in expected.as_object().expect("fields") {
        // Amounts are strings on both sides; links and enums are compared elsewhere.
        let Some(computed) = computed.get(field).filter(|value| value.is_string()) else {
            continue;
        };
        if field == "margin_type" {
            continue;
        }
        compared += 1;
        if number(expected).to_bits() != number(computed).to_bits() && number(expected) != number(computed) {
            found.push(format!("{place}.{field}: ERPNext {expected}, engine {computed}"));
        }
    }
    compared
}

fn item_wise(expected: &Value, computed: &InvoiceTax) -> bool {
    let expected: Value = serde_json::from_str(&text(expected)).expect("a JSON text");
    let expected = expected.as_object().cloned().unwrap_or_default();
    expected.len() == computed.item_wise_tax_detail.len()
        && computed.item_wise_tax_detail.iter().all(|detail| {
            expected
                .get(&detail.item_code)
                .is_some_and(|e| number(&e[0]) == detail.rate && number(&e[1]) == detail.amount)
        })
}

#[test]
fn every_invoice_comes_out_as_erpnext_computed_it() {
    let vectors = read(include_bytes!("../data/taxes_and_totals.json.gz"));
    let (mut compared, mut found) = (0, Vec::new());
    for (index, case) in vectors["cases"].as_array().expect("cases").iter().enumerate() {
        let (mut invoice, shop) = arrange(case);

        calculate_taxes_and_totals(&mut invoice, &shop);

        let out = &case["out"];
        compared += differences(&format!("{index} doc"), &out["doc"], &invoice, &mut found);
        for (row, item) in invoice.items.iter().enumerate() {
            compared += differences(&format!("{index} item {row}"), &out["items"][row], item, &mut found);
        }
        for (row, tax) in invoice.taxes.iter().enumerate() {
            compared += differences(&format!("{index} tax {row}"), &out["taxes"][row], tax, &mut found);
            if !item_wise(&out["taxes"][row]["item_wise_tax_detail"], tax) {
                found.push(format!("{index} tax {row}: {:?}", tax.item_wise_tax_detail));
            }
        }
    }
    assert!(compared > 10_000, "only {compared} fields were compared");
    assert!(
        found.is_empty(),
        "{} of {compared} fields differ:\n{}",
        found.len(),
        found[..found.len().min(20)].join("\n")
    );
}

#[test]
fn every_value_is_rounded_as_erpnext_rounds_it() {
    let vectors = read(include_bytes!("../data/rounding.json.gz"));
    let methods: Vec<RoundingMethod> = vectors["methods"]
        .as_array()
        .expect("methods")
        .iter()
        .map(|name| RoundingMethod::from_erpnext(&text(name)).expect("a known method"))
        .collect();
    let cases = vectors["cases"].as_array().expect("cases");
    assert!(cases.len() > 900);
    for case in cases {
        for (method, expected) in methods.iter().zip(case["r"].as_array().expect("results")) {
            let rounded = method.round(number(&case["x"]), number(&case["p"]) as u8);
            assert_eq!(rounded, number(expected), "{method:?} of {case}");
        }
    }
}
