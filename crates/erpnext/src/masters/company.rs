//! What a site, a company and its addresses say.

use crate::json::{check, number, rows, text};
use holdfast_engine::{
    masters::{BatchOrder, Company, FieldPrecision, Settings},
    money::places_of,
    rounding::RoundingMethod,
};
use serde_json::Value;

/// The singles that steer arithmetic, with the fields whose precision somebody customised.
pub(super) fn settings(whole: &Value) -> Settings {
    let single = |doctype: &str| &whole[doctype][0];
    let (system, stock) = (single("System Settings"), single("Stock Settings"));
    let defaults = Settings::default();
    let or = |value: f64, default: u8| if value > 0.0 { value as u8 } else { default };
    let number_format = Some(text(&system["number_format"])).filter(|format| !format.is_empty());
    let number_format = number_format.unwrap_or(defaults.number_format);
    Settings {
        rounding_method: RoundingMethod::from_erpnext(&text(&system["rounding_method"])).unwrap_or_default(),
        currency_precision: or(number(&system["currency_precision"]), places_of(&number_format)),
        float_precision: or(number(&system["float_precision"]), defaults.float_precision),
        number_format,
        disable_rounded_total: check(&single("Global Defaults")["disable_rounded_total"]),
        round_row_wise_tax: check(&single("Accounts Settings")["round_row_wise_tax"]),
        discount_percentage_precision: defaults.discount_percentage_precision,
        field_precisions: rows(&whole["Property Setter"]).iter().filter_map(field_precision).collect(),
        picks_batches: check(&stock["auto_create_serial_and_batch_bundle_for_outward"]),
        batch_order: match text(&stock["pick_serial_and_batch_based_on"]).as_str() {
            "LIFO" => BatchOrder::Lifo,
            "Expiry" => BatchOrder::Expiry,
            _ => BatchOrder::Fifo,
        },
        // The hub's role must not write Item Price, so a sale never makes one.
        inserts_missing_prices: false,
        validate_selling_price: check(&single("Selling Settings")["validate_selling_price"]),
    }
}

fn field_precision(row: &Value) -> Option<FieldPrecision> {
    let places = text(&row["value"]).parse().ok()?;
    Some(FieldPrecision { doctype: text(&row["doc_type"]), fieldname: text(&row["field_name"]), places })
}

/// A Company, with the address that a receipt prints.
pub(super) fn company(companies: &[Value], name: &str, address: Option<&Value>) -> Company {
    let row = companies.iter().find(|row| row["name"] == name).unwrap_or(&Value::Null);
    let mut lines = Vec::new();
    if let Some(address) = address {
        let place = [text(&address["pincode"]), text(&address["city"])].join(" ");
        let fields = ["address_line1", "address_line2"].map(|field| text(&address[field]));
        lines.extend(fields.into_iter().chain([place.trim().to_owned(), text(&address["country"])]));
    }
    lines.push(text(&row["phone_no"]));
    lines.retain(|line| !line.is_empty());
    Company {
        name: name.to_owned(),
        default_currency: text(&row["default_currency"]),
        address_lines: lines,
        tax_id: text(&row["tax_id"]),
    }
}
