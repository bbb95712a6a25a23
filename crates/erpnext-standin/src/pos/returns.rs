//! Returns: what may be given back, and the mapping that ERPNext's own screen starts from.

use crate::{
    clock::instant,
    json::{Doc, is_set, number, rows, set, text},
    refused::Refused,
    site::StandIn,
};
use holdfast_engine::decimal;
use serde_json::Value;

/// What the other way round is below zero, where everything is given back.
const TOTALS: &[&str] = &[
    "total_qty",
    "total",
    "base_total",
    "net_total",
    "base_net_total",
    "total_taxes_and_charges",
    "base_total_taxes_and_charges",
    "grand_total",
    "base_grand_total",
    "rounded_total",
    "base_rounded_total",
    "rounding_adjustment",
    "base_rounding_adjustment",
    "discount_amount",
    "base_discount_amount",
];
const AMOUNTS: &[&str] = &["amount", "base_amount", "net_amount", "base_net_amount", "total_weight"];
const TAXES: &[&str] = &[
    "tax_amount",
    "base_tax_amount",
    "tax_amount_after_discount_amount",
    "base_tax_amount_after_discount_amount",
    "total",
    "base_total",
];

fn negate(doc: &mut Doc, names: &[&str]) {
    for name in names {
        let value = 0.0 - number(doc, name);
        set(doc, name, value);
    }
}

/// `item_wise_tax_detail`: amounts the other way round.
fn negate_detail(row: &mut Doc) {
    let Ok(Value::Object(mut detail)) = serde_json::from_str(text(row, "item_wise_tax_detail")) else {
        return;
    };
    for (_, entry) in &mut detail {
        let amount = entry[1].as_f64().unwrap_or(0.0);
        entry[1] = (0.0 - amount).into();
    }
    set(row, "item_wise_tax_detail", Value::Object(detail).to_string());
}

impl StandIn {
    /// A return names an invoice that is there, and gives back no more than was sold.
    pub(crate) fn check_return(&mut self, doc: &Doc) -> Result<(), Refused> {
        let against = text(doc, "return_against");
        if !is_set(doc, "is_return") || against.is_empty() {
            return Ok(());
        }
        let Some(original) = self.store.get(text(doc, "doctype"), against).cloned() else {
            return Err(Refused::links(&[format!("Return Against: {against}")]));
        };
        let time = |doc: &Doc| instant(&format!("{} {}", text(doc, "posting_date"), text(doc, "posting_time")));
        if is_set(doc, "set_posting_time") && time(doc) < time(&original) {
            let message = format!(
                "Posting timestamp must be after {} {}",
                text(&original, "posting_date"),
                text(&original, "posting_time")
            );
            return Err(Refused::plain(message));
        }
        if number(doc, "conversion_rate") != number(&original, "conversion_rate") {
            return Err(Refused::plain(format!("Exchange Rate must be same as POS Invoice {against}")));
        }
        for (at, row) in rows(doc, "items").enumerate() {
            let (place, item) = (at + 1, text(row, "item_code"));
            let sold_row = text(row, "pos_invoice_item");
            if sold_row.is_empty() {
                if !rows(&original, "items").any(|sold| text(sold, "item_code") == item) {
                    let message =
                        format!("Row # {place}: Returned Item {item} does not exist in POS Invoice {against}");
                    self.warn("Message", &message);
                }
                continue;
            }
            let Some(sold) = rows(&original, "items").find(|sold| text(sold, "name") == sold_row) else {
                let message = format!("Row # {place}: Returned Item {item} does not exist in POS Invoice {against}");
                return Err(Refused::plain(message));
            };
            let left = number(sold, "stock_qty") - self.returned(against, sold_row);
            if number(row, "stock_qty").abs() > left {
                let class = "erpnext.controllers.sales_and_purchase_return.StockOverReturnError";
                let words = if left <= 0.0 {
                    format!("Row # {place}: Item {item} has already been returned")
                } else {
                    format!("Row # {place}: Cannot return more than {} for Item {item}", decimal::to_python(left))
                };
                return Err(Refused::class(class, words));
            }
        }
        Ok(())
    }

    /// What submitted returns gave back of a row, stock units.
    fn returned(&self, against: &str, sold_row: &str) -> f64 {
        let returns = self.store.with("POS Invoice", "return_against", against);
        let submitted = returns.filter(|doc| number(doc, "docstatus") == 1.0);
        let rows = submitted.flat_map(|doc| rows(doc, "items")).filter(|row| text(row, "pos_invoice_item") == sold_row);
        rows.map(|row| number(row, "stock_qty").abs()).sum()
    }

    /// `make_sales_return`: an unsaved return of everything that is left.
    pub(crate) fn make_sales_return(&mut self, source: &str) -> Result<Value, Refused> {
        self.check_permission("POS Invoice", "r")?;
        let original = self.store.get("POS Invoice", source).cloned();
        let original = original.ok_or_else(|| Refused::missing("POS Invoice", source))?;
        let mut mapped = (*original).clone();
        for name in ["name", "owner", "creation", "modified", "modified_by", "consolidated_invoice", "posting_time"] {
            mapped.remove(name);
        }
        mapped.retain(|name, _| {
            !self.custom_fields("POS Invoice").iter().any(|field| field.name == *name && field.is_unique)
        });
        let now = self.now();
        set(&mut mapped, "posting_date", now.date().to_string());
        set(&mut mapped, "posting_time", now.time());
        set(&mut mapped, "docstatus", 0);
        set(&mut mapped, "owner", self.user.as_str());
        set(&mut mapped, "set_warehouse", "");
        set(&mut mapped, "is_return", 1);
        set(&mut mapped, "return_against", source);
        set(&mut mapped, "ignore_pricing_rule", 1);
        set(&mut mapped, "set_posting_time", 1);
        set(&mut mapped, "status", "Draft");
        set(&mut mapped, "pricing_rules", Value::Array(Vec::new()));
        negate(&mut mapped, TOTALS);
        let items = rows(&original, "items").map(|sold| {
            let mut row = sold.clone();
            negate(&mut row, AMOUNTS);
            let name = text(sold, "name");
            let left = number(sold, "stock_qty") - self.returned(source, name);
            let factor = number(sold, "conversion_factor");
            set(&mut row, "qty", -left / if factor == 0.0 { 1.0 } else { factor });
            set(&mut row, "stock_qty", -left);
            set(&mut row, "pos_invoice_item", name);
            row.remove("name");
            row.remove("pricing_rules");
            set(&mut row, "docstatus", 0);
            Value::Object(row)
        });
        let items: Vec<Value> = items.collect();
        set(&mut mapped, "items", items);
        let negated = |row: &Doc, names: &[&str]| {
            let mut row = row.clone();
            negate(&mut row, names);
            row.remove("name");
            negate_detail(&mut row);
            set(&mut row, "docstatus", 0);
            Value::Object(row)
        };
        let payments: Vec<Value> =
            rows(&original, "payments").map(|row| negated(row, &["amount", "base_amount"])).collect();
        let paid: f64 = rows(&original, "payments").map(|row| -number(row, "amount")).sum();
        set(&mut mapped, "payments", payments);
        set(&mut mapped, "paid_amount", paid);
        set(&mut mapped, "base_paid_amount", 0.0);
        set(&mut mapped, "change_amount", 0.0);
        set(&mut mapped, "base_change_amount", 0.0);
        let taxes: Vec<Value> = rows(&original, "taxes").map(|row| negated(row, TAXES)).collect();
        set(&mut mapped, "taxes", taxes);
        Ok(Value::Object(mapped))
    }
}
