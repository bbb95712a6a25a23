//! A catalogue in use.

use crate::{
    compile::key,
    manifest::{Manifest, SegmentKind},
    search, segment,
};
use fst::Set;
use holdfast_engine::{
    Masters, RuleIndex, Tables, barcode,
    masters::{CodeHit, Customer, Item},
};
use std::{borrow::Cow, collections::BTreeSet, collections::HashMap};

/// An item's number in its catalogue: items are numbered by group, name and code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(pub u32);

/// What a scan found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The item.
    pub item: Item,
    /// The UOM of the barcode that was scanned; empty for the item's own.
    pub uom: String,
    /// The batch, where a batch number was scanned.
    pub batch_no: String,
    /// The serial number, where one was scanned.
    pub serial_no: String,
    /// The weight or count, where the code has one inside.
    pub qty: Option<f64>,
    /// What the goods cost together, where the code has it inside.
    pub amount: Option<f64>,
}

/// Why a catalogue cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// A segment's bytes are not what the manifest says. Fetch this one again.
    #[error("segment {} is damaged", hex::encode(hash))]
    Damaged {
        /// Which one.
        hash: [u8; 32],
    },
    /// A segment is missing. Fetch it.
    #[error("segment {} is missing", hex::encode(hash))]
    Missing {
        /// Which one.
        hash: [u8; 32],
    },
    /// There are no tables.
    #[error("the catalogue is not complete")]
    Incomplete,
}

/// Everything a terminal sells from.
#[derive(Debug)]
pub struct Catalogue {
    tables: Tables,
    /// Made once: the tables do not change.
    rules: RuleIndex,
    items: Vec<Vec<u8>>,
    /// The number of the first item of each item segment.
    starts: Vec<u32>,
    count: u32,
    indexes: Vec<Vec<u8>>,
    customers: Vec<Customer>,
    customer_index: HashMap<String, usize>,
}

impl Catalogue {
    /// Opens a catalogue from its segments, in the manifest's order, each checked against its hash when it was stored.
    ///
    /// Checks structure only. Use [`segment::digest`](crate::digest) where bytes come from outside.
    pub fn open(manifest: &Manifest, segments: Vec<Vec<u8>>) -> Result<Self, OpenError> {
        let mut catalogue = Self {
            tables: Tables::default(),
            rules: RuleIndex::default(),
            items: Vec::new(),
            starts: Vec::new(),
            count: 0,
            indexes: Vec::new(),
            customers: Vec::new(),
            customer_index: HashMap::new(),
        };
        let mut tables = None;
        let mut segments = segments.into_iter();
        for reference in &manifest.segments {
            let damaged = || OpenError::Damaged { hash: reference.hash };
            let bytes = segments.next().ok_or(OpenError::Missing { hash: reference.hash })?;
            if bytes.len() != reference.bytes as usize {
                return Err(damaged());
            }
            match reference.kind {
                SegmentKind::Tables => tables = Some(segment::read(&bytes, 0).ok_or_else(damaged)?),
                SegmentKind::Items => {
                    let count = segment::count(&bytes).ok_or_else(damaged)?;
                    catalogue.starts.push(catalogue.count);
                    catalogue.count += u32::try_from(count).map_err(|_| damaged())?;
                    catalogue.items.push(bytes);
                }
                SegmentKind::Index => {
                    // Its checksum, too: a damaged index makes the search run out of bounds.
                    let set = Set::new(bytes.as_slice()).map_err(|_| damaged())?;
                    set.as_fst().verify().map_err(|_| damaged())?;
                    catalogue.indexes.push(bytes);
                }
                SegmentKind::Customers => catalogue.add_customers(&bytes).ok_or_else(damaged)?,
            }
        }
        catalogue.tables = tables.ok_or(OpenError::Incomplete)?;
        catalogue.rules = RuleIndex::new(&catalogue.tables.pricing_rules);
        Ok(catalogue)
    }

    fn add_customers(&mut self, bytes: &[u8]) -> Option<()> {
        for at in 0..segment::count(bytes)? {
            let customer: Customer = segment::read(bytes, at)?;
            self.customer_index.insert(customer.name.clone(), self.customers.len());
            self.customers.push(customer);
        }
        Some(())
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// An item by its number.
    pub fn by_id(&self, id: ItemId) -> Option<Item> {
        let chunk = self.starts.partition_point(|start| *start <= id.0).checked_sub(1)?;
        segment::read(&self.items[chunk], (id.0 - self.starts[chunk]) as usize)
    }

    /// Every customer, for the customer search.
    pub fn customers(&self) -> &[Customer] {
        &self.customers
    }

    /// Finds what a scanned or typed code means: a barcode, an item code, a batch or a serial number; else a code with a
    /// weight, a price or a batch inside.
    pub fn scan(&self, code: &str) -> Option<Hit> {
        let scan = barcode::scan(code, self)?;
        Some(Hit {
            item: self.item(&scan.item_code)?.into_owned(),
            uom: scan.uom,
            batch_no: scan.batch_no,
            serial_no: scan.serial_no,
            qty: scan.qty,
            amount: scan.amount,
        })
    }

    /// The items of a group and all groups below it, in order; every item for the empty name. Variants are left out.
    pub fn in_group(&self, group: &str) -> Vec<ItemId> {
        let mut found = BTreeSet::new();
        for node in &self.tables.item_groups {
            if group.is_empty() || Tables::lineage(&self.tables.item_groups, &node.name).contains(&group) {
                found.extend(self.exact(key::GROUP, &node.name));
            }
        }
        found.into_iter().map(ItemId).collect()
    }

    /// The variants of a template, in order.
    pub fn variants(&self, item_code: &str) -> Vec<Item> {
        self.exact(key::VARIANT, item_code).into_iter().filter_map(|id| self.by_id(ItemId(id))).collect()
    }

    /// Finds items whose name, brand or code has a word beginning with each word of the query; where nothing does, words
    /// one typing error away. Exact codes and barcodes come first, then names that begin with the query.
    pub fn search(&self, query: &str, limit: usize) -> Vec<ItemId> {
        let words: Vec<String> = search::words(query).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let mut found = self.matching(&words);
        if found.is_empty() {
            found = self.matching_misspelt(&words);
        }
        let folded = search::fold(query.trim());
        let mut ranked: Vec<(u8, u32)> =
            found.into_iter().take(limit.saturating_mul(20)).map(|id| (self.rank(id, &folded), id)).collect();
        let exact = self.first(key::BARCODE, query.trim()).or_else(|| self.first(key::CODE, query.trim()));
        ranked.sort_unstable();
        let mut hits: Vec<ItemId> = exact.into_iter().collect();
        hits.extend(ranked.into_iter().map(|(_, id)| ItemId(id)).filter(|id| Some(*id) != exact).take(limit));
        hits
    }

    fn rank(&self, id: u32, query: &str) -> u8 {
        match self.by_id(ItemId(id)) {
            Some(item) if search::fold(&item.item_name).starts_with(query) => 0,
            _ => 1,
        }
    }

    fn matching(&self, words: &[String]) -> BTreeSet<u32> {
        let mut sets = words.iter().map(|word| self.prefixed(word));
        let first = sets.next().unwrap_or_default();
        sets.fold(first, |found, set| found.intersection(&set).copied().collect())
    }

    fn matching_misspelt(&self, words: &[String]) -> BTreeSet<u32> {
        let mut result: Option<BTreeSet<u32>> = None;
        for word in words {
            let mut set = self.prefixed(word);
            if set.is_empty() {
                set = search::misspellings(word).iter().flat_map(|variant| self.prefixed(variant)).collect();
            }
            result = Some(match result {
                Some(found) => found.intersection(&set).copied().collect(),
                None => set,
            });
        }
        result.unwrap_or_default()
    }

    fn prefixed(&self, word: &str) -> BTreeSet<u32> {
        self.lookup(&format!("{}{word}", key::WORD), false, 20_000)
    }

    fn exact(&self, kind: char, text: &str) -> BTreeSet<u32> {
        self.lookup(&format!("{kind}{text}"), true, usize::MAX)
    }

    fn first(&self, kind: char, text: &str) -> Option<ItemId> {
        self.lookup(&format!("{kind}{text}"), true, 1).into_iter().next().map(ItemId)
    }

    fn lookup(&self, term: &str, is_whole: bool, limit: usize) -> BTreeSet<u32> {
        let mut found = BTreeSet::new();
        for bytes in &self.indexes {
            if let Ok(index) = Set::new(bytes.as_slice()) {
                found.append(&mut search::with_prefix(&index, term, is_whole, limit));
            }
        }
        found
    }
}

impl Masters for Catalogue {
    fn tables(&self) -> &Tables {
        &self.tables
    }

    fn item(&self, item_code: &str) -> Option<Cow<'_, Item>> {
        self.first(key::CODE, item_code).and_then(|id| self.by_id(id)).map(Cow::Owned)
    }

    fn code(&self, code: &str) -> Option<CodeHit> {
        let item = self.by_id(self.first(key::BARCODE, code)?)?;
        let mut hit = CodeHit { item_code: item.item_code, ..CodeHit::default() };
        if let Some(row) = item.barcodes.into_iter().find(|row| row.barcode == code) {
            hit.uom = row.uom;
        } else if item.serial_nos.iter().any(|serial| serial == code) {
            code.clone_into(&mut hit.serial_no);
        } else {
            code.clone_into(&mut hit.batch_no);
        }
        Some(hit)
    }

    fn rule_index(&self) -> Option<&RuleIndex> {
        Some(&self.rules)
    }

    fn customer(&self, name: &str) -> Option<Cow<'_, Customer>> {
        self.customer_index.get(name).map(|at| Cow::Borrowed(&self.customers[*at]))
    }
}
