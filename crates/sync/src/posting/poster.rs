//! The machine: events in, rows to store and things to do out.

use super::{Decision, Outcome, Pace, PostingId, Refusal, RefusalKind, Resolution, Row, State, TaskKind, lane::Lane};
use crate::{
    backoff::{is_to_come, wait_ms},
    ids::{EntryRef, ShiftId, TerminalId},
};
use std::collections::{BTreeMap, BTreeSet};

/// After so many tries in a row without a clear answer, a person has a look.
pub const UNCLEAR_MAX: u32 = 8;

/// First and longest wait of a single entry that got no clear answer, in milliseconds.
const UNCLEAR_MS: (u64, u64) = (1_000, 120_000);

/// Longest that a single entry rests, in milliseconds.
const REST_MS_MAX: u64 = 3_600_000;

type LaneId = (TerminalId, Option<ShiftId>);

/// Everything that is not settled yet, and whose turn it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Poster {
    lanes: BTreeMap<LaneId, Lane>,
    /// Those of these that others may have to wait for: a sale that is returned, a customer.
    needed: BTreeSet<PostingId>,
    /// Tries whose outcome is awaited, with their number.
    in_flight: BTreeMap<PostingId, u32>,
    pace: Pace,
}

/// What happens to a poster.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Entries came. Their rows, as the store has them: they became durable in one transaction with the entries.
    Received(Vec<Row>),
    /// Time went by, or there may be room: start what can be started.
    Tick,
    /// A try came to an end.
    Answered {
        /// Which.
        id: PostingId,
        /// The number of the try.
        attempt: u32,
        /// What came of it.
        outcome: Outcome,
        /// How long the site took for a request, in milliseconds.
        took_ms: u64,
    },
    /// A person decided. The row is as the store has it.
    Decided {
        /// About this.
        row: Box<Row>,
        /// What.
        decision: Decision,
        /// Who: the console account.
        by: String,
    },
}

/// Why an event changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The answer belongs to a try that nobody waits for any more.
    #[error("nobody waits for this answer")]
    Stale,
    /// It is not in a state in which this can be decided.
    #[error("this entry is not waiting for such a decision")]
    NotWaiting,
    /// Settling needs a reason.
    #[error("please say why")]
    NoReason,
}

/// What to do once a transition is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Try to book this; come back with [`Event::Answered`].
    Post {
        /// Which.
        id: PostingId,
        /// The number of this try, from one.
        attempt: u32,
    },
    /// A person has something new to look at.
    Alert(PostingId),
}

impl Effect {
    /// Whether ERPNext was never asked about this before, as far as the rows know. A hub that was restored from a backup does
    /// not know, which is why the unique field decides in the end.
    pub fn is_first(&self) -> bool {
        matches!(self, Self::Post { attempt: 1, .. })
    }
}

/// A change that was thought through but not made.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// Rows as they are to be, to be stored together.
    pub rows: Vec<Row>,
    /// Rows that are stored already.
    learned: Vec<Row>,
    effects: Vec<Effect>,
    pace: Pace,
    started: Vec<(PostingId, u32)>,
    ended: Option<PostingId>,
}

/// Where rows become durable: all of them or none, before it returns.
pub trait Commit {
    /// Why not.
    type Error;

    /// Stores rows in one transaction.
    fn commit(&mut self, rows: &[Row]) -> Result<(), Self::Error>;
}

impl Poster {
    /// A poster over what a store holds. Rows that are settled are not needed, and do no harm.
    pub fn new(rows: impl IntoIterator<Item = Row>) -> Self {
        let mut poster = Self::default();
        for row in rows {
            poster.put(row);
        }
        poster
    }

    /// Prepares, commits, applies: the order that no host can get wrong.
    ///
    /// After an error of the commit nobody knows what is stored: make a new poster from the store.
    pub fn take<C: Commit>(
        &mut self,
        now_ms: i64,
        random: f64,
        event: Event,
        store: &mut C,
    ) -> Result<Result<Vec<Effect>, Rejection>, C::Error> {
        match self.prepare(now_ms, random, event) {
            Ok(transition) => {
                if !transition.rows.is_empty() {
                    store.commit(&transition.rows)?;
                }
                Ok(Ok(self.apply(transition)))
            }
            Err(rejection) => Ok(Err(rejection)),
        }
    }

    /// Thinks an event through. Changes nothing. `random` (0 to 1) is the jitter of waits.
    pub fn prepare(&self, now_ms: i64, random: f64, event: Event) -> Result<Transition, Rejection> {
        let unchanged = Transition {
            rows: Vec::new(),
            learned: Vec::new(),
            effects: Vec::new(),
            pace: self.pace.clone(),
            started: Vec::new(),
            ended: None,
        };
        match event {
            // What is known of a row already is at least as new.
            Event::Received(rows) => {
                let learned = rows.into_iter().filter(|row| self.find(row.id).is_none() && !row.is_settled()).collect();
                Ok(Transition { learned, ..unchanged })
            }
            Event::Tick => Ok(self.start(now_ms, unchanged)),
            Event::Answered { id, attempt, outcome, took_ms } => {
                if self.in_flight.get(&id) != Some(&attempt) {
                    return Err(Rejection::Stale);
                }
                let row = self.find(id).ok_or(Rejection::Stale)?;
                let (row, pace) = self.answered(row, now_ms, random, outcome, took_ms);
                let effects = row.waits_for_person().then_some(Effect::Alert(id)).into_iter().collect();
                Ok(Transition { rows: vec![row], effects, pace, ended: Some(id), ..unchanged })
            }
            Event::Decided { row, decision, by } => {
                let row = decided(*row, now_ms, decision, by)?;
                Ok(Transition { rows: vec![row], ..unchanged })
            }
        }
    }

    /// Makes a change that is durable. Cannot fail.
    pub fn apply(&mut self, transition: Transition) -> Vec<Effect> {
        let Transition { rows, learned, effects, pace, started, ended } = transition;
        self.pace = pace;
        if let Some(id) = ended {
            self.in_flight.remove(&id);
        }
        self.in_flight.extend(started);
        for row in learned.into_iter().chain(rows) {
            self.put(row);
        }
        effects
    }

    /// When to come back with a [`Event::Tick`] even if nothing else happens; `None` where only an event can change something.
    pub fn wake_at_ms(&self, now_ms: i64) -> Option<i64> {
        let soonest = self.ready(now_ms).map(|(_, at)| at).min()?;
        let allowed_at = self.pace.resume_at_ms(now_ms).unwrap_or(now_ms);
        let is_full = self.in_flight.len() >= self.pace.allowed(allowed_at.max(now_ms));
        (!is_full).then_some(soonest.max(allowed_at).max(now_ms))
    }

    /// Every row that is not settled.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.lanes.values().flat_map(Lane::rows)
    }

    /// How many tries are under way.
    pub fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    fn put(&mut self, row: Row) {
        let (id, key) = (row.id, (row.id.terminal, row.shift));
        if row.is_settled() {
            self.needed.remove(&id);
        } else if matches!(row.kind, TaskKind::Invoice | TaskKind::Customer) {
            self.needed.insert(id);
        }
        let lane = self.lanes.entry(key).or_default();
        lane.put(row);
        if lane.is_empty() {
            self.lanes.remove(&key);
        }
    }

    fn find(&self, id: PostingId) -> Option<&Row> {
        self.lanes.values().find_map(|lane| lane.get(id))
    }

    /// For each lane at rest the row whose turn it is, and from when on.
    fn ready(&self, now_ms: i64) -> impl Iterator<Item = (&Row, i64)> {
        // A need names a place. Where a journal exists twice there are two entries at it: both are waited for.
        let is_missing = |need: EntryRef| {
            let first = PostingId { terminal: need.terminal, seq: need.seq, mark: [0; 4] };
            self.needed.range(first..=PostingId { mark: [255; 4], ..first }).next().is_some()
        };
        let is_busy = |lane: &Lane| lane.rows().any(|row| self.in_flight.contains_key(&row.id));
        self.lanes.values().filter(move |lane| !is_busy(lane)).filter_map(move |lane| {
            let row = lane.turn(is_missing)?;
            match row.state {
                State::Posting { not_before_ms: at, .. } if is_to_come(now_ms, at, REST_MS_MAX) => Some((row, at)),
                _ => Some((row, i64::MIN)),
            }
        })
    }

    /// Starts as many as the pace allows.
    fn start(&self, now_ms: i64, unchanged: Transition) -> Transition {
        let room = self.pace.allowed(now_ms).saturating_sub(self.in_flight.len());
        let mut transition = unchanged;
        let mut ready: Vec<_> = self.ready(now_ms).filter(|(_, at)| *at <= now_ms).map(|(row, _)| row).collect();
        // A row that never gets a clear answer must not take the turn of those that would.
        ready.sort_by_key(|row| (tries(row).1, row.id));
        for row in ready.into_iter().take(room) {
            let mut row = row.clone();
            let (attempts, unclear) = tries(&row);
            let attempt = attempts.saturating_add(1);
            row.state = State::Posting { attempts: attempt, unclear, not_before_ms: now_ms };
            transition.effects.push(Effect::Post { id: row.id, attempt });
            transition.started.push((row.id, attempt));
            transition.rows.push(row);
        }
        transition
    }

    fn answered(&self, row: &Row, now_ms: i64, random: f64, outcome: Outcome, took_ms: u64) -> (Row, Pace) {
        let (attempts, unclear) = tries(row);
        let after = |wait: u64| now_ms.saturating_add_unsigned(wait);
        let (state, pace) = match outcome {
            Outcome::Booked { documents, differences } if differences.is_empty() => {
                (State::Posted { documents }, self.pace.answered(took_ms))
            }
            Outcome::Booked { documents, differences } => {
                (State::Discrepancy { documents, differences }, self.pace.answered(took_ms))
            }
            Outcome::Refused(refusal) => (State::Rejected { attempts, refusal }, self.pace.answered(took_ms)),
            Outcome::Underway { after_ms } => (
                State::Posting { attempts, unclear: 0, not_before_ms: after(after_ms.min(REST_MS_MAX)) },
                self.pace.answered(took_ms),
            ),
            Outcome::NotNow { after_ms } => {
                let pace = self.pace.failed(now_ms, random, after_ms);
                (State::Posting { attempts, unclear, not_before_ms: now_ms }, pace)
            }
            Outcome::Unclear if unclear + 1 >= UNCLEAR_MAX => {
                let message = format!("{UNCLEAR_MAX} times in a row no clear answer came for this entry.");
                let refusal = Refusal { kind: RefusalKind::NoAnswer, exc_type: String::new(), message };
                (State::Rejected { attempts, refusal }, self.pace.failed(now_ms, random, None))
            }
            Outcome::Unclear => {
                let wait = wait_ms(unclear, UNCLEAR_MS.0, UNCLEAR_MS.1, random);
                let state = State::Posting { attempts, unclear: unclear + 1, not_before_ms: after(wait) };
                (state, self.pace.failed(now_ms, random, None))
            }
        };
        (Row { state, ..row.clone() }, pace)
    }
}

/// How often a row was tried, and how often in a row without a clear answer.
fn tries(row: &Row) -> (u32, u32) {
    match row.state {
        State::Posting { attempts, unclear, .. } => (attempts, unclear),
        _ => (0, 0),
    }
}

/// What a row becomes by a person's decision.
fn decided(mut row: Row, now_ms: i64, decision: Decision, by: String) -> Result<Row, Rejection> {
    if let Decision::Settle { reason } = decision {
        if !row.waits_for_person() {
            return Err(Rejection::NotWaiting);
        }
        if reason.trim().is_empty() {
            return Err(Rejection::NoReason);
        }
        let documents = row.documents().to_vec();
        row.state = State::Resolved { documents, resolution: Resolution { by, at_ms: now_ms, reason } };
        return Ok(row);
    }
    let State::Rejected { attempts, .. } = row.state else {
        return Err(Rejection::NotWaiting);
    };
    match decision {
        Decision::Map(rename) => {
            row.amendments.renames.retain(|known| (&known.doctype, &known.from) != (&rename.doctype, &rename.from));
            row.amendments.renames.push(rename);
        }
        Decision::PostAsDraft => row.amendments.as_draft = true,
        Decision::TryAgain | Decision::Settle { .. } => {}
    }
    row.state = State::Posting { attempts, unclear: 0, not_before_ms: now_ms };
    Ok(row)
}
