//! The shop of the recordings: Corner Shop Ltd, as the real ERPNext had it.

use crate::{
    json::{Doc, text},
    site::{SiteSettings, StandIn},
};
use holdfast_erpnext::site::Zone;
use serde_json::{Value, json};
use std::io::Read;

static MASTERS: &[u8] = include_bytes!("../../oracle/data/master.json.gz");
static SEED: &[u8] = include_bytes!("../data/recorded/seed.jsonl.gz");

/// The company.
pub const COMPANY: &str = "Corner Shop Ltd";

/// May sell, open and close shifts.
pub const CASHIER: &str = "cashier@example.com";

impl StandIn {
    /// Corner Shop Ltd on the morning of the recordings: masters, stock and users, and nothing sold yet.
    pub fn corner_shop() -> Self {
        let zone = Zone::named("America/New_York").expect("the zone is known");
        let mut site = Self::empty(SiteSettings { zone, ..SiteSettings::default() });
        let mut whole: Value = serde_json::from_str(&unpacked(MASTERS)).expect("the masters are JSON");
        let whole = whole.as_object_mut().expect("the masters are an object");
        for (single, doctype) in [
            ("system_settings", "System Settings"),
            ("accounts_settings", "Accounts Settings"),
            ("selling_settings", "Selling Settings"),
            ("stock_settings", "Stock Settings"),
            ("global_defaults", "Global Defaults"),
        ] {
            let doc = whole.remove(single).unwrap_or_default();
            site.put(doctype, named(&doc, doctype));
        }
        whole.remove("site");
        site.load(&Value::Object(whole.clone()));
        site.put_company();
        for line in unpacked(SEED).lines() {
            let exchange: Value = serde_json::from_str(line).expect("the seed is JSON");
            site.take_seed(&exchange);
        }
        let contacts: Vec<String> = site
            .documents("Customer")
            .map(|customer| text(customer, "customer_primary_contact").to_owned())
            .filter(|contact| !contact.is_empty())
            .collect();
        for contact in contacts {
            site.put("Contact", json!({ "name": contact }));
        }
        // The snapshot is from after the recordings.
        site.change("Coupon Code", "Gift Ada", &json!({ "used": 0, "modified": "2026-11-23 17:42:26.895097" }));
        site.change("Coupon Code", "Autumn 20", &json!({ "used": 2, "modified": "2026-11-23 17:50:00.000000" }));
        site
    }

    fn put_company(&mut self) {
        self.put(
            "Company",
            json!({
                "name": COMPANY, "company_name": COMPANY, "abbr": "CS", "default_currency": "USD", "country": "United States",
                "default_cash_account": "Cash - CS", "default_receivable_account": "Debtors - CS",
                "default_income_account": "Sales - CS", "cost_center": "Main - CS", "write_off_account": "Write Off - CS",
            }),
        );
        self.put("Warehouse", json!({ "name": "All Warehouses - CS", "company": COMPANY, "is_group": 1 }));
        self.put(
            "Warehouse",
            json!({ "name": "Stores - CS", "company": COMPANY, "parent_warehouse": "All Warehouses - CS" }),
        );
        self.put_user("Administrator", &["System Manager"]);
        for account in [
            "Cash",
            "Debtors",
            "Cost of Goods Sold",
            "Sales",
            "Stock In Hand",
            "Write Off",
            "Round Off",
            "Cash In Transit",
        ] {
            self.put(
                "Account",
                json!({
                    "name": format!("{account} - CS"), "account_name": account, "company": COMPANY, "account_currency": "USD",
                }),
            );
        }
        self.put("Cost Center", json!({ "name": "Main - CS", "cost_center_name": "Main", "company": COMPANY }));
    }

    /// Takes in what the set-up of the recordings made that is not in the snapshot: accounts, warehouses, users, stock.
    fn take_seed(&mut self, exchange: &Value) {
        let is_done = exchange["status"] == 200 && exchange["method"] == "POST";
        let path = exchange["path"].as_str().unwrap_or_default();
        let doctype = path.rsplit('/').next().unwrap_or_default().replace("%20", " ");
        let made = &exchange["response"]["data"];
        if !is_done || !made.is_object() {
            return;
        }
        match doctype.as_str() {
            "Stock Entry" => {
                self.put("Stock Entry", made.clone());
                let name = made["name"].as_str().unwrap_or_default();
                // Batches in the snapshot have their quantity already.
                self.receive(name);
            }
            "User" => {
                let roles: Vec<&str> = exchange["request"]["roles"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|row| row["role"].as_str())
                    .collect();
                let email = exchange["request"]["email"].as_str().unwrap_or_default();
                // Who is an Employee gets the role.
                let is_employee = [CASHIER, "junior@example.com"].contains(&email);
                let roles = roles.into_iter().chain(is_employee.then_some("Employee"));
                self.put_user(email, &roles.collect::<Vec<_>>());
            }
            "Account" | "Warehouse" | "Currency Exchange" | "Employee" => self.put(&doctype, made.clone()),
            _ => {}
        }
    }

    fn receive(&mut self, stock_entry: &str) {
        let batches: Vec<Doc> = self.documents("Batch").cloned().collect();
        self.stock_entry_submitted(stock_entry);
        for batch in batches {
            self.store.put("Batch", batch);
        }
        self.end(true);
    }

    /// Changes fields of a document without any check.
    pub fn change(&mut self, doctype: &str, name: &str, fields: &Value) {
        let Some(mut doc) = self.document(doctype, name).cloned() else {
            return;
        };
        for (field, value) in fields.as_object().into_iter().flatten() {
            crate::json::set(&mut doc, field, value.clone());
        }
        self.store.put(doctype, doc);
        self.end(true);
    }

    /// Custom fields as Holdfast's provisioning makes them, for whoever tests without provisioning.
    pub fn put_holdfast_fields(&mut self) {
        for doctype in
            ["POS Invoice", "Sales Invoice", "POS Opening Entry", "POS Closing Entry", "Customer", "Journal Entry"]
        {
            self.put_custom_field(doctype, "holdfast_id", "Data", true);
        }
        for doctype in ["POS Invoice", "Sales Invoice", "POS Opening Entry", "POS Closing Entry"] {
            self.put_custom_field(doctype, "holdfast_employee", "Data", false);
        }
    }

    /// A Custom Field, named as Frappe names it.
    pub fn put_custom_field(&mut self, doctype: &str, fieldname: &str, fieldtype: &str, is_unique: bool) {
        self.put(
            "Custom Field",
            json!({
                "name": format!("{doctype}-{fieldname}"), "dt": doctype, "fieldname": fieldname, "fieldtype": fieldtype,
                "label": label(fieldname), "unique": u8::from(is_unique), "no_copy": 1, "read_only": 1,
            }),
        );
        self.read_custom_fields();
    }
}

/// `holdfast_id` as `Holdfast Id`.
fn label(fieldname: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    fieldname.split('_').filter(|part| !part.is_empty()).map(word).collect::<Vec<_>>().join(" ")
}

fn named(doc: &Value, name: &str) -> Value {
    let mut doc = doc.as_object().cloned().unwrap_or_default();
    if text(&doc, "name").is_empty() {
        crate::json::set(&mut doc, "name", name);
    }
    Value::Object(doc)
}

fn unpacked(packed: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("the file is whole");
    text
}
