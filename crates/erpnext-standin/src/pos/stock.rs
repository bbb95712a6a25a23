//! Stock: what is there, what submitted invoices hold, batches and serial numbers.

use crate::{
    documents::{Action, Saving},
    json::{Doc, is_set, number, rows, set, text},
    pos::pricing::HELD_BATCH,
    refused::Refused,
    site::StandIn,
};
use holdfast_engine::Date;
use serde_json::{Value, json};
use std::sync::Arc;

/// Stock that submitted POS Invoices hold until they are consolidated; no DocType of ERPNext's, which adds it up each time.
const HELD: &str = "_Held Stock";

/// Serial numbers that such invoices sold.
const HELD_SERIAL: &str = "_Held Serial";

impl StandIn {
    /// What may be sold of an item: Bin less what is held.
    pub(crate) fn available(&self, item_code: &str, warehouse: &str) -> f64 {
        let held = self.store.get(HELD, &bin_name(item_code, warehouse)).map_or(0.0, |held| number(held, "qty"));
        self.actual(item_code, warehouse) - held
    }

    fn actual(&self, item_code: &str, warehouse: &str) -> f64 {
        self.store.get("Bin", &bin_name(item_code, warehouse)).map_or(0.0, |bin| number(bin, "actual_qty"))
    }

    /// Puts stock there, whatever was there before.
    pub fn set_stock(&mut self, item_code: &str, warehouse: &str, qty: f64) {
        let stamp = self.stamp();
        let mut bin = Doc::new();
        set(&mut bin, "name", bin_name(item_code, warehouse));
        set(&mut bin, "doctype", "Bin");
        set(&mut bin, "docstatus", 0);
        set(&mut bin, "item_code", item_code);
        set(&mut bin, "warehouse", warehouse);
        set(&mut bin, "actual_qty", qty);
        set(&mut bin, "modified", stamp.as_str());
        set(&mut bin, "creation", stamp);
        self.store.put("Bin", bin);
        self.end(true);
    }

    /// Adds to a Bin.
    pub(crate) fn move_stock(&mut self, item_code: &str, warehouse: &str, qty: f64) {
        let stamp = self.stamp();
        let name = bin_name(item_code, warehouse);
        let mut bin = self.store.get("Bin", &name).map(|bin| (**bin).clone()).unwrap_or_default();
        let now = number(&bin, "actual_qty") + qty;
        set(&mut bin, "name", name);
        set(&mut bin, "doctype", "Bin");
        set(&mut bin, "item_code", item_code);
        set(&mut bin, "warehouse", warehouse);
        set(&mut bin, "actual_qty", now);
        set(&mut bin, "modified", stamp);
        self.store.put("Bin", bin);
    }

    /// Stock is looked at when an invoice is submitted, each row alone.
    pub(crate) fn check_stock(&self, saving: &Saving<'_>, doc: &Doc) -> Result<(), Refused> {
        let profile = self.store.get("POS Profile", text(doc, "pos_profile"));
        let is_asked = saving.action == Action::Submit || profile.is_some_and(|p| is_set(p, "validate_stock_on_save"));
        if !is_asked || is_set(doc, "is_return") {
            return Ok(());
        }
        let may_go_below = self.store.get("Stock Settings", "Stock Settings");
        let may_go_below = may_go_below.is_some_and(|settings| is_set(settings, "allow_negative_stock"));
        for (at, row) in rows(doc, "items").enumerate() {
            let (code, warehouse) = (text(row, "item_code"), text(row, "warehouse"));
            let Some(item) = self.store.get("Item", code) else {
                continue;
            };
            if may_go_below || is_set(item, "allow_negative_stock") {
                // The first such row ends the check of version 15.71.
                return Ok(());
            }
            let available = self.availability(code, warehouse);
            let Some(available) = available else {
                continue;
            };
            let (row_no, wanted) = (at + 1, number(row, "stock_qty"));
            if available <= 0.0 {
                return Err(Refused::titled(
                    "Item Unavailable",
                    format!(
                        "Row #{row_no}: Item Code: <strong>{code}</strong> is not available under warehouse \
                         <strong>{warehouse}</strong>."
                    ),
                ));
            }
            if available < wanted {
                return Err(Refused::titled(
                    "Item Unavailable",
                    format!(
                        "Row #{row_no}: Stock quantity not enough for Item Code: <strong>{code}</strong> under warehouse \
                         <strong>{warehouse}</strong>. Available quantity {}.",
                        holdfast_engine::decimal::to_python(available)
                    ),
                ));
            }
        }
        Ok(())
    }

    /// `get_stock_availability`; `None` for services.
    pub(crate) fn availability(&self, item_code: &str, warehouse: &str) -> Option<f64> {
        let item = self.store.get("Item", item_code)?;
        if is_set(item, "is_stock_item") {
            return Some(self.available(item_code, warehouse));
        }
        let bundle = self.store.with("Product Bundle", "new_item_code", item_code).next()?;
        let held = self.store.get(HELD, &bin_name(item_code, warehouse)).map_or(0.0, |held| number(held, "qty"));
        let parts = rows(bundle, "items").filter(|part| {
            self.store.get("Item", text(part, "item_code")).is_some_and(|item| is_set(item, "is_stock_item"))
        });
        let sets = parts.map(|part| (self.available(text(part, "item_code"), warehouse) / number(part, "qty")).floor());
        sets.reduce(f64::min).map(|sets| sets - held)
    }

    /// Batch and serial numbers of a row: those that were sent, or the next that are there.
    pub(crate) fn choose_stock(&mut self, saving: &Saving<'_>, row: &mut Doc) -> Result<(), Refused> {
        let code = text(row, "item_code").to_owned();
        let Some(item) = self.store.get("Item", &code).cloned() else {
            return Ok(());
        };
        let (has_batch, has_serial) = (is_set(&item, "has_batch_no"), is_set(&item, "has_serial_no"));
        if !has_batch && !has_serial {
            return Ok(());
        }
        let is_sale = number(row, "qty") > 0.0;
        let warehouse = text(row, "warehouse").to_owned();
        if has_serial && text(row, "serial_no").is_empty() && is_sale && saving.action == Action::Submit {
            let count = number(row, "stock_qty") as usize;
            let free = self.store.with("Serial No", "item_code", &code).filter(|serial| {
                text(serial, "warehouse") == warehouse && !self.store.has(HELD_SERIAL, text(serial, "name"))
            });
            let chosen: Vec<&str> = free.take(count).map(|serial| text(serial, "name")).collect();
            let chosen = chosen.join("\n");
            if !chosen.is_empty() {
                set(row, "serial_no", chosen);
            }
        }
        if !text(row, "serial_no").is_empty() || !text(row, "batch_no").is_empty() {
            set(row, "use_serial_batch_fields", 1);
        }
        if has_serial {
            for serial in text(row, "serial_no").lines() {
                if !self.store.has("Serial No", serial) && self.store.count("Serial No") > 0 {
                    return Err(Refused::links(&[format!(
                        "Row #{}: Serial No: {serial}",
                        number(row, "idx").max(1.0)
                    )]));
                }
            }
        }
        Ok(())
    }

    /// Holds what an invoice sold, or releases it.
    pub(crate) fn hold(&mut self, doc: &Doc, is_held: bool) -> Result<(), Refused> {
        let sign = if is_held { 1.0 } else { -1.0 };
        for row in rows(doc, "items") {
            let (code, warehouse) = (text(row, "item_code"), text(row, "warehouse"));
            let qty = sign * number(row, "stock_qty");
            if is_held {
                self.check_serials(row)?;
            }
            self.add_held(HELD, &bin_name(code, warehouse), code, qty);
            let batch = text(row, "batch_no");
            if !batch.is_empty() {
                self.add_held(HELD_BATCH, batch, code, qty);
            }
            let is_out = number(row, "stock_qty") > 0.0;
            for serial in text(row, "serial_no").lines() {
                if is_out == is_held {
                    let mut held = Doc::new();
                    set(&mut held, "name", serial);
                    self.store.put(HELD_SERIAL, held);
                } else {
                    self.store.remove(HELD_SERIAL, serial);
                }
            }
        }
        Ok(())
    }

    fn add_held(&mut self, table: &str, name: &str, item_code: &str, qty: f64) {
        let mut held = self.store.get(table, name).map(|held| (**held).clone()).unwrap_or_default();
        let now = number(&held, "qty") + qty;
        set(&mut held, "name", name);
        set(&mut held, "item", item_code);
        set(&mut held, "qty", now);
        self.store.put(table, held);
    }

    fn check_serials(&self, row: &Doc) -> Result<(), Refused> {
        let (code, warehouse) = (text(row, "item_code"), text(row, "warehouse"));
        let is_out = number(row, "stock_qty") > 0.0;
        let is_serial = self.store.get("Item", code).is_some_and(|item| is_set(item, "has_serial_no"));
        if !is_serial || !is_out {
            return Ok(());
        }
        let serials: Vec<&str> = text(row, "serial_no").lines().collect();
        for serial in &serials {
            let is_there = self.store.text("Serial No", serial, "warehouse") == warehouse;
            if !is_there || self.store.has(HELD_SERIAL, serial) {
                return Err(Refused::of(
                    417,
                    "erpnext.stock.doctype.serial_and_batch_bundle.serial_and_batch_bundle.SerialNoWarehouseError",
                    "Error",
                    format!(
                        "Serial No <strong>{serial}</strong> is not present in the warehouse <strong>{warehouse}</strong>."
                    ),
                ));
            }
        }
        let (have, need) = (serials.len() as f64, number(row, "stock_qty"));
        if have < need {
            let show = holdfast_engine::decimal::to_python;
            return Err(Refused::titled(
                "Insufficient Stock",
                format!(
                    "For the item <strong>{code}</strong>, the Available qty <strong>{}</strong> is less than the Required \
                     Qty <strong>{}</strong> in the warehouse <strong>{warehouse}</strong>. Please add sufficient qty in the \
                     warehouse.",
                    show(have),
                    show(need)
                ),
            ));
        }
        Ok(())
    }

    /// `get_batch_qty` of a warehouse: what is there of each batch that may be sold. This model does not know where a batch is, so
    /// each counts in every warehouse, as it does when a sale picks one.
    pub(crate) fn batch_quantities(&self, warehouse: &str) -> Vec<Value> {
        let today = self.now().date();
        let is_good = |batch: &Doc| Date::parse(text(batch, "expiry_date")).is_none_or(|expiry| expiry >= today);
        let batches = self.store.all("Batch").filter(|batch| !is_set(batch, "disabled") && is_good(batch));
        let quantity = |batch: &Arc<Doc>| {
            let name = text(batch, "name");
            let held = self.store.get(HELD_BATCH, name).map_or(0.0, |held| number(held, "qty"));
            let qty = number(batch, "batch_qty") - held;
            (qty > 0.0).then(|| json!({ "batch_no": name, "warehouse": warehouse, "qty": qty }))
        };
        batches.filter_map(quantity).collect()
    }

    /// What was held leaves for good: Bin, Batch and Serial No.
    pub(crate) fn deliver(&mut self, doc: &Doc) -> Result<(), Refused> {
        self.hold(doc, false)?;
        for row in rows(doc, "items") {
            let (code, warehouse) = (text(row, "item_code").to_owned(), text(row, "warehouse").to_owned());
            let qty = number(row, "stock_qty");
            if self.store.get("Item", &code).is_some_and(|item| is_set(item, "is_stock_item")) {
                self.move_stock(&code, &warehouse, -qty);
            }
            let bundle = self.store.with("Product Bundle", "new_item_code", &code).next().cloned();
            for part in bundle.iter().flat_map(|bundle| rows(bundle, "items")) {
                self.move_stock(text(part, "item_code"), &warehouse, -qty * number(part, "qty"));
            }
            let batch = self.store.get("Batch", text(row, "batch_no")).map(|batch| (**batch).clone());
            if let Some(mut batch) = batch {
                let left = number(&batch, "batch_qty") - qty;
                set(&mut batch, "batch_qty", left);
                let stamp = self.stamp();
                set(&mut batch, "modified", stamp);
                self.store.put("Batch", batch);
            }
            for serial in text(row, "serial_no").lines() {
                // ERPNext changes a serial number without touching `modified`.
                if let Some(mut serial) = self.store.get("Serial No", serial).map(|serial| (**serial).clone()) {
                    let is_out = qty > 0.0;
                    set(&mut serial, "warehouse", if is_out { "" } else { warehouse.as_str() });
                    set(&mut serial, "status", if is_out { "Delivered" } else { "Active" });
                    self.store.put("Serial No", serial);
                }
            }
        }
        Ok(())
    }

    /// Stock Entry: what came in, what went out.
    pub(crate) fn stock_entry_submitted(&mut self, name: &str) {
        let Some(entry) = self.store.get("Stock Entry", name).cloned() else {
            return;
        };
        for row in rows(&entry, "items") {
            let (code, qty) = (text(row, "item_code").to_owned(), number(row, "qty"));
            let factor = if number(row, "conversion_factor") == 0.0 { 1.0 } else { number(row, "conversion_factor") };
            let (from, to) = (text(row, "s_warehouse").to_owned(), text(row, "t_warehouse").to_owned());
            if !from.is_empty() {
                self.move_stock(&code, &from, -qty * factor);
            }
            if !to.is_empty() {
                self.move_stock(&code, &to, qty * factor);
            }
            if let Some(mut batch) = self.store.get("Batch", text(row, "batch_no")).map(|batch| (**batch).clone()) {
                let change = if from.is_empty() {
                    qty
                } else if to.is_empty() {
                    -qty
                } else {
                    0.0
                };
                let left = number(&batch, "batch_qty") + change * factor;
                set(&mut batch, "batch_qty", left);
                self.store.put("Batch", batch);
            }
            for serial in text(row, "serial_no").lines().filter(|_| !to.is_empty()) {
                let stamp = self.stamp();
                let mut doc = self.store.get("Serial No", serial).map(|doc| (**doc).clone()).unwrap_or_default();
                for (name, value) in [
                    ("name", serial),
                    ("serial_no", serial),
                    ("item_code", code.as_str()),
                    ("warehouse", to.as_str()),
                    ("batch_no", text(row, "batch_no")),
                    ("status", "Active"),
                    ("creation", stamp.as_str()),
                    ("modified", stamp.as_str()),
                ] {
                    set(&mut doc, name, value);
                }
                self.store.put("Serial No", doc);
            }
        }
    }
}

/// The name of an item's Bin in a warehouse.
pub(crate) fn bin_name(item_code: &str, warehouse: &str) -> String {
    format!("{item_code}@{warehouse}")
}
