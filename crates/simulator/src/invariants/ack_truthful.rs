//! When an answer leaves a hub, everything that it acknowledges is durable there: its line up to the place that it names, and each
//! entry of the push, in the line or beside it.
//!
//! Looks at each answer as it is made. Says nothing about a hub whose data is taken away later.

use crate::world::World;
use holdfast_sync::{Hash, Seq, TerminalId, wire::PushAnswer};

/// Its name.
pub const NAME: &str = "ack_truthful";

/// Checks an answer.
pub fn answered(world: &mut World<'_>, hub: usize, terminal: TerminalId, answer: &PushAnswer, sent: &[(Seq, Hash)]) {
    let kept = world.hubs[hub].durable.disk.journals.get(&terminal);
    let is_true = match answer {
        PushAnswer::Acknowledged(end) | PushAnswer::Fork { hub: end } => {
            let has = |seq: Seq, hash: Hash| seq.0 == 0 || kept.is_some_and(|kept| kept.has(seq, hash));
            has(end.seq, end.hash) && sent.iter().all(|(seq, hash)| has(*seq, *hash))
        }
        PushAnswer::Gap(end) => end.seq.0 == 0 || kept.is_some_and(|kept| kept.hash_at(end.seq) == Some(end.hash)),
        PushAnswer::TooNew | PushAnswer::Broken(_) => true,
    };
    if !is_true {
        world.violate(NAME, format!("hub {hub} answered {answer:?}, and does not have it"));
    }
}
