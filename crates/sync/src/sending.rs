//! How far one line of a journal has got at the hub it is sent to, and what is sent next.
//!
//! A terminal has one line, a hub that relays has one for each end of each journal. The hub at the other end may have been
//! restored from a backup, the line itself may be a copy of another: whatever its answers say, everything gets there, in the
//! hub's own line or beside it.

use crate::{
    backoff::wait_ms,
    ids::{Hash, Position, Seq},
    wire::PushAnswer,
};

/// First wait after a failed push, in milliseconds; doubles up to [`RETRY_MS_MAX`].
pub const RETRY_MS_MIN: u64 = 1_000;

/// Longest wait between two tries, in milliseconds.
pub const RETRY_MS_MAX: u64 = 60_000;

/// Why a line is not simply taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The hub has a different entry at a place of this journal. What is here is kept beside.
    Fork,
    /// The hub is older than this app.
    HubTooOld,
    /// The hub says that an entry is damaged; its words.
    Broken(String),
    /// The hub has entries of this journal that are not here: this is a copy that was restored.
    HubAhead(Position),
}

/// What to do after an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing is waiting.
    Idle,
    /// Send the entries after this place at once.
    Send(Seq),
    /// Store that everything up to here is acknowledged, then go on.
    Acknowledged(Position),
    /// Nothing will help for now; the screen says why.
    Stop(Trouble),
}

/// How far a line has got. Starting from nothing is always safe: the first answer tells the rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sending {
    acknowledged: Position,
    trouble: Option<Trouble>,
    /// While the hub's line is another one: up to where ours is there, in its line or beside it.
    beside: Seq,
    failures: u32,
}

impl Sending {
    /// A line of which the hub said that it has everything up to here.
    pub fn new(acknowledged: Position) -> Self {
        Self { acknowledged, ..Self::default() }
    }

    /// Up to where the hub's own line is this one.
    pub fn acknowledged(&self) -> Position {
        self.acknowledged
    }

    /// Why it is not simply taken, if so.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// Up to where the hub has it, in its line or beside it.
    pub fn arrived(&self) -> Seq {
        if self.is_beside() { self.beside } else { self.acknowledged.seq }
    }

    /// Whether there is something to send, and from where.
    pub fn next(&self, head: Position) -> Next {
        match &self.trouble {
            _ if self.arrived() < head.seq => Next::Send(self.arrived()),
            Some(trouble @ (Trouble::Fork | Trouble::HubAhead(_))) => Next::Stop(trouble.clone()),
            _ => Next::Idle,
        }
    }

    /// After which place to send when nothing waits, so that a hub restored from a backup is noticed.
    ///
    /// An empty push asks where the hub's line ends. Beside it only entries whose forerunner is there are kept, so the last one
    /// stands for all.
    pub fn probe(&self, head: Position) -> Seq {
        if self.is_beside() { Seq(head.seq.0.saturating_sub(1)) } else { head.seq }
    }

    /// Takes a hub's answer in. `sent` is the last place of the push, or where it began if it was empty; `hash_at` gives this
    /// line's own hash at a place.
    pub fn answered(
        &mut self,
        head: Position,
        sent: Seq,
        answer: &PushAnswer,
        hash_at: impl Fn(Seq) -> Option<Hash>,
    ) -> Next {
        let is_ours = |position: Position| position.seq.0 == 0 || hash_at(position.seq) == Some(position.hash);
        self.failures = 0;
        let (hub, is_there) = match answer {
            PushAnswer::Acknowledged(position) => (*position, true),
            PushAnswer::Gap(position) => (*position, false),
            PushAnswer::Fork { hub } => (*hub, true),
            PushAnswer::TooNew => return self.stop(Trouble::HubTooOld),
            PushAnswer::Broken(words) => return self.stop(Trouble::Broken(words.clone())),
        };
        let is_fork = matches!(answer, PushAnswer::Fork { .. });
        if !is_fork && hub.seq <= head.seq && is_ours(hub) {
            // Less than before is a hub restored from a backup: it gets the rest again.
            self.acknowledged = hub;
            self.trouble = None;
            return Next::Acknowledged(hub);
        }
        // The hub's line is another one. At first nobody knows where they part, so all of ours is sent, once more if need be.
        self.beside = if self.is_beside() && is_there { self.beside.max(sent) } else { Seq(0) };
        self.trouble = Some(if hub.seq > head.seq { Trouble::HubAhead(hub) } else { Trouble::Fork });
        self.next(head)
    }

    /// Notes that no hub answered, and says how long to wait, with `random` as jitter.
    pub fn failed(&mut self, random: f64) -> u64 {
        let wait = wait_ms(self.failures, RETRY_MS_MIN, RETRY_MS_MAX, random);
        self.failures = self.failures.saturating_add(1);
        wait
    }

    fn is_beside(&self) -> bool {
        matches!(self.trouble, Some(Trouble::Fork | Trouble::HubAhead(_)))
    }

    fn stop(&mut self, trouble: Trouble) -> Next {
        // What is known of a second line stays known: only the next good answer may change it.
        if !self.is_beside() {
            self.trouble = Some(trouble.clone());
        }
        Next::Stop(trouble)
    }
}
