//! The stock: what lay there in the morning less what went over the counter, by item, batch and serial number.

use crate::{
    checks::Checks,
    day::cents,
    shop::{OPENING, Shop, batches, serials},
    site::{Site, number, text},
    terminal::Sold,
};
use anyhow::Result;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

pub(super) async fn check(site: &Site, shop: &Shop, sold: &[Sold], checks: &mut Checks) -> Result<()> {
    let gone = gone(shop, sold);
    let bins = site.list("Bin", json!({"warehouse": shop.warehouse()}), &["item_code", "actual_qty"]).await?;
    let there = |code: &str| {
        bins.iter().find(|bin| text(bin, "item_code") == code).map_or(0.0, |bin| number(bin, "actual_qty"))
    };
    let pills: f64 = batches(shop).iter().map(|(_, qty)| qty).sum();
    let phones = serials(shop).len() as f64;
    for (code, qty) in OPENING.into_iter().chain([("PILL", pills), ("PHONE", phones)]) {
        let code = shop.code(code);
        let expected = qty - gone.get(&code).copied().unwrap_or_default();
        checks.amount(&format!("stock of {code}"), cents(expected), cents(there(&code)));
    }
    check_batches(site, shop, sold, checks).await?;
    check_serials(site, shop, sold, checks).await
}

/// What left the shop, in stock units; bundles by their parts.
fn gone(shop: &Shop, sold: &[Sold]) -> BTreeMap<String, f64> {
    let mut gone: BTreeMap<String, f64> = BTreeMap::new();
    for item in sold.iter().flat_map(|sale| &sale.sale.invoice.items) {
        let parts: &[(&str, f64)] =
            if item.item_code == shop.code("BREAKFAST") { &[("BREAD", 2.0), ("MILK", 1.0)] } else { &[] };
        for (part, qty) in parts {
            *gone.entry(shop.code(part)).or_default() += qty * item.stock_qty;
        }
        *gone.entry(item.item_code.clone()).or_default() += item.stock_qty;
    }
    gone
}

async fn check_batches(site: &Site, shop: &Shop, sold: &[Sold], checks: &mut Checks) -> Result<()> {
    for (batch, qty) in batches(shop) {
        let rows = sold.iter().flat_map(|sale| &sale.sale.invoice.items).filter(|item| item.batch_no == batch);
        let expected = qty - rows.map(|item| item.stock_qty).sum::<f64>();
        let found = site.get("Batch", &batch).await?;
        checks.amount(&format!("batch {batch}"), cents(expected), cents(number(&found, "batch_qty")));
    }
    Ok(())
}

async fn check_serials(site: &Site, shop: &Shop, sold: &[Sold], checks: &mut Checks) -> Result<()> {
    let mut there: BTreeSet<String> = serials(shop).into_iter().collect();
    for item in sold.iter().flat_map(|sale| &sale.sale.invoice.items) {
        for serial in &item.serial_nos {
            if item.qty < 0.0 {
                there.insert(serial.clone());
            } else {
                there.remove(serial);
            }
        }
    }
    for serial in serials(shop) {
        let found = site.get("Serial No", &serial).await?;
        let expected = if there.contains(&serial) { shop.warehouse() } else { String::new() };
        checks.text(&format!("warehouse of {serial}"), &expected, &text(&found, "warehouse"));
    }
    Ok(())
}
