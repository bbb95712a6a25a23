//! What a cashier has put together: the engine's input.

use crate::{Date, Invoice};
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

/// What pricing depends on besides cart and masters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// `posting_date`, the shop's calendar.
    pub posting_date: Date,
}
