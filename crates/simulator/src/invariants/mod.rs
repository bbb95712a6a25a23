//! What must hold, each in a file of its own that says what it checks and what it does not.

pub mod ack_truthful;
pub mod bounded;
pub mod catalogue_whole;
pub mod fork_detected;
pub mod hub_prefix;
pub mod journal_gapless;
pub mod money_conserved;
pub mod nothing_silent;
pub mod order_in_shift;
pub mod posted_equals_receipt;
pub mod posted_once;
pub mod receipt_durable;

use crate::world::World;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something that must never happen did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// Which invariant.
    pub invariant: String,
    /// When, milliseconds since the beginning.
    pub at_ms: u64,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} ms: {}", self.invariant, self.at_ms, self.what)
    }
}

type Check = fn(&World<'_>) -> Result<(), String>;

/// Those that are looked at every now and then. The others look at single messages as they go by.
const CHECKS: [(&str, Check); 10] = [
    (journal_gapless::NAME, journal_gapless::check),
    (hub_prefix::NAME, hub_prefix::check),
    (receipt_durable::NAME, receipt_durable::check),
    (posted_once::NAME, posted_once::check),
    (posted_equals_receipt::NAME, posted_equals_receipt::check),
    (money_conserved::NAME, money_conserved::check),
    (order_in_shift::NAME, order_in_shift::check),
    (catalogue_whole::NAME, catalogue_whole::check),
    (nothing_silent::NAME, nothing_silent::check),
    (fork_detected::NAME, fork_detected::check),
];

/// Looks at all of them; the first that does not hold.
pub fn check(world: &World<'_>) -> Option<Violation> {
    CHECKS.iter().find_map(|(name, check)| {
        let what = check(world).err()?;
        Some(Violation { invariant: (*name).into(), at_ms: world.now_ms, what })
    })
}
