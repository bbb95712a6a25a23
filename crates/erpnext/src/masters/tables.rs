//! The small tables.

use super::{
    coupons, currency, customer_group, item_group_taxes, item_tax_template, loyalty_program, pricing_rules, tax_rule,
    taxes_template, uom,
};
use crate::json::{check, date, number, rows, text};
use holdfast_engine::{
    Tables,
    masters::{CurrencyExchange, ModeOfPayment, PriceList, TreeNode, UomConversionFactor},
};
use serde_json::Value;
use std::cmp::Reverse;

/// The small tables of a shop whose documents are listed by DocType; settings, company and profile are nobody's.
pub fn tables(whole: &Value) -> Tables {
    tables_of(whole, "")
}

/// The small tables of a company: what is another company's is left out. Without a name every company's are taken.
pub fn tables_of(whole: &Value, company: &str) -> Tables {
    let is_ours = |row: &&Value| company.is_empty() || row["company"] == company;
    let is_for_us = |row: &&Value| is_ours(row) || text(&row["company"]).is_empty();
    let list = |doctype: &str| rows(&whole[doctype]);
    let tree = |doctype: &str, parent: &str| -> Vec<TreeNode> {
        let node = |row: &Value| TreeNode { name: text(&row["name"]), parent: text(&row[parent]) };
        list(doctype).iter().map(node).collect()
    };
    let rules: Vec<Value> = list("Pricing Rule").iter().filter(is_for_us).cloned().collect();
    let templates = list("Sales Taxes and Charges Template").iter().filter(is_ours);
    let templates: Vec<_> = templates.map(taxes_template).collect();
    let is_disabled = |name: &str| {
        list("Sales Taxes and Charges Template").iter().any(|row| row["name"] == name && check(&row["disabled"]))
    };
    let tax_rules = list("Tax Rule").iter().filter(is_for_us).map(|row| {
        let mut rule = tax_rule(row);
        if is_disabled(&rule.sales_tax_template) {
            rule.sales_tax_template.clear();
        }
        rule
    });
    Tables {
        currencies: list("Currency").iter().map(currency).collect(),
        exchange_rates: exchange_rates(list("Currency Exchange")),
        price_lists: list("Price List")
            .iter()
            .map(|row| PriceList { name: text(&row["name"]), currency: text(&row["currency"]) })
            .collect(),
        item_groups: tree("Item Group", "parent_item_group"),
        customer_groups: list("Customer Group").iter().map(customer_group).collect(),
        territories: tree("Territory", "parent_territory"),
        warehouses: tree("Warehouse", "parent_warehouse"),
        uoms: list("UOM").iter().map(uom).collect(),
        uom_conversions: list("UOM Conversion Factor").iter().map(uom_conversion).collect(),
        item_tax_templates: list("Item Tax Template").iter().filter(is_ours).map(item_tax_template).collect(),
        item_group_taxes: list("Item Group").iter().map(item_group_taxes).collect(),
        taxes_templates: templates,
        tax_rules: tax_rules.collect(),
        pricing_rules: pricing_rules(&rules),
        coupons: coupons(list("Coupon Code")),
        loyalty_programs: list("Loyalty Program").iter().filter(is_for_us).map(loyalty_program).collect(),
        sales_persons: list("Sales Person")
            .iter()
            .filter(|row| check(&row["enabled"]) && !check(&row["is_group"]))
            .map(|row| text(&row["name"]))
            .collect(),
        modes_of_payment: list("Mode of Payment").iter().map(|row| mode_of_payment(row, company)).collect(),
        ..Tables::default()
    }
}

/// A mode with its account for the company; with the first one where no company is named.
fn mode_of_payment(row: &Value, company: &str) -> ModeOfPayment {
    let account = rows(&row["accounts"]).iter().find(|row| company.is_empty() || row["company"] == company);
    ModeOfPayment {
        name: text(&row["name"]),
        kind: text(&row["type"]),
        account: account.map(|account| text(&account["default_account"])).unwrap_or_default(),
    }
}

fn uom_conversion(row: &Value) -> UomConversionFactor {
    UomConversionFactor { from_uom: text(&row["from_uom"]), to_uom: text(&row["to_uom"]), value: number(&row["value"]) }
}

/// Rates for selling, newest first.
fn exchange_rates(list: &[Value]) -> Vec<CurrencyExchange> {
    let rate = |row: &Value| {
        Some(CurrencyExchange {
            date: date(&row["date"])?,
            from_currency: text(&row["from_currency"]),
            to_currency: text(&row["to_currency"]),
            exchange_rate: number(&row["exchange_rate"]),
        })
    };
    let mut rates: Vec<_> = list.iter().filter(|row| check(&row["for_selling"])).filter_map(rate).collect();
    rates.sort_by_key(|rate| Reverse(rate.date));
    rates
}
