//! From a document as a client sends it to the engine's cart.

use holdfast_engine::{Cart, Context, Date, Line, MarginType, Payment, Redemption, SentDocument, SentLine};
use holdfast_erpnext::{
    json::{check, date, maybe_number, maybe_text, number, rows, text},
    masters::tax_row,
};
use serde_json::Value;

/// The cart of a document that a client sends.
pub fn cart(input: &Value) -> Cart {
    Cart {
        customer: text(&input["customer"]),
        lines: rows(&input["items"]).iter().map(line).collect(),
        payments: rows(&input["payments"]).iter().map(payment).collect(),
        coupon_code: text(&input["coupon_code"]),
        redemption: check(&input["redeem_loyalty_points"]).then(|| Redemption {
            points: number(&input["loyalty_points"]) as i64,
            amount: number(&input["loyalty_amount"]),
        }),
        sent: Some(Box::new(document(input))),
        ..Cart::default()
    }
}

/// The day and the time of a document that a client sends; today where it doesn't say.
pub fn context(input: &Value, today: Date) -> Context {
    let time = text(&input["posting_time"]);
    let mut parts = time.split(':').map(|part| part.parse::<f64>().unwrap_or(0.0));
    let mut part = || parts.next().unwrap_or(0.0);
    let seconds = part() * 3600.0 + part() * 60.0 + part();
    Context { posting_date: date(&input["posting_date"]).unwrap_or(today), posting_time_s: seconds as u32 }
}

fn document(input: &Value) -> SentDocument {
    SentDocument {
        currency: text(&input["currency"]),
        conversion_rate: maybe_number(&input["conversion_rate"]),
        plc_conversion_rate: maybe_number(&input["plc_conversion_rate"]),
        tax_category: text(&input["tax_category"]),
        taxes_and_charges: text(&input["taxes_and_charges"]),
        taxes: rows(&input["taxes"]).iter().map(tax_row).collect(),
        apply_discount_on: maybe_text(&input["apply_discount_on"]),
        additional_discount_percentage: number(&input["additional_discount_percentage"]),
        discount_amount: number(&input["discount_amount"]),
        ignore_pricing_rule: check(&input["ignore_pricing_rule"]),
        is_return: check(&input["is_return"]),
        has_return_against: !text(&input["return_against"]).is_empty(),
        campaign: text(&input["campaign"]),
        paid_amount: number(&input["paid_amount"]),
        base_paid_amount: number(&input["base_paid_amount"]),
        change_amount: number(&input["change_amount"]),
        base_change_amount: number(&input["base_change_amount"]),
        write_off_amount: number(&input["write_off_amount"]),
        base_write_off_amount: number(&input["base_write_off_amount"]),
    }
}

fn line(row: &Value) -> Line {
    Line {
        item_code: text(&row["item_code"]),
        uom: text(&row["uom"]),
        qty: number(&row["qty"]),
        rate: maybe_number(&row["rate"]),
        batch_no: text(&row["batch_no"]),
        serial_nos: text(&row["serial_no"]).lines().map(str::to_owned).collect(),
        sent: Some(Box::new(SentLine {
            conversion_factor: maybe_number(&row["conversion_factor"]),
            price_list_rate: maybe_number(&row["price_list_rate"]),
            discount_percentage: maybe_number(&row["discount_percentage"]),
            discount_amount: maybe_number(&row["discount_amount"]),
            margin_type: MarginType::from_erpnext(&text(&row["margin_type"])),
            margin_rate_or_amount: maybe_number(&row["margin_rate_or_amount"]),
            item_tax_template: maybe_text(&row["item_tax_template"]),
            pricing_rules: pricing_rules(&text(&row["pricing_rules"])),
            warehouse: text(&row["warehouse"]),
        })),
        ..Line::default()
    }
}

/// A JSON list or names with commas; `None` for an empty field.
fn pricing_rules(text: &str) -> Option<Vec<String>> {
    if text.is_empty() {
        return None;
    }
    serde_json::from_str(text).ok().or_else(|| Some(text.split(',').map(str::to_owned).collect()))
}

fn payment(row: &Value) -> Payment {
    Payment {
        mode_of_payment: text(&row["mode_of_payment"]),
        amount: number(&row["amount"]),
        reference_no: text(&row["reference_no"]),
    }
}
