//! What is sold.

use super::{ItemPrice, ItemTax};
use crate::Date;
use serde::{Deserialize, Serialize};

/// UOM.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Uom {
    /// Its name and key.
    pub name: String,
    /// `must_be_whole_number`.
    pub must_be_whole_number: bool,
}

/// UOM Conversion Factor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UomConversionFactor {
    /// `from_uom`.
    pub from_uom: String,
    /// `to_uom`.
    pub to_uom: String,
    /// `value`: one `from_uom` is this many `to_uom`.
    #[serde(with = "crate::decimal")]
    pub value: f64,
}

/// Item with its child rows and its prices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "these are the doctype's check fields")]
pub struct Item {
    /// `item_code`, the key.
    pub item_code: String,
    /// `item_name`.
    pub item_name: String,
    /// `item_group`.
    pub item_group: String,
    /// `brand`.
    pub brand: String,
    /// `description`, plain text.
    pub description: String,
    /// `stock_uom`.
    pub stock_uom: String,
    /// `sales_uom`; empty for the stock UOM.
    pub sales_uom: String,
    /// `image`: a path on the hub.
    pub image: String,
    /// `is_stock_item`.
    pub is_stock_item: bool,
    /// `has_variants`: a template, which cannot be sold itself.
    pub has_variants: bool,
    /// `variant_of`.
    pub variant_of: String,
    /// `has_batch_no`.
    pub has_batch_no: bool,
    /// `has_serial_no`.
    pub has_serial_no: bool,
    /// Item Barcode.
    pub barcodes: Vec<ItemBarcode>,
    /// UOM Conversion Detail.
    pub uoms: Vec<UomConversionDetail>,
    /// Item Tax.
    pub taxes: Vec<ItemTax>,
    /// Item Price rows of the profile's price lists, best match first is decided by the engine.
    pub prices: Vec<ItemPrice>,
    /// Batch rows that may be sold, in the order they were made.
    pub batches: Vec<Batch>,
    /// Serial numbers in the profile's warehouse, in the order they were made.
    pub serial_nos: Vec<String>,
    /// `disabled`.
    pub disabled: bool,
    /// `end_of_life`: from this day on it is not sold.
    pub end_of_life: Option<Date>,
    /// `is_sales_item` is off.
    pub is_not_sold: bool,
    /// `max_discount` in percent; zero for no limit.
    #[serde(with = "crate::decimal")]
    pub max_discount: f64,
    /// `grant_commission`.
    pub grant_commission: bool,
    /// `weight_per_unit`.
    #[serde(with = "crate::decimal")]
    pub weight_per_unit: f64,
    /// `last_purchase_rate`, company currency, for Selling Settings `validate_selling_price`.
    #[serde(with = "crate::decimal")]
    pub last_purchase_rate: f64,
    /// Bin `valuation_rate` in the profile's warehouse, for the same check.
    #[serde(with = "crate::decimal")]
    pub valuation_rate: f64,
    /// Product Bundle: what the item consists of. Price, taxes and rules see the item only.
    pub bundle: Vec<BundleItem>,
}

/// Item Barcode.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemBarcode {
    /// `barcode`, unique over all items.
    pub barcode: String,
    /// `uom`; empty for the item's own choice.
    pub uom: String,
}

/// UOM Conversion Detail.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UomConversionDetail {
    /// `uom`.
    pub uom: String,
    /// `conversion_factor`: stock units in one `uom`.
    #[serde(with = "crate::decimal")]
    pub conversion_factor: f64,
}

/// Batch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// `batch_id`.
    pub batch_no: String,
    /// `expiry_date`.
    pub expiry_date: Option<Date>,
    /// What is there of it in the profile's warehouse, stock units.
    #[serde(with = "crate::decimal")]
    pub qty: f64,
}

/// Product Bundle Item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BundleItem {
    /// `item_code` of the part.
    pub item_code: String,
    /// `qty`, the part's stock units in one bundle.
    #[serde(with = "crate::decimal")]
    pub qty: f64,
}
