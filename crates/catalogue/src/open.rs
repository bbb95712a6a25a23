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
use std::{borrow::Cow, collections::HashMap};

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
    /// Checks structure, and the indexes' checksums. Use [`segment::digest`](crate::digest) where bytes come from outside.
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
                    // The index trusts its own pointers, so its checksum comes first.
                    let index = Set::new(bytes.as_slice()).map_err(|_| damaged())?;
                    index.as_fst().verify().map_err(|_| damaged())?;
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
        let mut found = Vec::new();
        for node in &self.tables.item_groups {
            if group.is_empty() || Tables::lineage(&self.tables.item_groups, &node.name).contains(&group) {
                found.append(&mut self.exact(key::GROUP, &node.name));
            }
        }
        sorted(found).into_iter().map(ItemId).collect()
    }

    /// The variants of a template, in order.
    pub fn variants(&self, item_code: &str) -> Vec<Item> {
        self.exact(key::VARIANT, item_code).into_iter().filter_map(|id| self.by_id(ItemId(id))).collect()
    }

    /// Finds items whose name, brand or code has a word beginning with each word of the query; where nothing does, words
    /// one typing error away. Exact codes and barcodes come first, then items whose name begins with the query's first word.
    pub fn search(&self, query: &str, limit: usize) -> Vec<ItemId> {
        let words: Vec<String> = search::words(query).collect();
        let Some(first) = words.first() else {
            return Vec::new();
        };
        let exact = self.first(key::BARCODE, query.trim()).or_else(|| self.first(key::CODE, query.trim()));
        // One word alone may match nearly everything: no more is read than is shown.
        let most = if words.len() == 1 { limit } else { MATCHES_MAX };
        let beginning = self.lookup(key::NAME, first, false, most);
        let mut rest = Self::matching(&words, |word| self.prefixed(word, most));
        if rest.is_empty() {
            rest = Self::matching(&words, |word| self.prefixed_or_misspelt(word));
        }
        let is_match = |id: &u32| words.len() == 1 || rest.binary_search(id).is_ok();
        let ranked = beginning.iter().copied().filter(is_match);
        let others = rest.iter().copied().filter(|id| beginning.binary_search(id).is_err());
        let hits = ranked.chain(others).map(ItemId).filter(|id| Some(*id) != exact);
        exact.into_iter().chain(hits).take(limit).collect()
    }

    /// The items that have every word, each as `having` finds it.
    fn matching(words: &[String], having: impl Fn(&str) -> Vec<u32>) -> Vec<u32> {
        words.iter().map(|word| having(word)).reduce(|found, set| common(&found, &set)).unwrap_or_default()
    }

    /// The items with a word, or with one that is a typing error away.
    fn prefixed_or_misspelt(&self, word: &str) -> Vec<u32> {
        let found = self.prefixed(word, MATCHES_MAX);
        if !found.is_empty() {
            return found;
        }
        let variants = search::misspellings(word);
        sorted(variants.iter().flat_map(|variant| self.prefixed(variant, MISSPELT_MAX)).collect())
    }

    fn prefixed(&self, word: &str, limit: usize) -> Vec<u32> {
        self.lookup(key::WORD, word, false, limit)
    }

    fn exact(&self, kind: char, text: &str) -> Vec<u32> {
        self.lookup(kind, text, true, usize::MAX)
    }

    fn first(&self, kind: char, text: &str) -> Option<ItemId> {
        self.lookup(kind, text, true, 1).first().copied().map(ItemId)
    }

    /// The items of a term in ascending order, at most `limit` from each index.
    fn lookup(&self, kind: char, text: &str, is_whole: bool, limit: usize) -> Vec<u32> {
        let term = format!("{kind}{text}");
        let mut found = Vec::new();
        for bytes in &self.indexes {
            if let Ok(index) = Set::new(bytes.as_slice()) {
                search::with_prefix(&index, &term, is_whole, limit, &mut found);
            }
        }
        sorted(found)
    }
}

/// Most items that one word of several may match, from each index.
const MATCHES_MAX: usize = 20_000;

/// Most items that one misspelling may match, from each index.
const MISSPELT_MAX: usize = 200;

fn sorted(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// What two ascending lists have in common.
fn common(left: &[u32], right: &[u32]) -> Vec<u32> {
    let (few, many) = if left.len() < right.len() { (left, right) } else { (right, left) };
    few.iter().copied().filter(|number| many.binary_search(number).is_ok()).collect()
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
