//! The list of segments that make up a catalogue.

use serde::{Deserialize, Serialize};

/// The format that this version writes.
pub(crate) const FORMAT: u8 = 4;

/// What a catalogue consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this format and of the segments'.
    pub format: u8,
    /// The POS Profile it is for.
    pub pos_profile: String,
    /// How many items it has.
    pub items: u32,
    /// The segments; items in the order of their numbers.
    pub segments: Vec<SegmentRef>,
}

/// One segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentRef {
    /// What it holds.
    pub kind: SegmentKind,
    /// SHA-256 of its bytes.
    pub hash: [u8; 32],
    /// How many bytes.
    pub bytes: u32,
}

/// What a segment holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SegmentKind {
    /// Settings, profile, rules, templates, trees.
    Tables,
    /// Items.
    Items,
    /// Where items, barcodes, groups and words are found.
    Index,
    /// Customers: private, stored encrypted.
    Customers,
}

impl SegmentKind {
    /// Whether it names people, and is only stored encrypted.
    pub fn is_private(self) -> bool {
        self == Self::Customers
    }
}

/// What to do to get from one catalogue to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// To fetch.
    pub fetch: Vec<SegmentRef>,
    /// No longer needed once the new manifest is in force.
    pub drop: Vec<[u8; 32]>,
}

impl Manifest {
    /// Compares with what is held.
    pub fn delta(&self, held: &[[u8; 32]]) -> Delta {
        let is_wanted = |hash: &[u8; 32]| self.segments.iter().any(|segment| segment.hash == *hash);
        Delta {
            fetch: self.segments.iter().filter(|segment| !held.contains(&segment.hash)).cloned().collect(),
            drop: held.iter().filter(|hash| !is_wanted(hash)).copied().collect(),
        }
    }

    /// Writes it.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("a manifest can be written")
    }

    /// Reads it; `None` for another format or no manifest at all.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok().filter(|manifest: &Self| manifest.format == FORMAT)
    }
}
