//! A catalogue in use.

use crate::{
    index::{Index, Places, key},
    manifest::{Manifest, SegmentKind, SegmentRef},
    segment,
};
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
    /// Each with the number of the first item it covers.
    indexes: Vec<(u32, Index)>,
    customers: Vec<Customer>,
    customer_index: HashMap<String, usize>,
}

impl Catalogue {
    /// Opens a catalogue from its segments, in the manifest's order, each checked against its hash when it was stored.
    ///
    /// Checks structure, and the indexes' checksums. Use [`segment::digest`](crate::digest) where bytes come from outside.
    pub fn open(manifest: &Manifest, segments: Vec<Vec<u8>>) -> Result<Self, OpenError> {
        let mut held: HashMap<_, _> = manifest.segments.iter().map(|segment| segment.hash).zip(segments).collect();
        let mut catalogue = Self::begin(manifest, &mut held)?;
        for reference in manifest.segments.iter().filter(|reference| reference.kind.is_private()) {
            let bytes = held.remove(&reference.hash).ok_or(OpenError::Missing { hash: reference.hash })?;
            catalogue.add_private(reference, &bytes)?;
        }
        Ok(catalogue)
    }

    /// Opens all that names nobody: the segments are taken out of `held`, where they lie by their hashes. What is private is left
    /// there for [`Catalogue::add_private`], as it cannot be read before somebody has signed in.
    pub fn begin(manifest: &Manifest, held: &mut HashMap<[u8; 32], Vec<u8>>) -> Result<Self, OpenError> {
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
        for reference in manifest.segments.iter().filter(|reference| !reference.kind.is_private()) {
            let damaged = || OpenError::Damaged { hash: reference.hash };
            let bytes = held.remove(&reference.hash).ok_or(OpenError::Missing { hash: reference.hash })?;
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
                    let index = Index::read(&bytes).ok_or_else(damaged)?;
                    let start = catalogue.indexes.last().map_or(0, |(start, before)| start + before.count);
                    catalogue.indexes.push((start, index));
                }
                SegmentKind::Customers => {}
            }
        }
        catalogue.tables = tables.ok_or(OpenError::Incomplete)?;
        catalogue.rules = RuleIndex::new(&catalogue.tables.pricing_rules);
        Ok(catalogue)
    }

    /// Adds a segment that is private.
    pub fn add_private(&mut self, reference: &SegmentRef, bytes: &[u8]) -> Result<(), OpenError> {
        let is_whole = bytes.len() == reference.bytes as usize && self.add_customers(bytes).is_some();
        is_whole.then_some(()).ok_or(OpenError::Damaged { hash: reference.hash })
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

    /// An item's number by its code.
    pub fn id_of(&self, item_code: &str) -> Option<ItemId> {
        self.first(key::CODE, item_code)
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
        let groups = &self.tables.item_groups;
        let below = |name: &str| group.is_empty() || Tables::lineage(groups, name).contains(&group);
        let wanted: Vec<&str> = groups.iter().map(|node| node.name.as_str()).filter(|name| below(name)).collect();
        let mut found = Vec::new();
        for (start, index) in self.indexes() {
            let mut places = Places::none_of(index.count);
            for name in &wanted {
                index.add_whole(key::GROUP, name, &mut places);
            }
            found.extend(places.iter().map(|place| ItemId(start + place)));
        }
        found
    }

    /// The variants of a template, in order.
    pub fn variants(&self, item_code: &str) -> Vec<Item> {
        let of_index = |(start, index): (u32, &Index)| {
            let mut places = Places::none_of(index.count);
            index.add_whole(key::VARIANT, item_code, &mut places);
            places.iter().filter_map(|place| self.by_id(ItemId(start + place))).collect::<Vec<_>>()
        };
        self.indexes().flat_map(of_index).collect()
    }

    /// The indexes, each with the number of the first item it covers.
    pub(crate) fn indexes(&self) -> impl Iterator<Item = (u32, &Index)> {
        self.indexes.iter().map(|(start, index)| (*start, index))
    }

    /// The first item of a term.
    pub(crate) fn first(&self, kind: char, text: &str) -> Option<ItemId> {
        self.indexes().find_map(|(start, index)| Some(ItemId(start + index.first(kind, text)?)))
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
