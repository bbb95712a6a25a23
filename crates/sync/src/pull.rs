//! From one catalogue to the next: fetch what is missing, switch at once, only then let go of the old.
//!
//! A manifest is known here by its hash and the hashes of its segments. At every instant the one in force is whole on the disk;
//! whatever was fetched stays, so that a broken line costs the rest and not the beginning.

use crate::ids::Hash;
use std::collections::BTreeSet;

/// Most segments under way at once: a segment is small, so on a slow line it is the way there and back that takes long.
pub const IN_FLIGHT_MAX: usize = 6;

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Fetch this segment, check it with [`is_genuine`], store it, then say [`Pull::stored`].
    Fetch(Hash),
    /// Wait for one of those under way.
    Wait,
    /// Everything is on the disk: put the manifest in force in one transaction, then say [`Pull::switched`].
    Switch,
    /// No manifest in force needs these any more.
    Drop(Vec<Hash>),
    /// Done.
    Done,
}

/// A change of catalogue under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pull {
    wanted: BTreeSet<Hash>,
    held: BTreeSet<Hash>,
    in_flight: BTreeSet<Hash>,
    is_switched: bool,
}

impl Pull {
    /// Towards a manifest with these segments, from what is durable on the disk; `is_in_force` if it was switched to already.
    pub fn new(
        segments: impl IntoIterator<Item = Hash>,
        held: impl IntoIterator<Item = Hash>,
        is_in_force: bool,
    ) -> Self {
        Self {
            wanted: segments.into_iter().collect(),
            held: held.into_iter().collect(),
            in_flight: BTreeSet::new(),
            is_switched: is_in_force,
        }
    }

    /// What to do next. A fetch is under way from now on.
    pub fn step(&mut self) -> Step {
        let missing = self.wanted.difference(&self.held).find(|hash| !self.in_flight.contains(hash)).copied();
        match missing {
            Some(hash) if self.in_flight.len() < IN_FLIGHT_MAX => {
                self.in_flight.insert(hash);
                Step::Fetch(hash)
            }
            _ if !self.is_whole() => Step::Wait,
            _ if !self.is_switched => Step::Switch,
            _ => {
                let old: Vec<Hash> = self.held.difference(&self.wanted).copied().collect();
                if old.is_empty() { Step::Done } else { Step::Drop(old) }
            }
        }
    }

    /// A segment is durable.
    pub fn stored(&mut self, hash: Hash) {
        self.in_flight.remove(&hash);
        self.held.insert(hash);
    }

    /// A segment did not come, or not as it should.
    pub fn failed(&mut self, hash: Hash) {
        self.in_flight.remove(&hash);
    }

    /// The manifest is durably in force.
    ///
    /// # Panics
    /// If a segment of it is missing: nothing may be switched to by halves.
    pub fn switched(&mut self) {
        assert!(self.is_whole(), "a manifest comes in force when all of its segments are there");
        self.is_switched = true;
    }

    /// Segments are gone from the disk.
    pub fn dropped(&mut self, segments: &[Hash]) {
        self.held.retain(|hash| !segments.contains(hash));
    }

    /// How many segments are there, of how many.
    pub fn progress(&self) -> (usize, usize) {
        (self.wanted.intersection(&self.held).count(), self.wanted.len())
    }

    fn is_whole(&self) -> bool {
        self.wanted.is_subset(&self.held)
    }
}

/// Whether bytes are the segment of that name.
pub fn is_genuine(hash: Hash, bytes: &[u8]) -> bool {
    Hash::of(bytes) == hash
}
