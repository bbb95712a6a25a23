//! What came of trying to book something.

use serde::{Deserialize, Serialize};

/// A document in ERPNext.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BookedDocument {
    /// DocType.
    pub doctype: String,
    /// `name`.
    pub name: String,
}

/// Where the books and the receipt disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The doctype's field, with the row's number before it where it is a row's: `items.2.amount`.
    pub field: String,
    /// What the receipt says.
    pub receipt: String,
    /// What ERPNext booked.
    pub booked: String,
}

/// Why ERPNext said no, as far as that can be told from its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RefusalKind {
    /// An account lacks a right.
    Permission,
    /// There is not enough stock, or a serial number is not there.
    Stock,
    /// The period is closed or frozen.
    ClosedPeriod,
    /// An item is disabled, deleted, at its end of life or not for sale.
    Item,
    /// The customer is disabled, frozen or deleted.
    Customer,
    /// A batch is expired, disabled or gone.
    Batch,
    /// There is no open POS Opening Entry that ERPNext takes for this sale.
    Opening,
    /// Prices, discounts, coupons, points or payments are outside what ERPNext allows.
    Limit,
    /// A mandatory field of the shop's own is empty.
    Mandatory,
    /// The sale that is returned is not in the books.
    Original,
    /// Consolidation failed.
    Consolidation,
    /// Again and again no clear answer came for this one, while the site answered others.
    NoAnswer,
    /// Anything else.
    Other,
}

/// A refusal, for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What it is about.
    pub kind: RefusalKind,
    /// `exc_type`, the class of ERPNext's exception; empty where there is none.
    pub exc_type: String,
    /// ERPNext's own sentence.
    pub message: String,
}

/// What came of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the books, as these documents.
    Booked {
        /// Every document that was made or found.
        documents: Vec<BookedDocument>,
        /// Where they differ from the receipt.
        differences: Vec<Difference>,
    },
    /// ERPNext will not book it as it is.
    Refused(Refusal),
    /// Nobody knows whether something happened: look before trying again.
    Unclear,
    /// Surely nothing happened. The site cannot answer now.
    NotNow {
        /// How long it asked to be left alone, in milliseconds.
        after_ms: Option<u64>,
    },
    /// ERPNext is at it in the background: ask again later.
    Underway {
        /// When to ask, in milliseconds.
        after_ms: u64,
    },
}
