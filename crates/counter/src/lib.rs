//! Decides what happens at the counter, without a screen, a disk or a network.
//!
//! Two layers. The lower one is values and pure functions of values: the basket and what a cashier does to it ([`basket`]),
//! what the journal says about shift and sales ([`book`]), what a burst of key presses means ([`scan`]), how long to wait after
//! a wrong PIN ([`pin`]). The upper one, [`Counter`], puts them together: one value that takes an [`Action`] with the moment in
//! which it happens ([`Now`]) and gives back [`Effect`]s for a host to carry out; their results are actions again. Views read
//! [`view`] models, in which every text is already formatted.
//!
//! ```text
//!   cashier ──► Action ─┐                        ┌─► Effect ──► IndexedDB, WebCrypto, fetch, printer
//!                       ├─► Counter::act(now, ·) ┤                      │
//!   adapters ► Done ────┘                        └─► view models        │
//!        ▲                                                              │
//!        └──────────────────────────────────────────────────────────────┘
//! ```
//!
//! What it guarantees, whatever comes late, twice or never: a receipt is shown only for a sale that was committed; a sale's
//! entry and the end of its cart are one write; nothing that a cashier put into a cart disappears but by their own hand.

pub mod action;
pub mod basket;
pub mod book;
mod carts;
mod counter;
pub mod effect;
mod format;
mod now;
pub mod pin;
pub mod protocol;
pub mod quick_cash;
pub mod sale;
pub mod scan;
pub mod view;
pub mod words;

pub use action::{Action, Outcome};
pub use basket::Basket;
pub use book::Book;
pub use carts::{CartId, LineKey};
pub use counter::{Counter, Options};
pub use effect::{Effect, EffectId};
pub use now::{Now, Wall};
