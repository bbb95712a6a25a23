//! The hub's side: what to store of a push, and what to answer once it is stored.

use crate::{
    entry::{Broken, Entry, Sealed, Verifier},
    ids::{Hash, Position, Seq, TerminalId},
    posting::{Row, Task},
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

impl Accepted {
    /// What these entries ask of the books: stored in the same transaction, where there is no row of that id yet.
    ///
    /// The second line's entries too: somebody holds their receipts.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        self.append.iter().chain(&self.forked).filter_map(Task::of).map(Row::from)
    }
}

/// Reads and verifies entries. Needs no state, so it runs before any lock is taken.
pub fn verify(terminal: TerminalId, key: &impl Verifier, entries: Vec<Sealed>) -> Result<Vec<Entry>, Broken> {
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
/// `head` is where the hub's line ends, `stored` gives the hash at an earlier place of it, `is_beside` says whether an entry of
/// that hash is kept beside it. Entries that are there already change nothing. One that follows the line's end is appended.
/// One whose forerunner is there, but not at the end, belongs to a second line and is kept beside; so what is beside is as
/// gapless as the line. Anything else is asked for again from the line's end.
pub fn accept(
    head: Position,
    stored: impl Fn(Seq) -> Option<Hash>,
    is_beside: impl Fn(Hash) -> bool,
    entries: Vec<Entry>,
) -> Accepted {
    let (mut append, mut forked): (Vec<Entry>, Vec<Entry>) = (Vec::new(), Vec::new());
    let mut end = head;
    for entry in entries {
        let is_in_line = |seq: Seq, hash: Hash| match seq.0.checked_sub(head.seq.0) {
            _ if seq.0 == 0 => hash == Hash::default(),
            None | Some(0) => stored(seq) == Some(hash),
            Some(after) => usize::try_from(after - 1).is_ok_and(|at| append.get(at).is_some_and(|it| it.hash == hash)),
        };
        let is_known = |hash: Hash| forked.iter().rev().any(|known| known.hash == hash) || is_beside(hash);
        let Some(before) = entry.header.seq.0.checked_sub(1).map(Seq) else {
            return Accepted { append, forked, answer: PushAnswer::Gap(end) };
        };
        if is_in_line(entry.header.seq, entry.hash) {
            continue;
        }
        if entry.follows(end) {
            end = entry.position();
            append.push(entry);
        } else if is_in_line(before, entry.header.prev) || is_known(entry.header.prev) {
            forked.push(entry);
        } else {
            return Accepted { append, forked, answer: PushAnswer::Gap(end) };
        }
    }
    let answer = if forked.is_empty() { PushAnswer::Acknowledged(end) } else { PushAnswer::Fork { hub: end } };
    Accepted { append, forked, answer }
}
