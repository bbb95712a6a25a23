//! What a cashier has put together: the engine's input.

use crate::{
    Date, Invoice,
    invoice::MarginType,
    masters::{PosProfile, TaxRow},
};
use serde::{Deserialize, Serialize};

/// A cart: what is sold, to whom, and how it is paid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cart {
    /// The customer's `name`; empty for the profile's default customer.
    pub customer: String,
    /// What is sold, in the order of the screen. Free items are not entered: pricing rules add them.
    pub lines: Vec<Line>,
    /// A discount on the whole document.
    pub discount: Option<Discount>,
    /// What was paid, by mode.
    pub payments: Vec<Payment>,
    /// Set for a return: what is given back.
    pub return_against: Option<Box<Invoice>>,
    /// For each line of a return the row of [`Cart::return_against`] that it gives back.
    pub return_rows: Vec<usize>,
    /// Coupon Code `name`, which is not the code that the customer says.
    pub coupon_code: String,
    /// Loyalty points to pay with.
    pub redemption: Option<Redemption>,
    /// Set where a document is priced as a client of `ERPNext` sends it, instead of a cart from a counter.
    #[serde(skip)]
    pub sent: Option<Box<SentDocument>>,
}

/// One line of a cart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// `item_code`.
    pub item_code: String,
    /// `uom`; empty for the item's sales UOM.
    pub uom: String,
    /// `qty` in that UOM; negative on a return.
    #[serde(with = "crate::decimal")]
    pub qty: f64,
    /// A price that the cashier set, document currency.
    #[serde(with = "crate::decimal::option")]
    pub rate: Option<f64>,
    /// A discount that the cashier gave, in percent.
    #[serde(with = "crate::decimal")]
    pub discount_percentage: f64,
    /// `batch_no`.
    pub batch_no: String,
    /// `serial_no`, one by one.
    pub serial_nos: Vec<String>,
    /// What a client of `ERPNext` says about the row besides; `None` for a line from a counter.
    #[serde(skip)]
    pub sent: Option<Box<SentLine>>,
}

/// A discount on the whole document.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Discount {
    /// `additional_discount_percentage`.
    Percentage(#[serde(with = "crate::decimal")] f64),
    /// `discount_amount`, document currency.
    Amount(#[serde(with = "crate::decimal")] f64),
}

/// One payment of a cart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    /// `mode_of_payment`.
    pub mode_of_payment: String,
    /// `amount`, document currency; negative on a return.
    #[serde(with = "crate::decimal")]
    pub amount: f64,
    /// `reference_no`.
    pub reference_no: String,
}

/// Loyalty points that pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Redemption {
    /// `loyalty_points`.
    pub points: i64,
    /// `loyalty_amount`, company currency; zero for what the points are worth.
    #[serde(with = "crate::decimal")]
    pub amount: f64,
}

/// What a client of `ERPNext` writes into a POS Invoice itself, where a counter leaves it to profile and customer.
///
/// A document with this is priced as the server prices the first insert of a draft: fields that the client left out are null,
/// which takes other paths on the server than zero does. A counter's cart is priced as if each of its rows had been sent
/// with list price, rate and discounts, as `ERPNext`'s own screen sends them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SentDocument {
    /// `currency`; empty for the price list's.
    pub currency: String,
    /// `conversion_rate`.
    pub conversion_rate: Option<f64>,
    /// `plc_conversion_rate`.
    pub plc_conversion_rate: Option<f64>,
    /// `tax_category`; empty where the customer's is to be filled in.
    pub tax_category: String,
    /// `taxes_and_charges`.
    pub taxes_and_charges: String,
    /// `taxes`.
    pub taxes: Vec<TaxRow>,
    /// `apply_discount_on`, which the server fills in with Grand Total.
    pub apply_discount_on: Option<String>,
    /// `additional_discount_percentage`.
    pub additional_discount_percentage: f64,
    /// `discount_amount`.
    pub discount_amount: f64,
    /// `ignore_pricing_rule`, from a user who may set it.
    pub ignore_pricing_rule: bool,
    /// `is_return`.
    pub is_return: bool,
    /// Whether `return_against` is set: tax templates then stay as they were.
    pub has_return_against: bool,
    /// `campaign`.
    pub campaign: String,
    /// `paid_amount`.
    pub paid_amount: f64,
    /// `base_paid_amount`.
    pub base_paid_amount: f64,
    /// `change_amount`.
    pub change_amount: f64,
    /// `base_change_amount`.
    pub base_change_amount: f64,
    /// `write_off_amount`.
    pub write_off_amount: f64,
    /// `base_write_off_amount`.
    pub base_write_off_amount: f64,
}

/// What a client of `ERPNext` writes into a POS Invoice Item itself; `None` is null.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SentLine {
    /// `conversion_factor`.
    pub conversion_factor: Option<f64>,
    /// `price_list_rate`.
    pub price_list_rate: Option<f64>,
    /// `discount_percentage`, in place of [`Line::discount_percentage`].
    pub discount_percentage: Option<f64>,
    /// `discount_amount` a unit.
    pub discount_amount: Option<f64>,
    /// `margin_type`.
    pub margin_type: Option<MarginType>,
    /// `margin_rate_or_amount`.
    pub margin_rate_or_amount: Option<f64>,
    /// `item_tax_template`.
    pub item_tax_template: Option<String>,
    /// `pricing_rules`: these are applied again without looking whether they still fit.
    pub pricing_rules: Option<Vec<String>>,
    /// `warehouse`; empty for the profile's.
    pub warehouse: String,
}

/// What pricing depends on besides cart and masters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// `posting_date`, the shop's calendar. Coupons and points expire by it, too.
    pub posting_date: Date,
    /// `posting_time` in seconds since midnight, the shop's clock: a rule's condition may ask for it.
    pub posting_time_s: u32,
}

impl Context {
    /// A day at midnight.
    pub fn on(posting_date: Date) -> Self {
        Self { posting_date, posting_time_s: 0 }
    }

    /// `posting_time` as `ERPNext` writes it: `HH:MM:SS`.
    pub fn posting_time(&self) -> String {
        let s = self.posting_time_s % 86_400;
        format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
    }
}

impl SentDocument {
    /// What `ERPNext`'s own screen copies from the profile.
    pub(crate) fn from_profile(profile: &PosProfile) -> Self {
        Self {
            currency: profile.currency.clone(),
            tax_category: profile.tax_category.clone(),
            taxes_and_charges: profile.taxes_and_charges.clone(),
            apply_discount_on: Some(profile.apply_discount_on.clone()),
            ignore_pricing_rule: profile.ignore_pricing_rule,
            campaign: profile.campaign.clone(),
            ..Self::default()
        }
    }
}
