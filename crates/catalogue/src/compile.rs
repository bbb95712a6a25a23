//! From a shop to segments: deterministic, so that the same masters give the same hashes.

use crate::{
    index,
    manifest::{FORMAT, Manifest, SegmentKind, SegmentRef},
    segment,
};
use holdfast_engine::{
    Shop, Tables,
    masters::{Item, PosProfile},
};
use std::collections::HashMap;

/// Items in one segment: a changed item makes this many travel again.
const ITEMS_IN_SEGMENT: usize = 1_000;

/// Most items that share one index segment, so that a change resends a part of the index only.
const ITEMS_IN_INDEX: usize = 20_000;

/// A catalogue ready to publish.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// What it consists of.
    pub manifest: Manifest,
    /// The segments in the manifest's order.
    pub segments: Vec<Vec<u8>>,
}

/// Compiles what one POS Profile sells; `None` if the shop has no such profile.
pub fn compile(shop: &Shop, pos_profile: &str) -> Option<Compiled> {
    let tables = shop.tables_for(pos_profile)?;
    let lists = price_lists(&tables, shop);
    let mut items: Vec<Item> = shop
        .items()
        .iter()
        .filter(|item| is_sold(item, &tables.profile, &tables))
        .map(|item| {
            let mut item = item.clone();
            item.prices.retain(|price| lists.contains(&price.price_list));
            item
        })
        .collect();
    // In the order of the tree of groups, then by name: as a shop lays its goods out.
    let places: HashMap<&str, usize> =
        tables.item_groups.iter().enumerate().map(|(at, node)| (node.name.as_str(), at)).collect();
    let place = |item: &Item| places.get(item.item_group.as_str()).copied().unwrap_or(usize::MAX);
    items.sort_by(|a, b| (place(a), &a.item_name, &a.item_code).cmp(&(place(b), &b.item_name, &b.item_code)));

    let mut compiled = Builder::default();
    compiled.push(SegmentKind::Tables, segment::write(std::slice::from_ref(&tables)));
    for chunk in items.chunks(ITEMS_IN_SEGMENT) {
        compiled.push(SegmentKind::Items, segment::write(chunk));
    }
    for chunk in items.chunks(ITEMS_IN_INDEX) {
        compiled.push(SegmentKind::Index, index::write(chunk));
    }
    compiled.push(SegmentKind::Customers, segment::write(shop.customers()));
    Some(compiled.finish(pos_profile, items.len()))
}

/// The price lists that a sale under this profile can need: the profile's, customers' and customer groups'.
fn price_lists(tables: &Tables, shop: &Shop) -> Vec<String> {
    let mut lists = vec![tables.profile.selling_price_list.clone()];
    lists.extend(tables.customer_groups.iter().map(|group| group.default_price_list.clone()));
    lists.extend(shop.customers().iter().map(|customer| customer.default_price_list.clone()));
    lists.sort();
    lists.dedup();
    lists
}

fn is_sold(item: &Item, profile: &PosProfile, tables: &Tables) -> bool {
    profile.item_groups.is_empty()
        || Tables::lineage(&tables.item_groups, &item.item_group)
            .iter()
            .any(|group| profile.item_groups.iter().any(|allowed| allowed == group))
}

#[derive(Default)]
struct Builder {
    refs: Vec<SegmentRef>,
    segments: Vec<Vec<u8>>,
}

impl Builder {
    fn push(&mut self, kind: SegmentKind, bytes: Vec<u8>) {
        let length = u32::try_from(bytes.len()).expect("a segment stays far below 4 GiB");
        self.refs.push(SegmentRef { kind, hash: segment::digest(&bytes), bytes: length });
        self.segments.push(bytes);
    }

    fn finish(self, pos_profile: &str, items: usize) -> Compiled {
        let manifest = Manifest {
            format: FORMAT,
            pos_profile: pos_profile.to_owned(),
            items: u32::try_from(items).expect("a catalogue has fewer than four billion items"),
            segments: self.refs,
        };
        Compiled { manifest, segments: self.segments }
    }
}
