//! What a hub can say of a journal: every entry from one to the last, present once, and what became of each.
//!
//! A [`Statement`] is a value with canonical bytes, so that it can be signed, kept, and compared years later.

use crate::{
    body::Body,
    entry::{Entry, Sealed, Verifier},
    ids::{Hash, Position, Seq, ShiftId, TerminalId},
    posting::{PostingId, Row, State},
};
use serde::{Deserialize, Serialize};

/// The format that this version writes.
pub const FORMAT: u8 = 1;

/// What is said of a journal at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The journal.
    pub terminal: TerminalId,
    /// The hub's clock, Unix milliseconds.
    pub made_at_ms: i64,
    /// Where the hub's line ends.
    pub head: Position,
    /// Each entry of the line, in order.
    pub lines: Vec<Line>,
    /// Entries of other lines of this journal.
    pub beside: Vec<Line>,
    /// What is not as it should be; empty for a journal that is whole.
    pub faults: Vec<Fault>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its place.
    pub seq: Seq,
    /// Its hash.
    pub hash: Hash,
    /// Its shift.
    pub shift: Option<ShiftId>,
    /// What it is, in a stable word.
    pub kind: String,
    /// What became of it.
    pub standing: Standing,
}

/// What became of an entry in the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// The books have no word for it.
    NotForTheBooks,
    /// It is in the books as these documents, `doctype name`.
    Booked(Vec<String>),
    /// It waits for its turn, or for an answer.
    Waiting,
    /// A person has to decide; what ERPNext said or where it differs.
    Person(String),
    /// A person settled it, for this reason.
    Settled(String),
    /// It ought to have a row and has none: nothing will be booked.
    Forgotten,
}

/// What is wrong with a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Fault {
    /// These places are empty.
    #[error("entries {0} to {1} are missing")]
    Missing(Seq, Seq),
    /// An entry does not carry the hash of the one before.
    #[error("the chain is broken before entry {0}")]
    Chain(Seq),
    /// An entry cannot be read, or its signature is not the terminal's.
    #[error("entry {0} is not genuine: {1}")]
    NotGenuine(Seq, String),
    /// The journal exists more than once.
    #[error("{0} entries are of a second line of this journal")]
    Forked(u64),
    /// An entry is not on its way into the books.
    #[error("entry {0} has no posting row")]
    Forgotten(Seq),
}

/// Examines a journal as a hub has it: its own line in order, what is beside, and the rows.
pub fn examine(
    terminal: TerminalId,
    key: &impl Verifier,
    made_at_ms: i64,
    line: impl IntoIterator<Item = Sealed>,
    beside: impl IntoIterator<Item = Sealed>,
    row: impl Fn(PostingId) -> Option<Row>,
) -> Statement {
    let mut statement = Statement {
        terminal,
        made_at_ms,
        head: Position::default(),
        lines: Vec::new(),
        beside: Vec::new(),
        faults: Vec::new(),
    };
    for sealed in line {
        let expected = statement.head.seq.next();
        let Some(entry) = statement.genuine(expected, key, sealed) else {
            statement.head.seq = expected;
            continue;
        };
        let at = entry.header.seq;
        if at > expected {
            statement.faults.push(Fault::Missing(expected, Seq(at.0 - 1)));
        }
        if at < expected || (at == expected && !entry.follows(statement.head)) {
            statement.faults.push(Fault::Chain(at));
        }
        statement.head = entry.position();
        let line = statement.describe(&entry, &row);
        statement.lines.push(line);
    }
    for sealed in beside {
        let Some(entry) = statement.genuine(Seq(0), key, sealed) else { continue };
        let line = statement.describe(&entry, &row);
        statement.beside.push(line);
    }
    if !statement.beside.is_empty() {
        statement.faults.push(Fault::Forked(statement.beside.len() as u64));
    }
    statement
}

impl Statement {
    /// Whether every entry from the first to the last is there, once, genuine, and on its way.
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }

    /// How many entries wait for the books, and how many for a person.
    pub fn waiting(&self) -> (usize, usize) {
        let all = || self.lines.iter().chain(&self.beside);
        let of = |is: fn(&Standing) -> bool| all().filter(|line| is(&line.standing)).count();
        (of(|it| *it == Standing::Waiting), of(|it| matches!(it, Standing::Person(_) | Standing::Forgotten)))
    }

    /// The same for one shift, as it is said at its closing.
    #[must_use]
    pub fn of_shift(&self, shift: ShiftId) -> Self {
        let mut part = self.clone();
        part.lines.retain(|line| line.shift == Some(shift));
        part.beside.retain(|line| line.shift == Some(shift));
        part
    }

    /// The bytes to sign: a version byte and the statement.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT];
        bytes.extend(postcard::to_allocvec(self).expect("statements hold nothing that cannot be written"));
        bytes
    }

    /// Reads what [`Statement::to_bytes`] wrote; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match postcard::take_from_bytes(bytes.strip_prefix(&[FORMAT])?) {
            Ok((statement, [])) => Some(statement),
            _ => None,
        }
    }

    fn genuine(&mut self, at: Seq, key: &impl Verifier, sealed: Sealed) -> Option<Entry> {
        let read = Entry::read(sealed).and_then(|entry| entry.verify(self.terminal, key).map(|()| entry));
        read.map_err(|broken| self.faults.push(Fault::NotGenuine(at, broken.to_string()))).ok()
    }

    fn describe(&mut self, entry: &Entry, row: &impl Fn(PostingId) -> Option<Row>) -> Line {
        let standing = if crate::posting::Task::of(entry).is_none() {
            Standing::NotForTheBooks
        } else if let Some(row) = row(PostingId::of(entry)) {
            standing(&row)
        } else {
            self.faults.push(Fault::Forgotten(entry.header.seq));
            Standing::Forgotten
        };
        Line {
            seq: entry.header.seq,
            hash: entry.hash,
            shift: entry.header.shift,
            kind: kind(&entry.body).into(),
            standing,
        }
    }
}

fn standing(row: &Row) -> Standing {
    match &row.state {
        State::Received | State::Posting { .. } => Standing::Waiting,
        State::Posted { documents } => {
            Standing::Booked(documents.iter().map(|it| format!("{} {}", it.doctype, it.name)).collect())
        }
        State::Discrepancy { differences, .. } => {
            let fields: Vec<_> = differences
                .iter()
                .map(|it| format!("{}: receipt {}, books {}", it.field, it.receipt, it.booked))
                .collect();
            Standing::Person(fields.join("; "))
        }
        State::Rejected { refusal, .. } => Standing::Person(refusal.message.clone()),
        State::Resolved { resolution, .. } => Standing::Settled(resolution.reason.clone()),
    }
}

/// A stable word for what an entry is.
pub fn kind(body: &Body) -> &'static str {
    match body {
        Body::Enrolled(_) => "enrolled",
        Body::SignedIn => "signed_in",
        Body::SignedOut => "signed_out",
        Body::SignInFailed { .. } => "sign_in_failed",
        Body::ShiftOpened(_) => "shift_opened",
        Body::Sale(sale) if sale.invoice.is_return => "return",
        Body::Sale(_) => "sale",
        Body::ShiftClosed(_) => "shift_closed",
        Body::CartDropped { .. } => "cart_dropped",
        Body::CashMoved(_) => "cash_moved",
        Body::CustomerSaved(_) => "customer_saved",
        Body::Allowed(_) => "allowed",
        Body::Did(_) => "did",
    }
}
