//! Decides what happens at the counter, without a screen, a disk or a network.
//!
//! [`Counter`] is one value. A host (the browser app, a property test, the simulator) gives it an [`Action`] with the moment
//! in which it happens ([`Now`]) and carries out the [`Effect`]s that come back; their results are actions again. Views read
//! [`view`] models, in which every text is already formatted. There is no clock, no randomness and no IO in here.
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
mod carts;
mod counter;
pub mod effect;
mod now;
pub mod protocol;
pub mod view;

pub use action::{Action, Outcome};
pub use carts::{CartId, LineKey};
pub use counter::{Counter, Options};
pub use effect::{Effect, EffectId};
pub use now::{Now, Wall};
