//! The hub's side: what to store of a push, and what to answer once it is stored.

use crate::{
    entry::{Broken, Entry, Key, Sealed},
    ids::{Hash, Position, Seq, TerminalId},
    wire::PushAnswer,
};

/// What a push leads to. The host stores all of it in one transaction and only then sends the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// Entries to append, in order.
    pub append: Vec<Entry>,
    /// Entries of a second line of the same journal, to be kept beside and raised as an alert.
    pub forked: Vec<Entry>,
    /// What to answer after the commit.
    pub answer: PushAnswer,
}

/// Reads and verifies entries. Needs no state, so it runs before any lock is taken.
pub fn verify(terminal: TerminalId, key: &Key, entries: Vec<Sealed>) -> Result<Vec<Entry>, Broken> {
    let entries = entries.into_iter().map(Entry::read).collect::<Result<Vec<_>, _>>()?;
    for entry in &entries {
        entry.verify(terminal, key)?;
    }
    Ok(entries)
}

/// What a hub answers to entries that [`verify`] refused.
pub fn refuse(broken: &Broken) -> PushAnswer {
    match broken {
        Broken::TooNew(_) => PushAnswer::TooNew,
        other => PushAnswer::Broken(other.to_string()),
    }
}

/// Decides about verified entries.
///
/// `head` is where the hub's line ends, `stored` gives the hash at an earlier place of it. Entries that are there already
/// change nothing; an entry that differs from the stored one starts a fork, and so does everything after it.
pub fn accept(head: Position, stored: impl Fn(Seq) -> Option<Hash>, entries: Vec<Entry>) -> Accepted {
    let (mut append, mut forked) = (Vec::new(), Vec::new());
    let mut end = head;
    for entry in entries {
        let at = entry.header.seq;
        if !forked.is_empty() {
            forked.push(entry);
        } else if at <= head.seq {
            if stored(at) != Some(entry.hash) {
                forked.push(entry);
            }
        } else if entry.follows(end) {
            end = entry.position();
            append.push(entry);
        } else if at == end.seq.next() {
            forked.push(entry);
        } else {
            // Something between the hub's end and this entry is missing: what fitted is kept, the rest asked for again.
            return Accepted { append, forked, answer: PushAnswer::Gap(end) };
        }
    }
    let answer = if forked.is_empty() { PushAnswer::Acknowledged(end) } else { PushAnswer::Fork { hub: end } };
    Accepted { append, forked, answer }
}
