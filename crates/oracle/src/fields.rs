//! Which fields are compared, and which are not, each with its reason.
//!
//! A field of the output that is in neither list counts as a difference, so that nothing new goes unnoticed.

use holdfast_engine::{Invoice, InvoiceItem, InvoicePayment, InvoiceTax, decimal};

/// A field's value as the engine has it.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// A number, compared as a double.
    Number(f64),
    /// A text, a link or a day; empty for null.
    Text(String),
    /// A JSON object of numbers, compared in its order and as doubles: `ERPNext` writes some whole numbers without a point.
    Numbers(Vec<(String, Vec<f64>)>),
}

/// A field's name and how the engine's value is read.
pub type Field<T> = (&'static str, fn(&T) -> Shown);

fn number(value: f64) -> Shown {
    Shown::Number(value)
}

fn check(value: bool) -> Shown {
    Shown::Number(f64::from(u8::from(value)))
}

fn text(value: &str) -> Shown {
    Shown::Text(value.to_owned())
}

/// POS Invoice.
pub const DOC: &[Field<Invoice>] = &[
    ("customer", |doc| text(&doc.customer)),
    ("customer_group", |doc| text(&doc.customer_group)),
    ("territory", |doc| text(&doc.territory)),
    ("is_return", |doc| check(doc.is_return)),
    ("currency", |doc| text(&doc.currency)),
    ("conversion_rate", |doc| number(doc.conversion_rate)),
    ("selling_price_list", |doc| text(&doc.selling_price_list)),
    ("price_list_currency", |doc| text(&doc.price_list_currency)),
    ("plc_conversion_rate", |doc| number(doc.plc_conversion_rate)),
    ("ignore_pricing_rule", |doc| check(doc.ignore_pricing_rule)),
    ("campaign", |doc| text(&doc.campaign)),
    ("sales_partner", |doc| text(&doc.sales_partner)),
    ("coupon_code", |doc| text(&doc.coupon_code)),
    ("tax_category", |doc| text(&doc.tax_category)),
    ("taxes_and_charges", |doc| text(&doc.taxes_and_charges)),
    ("total_qty", |doc| number(doc.total_qty)),
    ("total_net_weight", |doc| number(doc.total_net_weight)),
    ("total", |doc| number(doc.total)),
    ("base_total", |doc| number(doc.base_total)),
    ("net_total", |doc| number(doc.net_total)),
    ("base_net_total", |doc| number(doc.base_net_total)),
    ("total_taxes_and_charges", |doc| number(doc.total_taxes_and_charges)),
    ("base_total_taxes_and_charges", |doc| number(doc.base_total_taxes_and_charges)),
    ("apply_discount_on", |doc| text(&doc.apply_discount_on)),
    ("additional_discount_percentage", |doc| number(doc.additional_discount_percentage)),
    ("discount_amount", |doc| number(doc.discount_amount)),
    ("base_discount_amount", |doc| number(doc.base_discount_amount)),
    ("grand_total", |doc| number(doc.grand_total)),
    ("base_grand_total", |doc| number(doc.base_grand_total)),
    ("rounding_adjustment", |doc| number(doc.rounding_adjustment)),
    ("base_rounding_adjustment", |doc| number(doc.base_rounding_adjustment)),
    ("rounded_total", |doc| number(doc.rounded_total)),
    ("base_rounded_total", |doc| number(doc.base_rounded_total)),
    ("paid_amount", |doc| number(doc.paid_amount)),
    ("base_paid_amount", |doc| number(doc.base_paid_amount)),
    ("change_amount", |doc| number(doc.change_amount)),
    ("base_change_amount", |doc| number(doc.base_change_amount)),
    ("account_for_change_amount", |doc| text(&doc.account_for_change_amount)),
    ("write_off_amount", |doc| number(doc.write_off_amount)),
    ("base_write_off_amount", |doc| number(doc.base_write_off_amount)),
    ("outstanding_amount", |doc| number(doc.outstanding_amount)),
    ("loyalty_program", |doc| text(&doc.loyalty_program)),
    ("redeem_loyalty_points", |doc| check(doc.redeem_loyalty_points)),
    ("loyalty_points", |doc| number(doc.loyalty_points as f64)),
    ("loyalty_amount", |doc| number(doc.loyalty_amount)),
    ("amount_eligible_for_commission", |doc| number(doc.amount_eligible_for_commission)),
    ("commission_rate", |doc| number(doc.commission_rate)),
    ("total_commission", |doc| number(doc.total_commission)),
];

/// POS Invoice Item.
pub const ITEM: &[Field<InvoiceItem>] = &[
    ("item_code", |row| text(&row.item_code)),
    ("item_name", |row| text(&row.item_name)),
    ("item_group", |row| text(&row.item_group)),
    ("brand", |row| text(&row.brand)),
    ("stock_uom", |row| text(&row.stock_uom)),
    ("uom", |row| text(&row.uom)),
    ("conversion_factor", |row| number(row.conversion_factor)),
    ("qty", |row| number(row.qty)),
    ("stock_qty", |row| number(row.stock_qty)),
    ("price_list_rate", |row| number(row.price_list_rate)),
    ("base_price_list_rate", |row| number(row.base_price_list_rate)),
    ("margin_type", |row| text(row.margin_type.map_or("", holdfast_engine::MarginType::as_erpnext))),
    ("margin_rate_or_amount", |row| number(row.margin_rate_or_amount)),
    ("rate_with_margin", |row| number(row.rate_with_margin)),
    ("base_rate_with_margin", |row| number(row.base_rate_with_margin)),
    ("discount_percentage", |row| number(row.discount_percentage)),
    ("discount_amount", |row| number(row.discount_amount)),
    ("distributed_discount_amount", |row| number(row.distributed_discount_amount)),
    ("rate", |row| number(row.rate)),
    ("base_rate", |row| number(row.base_rate)),
    ("amount", |row| number(row.amount)),
    ("base_amount", |row| number(row.base_amount)),
    ("net_rate", |row| number(row.net_rate)),
    ("base_net_rate", |row| number(row.base_net_rate)),
    ("net_amount", |row| number(row.net_amount)),
    ("base_net_amount", |row| number(row.base_net_amount)),
    ("pricing_rules", |row| text(&row.pricing_rules_text())),
    ("is_free_item", |row| check(row.is_free_item)),
    ("item_tax_template", |row| text(&row.item_tax_template)),
    ("item_tax_rate", |row| {
        Shown::Numbers(row.item_tax_rate.iter().map(|entry| (entry.account.clone(), vec![entry.rate])).collect())
    }),
    ("warehouse", |row| text(&row.warehouse)),
    ("batch_no", |row| text(&row.batch_no)),
    ("serial_no", |row| text(&row.serial_nos.join("\n"))),
    ("grant_commission", |row| check(row.grant_commission)),
    ("weight_per_unit", |row| number(row.weight_per_unit)),
    ("total_weight", |row| number(row.total_weight)),
];

/// Sales Taxes and Charges.
pub const TAX: &[Field<InvoiceTax>] = &[
    ("charge_type", |row| text(row.charge_type.as_erpnext())),
    ("row_id", |row| text(&row.row_id.map(|id| id.to_string()).unwrap_or_default())),
    ("account_head", |row| text(&row.account_head)),
    ("description", |row| text(&row.description)),
    ("included_in_print_rate", |row| check(row.included_in_print_rate)),
    ("rate", |row| number(row.rate)),
    ("tax_amount", |row| number(row.tax_amount)),
    ("base_tax_amount", |row| number(row.base_tax_amount)),
    ("tax_amount_after_discount_amount", |row| number(row.tax_amount_after_discount_amount)),
    ("base_tax_amount_after_discount_amount", |row| number(row.base_tax_amount_after_discount_amount)),
    ("total", |row| number(row.total)),
    ("base_total", |row| number(row.base_total)),
    ("item_wise_tax_detail", |row| {
        let details = row.item_wise_tax_detail.iter();
        Shown::Numbers(details.map(|detail| (detail.item_code.clone(), vec![detail.rate, detail.amount])).collect())
    }),
];

/// Sales Invoice Payment.
pub const PAYMENT: &[Field<InvoicePayment>] = &[
    ("mode_of_payment", |row| text(&row.mode_of_payment)),
    ("type", |row| text(&row.kind)),
    ("account", |row| text(&row.account)),
    ("amount", |row| number(row.amount)),
    ("base_amount", |row| number(row.base_amount)),
    ("reference_no", |row| text(&row.reference_no)),
];

/// Pricing Rule Detail.
pub const RULE: &[Field<holdfast_engine::AppliedRule>] =
    &[("pricing_rule", |row| text(&row.pricing_rule)), ("item_code", |row| text(&row.item_code))];

/// What is not compared: `(table, field, reason)`.
pub const EXCLUDED: &[(&str, &str, &str)] = &[
    ("doc", "in_words", "words: printed, not computed with"),
    ("doc", "base_in_words", "words: printed, not computed with"),
    ("doc", "debit_to", "an account that only bookkeeping needs"),
    ("doc", "status", "always Draft before a document is submitted"),
    ("doc", "is_pos", "as sent"),
    ("doc", "update_stock", "as sent; no sum depends on it"),
    ("doc", "set_posting_time", "as sent; no sum depends on it"),
    ("doc", "total_billing_amount", "the doctype's default: counters sell no timesheets"),
    ("doc", "allocate_advances_automatically", "the doctype's default"),
    ("doc", "group_same_items", "the doctype's default; about printing"),
    ("doc", "is_discounted", "the doctype's default; about invoice discounting"),
    ("doc", "update_billed_amount_in_sales_order", "the doctype's default; about orders"),
    ("doc", "update_billed_amount_in_delivery_note", "the doctype's default; about delivery notes"),
    ("doc", "write_off_outstanding_amount_automatically", "the doctype's default; set at consolidation"),
    ("items", "has_item_scanned", "the doctype's default; about the screen"),
    ("items", "delivered_by_supplier", "the doctype's default; about drop shipping"),
    ("items", "delivered_qty", "the doctype's default; about orders"),
    ("items", "is_fixed_asset", "a copy of the item's; about assets"),
    ("items", "enable_deferred_revenue", "the doctype's default; about deferred revenue"),
    ("items", "allow_zero_valuation_rate", "the doctype's default; about stock value"),
    ("items", "use_serial_batch_fields", "as sent; how batches are stored"),
    ("items", "page_break", "the doctype's default; about printing"),
    ("taxes", "included_in_paid_amount", "the doctype's default; about payment entries"),
    ("taxes", "dont_recompute_tax", "the doctype's default"),
    ("payments", "default", "the doctype's default: as sent"),
    ("pricing_rules", "rule_applied", "always 1"),
];

/// What is wrong with a number when it is shown.
pub(crate) fn show(shown: &Shown) -> String {
    match shown {
        Shown::Number(value) => decimal::to_python(*value),
        Shown::Text(text) => format!("{text:?}"),
        Shown::Numbers(numbers) => format!("{numbers:?}"),
    }
}
