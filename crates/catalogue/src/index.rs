//! One index segment: which items have a code, a barcode, a group or a word.
//!
//! An ordered map from terms to items that is used in place, and the lists of those terms that several items have:
//! `items: u32, map bytes: u32, check of count and lists: u64, map, lists` - little-endian. A map's value is twice an item's place plus
//! one, or twice the offset of a list; a list is its length and then the gaps from place to place, each as LEB128. Places count from
//! the first item that the segment covers, so that a change elsewhere leaves these bytes alone.

use crate::{search, segment::word as read_word};
use fst::{Automaton, IntoStreamer, Map, MapBuilder, Streamer};
use holdfast_engine::masters::Item;
use std::collections::BTreeMap;

/// The first character of a term says what kind of key it is.
pub(crate) mod key {
    pub(crate) const CODE: char = 'c';
    pub(crate) const BARCODE: char = 'b';
    pub(crate) const GROUP: char = 'g';
    pub(crate) const VARIANT: char = 'v';
    pub(crate) const WORD: char = 'w';
    /// The first word of an item's name.
    pub(crate) const NAME: char = 'n';
}

/// Bytes before the map.
const HEADER: usize = 16;

/// Writes the index of some items.
pub(crate) fn write(items: &[Item]) -> Vec<u8> {
    let mut terms: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (place, item) in (0_u32..).zip(items) {
        for term in terms_of(item) {
            let places = terms.entry(term).or_default();
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
    }
    let (mut map, mut lists) = (MapBuilder::memory(), Vec::new());
    for (term, places) in &terms {
        let value = match places.as_slice() {
            [place] => u64::from(*place) << 1 | 1,
            places => {
                let offset = lists.len() as u64;
                write_list(places, &mut lists);
                offset << 1
            }
        };
        map.insert(term, value).expect("terms are sorted and written to memory");
    }
    let map = map.into_inner().expect("written to memory");
    let number = |length: usize| u32::try_from(length).expect("an index stays far below 4 GiB");
    let count = number(items.len());
    let mut bytes = count.to_le_bytes().to_vec();
    bytes.extend(number(map.len()).to_le_bytes());
    bytes.extend(check(count, &lists).to_le_bytes());
    bytes.extend(map);
    bytes.extend(lists);
    bytes
}

/// Everything that an item is found by.
fn terms_of(item: &Item) -> Vec<String> {
    let mut terms = Vec::new();
    let mut add = |kind: char, text: &str| terms.push(format!("{kind}{text}"));
    add(key::CODE, &item.item_code);
    for barcode in &item.barcodes {
        add(key::BARCODE, &barcode.barcode);
    }
    for batch in &item.batches {
        add(key::BARCODE, &batch.batch_no);
    }
    for serial in &item.serial_nos {
        add(key::BARCODE, serial);
    }
    // Variants are found through their template.
    if item.variant_of.is_empty() {
        add(key::GROUP, &item.item_group);
    } else {
        add(key::VARIANT, &item.variant_of);
    }
    if let Some(word) = search::words(&item.item_name).next() {
        add(key::NAME, &word);
    }
    for text in [&item.item_name, &item.brand, &item.item_code] {
        for word in search::words(text) {
            add(key::WORD, &word);
        }
    }
    terms
}

fn write_list(places: &[u32], lists: &mut Vec<u8>) {
    write_number(u32::try_from(places.len()).expect("an index covers few items"), lists);
    let mut before = 0;
    for place in places {
        write_number(place - before, lists);
        before = *place;
    }
}

fn write_number(mut number: u32, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Tells damaged lists from whole ones; nobody forges what lies under a content address.
fn check(count: u32, lists: &[u8]) -> u64 {
    lists.chunks(8).fold(u64::from(count), |sum, chunk| {
        let mut bytes = [0; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        (sum ^ u64::from_le_bytes(bytes)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23).wrapping_add(1)
    })
}

/// An index in use.
pub(crate) struct Index {
    map: Map<Vec<u8>>,
    lists: Vec<u8>,
    /// How many items it covers.
    pub(crate) count: u32,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("items", &self.count).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens an index after checking its bytes; `None` if they are damaged.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let count = read_word(bytes, 0)?;
        let map_end = HEADER.checked_add(usize::try_from(read_word(bytes, 1)?).ok()?)?;
        let sum = u64::from_le_bytes(bytes.get(8..HEADER)?.try_into().ok()?);
        let (map, lists) = (bytes.get(HEADER..map_end)?, bytes.get(map_end..)?);
        if check(count, lists) != sum {
            return None;
        }
        // The map trusts its own pointers, so its checksum comes first.
        let map = Map::new(map.to_vec()).ok()?;
        map.as_fst().verify().ok()?;
        Some(Self { map, lists: lists.to_vec(), count })
    }

    /// The place of the first item of a term.
    pub(crate) fn first(&self, kind: char, text: &str) -> Option<u32> {
        self.places(self.map.get(format!("{kind}{text}"))?).next()
    }

    /// The items of a term.
    pub(crate) fn add_whole(&self, kind: char, text: &str, found: &mut Places) {
        if let Some(value) = self.map.get(format!("{kind}{text}")) {
            self.places(value).for_each(|place| found.insert(place));
        }
    }

    /// The items of all terms that begin with `prefix`.
    pub(crate) fn add_prefixed(&self, kind: char, prefix: &str, found: &mut Places) {
        let begin = format!("{kind}{prefix}");
        let mut terms = self.map.range().ge(&begin).into_stream();
        while let Some((_, value)) = terms.next().filter(|(term, _)| term.starts_with(begin.as_bytes())) {
            self.places(value).for_each(|place| found.insert(place));
        }
    }

    /// Whether some term begins with `prefix`.
    pub(crate) fn has_prefixed(&self, kind: char, prefix: &str) -> bool {
        let begin = format!("{kind}{prefix}");
        let mut terms = self.map.range().ge(&begin).into_stream();
        terms.next().is_some_and(|(term, _)| term.starts_with(begin.as_bytes()))
    }

    /// The items of all terms that an automaton takes.
    pub(crate) fn add_matching(&self, automaton: impl Automaton, found: &mut Places) {
        let mut terms = self.map.search(automaton).into_stream();
        while let Some((_, value)) = terms.next() {
            self.places(value).for_each(|place| found.insert(place));
        }
    }

    /// The places that a value of the map stands for, in order.
    fn places(&self, value: u64) -> impl Iterator<Item = u32> {
        let number = usize::try_from(value >> 1).unwrap_or(usize::MAX);
        let is_list = value & 1 == 0;
        let mut rest = if is_list { self.lists.get(number..).unwrap_or_default() } else { &[] };
        let mut left = if is_list { read_number(&mut rest) } else { 1 };
        let mut place = if is_list { 0 } else { u32::try_from(number).unwrap_or(u32::MAX) };
        std::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            if is_list {
                place = u32::wrapping_add(place, read_number(&mut rest));
            }
            Some(place)
        })
    }
}

/// Reads a number off the front; past the end everything is zero.
fn read_number(bytes: &mut &[u8]) -> u32 {
    let (mut number, mut shift) = (0, 0);
    while let Some((byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u32::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 || shift > 28 {
            break;
        }
    }
    number
}

/// Some of the items that an index covers.
#[derive(Clone, Debug)]
pub(crate) struct Places(Vec<u64>);

impl Places {
    /// None of so many items.
    pub(crate) fn none_of(count: u32) -> Self {
        Self(vec![0; (count as usize).div_ceil(64)])
    }

    fn insert(&mut self, place: u32) {
        if let Some(bits) = self.0.get_mut(place as usize / 64) {
            *bits |= 1 << (place % 64);
        }
    }

    /// Leaves what the other has as well.
    pub(crate) fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(bits, others)| *bits &= others);
    }

    /// What is in both.
    pub(crate) fn common(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(bits, others)| bits & others).collect())
    }

    /// What is here and not there.
    pub(crate) fn without(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(bits, others)| bits & !others).collect())
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }

    /// The places in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        (0_u32..).zip(&self.0).flat_map(|(at, bits)| {
            let mut left = *bits;
            std::iter::from_fn(move || {
                (left != 0).then(|| {
                    let place = at * 64 + left.trailing_zeros();
                    left &= left - 1;
                    place
                })
            })
        })
    }
}
