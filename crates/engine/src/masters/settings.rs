//! What a site and a counter are set to: the singles, the company, the profile.

use super::Policy;
use crate::rounding::RoundingMethod;
use serde::{Deserialize, Serialize};

/// System Settings, Accounts Settings, Stock Settings, Global Defaults: the fields that change a sum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "these are check fields of five singles")]
pub struct Settings {
    /// System Settings `rounding_method`.
    pub rounding_method: RoundingMethod,
    /// Decimals of Currency fields: `currency_precision`, else the decimals of `number_format`.
    pub currency_precision: u8,
    /// Decimals of Float and Percent fields.
    pub float_precision: u8,
    /// System Settings `number_format`.
    pub number_format: String,
    /// Global Defaults `disable_rounded_total`.
    pub disable_rounded_total: bool,
    /// Accounts Settings `round_row_wise_tax`.
    pub round_row_wise_tax: bool,
    /// POS Invoice Item `discount_percentage` carries a precision of its own.
    pub discount_percentage_precision: u8,
    /// Fields whose precision somebody customised (DocField or Property Setter `precision`).
    pub field_precisions: Vec<FieldPrecision>,
    /// Stock Settings `auto_create_serial_and_batch_bundle_for_outward`: a line without a batch gets one.
    pub picks_batches: bool,
    /// Stock Settings `pick_serial_and_batch_based_on`.
    pub batch_order: BatchOrder,
    /// Stock Settings `auto_insert_price_list_rate_if_missing`, where the user that posts may write Item Price: a price that
    /// is sold at becomes the list price of an item without one, already for the rows below.
    pub inserts_missing_prices: bool,
    /// Selling Settings `validate_selling_price`.
    pub validate_selling_price: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rounding_method: RoundingMethod::default(),
            currency_precision: 2,
            float_precision: 3,
            number_format: "#,###.##".to_owned(),
            disable_rounded_total: false,
            round_row_wise_tax: false,
            discount_percentage_precision: 2,
            field_precisions: Vec::new(),
            picks_batches: true,
            batch_order: BatchOrder::default(),
            inserts_missing_prices: false,
            validate_selling_price: false,
        }
    }
}

/// The precision of one field, customised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldPrecision {
    /// Such as `POS Invoice Item`.
    pub doctype: String,
    /// Such as `rate`.
    pub fieldname: String,
    /// Decimals.
    pub places: u8,
}

/// Stock Settings `pick_serial_and_batch_based_on`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum BatchOrder {
    /// The batch that was made first.
    #[default]
    Fifo,
    /// The batch that was made last.
    Lifo,
    /// The batch that expires first.
    Expiry,
}

/// Company.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Company {
    /// Its name and key.
    pub name: String,
    /// `default_currency`.
    pub default_currency: String,
    /// Lines printed under the name: address, phone.
    pub address_lines: Vec<String>,
    /// `tax_id`.
    pub tax_id: String,
}

/// POS Profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "these are the doctype's check fields")]
pub struct PosProfile {
    /// Its name and key.
    pub name: String,
    /// `company`.
    pub company: String,
    /// `currency` of new invoices.
    pub currency: String,
    /// Default customer.
    pub customer: String,
    /// `warehouse` that is sold from.
    pub warehouse: String,
    /// `selling_price_list`.
    pub selling_price_list: String,
    /// `taxes_and_charges`: a Sales Taxes and Charges Template.
    pub taxes_and_charges: String,
    /// `tax_category`.
    pub tax_category: String,
    /// `apply_discount_on`: `Grand Total` or `Net Total`.
    pub apply_discount_on: String,
    /// `ignore_pricing_rule`.
    pub ignore_pricing_rule: bool,
    /// `allow_rate_change`.
    pub allow_rate_change: bool,
    /// `allow_discount_change`.
    pub allow_discount_change: bool,
    /// `allow_partial_payment`.
    pub allow_partial_payment: bool,
    /// `payments`, in order.
    pub payments: Vec<PosPaymentMethod>,
    /// `item_groups` that limit the catalogue; empty for all.
    pub item_groups: Vec<String>,
    /// Values of notes and coins used for counting cash, largest first, in the profile's currency.
    pub denominations: Vec<Denomination>,
    /// What may happen without a network.
    pub policy: Policy,
    /// `account_for_change_amount`.
    pub account_for_change_amount: String,
    /// `campaign`.
    pub campaign: String,
    /// Whether a drawer is counted before anybody is told what should be in it.
    pub is_closing_blind: bool,
}

/// A note or coin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Denomination {
    /// Face value in the profile's currency.
    #[serde(with = "crate::decimal")]
    pub value: f64,
}

/// POS Payment Method, a row of POS Profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PosPaymentMethod {
    /// `mode_of_payment`.
    pub mode_of_payment: String,
    /// `default`: gets the amount due.
    pub default: bool,
    /// `allow_in_returns`.
    pub allow_in_returns: bool,
}

/// Mode of Payment with its account for the company.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModeOfPayment {
    /// Its name and key.
    pub name: String,
    /// `type`: `Cash`, `Bank`, `General` or `Phone`.
    pub kind: String,
    /// Mode of Payment Account `default_account` for the company.
    pub account: String,
}
