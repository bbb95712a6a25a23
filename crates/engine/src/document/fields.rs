//! POS Invoice's fields by name, as a rule's condition sees them: numbers that nobody has set are zero, all else is `None`.

use super::Document;
use crate::{
    condition::{Failure, Value},
    masters::Masters,
};

/// Numeric fields that no sale at a counter sets.
const NUMBERS: &[&str] = &["total_billing_amount", "total_advance"];

/// Check and integer fields that no sale at a counter sets.
const CHECKS: &[&str] = &[
    "allocate_advances_automatically",
    "docstatus",
    "group_same_items",
    "idx",
    "is_discounted",
    "update_billed_amount_in_sales_order",
    "write_off_outstanding_amount_automatically",
];

/// Link, text and date fields that no sale at a counter sets.
const OTHERS: &[&str] = &[
    "address_display",
    "against_income_account",
    "amended_from",
    "auto_repeat",
    "cash_bank_account",
    "company_address",
    "company_address_display",
    "company_contact_person",
    "consolidated_invoice",
    "from_date",
    "inter_company_invoice_reference",
    "payment_terms_template",
    "po_date",
    "po_no",
    "project",
    "remarks",
    "return_against",
    "scan_barcode",
    "select_print_heading",
    "shipping_rule",
    "source",
    "to_date",
];

/// Fields that the server fills in from what a terminal does not hold.
const UNKNOWN: &[&str] = &[
    "base_in_words",
    "contact_display",
    "contact_email",
    "contact_mobile",
    "contact_person",
    "cost_center",
    "creation",
    "customer_address",
    "debit_to",
    "due_date",
    "in_words",
    "language",
    "letter_head",
    "loyalty_redemption_account",
    "loyalty_redemption_cost_center",
    "modified",
    "modified_by",
    "name",
    "naming_series",
    "other_charges_calculation",
    "owner",
    "party_account_currency",
    "shipping_address",
    "shipping_address_name",
    "tax_id",
    "tc_name",
    "terms",
    "title",
    "write_off_account",
    "write_off_cost_center",
];

/// What a name stands for in a condition.
pub(crate) fn field<M: Masters>(document: &Document<'_, M>, name: &str) -> Result<Value, Failure> {
    number(document, name).map(Value::Float).or_else(|| other(document, name)).map_or_else(
        || match name {
            _ if UNKNOWN.contains(&name) => Err(Failure::Unsupported("a field that only the server knows")),
            _ if name.starts_with("custom_") => Err(Failure::Unsupported("a custom field")),
            _ => Err(Failure::Python),
        },
        Ok,
    )
}

fn number<M: Masters>(document: &Document<'_, M>, name: &str) -> Option<f64> {
    let invoice = &document.invoice;
    Some(match name {
        "conversion_rate" => invoice.conversion_rate,
        "plc_conversion_rate" => invoice.plc_conversion_rate,
        "total_qty" => invoice.total_qty,
        "total" => invoice.total,
        "base_total" => invoice.base_total,
        "net_total" => invoice.net_total,
        "base_net_total" => invoice.base_net_total,
        "total_net_weight" => invoice.total_net_weight,
        "total_taxes_and_charges" => invoice.total_taxes_and_charges,
        "base_total_taxes_and_charges" => invoice.base_total_taxes_and_charges,
        "additional_discount_percentage" => invoice.additional_discount_percentage,
        "discount_amount" => invoice.discount_amount,
        "base_discount_amount" => invoice.base_discount_amount,
        "grand_total" => invoice.grand_total,
        "base_grand_total" => invoice.base_grand_total,
        "rounded_total" => invoice.rounded_total,
        "base_rounded_total" => invoice.base_rounded_total,
        "rounding_adjustment" => invoice.rounding_adjustment,
        "base_rounding_adjustment" => invoice.base_rounding_adjustment,
        "paid_amount" => invoice.paid_amount,
        "base_paid_amount" => invoice.base_paid_amount,
        "change_amount" => invoice.change_amount,
        "base_change_amount" => invoice.base_change_amount,
        "outstanding_amount" => invoice.outstanding_amount,
        "write_off_amount" => invoice.write_off_amount,
        "base_write_off_amount" => invoice.base_write_off_amount,
        "loyalty_amount" => invoice.loyalty_amount,
        "amount_eligible_for_commission" => invoice.amount_eligible_for_commission,
        "commission_rate" => invoice.commission_rate,
        "total_commission" => invoice.total_commission,
        _ => return NUMBERS.contains(&name).then_some(0.0),
    })
}

fn other<M: Masters>(document: &Document<'_, M>, name: &str) -> Option<Value> {
    let (invoice, tables) = (&document.invoice, document.tables);
    let check = |value: bool| Value::Int(i64::from(value));
    let rows = |count: usize| Value::List(vec![Value::Opaque; count]);
    Some(match name {
        "customer" => Value::link(&invoice.customer),
        "customer_name" => Value::link(&document.customer.customer_name),
        "customer_group" => Value::link(&invoice.customer_group),
        "territory" => Value::link(&invoice.territory),
        "company" => Value::link(&tables.company.name),
        "pos_profile" => Value::link(&tables.profile.name),
        "currency" => Value::link(&invoice.currency),
        "selling_price_list" => Value::link(&invoice.selling_price_list),
        "price_list_currency" => Value::link(&invoice.price_list_currency),
        "tax_category" => Value::link(&invoice.tax_category),
        "taxes_and_charges" => Value::link(&invoice.taxes_and_charges),
        "apply_discount_on" => Value::link(&invoice.apply_discount_on),
        "coupon_code" => Value::link(&invoice.coupon_code),
        "campaign" => Value::link(&invoice.campaign),
        "sales_partner" => Value::link(&invoice.sales_partner),
        "loyalty_program" => Value::link(&invoice.loyalty_program),
        "account_for_change_amount" => Value::link(&invoice.account_for_change_amount),
        "set_warehouse" => Value::link(&tables.profile.warehouse),
        "posting_date" => Value::Text(invoice.posting_date.to_string()),
        "posting_time" => Value::Text(document.context.posting_time()),
        "is_return" => check(invoice.is_return),
        "ignore_pricing_rule" => check(invoice.ignore_pricing_rule),
        "redeem_loyalty_points" => check(invoice.redeem_loyalty_points),
        "loyalty_points" => Value::Int(invoice.loyalty_points),
        "is_pos" | "set_posting_time" | "update_stock" | "update_billed_amount_in_delivery_note" => check(true),
        "is_opening" => Value::text("No"),
        "status" => Value::text("Draft"),
        "doctype" => Value::text("POS Invoice"),
        "items" => rows(invoice.items.len()),
        "taxes" => rows(invoice.taxes.len()),
        "payments" => rows(invoice.payments.len()),
        "pricing_rules" => rows(invoice.applied_rules.len()),
        "packed_items" | "timesheets" | "advances" | "payment_schedule" | "sales_team" => rows(0),
        _ if CHECKS.contains(&name) => check(false),
        _ if OTHERS.contains(&name) => Value::None,
        _ => return None,
    })
}
