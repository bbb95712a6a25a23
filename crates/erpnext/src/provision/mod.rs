//! Setting a site up over REST: what is there, what is missing, and how to take it all back.
//!
//! A [`Survey`] asks what is there and makes a [`Plan`]: a value that says in plain sentences what would be done. [`Apply`] does it,
//! [`TakeBack`] undoes it; both go piece by piece, so that they can be broken off anywhere and begun again with a new survey.
//! All three need an account with the role System Manager, once. Afterwards the hub works with the role that was made.
//!
//! PINs are not kept in ERPNext, in no form: whoever may read Employee could try all ten thousand of them against any verifier.
//! An Employee only says who may sell and in which role, and a manager can ask for a new PIN; PINs are set and held at the hub.

mod apply;
mod fields;
mod pieces;
mod rights;
mod survey;
mod take_back;

pub use apply::{Applied, Apply, Refusal};
pub use fields::{FIELDS, Field};
pub use pieces::{Condition, Piece, PlannedPiece};
pub use rights::{Right, rights};
pub use survey::Survey;
pub use take_back::TakeBack;

use crate::site::{Site, Version};

/// What this version adds to a site. It is raised whenever a field or right is added, so that mirrors are read again.
pub const LEVEL: u32 = 1;

/// The role with the hub's rights.
pub const ROLE: &str = "Holdfast";

/// Doctypes whose changes a webhook tells at once.
pub const HOOKED: &[&str] = &[
    "Item",
    "Item Price",
    "Item Group",
    "Pricing Rule",
    "Coupon Code",
    "Customer",
    "POS Profile",
    "Mode of Payment",
    "Item Tax Template",
    "Sales Taxes and Charges Template",
    "Employee",
];

/// What somebody wants to have set up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// Users who get the role: the hub's own, and each under whose name a terminal posts.
    pub users: Vec<String>,
    /// Where OAuth sends a browser back to, if an OAuth client is wanted.
    pub redirect_uri: Option<String>,
    /// Webhooks, if they are wanted.
    pub webhooks: Option<Webhooks>,
}

/// Where webhooks go.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhooks {
    /// The hub's address for them, which the site must be able to reach.
    pub url: String,
    /// What their signatures are made with.
    pub secret: String,
}

/// The secret is not for logs.
impl std::fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhooks").field("url", &self.url).finish_non_exhaustive()
    }
}

/// What is there and what would be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The site.
    pub site: Site,
    /// What was ordered.
    pub order: Order,
    /// Every piece in the order in which it is made, with how it is now.
    pub pieces: Vec<PlannedPiece>,
    /// Everybody who has the role.
    pub holders: Vec<String>,
    /// The OAuth client's id, once there is one.
    pub client_id: Option<String>,
}

impl Plan {
    /// Whether nothing is to be done.
    pub fn is_done(&self) -> bool {
        self.pieces.iter().all(|planned| planned.condition == Condition::Present)
    }

    /// What would be done, one sentence a piece.
    pub fn to_do(&self) -> Vec<String> {
        let open = self.pieces.iter().filter(|planned| planned.condition != Condition::Present);
        open.map(PlannedPiece::sentence).collect()
    }

    /// What taking back would do, one sentence a piece.
    pub fn to_undo(&self) -> Vec<String> {
        let is_there = |planned: &&PlannedPiece| {
            matches!(planned.condition, Condition::Present | Condition::Different(_))
                && !matches!(planned.piece, Piece::User(_))
        };
        let holders = self.holders.iter().map(|user| Piece::User(user.clone()).undo_sentence());
        let there = self.pieces.iter().rev().filter(is_there).map(|planned| planned.piece.undo_sentence());
        holders.chain(there).collect()
    }
}

/// Whether the pieces of a doctype make sense on a version.
fn is_for(doctype: &str, version: Option<Version>) -> bool {
    // Campaign became UTM Campaign in version 16; the fields that point at it are only read.
    doctype != "Sales Invoice" || version.is_some_and(|version| version.major >= 16)
}
