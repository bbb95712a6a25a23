//! Taxes: templates, and what items and groups say about rates.

use crate::json::{check, date, number, rows, text};
use holdfast_engine::masters::{
    AccountRate, ChargeType, ItemGroupTaxes, ItemTax, ItemTaxTemplate, Place, TaxRow, TaxRule, TaxesTemplate,
};
use serde_json::Value;

/// An Item Tax Template.
pub fn item_tax_template(row: &Value) -> ItemTaxTemplate {
    let rate = |row: &Value| AccountRate { account: text(&row["tax_type"]), rate: number(&row["tax_rate"]) };
    ItemTaxTemplate { name: text(&row["name"]), taxes: rows(&row["taxes"]).iter().map(rate).collect() }
}

/// What an Item Group says about taxes.
pub fn item_group_taxes(row: &Value) -> ItemGroupTaxes {
    ItemGroupTaxes { item_group: text(&row["name"]), taxes: item_taxes(&row["taxes"]) }
}

/// Item Tax rows.
pub fn item_taxes(value: &Value) -> Vec<ItemTax> {
    let row = |row: &Value| ItemTax {
        item_tax_template: text(&row["item_tax_template"]),
        tax_category: text(&row["tax_category"]),
        valid_from: date(&row["valid_from"]),
        minimum_net_rate: number(&row["minimum_net_rate"]),
        maximum_net_rate: number(&row["maximum_net_rate"]),
    };
    rows(value).iter().map(row).collect()
}

/// A Sales Taxes and Charges Template.
pub fn taxes_template(row: &Value) -> TaxesTemplate {
    TaxesTemplate { name: text(&row["name"]), taxes: rows(&row["taxes"]).iter().map(tax_row).collect() }
}

/// A row of Sales Taxes and Charges, as a template or a client has it.
pub fn tax_row(row: &Value) -> TaxRow {
    TaxRow {
        charge_type: ChargeType::from_erpnext(&text(&row["charge_type"])).unwrap_or_default(),
        row_id: text(&row["row_id"]).parse().ok(),
        account_head: text(&row["account_head"]),
        description: text(&row["description"]),
        rate: number(&row["rate"]),
        tax_amount: number(&row["tax_amount"]),
        included_in_print_rate: check(&row["included_in_print_rate"]),
    }
}

/// A Tax Rule.
pub fn tax_rule(row: &Value) -> TaxRule {
    let place = |kind: &str| {
        let field = |field: &str| text(&row[format!("{kind}_{field}")]);
        Place {
            city: field("city"),
            county: field("county"),
            state: field("state"),
            zipcode: field("zipcode"),
            country: field("country"),
        }
    };
    TaxRule {
        sales_tax_template: text(&row["sales_tax_template"]),
        priority: number(&row["priority"]) as i32,
        from_date: date(&row["from_date"]),
        to_date: date(&row["to_date"]),
        tax_category: text(&row["tax_category"]),
        customer: text(&row["customer"]),
        customer_group: text(&row["customer_group"]),
        names_company: !text(&row["company"]).is_empty(),
        billing: place("billing"),
        shipping: place("shipping"),
    }
}
