//! What a person decides about an entry that could not simply be booked.

use serde::{Deserialize, Serialize};

/// One thing in place of another in the document: the receipt stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rename {
    /// DocType: Item, Customer or Batch.
    pub doctype: String,
    /// What the receipt says.
    pub from: String,
    /// What to book.
    pub to: String,
}

/// How the document is to differ from what the entry says, by a person's word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendments {
    /// Other names to book.
    pub renames: Vec<Rename>,
    /// Leave it as a draft for the bookkeeper.
    pub as_draft: bool,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Try once more, as it is.
    TryAgain,
    /// Try with another item, customer or batch.
    Map(Rename),
    /// Make a draft that the bookkeeper completes.
    PostAsDraft,
    /// It is settled outside, or the difference is accepted; with the reason.
    Settle {
        /// Why. Not empty.
        reason: String,
    },
}
