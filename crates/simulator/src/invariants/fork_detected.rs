//! Where a journal exists twice and both lines reached the hub, the hub keeps both and has raised it.
//!
//! Looks once everything is healed and has arrived: before, the hub may know of one line only.

use crate::world::World;
use holdfast_sync::TerminalId;
use std::collections::BTreeMap;

/// Its name.
pub const NAME: &str = "fork_detected";

/// Checks it.
pub fn check(world: &World<'_>) -> Result<(), String> {
    let main = &world.hubs[0].durable.disk;
    let mut lines: BTreeMap<TerminalId, Vec<usize>> = BTreeMap::new();
    for (at, machine) in world.machines.iter().enumerate() {
        lines.entry(machine.terminal).or_default().push(at);
    }
    for (terminal, machines) in lines.iter().filter(|(_, machines)| machines.len() > 1) {
        let Some(kept) = main.journals.get(terminal) else { continue };
        for first in machines {
            for second in machines.iter().filter(|second| *second > first) {
                let (first, second) = (&world.machines[*first].disk.entries, &world.machines[*second].disk.entries);
                let parted = first.iter().zip(second).find(|(one, other)| one.hash != other.hash);
                let Some((one, other)) = parted else { continue };
                let seq = one.header.seq;
                // Both arrived: one is in the line at most, so the other has to be beside it.
                let has_both = kept.has(seq, one.hash) && kept.has(seq, other.hash);
                if has_both && main.forks_raised == 0 {
                    return Err(format!("journal {terminal} exists twice and nobody was told"));
                }
                let has_none_beside = kept.beside.is_empty() && world.is_healed;
                if has_none_beside && crate::liveness::pending(world).is_empty() {
                    return Err(format!("journal {terminal} exists twice from entry {seq}, and the hub has one line"));
                }
            }
        }
    }
    Ok(())
}
