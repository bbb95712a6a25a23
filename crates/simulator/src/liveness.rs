//! After the faults stop: everything arrives, and whatever has not says why.

use crate::world::World;
use holdfast_sync::posting::{PostingId, Row, State, TaskKind};
use std::collections::{BTreeMap, BTreeSet};

/// How long everything may take after the healing, milliseconds.
const PATIENCE_MS: u64 = 16 * 3_600_000;

/// How often it is looked at, milliseconds.
const LOOK_MS: u64 = 60_000;

/// The invariant's name.
pub const NAME: &str = "liveness";

/// Runs the healed world until nothing is pending; what still is then, is a violation.
pub fn converge(world: &mut World<'_>) {
    let end_ms = world.now_ms + PATIENCE_MS;
    while world.violation.is_none() {
        let pending = pending(world);
        if pending.is_empty() {
            return;
        }
        if world.now_ms >= end_ms {
            return world.violate(NAME, pending.join("; "));
        }
        // Longer and longer steps: most are done in a minute, some wait hours for their turn.
        let step = LOOK_MS.max((world.now_ms + PATIENCE_MS - end_ms) / 4);
        world.run_until((world.now_ms + step).min(end_ms));
    }
}

/// What has not arrived, and why. Says it from what is durable, not from what a machine believes.
pub fn pending(world: &World<'_>) -> Vec<String> {
    let mut pending = Vec::new();
    let main = &world.hubs[0].durable.disk;
    for (at, machine) in world.machines.iter().enumerate() {
        let kept = main.journals.get(&machine.terminal);
        let missing =
            machine.disk.entries.iter().filter(|it| !kept.is_some_and(|kept| kept.has(it.header.seq, it.hash)));
        let missing = missing.count();
        if missing > 0 {
            let trouble = machine.app.as_ref().and_then(|app| app.journal.trouble());
            pending.push(format!("{missing} entries of machine {at} are not at the main hub ({trouble:?})"));
        }
        if machine.disk.next_act < machine.acts.len() {
            pending.push(format!("machine {at} has not done everything"));
        }
        if machine.disk.manifest != Some(world.catalogues.len() - 1) {
            pending.push(format!("machine {at} has catalogue {:?}", machine.disk.manifest));
        }
    }
    for (at, hub) in world.hubs.iter().enumerate().skip(1) {
        let waiting = hub.up.as_ref().map_or(0, |up| up.relay.waiting().count());
        if waiting > 0 {
            pending.push(format!("{waiting} lines of hub {at} wait to be relayed"));
        }
        let unknown = hub.durable.disk.journals.iter().flat_map(|(terminal, kept)| {
            let above = main.journals.get(terminal);
            kept.all().filter(move |entry| !above.is_some_and(|above| above.has(entry.header.seq, entry.hash)))
        });
        let unknown = unknown.count();
        if unknown > 0 {
            pending.push(format!("{unknown} entries of hub {at} are not at the main hub"));
        }
    }
    let stuck = stuck(&main.rows);
    let waiting = main.rows.values().filter(|row| matches!(row.state, State::Received | State::Posting { .. }));
    for row in waiting.filter(|row| !stuck.contains(&row.id)) {
        pending.push(format!("{:?} {} is {}", row.kind, row.id, row.state.word()));
    }
    pending
}

/// Rows that wait for a person, and those that wait behind them: what needs them, the closing of their shift, and everything in
/// a shift whose opening is stuck.
fn stuck(rows: &BTreeMap<PostingId, Row>) -> BTreeSet<PostingId> {
    let is_rejected = |row: &&Row| matches!(row.state, State::Rejected { .. });
    let mut stuck: BTreeSet<PostingId> = rows.values().filter(is_rejected).map(|row| row.id).collect();
    loop {
        let lane = |row: &Row| (row.id.terminal, row.shift);
        let entries: BTreeSet<_> = stuck.iter().map(|id| id.entry()).collect();
        let of_stuck = || stuck.iter().filter_map(|id| rows.get(id));
        let lanes: BTreeSet<_> = of_stuck().map(lane).collect();
        let unopened: BTreeSet<_> = of_stuck().filter(|row| row.kind == TaskKind::Opening).map(lane).collect();
        let waits = |row: &&Row| {
            !row.is_settled()
                && (row.needs.iter().any(|need| entries.contains(need))
                    || (row.kind == TaskKind::Closing && lanes.contains(&lane(row)))
                    || unopened.contains(&lane(row)))
        };
        let more: BTreeSet<PostingId> = rows.values().filter(waits).map(|row| row.id).collect();
        if more.is_subset(&stuck) {
            return stuck;
        }
        stuck.extend(more);
    }
}
