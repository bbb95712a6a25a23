//! A hub behind another hub: every journal goes on as its terminal sent it.
//!
//! Each line of each journal (the hub's own and whatever is kept beside it) is sent as its terminal would send it, entry by
//! entry with the terminal's signatures, so the hub above checks and answers exactly as it would to the terminal. Nothing is
//! remembered on disk: what the hub above has is asked after each start, so nothing remembered can be wrong.

use crate::{
    backoff::{is_to_come, wait_ms},
    ids::{Hash, Position, PublicKey, Seq, TerminalId},
    sending::{Next, RETRY_MS_MAX, RETRY_MS_MIN, Sending, Trouble},
    wire::RelayAnswer,
};
use std::collections::BTreeMap;

/// Most pushes under way at once.
pub const IN_FLIGHT_MAX: usize = 4;

/// How long after an answer a line at rest is looked at again, in milliseconds.
pub const PROBE_MS: u64 = 60_000;

/// One line of a journal. Lines are numbered as they appear, the hub's own is zero; numbers mean nothing after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId {
    /// The journal.
    pub terminal: TerminalId,
    /// Which of its lines.
    pub number: usize,
}

/// A push to make: this line's entries after a place, none if that is its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Push {
    /// Which line.
    pub line: LineId,
    /// Its end.
    pub head: Position,
    /// Send what comes after this.
    pub after: Seq,
    /// Tells it from other pushes of the line, so that an answer that comes twice is taken once.
    pub number: u64,
}

/// Why a line does not simply arrive above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelayTrouble {
    /// As a terminal would be told.
    Line(Trouble),
    /// The hub above knows this terminal with another key.
    OtherKey,
}

#[derive(Clone, Debug)]
struct Line {
    head: Position,
    sending: Sending,
    is_other_key: bool,
    /// Until the first answer nothing is known: the first push is empty and asks what is there.
    is_new: bool,
    /// At rest it is looked at again after this time; at first at once.
    rest_until_ms: i64,
    /// When it had its last turn, so that a long one does not keep the others waiting.
    turn: u64,
}

/// Every line of every journal of this hub, and how far each has got at the hub above.
#[derive(Clone, Debug, Default)]
pub struct Relay {
    journals: BTreeMap<TerminalId, Vec<Line>>,
    in_flight: BTreeMap<LineId, Push>,
    failures: u32,
    resume_at_ms: i64,
    turns: u64,
}

impl Relay {
    /// Notes an entry that is durable here, with its forerunner. After a start: all of them, first the hub's own line.
    pub fn stored(&mut self, terminal: TerminalId, position: Position, prev: Hash) {
        let lines = self.journals.entry(terminal).or_default();
        let follows = |line: &&mut Line| line.head.hash == prev && line.head.seq.next() == position.seq;
        if let Some(line) = lines.iter_mut().find(follows) {
            line.head = position;
        } else if lines.iter().all(|line| line.head != position) {
            lines.push(Line {
                head: position,
                sending: Sending::default(),
                is_other_key: false,
                is_new: true,
                rest_until_ms: i64::MIN,
                turn: 0,
            });
        }
    }

    /// The push to make now, if any; it is under way until [`Relay::answered`] or [`Relay::failed`].
    pub fn next(&mut self, now_ms: i64) -> Option<Push> {
        if is_to_come(now_ms, self.resume_at_ms, RETRY_MS_MAX) || self.in_flight.len() >= self.allowed() {
            return None;
        }
        let (line, after) = self.due(now_ms).min_by_key(|(line, _)| (self.line(*line).turn, *line))?;
        self.turns += 1;
        let turn = self.turns;
        let found = self.journals.get_mut(&line.terminal)?.get_mut(line.number)?;
        found.turn = turn;
        let push = Push { line, head: found.head, after, number: turn };
        self.in_flight.insert(line, push);
        Some(push)
    }

    /// Takes an answer in, unless nobody waits for it any more. `sent` is the last place of the push, or where it began if it was empty; `hash_at` gives the line's
    /// own hash at a place.
    pub fn answered(
        &mut self,
        now_ms: i64,
        push: Push,
        sent: Seq,
        answer: &RelayAnswer,
        hash_at: impl Fn(Seq) -> Option<Hash>,
    ) {
        if self.in_flight.get(&push.line) != Some(&push) {
            return;
        }
        self.failures = 0;
        self.in_flight.remove(&push.line);
        let lines = self.journals.get_mut(&push.line.terminal);
        let Some(line) = lines.and_then(|lines| lines.get_mut(push.line.number)) else { return };
        line.is_new = false;
        line.is_other_key = *answer == RelayAnswer::OtherKey;
        let next = match answer {
            RelayAnswer::OtherKey => None,
            RelayAnswer::Push(answer) => Some(line.sending.answered(push.head, sent, answer, hash_at)),
        };
        let is_at_rest = match next {
            Some(Next::Send(_)) => false,
            Some(Next::Acknowledged(_)) => line.sending.arrived() >= push.head.seq,
            Some(Next::Idle | Next::Stop(_)) | None => true,
        };
        line.rest_until_ms = if is_at_rest { now_ms.saturating_add_unsigned(PROBE_MS) } else { i64::MIN };
    }

    /// Notes that nobody answered. `random` (0 to 1) is the jitter of the wait.
    pub fn failed(&mut self, now_ms: i64, push: Push, random: f64) {
        if self.in_flight.get(&push.line) != Some(&push) {
            return;
        }
        self.in_flight.remove(&push.line);
        self.resume_at_ms = now_ms.saturating_add_unsigned(wait_ms(self.failures, RETRY_MS_MIN, RETRY_MS_MAX, random));
        self.failures = self.failures.saturating_add(1);
    }

    /// When to come back even if nothing happens; `None` where only an answer can change something.
    pub fn wake_at_ms(&self, now_ms: i64) -> Option<i64> {
        if self.in_flight.len() >= self.allowed() {
            return None;
        }
        let rests = self.idle().map(|(_, line)| if line.is_waiting() { now_ms } else { line.rest_until_ms });
        let allowed_at = if self.failures > 0 { self.resume_at_ms } else { now_ms };
        rests.min().map(|at| at.max(allowed_at).max(now_ms))
    }

    /// Lines of which something is not above yet, with how many entries and why.
    pub fn waiting(&self) -> impl Iterator<Item = (LineId, u64, Option<RelayTrouble>)> {
        self.lines().filter_map(|(id, line)| {
            let missing = line.head.seq.0.saturating_sub(line.sending.arrived().0);
            let other_key = line.is_other_key.then_some(RelayTrouble::OtherKey);
            let trouble = other_key.or_else(|| line.sending.trouble().cloned().map(RelayTrouble::Line));
            (missing > 0).then_some((id, missing, trouble))
        })
    }

    /// How many pushes are under way.
    pub fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// How many pushes may be under way: after a failure one goes first.
    fn allowed(&self) -> usize {
        if self.failures > 0 { 1 } else { IN_FLIGHT_MAX }
    }

    fn lines(&self) -> impl Iterator<Item = (LineId, &Line)> {
        self.journals.iter().flat_map(|(terminal, lines)| {
            lines.iter().enumerate().map(|(number, line)| (LineId { terminal: *terminal, number }, line))
        })
    }

    fn line(&self, id: LineId) -> &Line {
        &self.journals[&id.terminal][id.number]
    }

    fn idle(&self) -> impl Iterator<Item = (LineId, &Line)> {
        self.lines().filter(|(id, _)| !self.in_flight.contains_key(id))
    }

    /// What may be sent now, and from where.
    fn due(&self, now_ms: i64) -> impl Iterator<Item = (LineId, Seq)> {
        self.idle().filter_map(move |(id, line)| match line.sending.next(line.head) {
            Next::Send(after) if line.is_waiting() => Some((id, if line.is_new { line.head.seq } else { after })),
            _ if is_to_come(now_ms, line.rest_until_ms, PROBE_MS) => None,
            _ => Some((id, line.sending.probe(line.head))),
        })
    }
}

impl Line {
    /// Whether entries wait that may go now. What the hub above does not take is tried again with the probes.
    fn is_waiting(&self) -> bool {
        let is_refused =
            self.is_other_key || matches!(self.sending.trouble(), Some(Trouble::HubTooOld | Trouble::Broken(_)));
        self.sending.arrived() < self.head.seq && !is_refused
    }
}

/// A line that leaves the hub's own: where, and the hashes of its entries from there to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The last place that it shares with the hub's own line.
    pub shared: Seq,
    /// What comes after.
    pub beside: Vec<Hash>,
}

impl Trace {
    /// Follows a line back from its end. `main` gives the hub's own hash at a place, `prev` the forerunner of an entry beside.
    pub fn back(head: Position, main: impl Fn(Seq) -> Option<Hash>, prev: impl Fn(Hash) -> Option<Hash>) -> Self {
        let (mut at, mut beside) = (head, Vec::new());
        while at.seq.0 > 0 && main(at.seq) != Some(at.hash) {
            beside.push(at.hash);
            let Some(hash) = prev(at.hash) else { break };
            at = Position { seq: Seq(at.seq.0 - 1), hash };
        }
        beside.reverse();
        Self { shared: Seq(head.seq.0 - beside.len() as u64), beside }
    }

    /// The line's hash at a place, if that is after what it shares; before that the hub's own counts.
    pub fn hash_at(&self, seq: Seq) -> Option<Hash> {
        let at = seq.0.checked_sub(self.shared.0)?.checked_sub(1)?;
        self.beside.get(usize::try_from(at).ok()?).copied()
    }
}

/// Whether a hub below may bring in a terminal: one that is new, or known with the same key.
pub fn may_introduce(known: Option<&PublicKey>, introduced: &PublicKey) -> bool {
    known.is_none_or(|known| known == introduced)
}
