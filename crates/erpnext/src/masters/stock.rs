//! What is there to sell: Bin less what was sold and is not consolidated yet.

use std::collections::BTreeMap;

/// The stock of an item in a warehouse.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StockLevel {
    /// Bin `actual_qty`, stock units.
    pub actual_qty: f64,
    /// What submitted POS Invoices sold that no Sales Invoice has booked yet; returns count against it.
    pub reserved_qty: f64,
    /// Bin `valuation_rate`, company currency.
    pub valuation_rate: f64,
}

impl StockLevel {
    /// What ERPNext would let go now.
    pub fn available_qty(&self) -> f64 {
        self.actual_qty - self.reserved_qty
    }
}

/// The stock of all warehouses, by warehouse and item.
pub(super) type Stock = BTreeMap<String, BTreeMap<String, StockLevel>>;

/// The level of an item, made if it isn't there.
pub(super) fn level(stock: &mut Stock, warehouse: String, item_code: String) -> &mut StockLevel {
    stock.entry(warehouse).or_default().entry(item_code).or_default()
}
