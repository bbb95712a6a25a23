//! The profile, the currencies and what a site is set to.

use crate::json::{check, maybe_number, number, rows, text};
use holdfast_engine::masters::{Currency, Permit, Policy, PosPaymentMethod, PosProfile};
use serde_json::Value;

/// A POS Profile.
pub fn pos_profile(row: &Value) -> PosProfile {
    let method = |row: &Value| PosPaymentMethod {
        mode_of_payment: text(&row["mode_of_payment"]),
        default: check(&row["default"]),
        allow_in_returns: check(&row["allow_in_returns"]),
    };
    PosProfile {
        name: text(&row["name"]),
        company: text(&row["company"]),
        currency: text(&row["currency"]),
        customer: text(&row["customer"]),
        warehouse: text(&row["warehouse"]),
        selling_price_list: text(&row["selling_price_list"]),
        taxes_and_charges: text(&row["taxes_and_charges"]),
        tax_category: text(&row["tax_category"]),
        apply_discount_on: text(&row["apply_discount_on"]),
        ignore_pricing_rule: check(&row["ignore_pricing_rule"]),
        allow_rate_change: check(&row["allow_rate_change"]),
        allow_discount_change: check(&row["allow_discount_change"]),
        allow_partial_payment: check(&row["allow_partial_payment"]),
        payments: rows(&row["payments"]).iter().map(method).collect(),
        item_groups: rows(&row["item_groups"]).iter().map(|row| text(&row["item_group"])).collect(),
        account_for_change_amount: text(&row["account_for_change_amount"]),
        campaign: text(&row["campaign"]),
        ..PosProfile::default()
    }
}

/// A Currency.
pub fn currency(row: &Value) -> Currency {
    Currency {
        name: text(&row["name"]),
        symbol: text(&row["symbol"]),
        symbol_on_right: check(&row["symbol_on_right"]),
        smallest_currency_fraction_value: number(&row["smallest_currency_fraction_value"]),
    }
}

/// What a POS Profile allows without a network. What it does not say is as provisioning would set it.
pub fn policy(row: &Value) -> Policy {
    let sound = Policy::default();
    let permit = |field: &str, default: Permit| row[field].as_str().and_then(Permit::from_erpnext).unwrap_or(default);
    Policy {
        hours_offline_max: maybe_number(&row["holdfast_hours_offline_max"])
            .map_or(sound.hours_offline_max, |hours| hours.max(0.0) as u32),
        returns: permit("holdfast_offline_returns", sound.returns),
        credit: permit("holdfast_offline_credit", sound.credit),
        new_customers: permit("holdfast_offline_new_customers", sound.new_customers),
        coupons: permit("holdfast_offline_coupons", sound.coupons),
        loyalty: permit("holdfast_offline_loyalty", sound.loyalty),
        negative_stock: permit("holdfast_offline_negative_stock", sound.negative_stock),
        price_change: permit("holdfast_offline_price_change", sound.price_change),
        discount_percent_max: number(&row["holdfast_discount_percent_max"]).max(0.0),
    }
}
