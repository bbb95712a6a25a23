//! What is sold: items with their child rows, prices, batches and bundles.

use super::taxes::item_taxes;
use crate::json::{check, date, number, rows, text};
use holdfast_engine::masters::{Batch, BundleItem, Item, ItemBarcode, ItemPrice, Uom, UomConversionDetail};
use serde_json::Value;

/// An Item, with its Batch and Product Bundle documents from a shop that is listed by DocType, without prices.
pub fn item(row: &Value, whole: &Value) -> Item {
    let code = text(&row["item_code"]);
    let find = rows(&whole["Product Bundle"]).iter().find(|bundle| bundle["new_item_code"] == code.as_str());
    let of_item = rows(&whole["Batch"]).iter().filter(|row| row["item"] == code.as_str() && !check(&row["disabled"]));
    Item {
        description: text(&row["description"]),
        sales_uom: text(&row["sales_uom"]),
        has_variants: check(&row["has_variants"]),
        has_batch_no: check(&row["has_batch_no"]),
        has_serial_no: check(&row["has_serial_no"]),
        barcodes: rows(&row["barcodes"])
            .iter()
            .map(|row| ItemBarcode { barcode: text(&row["barcode"]), uom: text(&row["uom"]) })
            .collect(),
        uoms: rows(&row["uoms"])
            .iter()
            .map(|row| UomConversionDetail {
                uom: text(&row["uom"]),
                conversion_factor: number(&row["conversion_factor"]),
            })
            .collect(),
        taxes: item_taxes(&row["taxes"]),
        batches: batches(of_item.collect()),
        disabled: check(&row["disabled"]),
        end_of_life: date(&row["end_of_life"]),
        is_not_sold: !check(&row["is_sales_item"]),
        max_discount: number(&row["max_discount"]),
        grant_commission: check(&row["grant_commission"]),
        weight_per_unit: number(&row["weight_per_unit"]),
        last_purchase_rate: number(&row["last_purchase_rate"]),
        bundle: find.map(bundle).unwrap_or_default(),
        item_code: code,
        item_name: text(&row["item_name"]),
        item_group: text(&row["item_group"]),
        brand: text(&row["brand"]),
        stock_uom: text(&row["stock_uom"]),
        is_stock_item: check(&row["is_stock_item"]),
        variant_of: text(&row["variant_of"]),
        ..Item::default()
    }
}

/// What a Product Bundle consists of.
pub(super) fn bundle(row: &Value) -> Vec<BundleItem> {
    let part = |row: &Value| BundleItem { item_code: text(&row["item_code"]), qty: number(&row["qty"]) };
    rows(&row["items"]).iter().map(part).collect()
}

/// The batches of an item, in the order in which they were made.
pub(super) fn batches(mut list: Vec<&Value>) -> Vec<Batch> {
    list.sort_by_key(|row| text(&row["creation"]));
    let batch = |row: &&Value| Batch {
        batch_no: text(&row["name"]),
        expiry_date: date(&row["expiry_date"]),
        qty: number(&row["batch_qty"]),
    };
    list.iter().map(batch).collect()
}

/// An Item Price.
pub fn item_price(row: &Value) -> ItemPrice {
    ItemPrice {
        price_list: text(&row["price_list"]),
        uom: text(&row["uom"]),
        price_list_rate: number(&row["price_list_rate"]),
        customer: text(&row["customer"]),
        batch_no: text(&row["batch_no"]),
        packing_unit: number(&row["packing_unit"]) as u32,
        valid_from: date(&row["valid_from"]),
        valid_upto: date(&row["valid_upto"]),
    }
}

/// A UOM.
pub fn uom(row: &Value) -> Uom {
    Uom { name: text(&row["name"]), must_be_whole_number: check(&row["must_be_whole_number"]) }
}
