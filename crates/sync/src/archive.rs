//! Journals in a file: what a terminal or a hub hands out when no network will ever come.
//!
//! The file says what it is in its first line, carries each terminal's public key, and ends with a hash over all before it. It
//! is imported through the same doors as a push ([`crate::hub::verify`], [`crate::hub::accept`]), so importing what is there
//! already changes nothing.

use crate::{
    entry::{Broken, Entry, Key, Sealed},
    hub,
    ids::{Hash, PublicKey},
    relay::may_introduce,
    wire::Introduction,
};
use serde::{Deserialize, Serialize};

/// What every such file begins with, for a person who opens it.
pub const MAGIC: &[u8] = b"Holdfast journal entries, signed by their terminals. Import this file at any hub.\n";

/// The format that this version writes.
pub const FORMAT: u8 = 1;

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archive {
    /// When it was made, Unix milliseconds.
    pub made_at_ms: i64,
    /// The journals.
    pub journals: Vec<Journal>,
}

/// Entries of one terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// Whose.
    pub terminal: Introduction,
    /// In order; the first need not be the journal's first.
    pub entries: Vec<Sealed>,
    /// Of other lines of the journal, in order of their places.
    pub beside: Vec<Sealed>,
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoArchive {
    /// Not such a file at all.
    #[error("this file holds no journal entries")]
    Other,
    /// Written by a later version.
    #[error("the file has format {0}, which this version cannot read")]
    TooNew(u8),
    /// The end is missing, or something was altered.
    #[error("the file is damaged: copy it again")]
    Damaged,
    /// The hub knows the terminal with another key.
    #[error("terminal {0} is known here with another key")]
    OtherKey(String),
    /// Not a point on the curve.
    #[error("the key of terminal {0} is none")]
    BadKey(String),
    /// An entry is not the terminal's.
    #[error(transparent)]
    Entry(#[from] Broken),
}

impl Archive {
    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(FORMAT);
        bytes.extend(postcard::to_allocvec(self).expect("archives hold nothing that cannot be written"));
        let hash = Hash::of(&bytes);
        bytes.extend(hash.0);
        bytes
    }

    /// Reads a file; the signatures are [`Journal::verify`]'s question.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NoArchive> {
        let content = bytes.strip_prefix(MAGIC).ok_or(NoArchive::Other)?;
        let (&format, content) = content.split_first().ok_or(NoArchive::Damaged)?;
        if format > FORMAT {
            return Err(NoArchive::TooNew(format));
        }
        let (content, hash) = content.split_last_chunk::<32>().ok_or(NoArchive::Damaged)?;
        if Hash::of(&bytes[..bytes.len() - 32]).0 != *hash {
            return Err(NoArchive::Damaged);
        }
        match postcard::take_from_bytes(content) {
            Ok((archive, [])) => Ok(archive),
            _ => Err(NoArchive::Damaged),
        }
    }
}

impl Journal {
    /// Checks every signature, with the key that the hub knows or, for a terminal that is new here, the file's own. What comes
    /// out goes through [`hub::accept`], like a push.
    pub fn verify(self, known: Option<&PublicKey>) -> Result<Vec<Entry>, NoArchive> {
        let Self { terminal, mut entries, beside } = self;
        if !may_introduce(known, &terminal.public_key) {
            return Err(NoArchive::OtherKey(terminal.name));
        }
        let key = Key::new(&terminal.public_key).ok_or(NoArchive::BadKey(terminal.name))?;
        entries.extend(beside);
        Ok(hub::verify(terminal.terminal, &key, entries)?)
    }
}
