//! Customer, and what a submitted invoice does for one: points, coupons.

use crate::{
    documents::Saving,
    json::{Doc, is_set, number, rows, set, text},
    refused::Refused,
    site::StandIn,
};
use serde_json::{Value, json};

impl StandIn {
    pub(crate) fn validate_customer(&mut self, saving: &Saving<'_>, doc: &mut Doc) -> Result<(), Refused> {
        let has_contact = !text(doc, "mobile_no").is_empty() || !text(doc, "email_id").is_empty();
        // A name that was sent keeps every other document of the request from being named.
        if saving.before.is_none() && self.is_name_sent && has_contact {
            return Err(no_parent("Contact", &["Contact Phone", "Dynamic Link"]));
        }
        if saving.before.is_none() {
            crate::json::set_missing(doc, "language", "en");
        }
        Ok(())
    }

    /// The Contact that ERPNext makes of phone and e-mail.
    pub(crate) fn customer_made(&mut self, name: &str) {
        let Some(mut customer) = self.store.get("Customer", name).map(|doc| (**doc).clone()) else {
            return;
        };
        let (mobile, email) = (text(&customer, "mobile_no").to_owned(), text(&customer, "email_id").to_owned());
        if mobile.is_empty() && email.is_empty() {
            return;
        }
        let (contact, stamp) = (format!("{name}-{name}"), self.stamp());
        let doc = json!({
            "name": contact, "doctype": "Contact", "docstatus": 0, "first_name": name, "mobile_no": mobile,
            "email_id": email, "creation": stamp, "modified": stamp, "owner": self.user,
            "links": [{ "link_doctype": "Customer", "link_name": name }],
        });
        if let Value::Object(doc) = doc {
            self.store.put("Contact", doc);
        }
        set(&mut customer, "customer_primary_contact", contact);
        self.store.put("Customer", customer);
    }

    /// `on_submit` of a POS Invoice.
    pub(crate) fn invoice_submitted(&mut self, name: &str) -> Result<(), Refused> {
        let Some(mut doc) = self.store.get("POS Invoice", name).map(|doc| (**doc).clone()) else {
            return Ok(());
        };
        let has_bundles = rows(&doc, "items").any(|row| is_set(row, "use_serial_batch_fields"));
        if self.is_name_sent && has_bundles {
            return Err(no_parent("Serial and Batch Bundle", &["Serial and Batch Entry"]));
        }
        self.make_points(&doc);
        self.hold(&doc, true)?;
        self.count_coupon(&doc, 1.0);
        let mut items = match doc.remove("items") {
            Some(Value::Array(rows)) => rows,
            _ => Vec::new(),
        };
        for row in items.iter_mut().filter_map(Value::as_object_mut) {
            if is_set(row, "use_serial_batch_fields") && text(row, "serial_and_batch_bundle").is_empty() {
                let prefix = "SABB-";
                let bundle = format!("{prefix}{:08}", self.store.next_in(prefix));
                set(row, "serial_and_batch_bundle", bundle);
            }
        }
        set(&mut doc, "items", items);
        let status = if is_set(&doc, "is_return") { "Return" } else { "Paid" };
        set(&mut doc, "status", status);
        crate::json::set_missing(&mut doc, "remarks", "No Remarks");
        let stamp = self.stamp();
        set(&mut doc, "modified", stamp);
        self.store.put("POS Invoice", doc);
        Ok(())
    }

    pub(crate) fn invoice_cancelled(&mut self, name: &str) -> Result<(), Refused> {
        let Some(doc) = self.store.get("POS Invoice", name).cloned() else {
            return Ok(());
        };
        self.hold(&doc, false)?;
        self.count_coupon(&doc, -1.0);
        let entries: Vec<String> = self
            .store
            .with("Loyalty Point Entry", "customer", text(&doc, "customer"))
            .filter(|entry| text(entry, "invoice") == name)
            .map(|entry| text(entry, "name").to_owned())
            .collect();
        for entry in entries {
            self.store.remove("Loyalty Point Entry", &entry);
        }
        Ok(())
    }

    /// Version 16's invoice moves stock at once.
    pub(crate) fn sales_invoice_submitted(&mut self, name: &str) -> Result<(), Refused> {
        let Some(mut doc) = self.store.get("Sales Invoice", name).map(|doc| (**doc).clone()) else {
            return Ok(());
        };
        if !is_set(&doc, "is_created_using_pos") {
            return Ok(());
        }
        self.make_points(&doc);
        self.hold(&doc, true)?;
        self.deliver(&doc)?;
        self.count_coupon(&doc, 1.0);
        let status = if is_set(&doc, "is_return") { "Return" } else { "Paid" };
        set(&mut doc, "status", status);
        self.store.put("Sales Invoice", doc);
        Ok(())
    }

    /// Points that a sale collects and points that it spends.
    fn make_points(&mut self, doc: &Doc) {
        if is_set(doc, "redeem_loyalty_points") {
            self.put_points(doc, -(number(doc, "loyalty_points") as i64), 0.0, "");
        }
        let gain = doc.get("_gain").and_then(Value::as_object).cloned();
        if let (Some(gain), false) = (gain, is_set(doc, "is_return")) {
            let expiry = text(&gain, "expiry_date").to_owned();
            self.put_points(doc, number(&gain, "points") as i64, number(&gain, "eligible_amount"), &expiry);
        }
    }

    fn put_points(&mut self, doc: &Doc, points: i64, amount: f64, expiry: &str) {
        let (name, stamp) = (self.hash_name(), self.stamp());
        let entry = json!({
            "name": name, "doctype": "Loyalty Point Entry", "docstatus": 0, "customer": text(doc, "customer"),
            "loyalty_program": text(doc, "loyalty_program"), "loyalty_points": points, "purchase_amount": amount,
            "expiry_date": expiry, "invoice_type": text(doc, "doctype"), "invoice": text(doc, "name"),
            "posting_date": text(doc, "posting_date"), "company": text(doc, "company"), "creation": stamp,
            "modified": stamp, "owner": self.user,
        });
        if let Value::Object(entry) = entry {
            self.store.put("Loyalty Point Entry", entry);
        }
    }

    fn count_coupon(&mut self, doc: &Doc, change: f64) {
        if let Some(mut coupon) = self.store.get("Coupon Code", text(doc, "coupon_code")).map(|doc| (**doc).clone()) {
            let used = number(&coupon, "used") + change;
            set(&mut coupon, "used", used as i64);
            let stamp = self.stamp();
            set(&mut coupon, "modified", stamp);
            self.store.put("Coupon Code", coupon);
        }
    }
}

/// Documents that were to be made beside one whose name was sent.
fn no_parent(doctype: &str, children: &[&str]) -> Refused {
    let message = children
        .iter()
        .map(|child| format!("Error: <strong>{child}</strong> Row #1: Value missing for: parent"))
        .next_back()
        .unwrap_or_default();
    let fields = vec!["parent"; children.len()].join(", ");
    let exception = Some(format!("[{doctype}, None]: {fields}").into());
    Refused { exception, ..Refused::class("frappe.exceptions.MandatoryError", message) }
}
