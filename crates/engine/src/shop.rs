//! A whole shop in memory: what the hub compiles catalogues from, and the plainest [`Masters`].

use crate::masters::{CodeHit, Customer, Item, Masters, PosProfile, Tables};
use std::{borrow::Cow, collections::HashMap};

/// All masters of a company, with the profiles that sell them.
#[derive(Clone, Debug, Default)]
pub struct Shop {
    /// What it is called.
    pub name: String,
    /// The tables, with the profile of the day in `tables.profile`.
    pub tables: Tables,
    /// Every POS Profile.
    pub profiles: Vec<PosProfile>,
    items: Vec<Item>,
    item_index: HashMap<String, usize>,
    customers: Vec<Customer>,
    customer_index: HashMap<String, usize>,
    codes: HashMap<String, (usize, CodeKind)>,
}

/// What a code is.
#[derive(Clone, Debug)]
enum CodeKind {
    /// Item Barcode, with its UOM.
    Barcode(String),
    Serial,
    Batch,
}

impl Shop {
    /// A shop with these items and customers; of two with one key the later counts.
    pub fn new(name: &str, tables: Tables, items: Vec<Item>, customers: Vec<Customer>) -> Self {
        let item_index = items.iter().enumerate().map(|(at, item)| (item.item_code.clone(), at)).collect();
        let customer_index = customers.iter().enumerate().map(|(at, c)| (c.name.clone(), at)).collect();
        let profiles = vec![tables.profile.clone()];
        let codes = codes(&items);
        Self { name: name.to_owned(), tables, profiles, items, item_index, customers, customer_index, codes }
    }

    /// The same shop seen through another of its profiles; `None` if it has no such profile.
    pub fn tables_for(&self, pos_profile: &str) -> Option<Tables> {
        let profile = self.profiles.iter().find(|profile| profile.name == pos_profile)?;
        Some(Tables { profile: profile.clone(), ..self.tables.clone() })
    }

    /// Every item.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Every customer.
    pub fn customers(&self) -> &[Customer] {
        &self.customers
    }
}

/// Every code of every item; a barcode comes before a serial number, that before a batch.
fn codes(items: &[Item]) -> HashMap<String, (usize, CodeKind)> {
    let mut codes = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        for batch in &item.batches {
            codes.entry(batch.batch_no.clone()).or_insert((at, CodeKind::Batch));
        }
    }
    for (at, item) in items.iter().enumerate() {
        codes.extend(item.serial_nos.iter().map(|serial| (serial.clone(), (at, CodeKind::Serial))));
    }
    for (at, item) in items.iter().enumerate() {
        let barcodes = item.barcodes.iter();
        codes.extend(barcodes.map(|row| (row.barcode.clone(), (at, CodeKind::Barcode(row.uom.clone())))));
    }
    codes
}

impl Masters for Shop {
    fn tables(&self) -> &Tables {
        &self.tables
    }

    fn item(&self, item_code: &str) -> Option<Cow<'_, Item>> {
        self.item_index.get(item_code).map(|at| Cow::Borrowed(&self.items[*at]))
    }

    fn code(&self, code: &str) -> Option<CodeHit> {
        let (at, kind) = self.codes.get(code)?;
        let item = &self.items[*at];
        let mut hit = CodeHit { item_code: item.item_code.clone(), ..CodeHit::default() };
        match kind {
            CodeKind::Barcode(uom) => hit.uom.clone_from(uom),
            CodeKind::Serial => code.clone_into(&mut hit.serial_no),
            CodeKind::Batch => code.clone_into(&mut hit.batch_no),
        }
        Some(hit)
    }

    fn customer(&self, name: &str) -> Option<Cow<'_, Customer>> {
        self.customer_index.get(name).map(|at| Cow::Borrowed(&self.customers[*at]))
    }
}
