//! What selling needs of a site: doctypes, fields, and how each is read.

use super::WANTED;
use crate::site::{Site, Zone};
use serde_json::{Value, json};

/// A doctype that is mirrored.
#[derive(Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub doctype: &'static str,
    /// How it is read.
    pub way: Way,
    /// Its fields beside `name` and `modified`. Those that a site does not have are left out.
    pub fields: &'static [&'static str],
    /// Its child tables.
    pub children: &'static [Child],
    /// Rows that are asked for at once.
    pub rows_in_page: u32,
    /// Only rows that were modified in this many days are wanted.
    pub days: Option<u16>,
}

/// How a doctype is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By lists of changed rows, child tables by lists, too.
    Listed,
    /// By a list of changed names and each document: for few rows with many tables.
    Documents,
    /// It has one document, which is read each time.
    Single,
    /// Only by [`super::Check`]: its rows come and go without a new stamp, and don't change otherwise.
    Checked,
    /// It is no doctype: the quantities of batches in each warehouse, as ERPNext counts them. A row is a warehouse.
    Quantities,
}

/// A child table.
#[derive(Debug, PartialEq, Eq)]
pub struct Child {
    /// The field of the parent.
    pub table: &'static str,
    /// The doctype of its rows.
    pub doctype: &'static str,
    /// The fields of its rows.
    pub fields: &'static [&'static str],
}

/// Which rows concern us.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// The site's clock.
    pub zone: Zone,
    /// What the whole mirror depends on: the site's version and what provisioning added. With another text everything is read
    /// again, slowly and in the background; rows stay until they are replaced.
    pub epoch: String,
    /// The warehouses that are sold from, sorted.
    pub warehouses: Vec<String>,
    /// The site's clock, Unix milliseconds: some rows are only wanted for some days.
    pub now_ms: i64,
}

impl Scope {
    /// What concerns the given warehouses of a site; `provisioned` is `provision::LEVEL` once provisioning has run.
    pub fn new(site: &Site, provisioned: u32, mut warehouses: Vec<String>, now_ms: i64) -> Self {
        warehouses.sort();
        warehouses.dedup();
        let version = site.erpnext.unwrap_or_default();
        let epoch = format!("{version} {} {provisioned}", site.time_zone);
        Self { zone: site.zone(), epoch, warehouses, now_ms }
    }

    /// What a cursor of a doctype is about.
    pub(super) fn key(&self, wanted: &Wanted) -> String {
        match wanted.doctype {
            "Bin" | "Serial No" | BATCH_QUANTITY => format!("{} {:?}", self.epoch, self.warehouses),
            _ => self.epoch.clone(),
        }
    }

    /// The filters of a doctype.
    pub(super) fn filters(&self, wanted: &Wanted) -> Vec<Value> {
        let mut filters = self.own_filters(wanted);
        if let Some(days) = wanted.days {
            let since = self.zone.stamp(self.now_ms - i64::from(days) * 86_400_000);
            filters.push(json!(["modified", ">=", since]));
        }
        filters
    }

    fn own_filters(&self, wanted: &Wanted) -> Vec<Value> {
        match wanted.doctype {
            "Bin" | "Serial No" => vec![json!(["warehouse", "in", self.warehouses])],
            "Item Price" | "Pricing Rule" => vec![json!(["selling", "=", 1])],
            "Tax Rule" => vec![json!(["tax_type", "=", "Sales"])],
            "POS Invoice" => vec![json!(["docstatus", "=", 1])],
            "Sales Invoice" => vec![json!(["docstatus", "=", 1]), json!(["is_pos", "=", 1])],
            "Property Setter" => vec![json!(["property", "=", "precision"])],
            "Print Format" => vec![json!(["doc_type", "in", ["POS Invoice", "Sales Invoice"]])],
            "User" => vec![json!(["user_type", "=", "System User"])],
            _ => Vec::new(),
        }
    }
}

/// What the mirror calls the quantities of batches.
pub const BATCH_QUANTITY: &str = "Batch Quantity";

/// Finds a doctype among the wanted ones.
pub fn wanted(doctype: &str) -> Option<&'static Wanted> {
    WANTED.iter().find(|wanted| wanted.doctype == doctype)
}

/// The doctypes whose rows hold links to one that can be renamed.
pub fn linking_to(doctype: &str) -> &'static [&'static str] {
    match doctype {
        "Item" => &["Item Price", "Bin", "Batch", "Serial No", "Product Bundle", "Pricing Rule", "Item"],
        "Item Group" => &["Item", "Item Group", "Pricing Rule", "POS Profile"],
        "Brand" => &["Item", "Pricing Rule"],
        "Customer" => &["Item Price", "Address", "Pricing Rule", "POS Profile", "Loyalty Point Entry", "Coupon Code"],
        "Customer Group" | "Territory" => &["Customer", "Customer Group", "Territory", "Pricing Rule", "Tax Rule"],
        "Price List" => &["Item Price", "Customer", "Customer Group", "POS Profile", "Pricing Rule"],
        "UOM" => &["Item", "Item Price", "UOM Conversion Factor", "Pricing Rule"],
        "Warehouse" => &["POS Profile", "Warehouse", "Bin", "Serial No", "Pricing Rule"],
        "Tax Category" => &["Item", "Item Group", "Customer", "Address", "Tax Rule", "POS Profile"],
        "Item Tax Template" => &["Item", "Item Group"],
        "Sales Taxes and Charges Template" => &["POS Profile", "Tax Rule"],
        "Account" => &["Mode of Payment", "POS Profile", "Sales Taxes and Charges Template", "Item Tax Template"],
        "Mode of Payment" => &["POS Profile"],
        "Sales Partner" => &["Customer", "Pricing Rule"],
        "Loyalty Program" => &["Customer", "Loyalty Point Entry"],
        "Batch" => &["Item Price", "Serial No"],
        "Company" => &["POS Profile", "Account", "Warehouse", "Mode of Payment", "Pricing Rule", "Employee"],
        _ => &[],
    }
}
