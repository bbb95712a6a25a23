//! Items of every kind, their prices, and the stock that the day begins with.

use super::{Shop, root_of};
use crate::site::Site;
use anyhow::Result;
use serde_json::{Value, json};

/// What lies on the floor when the day begins, in stock units, batches and serial numbers apart.
pub(crate) const OPENING: [(&str, f64); 8] = [
    ("BREAD", 500.0),
    ("MILK", 500.0),
    ("APPLE", 200.0),
    ("CUP", 400.0),
    ("MUG", 300.0),
    ("TEA", 300.0),
    ("SOAP", 300.0),
    ("BOOK", 200.0),
];

/// The batches of the item PILL, each with what is there of it.
pub(crate) fn batches(shop: &Shop) -> [(String, f64); 2] {
    [(shop.code("PILL-A"), 40.0), (shop.code("PILL-B"), 60.0)]
}

/// The serial numbers of the item PHONE.
pub(crate) fn serials(shop: &Shop) -> Vec<String> {
    (1..=6).map(|number| shop.code(&format!("PHONE-{number}"))).collect()
}

struct Kind {
    code: &'static str,
    price: f64,
    cost: f64,
    fields: Value,
}

fn kinds(shop: &Shop) -> Vec<Kind> {
    let kind = |code, price, cost, fields| Kind { code, price, cost, fields };
    let box_of_12 = json!({"uoms": [{"uom": "Nos", "conversion_factor": 1}, {"uom": "Box", "conversion_factor": 12}]});
    let reduced = json!({"taxes": [{"item_tax_template": shop.of_company("Reduced")}]});
    vec![
        kind("BREAD", 3.49, 1.2, reduced.clone()),
        kind("MILK", 1.29, 0.8, reduced),
        kind("APPLE", 2.99, 1.5, json!({"stock_uom": "Kg"})),
        kind("CUP", 4.95, 2.0, box_of_12),
        kind("MUG", 7.77, 3.0, json!({})),
        kind("TEA", 5.55, 2.5, json!({})),
        kind("SOAP", 1.99, 0.5, json!({})),
        kind("BOOK", 19.9, 9.0, json!({"max_discount": 50})),
        kind("PILL", 8.35, 4.0, json!({"has_batch_no": 1})),
        // Two of them less five percent are 380.00 net: a net rate that one of them alone has, too. ERPNext consolidates no return
        // whose net rate is a cent above that of its sale.
        kind("PHONE", 238.0, 120.0, json!({"has_serial_no": 1})),
        kind("REPAIR", 25.0, 0.0, json!({"is_stock_item": 0})),
        kind("BREAKFAST", 9.99, 0.0, json!({"is_stock_item": 0})),
    ]
}

pub(super) async fn make(site: &Site, shop: &Shop, today: &str) -> Result<()> {
    warehouse(site, shop).await?;
    let root = root_of(site, "Item Group", "parent_item_group").await?;
    let group = json!({"item_group_name": shop.name("Goods"), "parent_item_group": root, "is_group": 0});
    site.insert("Item Group", group).await?;
    for list in ["Retail", "Trade"] {
        let list = json!({"price_list_name": shop.name(list), "currency": shop.currency, "selling": 1, "enabled": 1});
        site.insert("Price List", list).await?;
    }
    for kind in kinds(shop) {
        item(site, shop, &kind).await?;
    }
    prices(site, shop).await?;
    let parts = json!([{"item_code": shop.code("BREAD"), "qty": 2}, {"item_code": shop.code("MILK"), "qty": 1}]);
    site.insert("Product Bundle", json!({"new_item_code": shop.code("BREAKFAST"), "items": parts})).await?;
    for (batch, _) in batches(shop) {
        let expiry_date = format!("{}-12-31", today[..4].parse::<u32>().unwrap_or_default() + 2);
        let batch = json!({"batch_id": batch, "item": shop.code("PILL"), "expiry_date": expiry_date});
        site.insert("Batch", batch).await?;
    }
    stock(site, shop).await
}

async fn warehouse(site: &Site, shop: &Shop) -> Result<()> {
    let groups = site.names("Warehouse", json!({"company": shop.company, "is_group": 1})).await?;
    let warehouse = json!({"warehouse_name": "Floor", "company": shop.company, "parent_warehouse": groups.first()});
    site.insert("Warehouse", warehouse).await.map(|_| ())
}

async fn item(site: &Site, shop: &Shop, kind: &Kind) -> Result<()> {
    let mut item = json!({
        "item_code": shop.code(kind.code), "item_name": shop.name(kind.code), "item_group": shop.name("Goods"),
        "stock_uom": "Nos", "is_stock_item": 1, "valuation_rate": kind.cost, "include_item_in_manufacturing": 0,
        "barcodes": [{"barcode": shop.code(&format!("{}-EAN", kind.code))}],
    });
    for (field, value) in kind.fields.as_object().expect("it is written so") {
        item[field] = value.clone();
    }
    site.insert("Item", item).await.map(|_| ())
}

async fn prices(site: &Site, shop: &Shop) -> Result<()> {
    let price = |code: &str, list: &str, uom: &str, rate: f64| {
        json!({
            "item_code": shop.code(code), "price_list": shop.name(list), "uom": uom, "price_list_rate": rate,
            "selling": 1, "currency": shop.currency,
        })
    };
    for kind in kinds(shop) {
        let uom = kind.fields["stock_uom"].as_str().unwrap_or("Nos");
        site.insert("Item Price", price(kind.code, "Retail", uom, kind.price)).await?;
    }
    site.insert("Item Price", price("CUP", "Retail", "Box", 54.5)).await?;
    site.insert("Item Price", price("MUG", "Trade", "Nos", 6.66)).await?;
    site.insert("Item Price", price("TEA", "Trade", "Nos", 4.44)).await.map(|_| ())
}

async fn stock(site: &Site, shop: &Shop) -> Result<()> {
    let row = |code: &str, qty: f64, cost: f64| {
        json!({
            "item_code": shop.code(code), "t_warehouse": shop.warehouse(), "qty": qty, "basic_rate": cost,
            "use_serial_batch_fields": 1,
        })
    };
    let kinds = kinds(shop);
    let cost = |code: &str| kinds.iter().find(|kind| kind.code == code).map_or(1.0, |kind| kind.cost);
    let mut rows: Vec<Value> = OPENING.iter().map(|(code, qty)| row(code, *qty, cost(code))).collect();
    for (batch, qty) in batches(shop) {
        let mut batch_row = row("PILL", qty, cost("PILL"));
        batch_row["batch_no"] = batch.into();
        rows.push(batch_row);
    }
    let numbers = serials(shop);
    let mut phones = row("PHONE", numbers.len() as f64, cost("PHONE"));
    phones["serial_no"] = numbers.join("\n").into();
    rows.push(phones);
    let entry = json!({
        "stock_entry_type": "Material Receipt", "purpose": "Material Receipt", "company": shop.company, "items": rows,
        "docstatus": 1,
    });
    site.insert("Stock Entry", entry).await.map(|_| ())
}
