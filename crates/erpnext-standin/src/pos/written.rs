//! The engine's invoice, written into ERPNext's document.

use crate::json::{Doc, set};
use holdfast_engine::{Invoice, InvoiceItem, InvoiceTax, Priced};
use serde_json::{Map, Value, json};

/// Writes what was computed over what was sent. Rows that rules gave are added, rows that they took away are dropped.
pub(crate) fn write(doc: &mut Doc, priced: &Priced) {
    let invoice = &priced.invoice;
    let mut sent = match doc.remove("items") {
        Some(Value::Array(rows)) => rows,
        _ => Vec::new(),
    };
    let row = |(item, source): (&InvoiceItem, &Option<usize>)| {
        let row = source.and_then(|at| sent.get_mut(at)).and_then(Value::as_object_mut).map(std::mem::take);
        let mut row = row.unwrap_or_default();
        write_item(&mut row, item, invoice);
        Value::Object(row)
    };
    let items: Vec<Value> = invoice.items.iter().zip(&priced.sources).map(row).collect();
    set(doc, "items", items);
    let mut sent = match doc.remove("taxes") {
        Some(Value::Array(rows)) => rows,
        _ => Vec::new(),
    };
    let taxes = invoice.taxes.iter().enumerate().map(|(at, tax)| {
        let mut row = sent.get_mut(at).and_then(Value::as_object_mut).map(std::mem::take).unwrap_or_default();
        write_tax(&mut row, tax);
        Value::Object(row)
    });
    let taxes: Vec<Value> = taxes.collect();
    set(doc, "taxes", taxes);
    let rules = invoice
        .applied_rules
        .iter()
        .map(|rule| json!({ "pricing_rule": rule.pricing_rule, "item_code": rule.item_code, "rule_applied": 1 }));
    let rules: Vec<Value> = rules.collect();
    set(doc, "pricing_rules", rules);
    write_header(doc, invoice);
}

fn write_header(doc: &mut Doc, invoice: &Invoice) {
    for (name, value) in [
        ("conversion_rate", invoice.conversion_rate),
        ("plc_conversion_rate", invoice.plc_conversion_rate),
        ("additional_discount_percentage", invoice.additional_discount_percentage),
        ("discount_amount", invoice.discount_amount),
        ("base_discount_amount", invoice.base_discount_amount),
        ("total_qty", invoice.total_qty),
        ("total", invoice.total),
        ("base_total", invoice.base_total),
        ("net_total", invoice.net_total),
        ("base_net_total", invoice.base_net_total),
        ("total_net_weight", invoice.total_net_weight),
        ("total_taxes_and_charges", invoice.total_taxes_and_charges),
        ("base_total_taxes_and_charges", invoice.base_total_taxes_and_charges),
        ("grand_total", invoice.grand_total),
        ("base_grand_total", invoice.base_grand_total),
        ("rounded_total", invoice.rounded_total),
        ("base_rounded_total", invoice.base_rounded_total),
        ("rounding_adjustment", invoice.rounding_adjustment),
        ("base_rounding_adjustment", invoice.base_rounding_adjustment),
        ("change_amount", invoice.change_amount),
        ("base_change_amount", invoice.base_change_amount),
        ("write_off_amount", invoice.write_off_amount),
        ("base_write_off_amount", invoice.base_write_off_amount),
        ("outstanding_amount", 0.0),
        ("loyalty_amount", invoice.loyalty_amount),
        ("amount_eligible_for_commission", invoice.amount_eligible_for_commission),
        ("commission_rate", invoice.commission_rate),
        ("total_commission", invoice.total_commission),
    ] {
        set(doc, name, value);
    }
    for (name, value) in [
        ("customer_group", &invoice.customer_group),
        ("territory", &invoice.territory),
        ("currency", &invoice.currency),
        ("price_list_currency", &invoice.price_list_currency),
        ("selling_price_list", &invoice.selling_price_list),
        ("tax_category", &invoice.tax_category),
        ("taxes_and_charges", &invoice.taxes_and_charges),
        ("apply_discount_on", &invoice.apply_discount_on),
        ("account_for_change_amount", &invoice.account_for_change_amount),
        ("loyalty_program", &invoice.loyalty_program),
        ("sales_partner", &invoice.sales_partner),
    ] {
        if !value.is_empty() {
            set(doc, name, value.as_str());
        }
    }
    set(doc, "ignore_pricing_rule", u8::from(invoice.ignore_pricing_rule));
    set(doc, "loyalty_points", invoice.loyalty_points);
}

fn write_item(row: &mut Doc, item: &InvoiceItem, invoice: &Invoice) {
    for (name, value) in [
        ("qty", item.qty),
        ("conversion_factor", item.conversion_factor),
        ("stock_qty", item.stock_qty),
        ("price_list_rate", item.price_list_rate),
        ("base_price_list_rate", item.base_price_list_rate),
        ("margin_rate_or_amount", item.margin_rate_or_amount),
        ("rate_with_margin", item.rate_with_margin),
        ("base_rate_with_margin", item.base_rate_with_margin),
        ("discount_percentage", item.discount_percentage),
        ("discount_amount", item.discount_amount),
        ("distributed_discount_amount", item.distributed_discount_amount),
        ("rate", item.rate),
        ("base_rate", item.base_rate),
        ("amount", item.amount),
        ("base_amount", item.base_amount),
        ("net_rate", item.net_rate),
        ("base_net_rate", item.base_net_rate),
        ("net_amount", item.net_amount),
        ("base_net_amount", item.base_net_amount),
        ("weight_per_unit", item.weight_per_unit),
        ("total_weight", item.total_weight),
    ] {
        set(row, name, value);
    }
    for (name, value) in [
        ("item_code", &item.item_code),
        ("item_name", &item.item_name),
        ("description", &item.item_name),
        ("item_group", &item.item_group),
        ("brand", &item.brand),
        ("stock_uom", &item.stock_uom),
        ("uom", &item.uom),
        ("item_tax_template", &item.item_tax_template),
        ("warehouse", &item.warehouse),
    ] {
        if !value.is_empty() {
            set(row, name, value.as_str());
        }
    }
    set(row, "batch_no", Some(item.batch_no.as_str()).filter(|batch| !batch.is_empty()));
    if !item.serial_nos.is_empty() {
        set(row, "serial_no", item.serial_nos.join("\n"));
    }
    set(row, "margin_type", item.margin_type.map_or("", holdfast_engine::MarginType::as_erpnext));
    set(row, "pricing_rules", item.pricing_rules_text());
    set(row, "is_free_item", u8::from(item.is_free_item));
    set(row, "grant_commission", u8::from(item.grant_commission));
    let rates: Map<String, Value> =
        item.item_tax_rate.iter().map(|rate| (rate.account.clone(), rate.rate.into())).collect();
    set(row, "item_tax_rate", Value::Object(rates).to_string());
    let _ = invoice;
}

fn write_tax(row: &mut Doc, tax: &InvoiceTax) {
    set(row, "charge_type", tax.charge_type.as_erpnext());
    set(row, "row_id", tax.row_id.map(|row| row.to_string()));
    set(row, "account_head", tax.account_head.as_str());
    set(row, "description", tax.description.as_str());
    set(row, "included_in_print_rate", u8::from(tax.included_in_print_rate));
    for (name, value) in [
        ("rate", tax.rate),
        ("tax_amount", tax.tax_amount),
        ("base_tax_amount", tax.base_tax_amount),
        ("tax_amount_after_discount_amount", tax.tax_amount_after_discount_amount),
        ("base_tax_amount_after_discount_amount", tax.base_tax_amount_after_discount_amount),
        ("total", tax.total),
        ("base_total", tax.base_total),
    ] {
        set(row, name, value);
    }
    let detail: Map<String, Value> = tax
        .item_wise_tax_detail
        .iter()
        .map(|entry| (entry.item_code.clone(), json!([entry.rate, entry.amount])))
        .collect();
    set(row, "item_wise_tax_detail", Value::Object(detail).to_string());
}
