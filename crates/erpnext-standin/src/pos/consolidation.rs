//! POS Invoice Merge Log: a closing's invoices become Sales Invoices, and stock moves.

use crate::{
    json::{Doc, field, is_set, number, rows, set, text},
    pos::closing::invoice_names,
    refused::Refused,
    site::StandIn,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

/// What a Sales Invoice's ledger may be off by, company currency.
const ALLOWANCE: f64 = 0.5;

impl StandIn {
    /// Merges a closing's invoices, customer by customer.
    pub(crate) fn consolidate(&mut self, closing: &Doc) -> Result<(), Refused> {
        let mut order: Vec<String> = Vec::new();
        let mut groups: BTreeMap<String, Vec<Arc<Doc>>> = BTreeMap::new();
        for name in invoice_names(closing) {
            // Sales Invoices of version 16 are in the books already.
            let Some(invoice) = self.store.get("POS Invoice", name).cloned() else {
                self.note_closing(name, closing);
                continue;
            };
            let customer = text(&invoice, "customer").to_owned();
            if !groups.contains_key(&customer) {
                order.push(customer.clone());
            }
            groups.entry(customer).or_default().push(invoice);
        }
        for customer in order {
            let invoices = groups.remove(&customer).unwrap_or_default();
            self.merge(closing, &customer, &invoices)?;
        }
        Ok(())
    }

    fn note_closing(&mut self, name: &str, closing: &Doc) {
        if let Some(mut doc) = self.store.get("Sales Invoice", name).map(|doc| (**doc).clone()) {
            set(&mut doc, "pos_closing_entry", text(closing, "name"));
            self.store.put("Sales Invoice", doc);
        }
    }

    fn merge(&mut self, closing: &Doc, customer: &str, invoices: &[Arc<Doc>]) -> Result<(), Refused> {
        self.check_originals(invoices)?;
        let sales: Vec<&Arc<Doc>> = invoices.iter().filter(|doc| !is_set(doc, "is_return")).collect();
        let returns: Vec<&Arc<Doc>> = invoices.iter().filter(|doc| is_set(doc, "is_return")).collect();
        let mut merged = None;
        if !sales.is_empty() {
            merged = Some(self.make_sales_invoice(closing, customer, &sales, None)?);
        }
        // Returns are merged by the Sales Invoice that their original went into.
        let mut credits: BTreeMap<Option<String>, Vec<&Arc<Doc>>> = BTreeMap::new();
        for doc in returns {
            let original = self.store.text("POS Invoice", text(doc, "return_against"), "consolidated_invoice");
            let key = if original.is_empty() { merged.clone() } else { Some(original.to_owned()) };
            credits.entry(key).or_default().push(doc);
        }
        let mut names: Vec<(String, String)> = Vec::new();
        let mut credit_note = None;
        for (against, docs) in credits {
            let note =
                self.make_sales_invoice(closing, customer, &docs, Some(against.as_deref().unwrap_or_default()))?;
            names.extend(docs.iter().map(|doc| (text(doc, "name").to_owned(), note.clone())));
            credit_note = Some(note);
        }
        let merged_into = merged.clone().unwrap_or_default();
        names.extend(sales.iter().map(|doc| (text(doc, "name").to_owned(), merged_into.clone())));
        for (invoice, into) in names {
            self.mark_consolidated(&invoice, &into);
        }
        self.log_merge(closing, customer, merged.as_deref(), credit_note.as_deref());
        Ok(())
    }

    /// A return's original is consolidated before or with it.
    fn check_originals(&self, invoices: &[Arc<Doc>]) -> Result<(), Refused> {
        for (at, doc) in invoices.iter().enumerate() {
            let against = text(doc, "return_against");
            let is_here = invoices.iter().any(|other| text(other, "name") == against);
            let status = self.store.text("POS Invoice", against, "status");
            if is_set(doc, "is_return") && !against.is_empty() && !is_here && status != "Consolidated" {
                return Err(Refused::plain(format!(
                    "Row #{}: The original Invoice <strong>{against}</strong> of return invoice <strong>{}</strong> is not \
                     consolidated. The original invoice should be consolidated before or along with the return \
                     invoice.<br><br>You can add the original invoice <strong>{against}</strong> manually to proceed.",
                    at + 1,
                    text(doc, "name")
                )));
            }
        }
        Ok(())
    }

    fn make_sales_invoice(
        &mut self,
        closing: &Doc,
        customer: &str,
        docs: &[&Arc<Doc>],
        credit_against: Option<&str>,
    ) -> Result<String, Refused> {
        let year = self.now().date().ymd().0;
        let prefix = format!("ACC-SINV-{year}-");
        let name = format!("{prefix}{:05}", self.store.next_in(&prefix));
        let sum = |fieldname: &str| docs.iter().map(|doc| number(doc, fieldname)).sum::<f64>();
        let taxes = docs.iter().flat_map(|doc| rows(doc, "taxes"));
        let tax: f64 = taxes.map(|row| number(row, "base_tax_amount_after_discount_amount")).sum();
        let net = sum("base_net_total");
        let last = docs.last().expect("a merge has invoices");
        let day = if credit_against.is_some() { text(closing, "posting_date") } else { text(last, "posting_date") };
        self.check_period(text(closing, "company"), day, "Sales Invoice")?;
        let adjustment = round(sum("base_rounding_adjustment"));
        // With a sum of adjustments ERPNext keeps the sum of rounded totals, and the ledger has to balance around it.
        if adjustment != 0.0 {
            let difference = round(sum("base_rounded_total") - net - tax - adjustment);
            if difference.abs() > ALLOWANCE {
                return Err(Refused::plain(format!(
                    "Debit and Credit not equal for Sales Invoice #{name}. Difference is {difference}."
                )));
            }
        }
        if let Some(against) = credit_against {
            self.check_credited_rates(docs, against)?;
        }
        for doc in docs {
            self.deliver(doc)?;
        }
        let profile = self.store.get("POS Profile", text(closing, "pos_profile"));
        let is_rounded = adjustment != 0.0 || !profile.is_some_and(|profile| is_set(profile, "disable_rounded_total"));
        let rounded_total = if is_rounded { round(sum("base_rounded_total")) } else { 0.0 };
        let stamp = self.stamp();
        let grand_total = round(net + tax);
        let items: Vec<Value> = docs
            .iter()
            .flat_map(|doc| rows(doc, "items").map(move |row| (doc, row)))
            .map(|(doc, row)| {
                json!({
                    "item_code": field(row, "item_code"), "qty": field(row, "qty"), "rate": field(row, "net_rate"),
                    "amount": field(row, "net_amount"), "warehouse": field(row, "warehouse"),
                    "pos_invoice": text(doc, "name"), "pos_invoice_item": field(row, "name"),
                })
            })
            .collect();
        let doc = json!({
            "name": name, "doctype": "Sales Invoice", "docstatus": 1, "owner": self.user, "modified_by": self.user,
            "creation": stamp, "modified": stamp, "customer": customer, "company": text(closing, "company"),
            "pos_profile": text(closing, "pos_profile"), "is_pos": 1, "is_consolidated": 1,
            "is_return": u8::from(credit_against.is_some()), "return_against": credit_against,
            "posting_date": day, "net_total": round(net), "total_taxes_and_charges": round(tax),
            "grand_total": grand_total, "rounding_adjustment": adjustment, "rounded_total": rounded_total,
            "status": if credit_against.is_some() { "Return" } else { "Paid" }, "outstanding_amount": 0.0, "items": items,
        });
        if let Value::Object(doc) = doc {
            self.store.put("Sales Invoice", doc);
        }
        Ok(name)
    }

    /// Nothing is given back dearer, net, than it was sold, unless its value is an average.
    fn check_credited_rates(&self, docs: &[&Arc<Doc>], against: &str) -> Result<(), Refused> {
        let default = self.store.text("Stock Settings", "Stock Settings", "valuation_method");
        let rows = docs.iter().flat_map(|doc| rows(doc, "items").map(move |row| (doc, row)));
        for (at, (doc, row)) in rows.enumerate() {
            let original = self.store.get("POS Invoice", text(doc, "return_against"));
            let mut sold = original.into_iter().flat_map(|original| rows_of(original));
            let Some(sold) = sold.find(|sold| text(sold, "name") == text(row, "pos_invoice_item")) else {
                continue;
            };
            let own = self.store.text("Item", text(row, "item_code"), "valuation_method");
            let method = if own.is_empty() { default } else { own };
            let (rate, limit) = (number(row, "net_rate"), number(sold, "net_rate"));
            if limit != 0.0 && rate > limit && method != "Moving Average" {
                let at = at + 1;
                let message =
                    format!("Row # {at}: Rate cannot be greater than the rate used in Sales Invoice {against}");
                return Err(Refused::plain(message));
            }
        }
        Ok(())
    }

    fn mark_consolidated(&mut self, invoice: &str, into: &str) {
        let stamp = self.stamp();
        if let Some(mut doc) = self.store.get("POS Invoice", invoice).map(|doc| (**doc).clone()) {
            set(&mut doc, "consolidated_invoice", into);
            set(&mut doc, "status", "Consolidated");
            set(&mut doc, "modified", stamp);
            self.store.put("POS Invoice", doc);
        }
    }

    fn log_merge(&mut self, closing: &Doc, customer: &str, merged: Option<&str>, credit_note: Option<&str>) {
        let (name, stamp) = (self.hash_name(), self.stamp());
        let doc = json!({
            "name": name, "doctype": "POS Invoice Merge Log", "docstatus": 1, "customer": customer, "creation": stamp,
            "modified": stamp, "pos_closing_entry": text(closing, "name"), "consolidated_invoice": merged,
            "consolidated_credit_note": credit_note, "posting_date": text(closing, "posting_date"),
        });
        if let Value::Object(doc) = doc {
            self.store.put("POS Invoice Merge Log", doc);
        }
    }

    /// The other way round from [`StandIn::deliver`].
    pub(crate) fn undeliver(&mut self, doc: &Doc) {
        for row in rows(doc, "items") {
            let (code, warehouse) = (text(row, "item_code").to_owned(), text(row, "warehouse").to_owned());
            if self.store.get("Item", &code).is_some_and(|item| is_set(item, "is_stock_item")) {
                self.move_stock(&code, &warehouse, number(row, "stock_qty"));
            }
            for serial in text(row, "serial_no").lines() {
                if let Some(mut serial) = self.store.get("Serial No", serial).map(|serial| (**serial).clone()) {
                    set(&mut serial, "warehouse", warehouse.as_str());
                    set(&mut serial, "status", "Active");
                    self.store.put("Serial No", serial);
                }
            }
        }
        // What was sold and is not consolidated is held again; serial numbers are there, so this cannot refuse.
        let _ = self.hold(doc, true);
    }
}

fn rows_of(doc: &Doc) -> impl Iterator<Item = &Doc> {
    rows(doc, "items")
}

/// Cents.
fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0 + 0.0
}
