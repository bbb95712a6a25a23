//! The terminal's side: appending without gaps, and sending until it is acknowledged.
//!
//! The host keeps the order: [`Journal::prepare`] changes nothing; the host signs, commits the entry in one durable
//! transaction that also checks the head; only then [`Journal::committed`] moves the head.

use crate::{
    body::Body,
    entry::{Entry, Header, Unsigned},
    ids::{Position, Seq, ShiftId, TerminalId},
    sending::Sending,
    wire::PushAnswer,
};

pub use crate::sending::{Next, RETRY_MS_MAX, RETRY_MS_MIN, Trouble};

/// A journal as its terminal sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Journal {
    terminal: TerminalId,
    head: Position,
    /// When the head was made, by the terminal's clock.
    head_made_at_ms: i64,
    sending: Sending,
}

impl Journal {
    /// A journal that ends at `head`, of which the hub has everything up to `acknowledged`.
    pub fn new(terminal: TerminalId, head: Position, head_made_at_ms: i64, acknowledged: Position) -> Self {
        Self { terminal, head, head_made_at_ms, sending: Sending::new(acknowledged) }
    }

    /// Where the journal ends.
    pub fn head(&self) -> Position {
        self.head
    }

    /// Up to where the hub has it.
    pub fn acknowledged(&self) -> Position {
        self.sending.acknowledged()
    }

    /// Why entries are not simply taken, if so.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.sending.trouble()
    }

    /// How many entries wait.
    pub fn waiting(&self) -> u64 {
        self.head.seq.0.saturating_sub(self.sending.arrived().0)
    }

    /// The time for a new entry: the clock's, but never before the entry it follows.
    pub fn time_for(&self, now_ms: i64) -> i64 {
        now_ms.max(self.head_made_at_ms)
    }

    /// The entry to sign and commit. Changes nothing.
    pub fn prepare(
        &self,
        now_ms: i64,
        hub_offset_ms: Option<i64>,
        shift: Option<ShiftId>,
        employee: Option<String>,
        body: Body,
    ) -> Unsigned {
        let header = Header {
            terminal: self.terminal,
            seq: self.head.seq.next(),
            prev: self.head.hash,
            made_at_ms: self.time_for(now_ms),
            hub_offset_ms,
            shift,
            employee,
        };
        Unsigned::new(header, body)
    }

    /// Takes a committed entry in.
    ///
    /// # Panics
    /// If the entry does not follow the head: the host committed without checking it.
    pub fn committed(&mut self, entry: &Entry) {
        assert!(entry.follows(self.head), "a committed entry follows the head that its commit checked");
        self.head = entry.position();
        self.head_made_at_ms = entry.header.made_at_ms;
    }

    /// Whether there is something to send, and from where.
    pub fn next(&self) -> Next {
        self.sending.next(self.head)
    }

    /// After which place to send when nothing waits, so that a hub restored from a backup is noticed: every now and then.
    pub fn probe(&self) -> Seq {
        self.sending.probe(self.head)
    }

    /// Takes a hub's answer in. `sent` is the last place of the push, or where it began if it was empty; `hash_at` gives this
    /// journal's own hash at a place.
    pub fn answered(&mut self, sent: Seq, answer: &PushAnswer, hash_at: impl Fn(Seq) -> Option<crate::Hash>) -> Next {
        self.sending.answered(self.head, sent, answer, hash_at)
    }

    /// Notes that no hub answered, and says how long to wait, with `random` as jitter.
    pub fn failed(&mut self, random: f64) -> u64 {
        self.sending.failed(random)
    }
}
