//! What nobody can take back: receipts in customers' hands, and a record of everything that was ever durable at a counter.
//!
//! The world's memory, not any machine's: the invariants compare the machines with it.

use holdfast_sync::{Body, Entry, Hash};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    rc::Rc,
};

/// The record.
#[derive(Default)]
pub struct Paper {
    /// Receipts that were handed over.
    pub receipts: BTreeMap<Hash, Rc<Entry>>,
    /// Every entry that was ever durable at a counter.
    pub written: HashMap<Hash, Rc<Entry>>,
    /// For each cart, the sales that it became.
    pub carts: BTreeMap<(usize, usize), Vec<Hash>>,
    /// Entries whose last copy was destroyed with a disk: no program can keep those.
    pub excused: BTreeSet<Hash>,
    /// How many sales there were.
    pub sales: u64,
}

impl Paper {
    /// A receipt goes over the counter.
    pub fn hand_over(&mut self, entry: &Rc<Entry>) {
        if matches!(entry.body, Body::Sale(_)) {
            self.receipts.insert(entry.hash, Rc::clone(entry));
        }
    }

    /// An entry became durable; `cart` is the act that it is for, if it completes one.
    pub fn write(&mut self, entry: &Rc<Entry>, cart: Option<(usize, usize)>) {
        self.written.insert(entry.hash, Rc::clone(entry));
        if matches!(entry.body, Body::Sale(_)) {
            self.sales += 1;
            if let Some(cart) = cart {
                self.carts.entry(cart).or_default().push(entry.hash);
            }
        }
    }
}
