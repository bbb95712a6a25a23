//! What a hub has of a journal is a chain from its first entry, of entries that were durable at a counter; and what is beside it
//! hangs on that chain or on something beside.
//!
//! Does not check that it is complete: a hub may be behind.

use super::journal_gapless::chain;
use crate::world::World;

/// Its name.
pub const NAME: &str = "hub_prefix";

/// Checks it.
pub fn check(world: &World<'_>) -> Result<(), String> {
    for (at, hub) in world.hubs.iter().enumerate() {
        for (terminal, kept) in &hub.durable.disk.journals {
            chain(&kept.line).map_err(|what| format!("hub {at}, terminal {terminal}: {what}"))?;
            for entry in kept.line.iter().chain(kept.beside.values()) {
                if !world.paper.written.contains_key(&entry.hash) {
                    return Err(format!("hub {at} has an entry that no counter wrote: {:?}", entry.at()));
                }
            }
            for entry in kept.beside.values() {
                let before = holdfast_sync::Seq(entry.header.seq.0 - 1);
                if before.0 > 0 && !kept.has(before, entry.header.prev) {
                    return Err(format!("hub {at}: entry {} beside the line hangs in the air", entry.header.seq));
                }
            }
        }
    }
    Ok(())
}
