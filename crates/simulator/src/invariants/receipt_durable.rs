//! Every receipt that was handed over is durable somewhere: at its counter or at a hub.
//!
//! Excused are entries whose last copy went with a disk (a browser's data thrown away, a copy put in its place) before any hub
//! was in reach: no program can keep those. Their receipts carry codes, which the healing reads back.
//! Does not check that it is at a hub: that is `liveness`.

use crate::world::World;

/// Its name.
pub const NAME: &str = "receipt_durable";

/// Checks it.
pub fn check(world: &World<'_>) -> Result<(), String> {
    let everywhere = world.everywhere();
    let lost =
        world.paper.receipts.iter().find(|(hash, _)| !everywhere.contains(hash) && !world.paper.excused.contains(hash));
    match lost {
        Some((_, entry)) => Err(format!("the receipt of entry {:?} is nowhere", entry.at())),
        None => Ok(()),
    }
}
