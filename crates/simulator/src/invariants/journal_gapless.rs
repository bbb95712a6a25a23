//! A counter's journal is numbered from one without a gap, each entry carries the hash of the one before, and the head is its end.
//!
//! Does not compare two machines with the same journal: that is `fork_detected`.

use crate::world::World;
use holdfast_sync::{Entry, Position};
use std::rc::Rc;

/// Its name.
pub const NAME: &str = "journal_gapless";

/// Checks it.
pub fn check(world: &World<'_>) -> Result<(), String> {
    for (at, machine) in world.machines.iter().enumerate() {
        let end = chain(&machine.disk.entries).map_err(|what| format!("machine {at}: {what}"))?;
        if end != machine.disk.head {
            return Err(format!("machine {at}: the head is {:?}, the last entry {:?}", machine.disk.head.seq, end.seq));
        }
    }
    Ok(())
}

/// Where a chain of entries ends, if it is one.
pub fn chain(entries: &[Rc<Entry>]) -> Result<Position, String> {
    let mut end = Position::default();
    for entry in entries {
        if !entry.follows(end) {
            return Err(format!("entry {} does not follow entry {}", entry.header.seq, end.seq));
        }
        end = entry.position();
    }
    Ok(end)
}
