//! Prices and the currencies they are in.

use crate::Date;
use serde::{Deserialize, Serialize};

/// Currency.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Currency {
    /// Its code and key.
    pub name: String,
    /// `symbol`.
    pub symbol: String,
    /// `symbol_on_right`.
    pub symbol_on_right: bool,
    /// `smallest_currency_fraction_value`; zero rounds to whole units.
    #[serde(with = "crate::decimal")]
    pub smallest_currency_fraction_value: f64,
}

/// Currency Exchange.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CurrencyExchange {
    /// `date` from which it holds.
    pub date: Date,
    /// `from_currency`.
    pub from_currency: String,
    /// `to_currency`.
    pub to_currency: String,
    /// `exchange_rate`.
    #[serde(with = "crate::decimal")]
    pub exchange_rate: f64,
}

/// Price List.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PriceList {
    /// Its name and key.
    pub name: String,
    /// `currency`.
    pub currency: String,
}

/// Item Price.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemPrice {
    /// `price_list`.
    pub price_list: String,
    /// `uom`; blank counts as the stock UOM.
    pub uom: String,
    /// `price_list_rate`, in the price list's currency.
    #[serde(with = "crate::decimal")]
    pub price_list_rate: f64,
    /// `customer`; empty for everybody.
    pub customer: String,
    /// `batch_no`; empty for every batch.
    pub batch_no: String,
    /// `packing_unit`; zero for none.
    pub packing_unit: u32,
    /// `valid_from`.
    pub valid_from: Option<Date>,
    /// `valid_upto`.
    pub valid_upto: Option<Date>,
}
