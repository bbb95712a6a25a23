//! The terminal's side: appending without gaps, and sending until it is acknowledged.
//!
//! The host keeps the order: [`Journal::prepare`] changes nothing; the host signs, commits the entry in one durable
//! transaction that also checks the head; only then [`Journal::committed`] moves the head.

use crate::{
    backoff::wait_ms,
    body::Body,
    entry::{Entry, Header, Unsigned},
    ids::{Position, Seq, ShiftId, TerminalId},
    wire::PushAnswer,
};

/// First wait after a failed push, in milliseconds; doubles up to [`RETRY_MS_MAX`].
pub const RETRY_MS_MIN: u64 = 1_000;

/// Longest wait between two tries, in milliseconds.
pub const RETRY_MS_MAX: u64 = 60_000;

/// A journal as its terminal sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Journal {
    terminal: TerminalId,
    head: Position,
    /// When the head was made, by the terminal's clock.
    head_made_at_ms: i64,
    acknowledged: Position,
    trouble: Option<Trouble>,
    failures: u32,
}

/// Why sending has stopped, or will not help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The hub has a different entry at a place of this journal.
    Fork,
    /// The hub is older than this app.
    HubTooOld,
    /// The hub says that an entry is damaged; its words.
    Broken(String),
    /// The hub claims entries that were never made here.
    HubAhead(Position),
}

/// What a terminal does after an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing is waiting.
    Idle,
    /// Send the entries after this place at once.
    Send(Seq),
    /// Store that everything up to here is acknowledged, then go on.
    Acknowledged(Position),
    /// Stop; the screen says why.
    Stop(Trouble),
}

impl Journal {
    /// A journal that ends at `head`, of which the hub has everything up to `acknowledged`.
    pub fn new(terminal: TerminalId, head: Position, head_made_at_ms: i64, acknowledged: Position) -> Self {
        Self { terminal, head, head_made_at_ms, acknowledged, trouble: None, failures: 0 }
    }

    /// Where the journal ends.
    pub fn head(&self) -> Position {
        self.head
    }

    /// Up to where the hub has it.
    pub fn acknowledged(&self) -> Position {
        self.acknowledged
    }

    /// Why sending has stopped, if it has.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// How many entries wait.
    pub fn waiting(&self) -> u64 {
        self.head.seq.0.saturating_sub(self.acknowledged.seq.0)
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
        match &self.trouble {
            Some(trouble @ (Trouble::Fork | Trouble::HubAhead(_))) => Next::Stop(trouble.clone()),
            _ if self.waiting() == 0 => Next::Idle,
            _ => Next::Send(self.acknowledged.seq),
        }
    }

    /// Takes a hub's answer in. `hash_at` gives this journal's own hash at a place.
    pub fn answered(&mut self, answer: &PushAnswer, hash_at: impl Fn(Seq) -> Option<crate::Hash>) -> Next {
        let is_ours = |position: Position| position.seq.0 == 0 || hash_at(position.seq) == Some(position.hash);
        self.failures = 0;
        self.trouble = match answer {
            PushAnswer::Acknowledged(position) | PushAnswer::Gap(position) if position.seq > self.head.seq => {
                Some(Trouble::HubAhead(*position))
            }
            PushAnswer::Acknowledged(position) | PushAnswer::Gap(position) if is_ours(*position) => {
                // A gap below what was acknowledged is a hub restored from a backup: it gets the rest again.
                self.acknowledged = *position;
                return Next::Acknowledged(*position);
            }
            PushAnswer::Acknowledged(_) | PushAnswer::Gap(_) | PushAnswer::Fork { .. } => Some(Trouble::Fork),
            PushAnswer::TooNew => Some(Trouble::HubTooOld),
            PushAnswer::Broken(words) => Some(Trouble::Broken(words.clone())),
        };
        match &self.trouble {
            Some(trouble) => Next::Stop(trouble.clone()),
            None => self.next(),
        }
    }

    /// Notes that no hub answered, and says how long to wait: [`wait_ms`] with `random` as jitter.
    pub fn failed(&mut self, random: f64) -> u64 {
        let wait = wait_ms(self.failures, RETRY_MS_MIN, RETRY_MS_MAX, random);
        self.failures = self.failures.saturating_add(1);
        wait
    }
}
