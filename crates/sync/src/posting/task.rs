//! What an entry asks of the books.

use crate::{
    body::Body,
    entry::Entry,
    ids::{EntryRef, Hash, Seq, ShiftId, TerminalId},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Names an entry in the books, for ever: what the unique field `holdfast_id` of ERPNext's documents holds.
///
/// The beginning of the entry's hash is part of it, because a journal that exists twice has two entries at one place, and
/// both may be sales that took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PostingId {
    /// The journal.
    pub terminal: TerminalId,
    /// The place in it.
    pub seq: Seq,
    /// The first bytes of the entry's hash.
    pub mark: [u8; 4],
}

impl PostingId {
    /// The id of the entry at a place that has this hash.
    pub fn new(at: EntryRef, hash: Hash) -> Self {
        let [a, b, c, d, ..] = hash.0;
        Self { terminal: at.terminal, seq: at.seq, mark: [a, b, c, d] }
    }

    /// The id of an entry.
    pub fn of(entry: &Entry) -> Self {
        Self::new(entry.at(), entry.hash)
    }

    /// Its place.
    pub fn entry(self) -> EntryRef {
        EntryRef { terminal: self.terminal, seq: self.seq }
    }

    /// Reads what [`fmt::Display`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let terminal = TerminalId::from_hex(parts.next()?)?;
        let seq = Seq(parts.next()?.parse().ok()?);
        let mut mark = [0; 4];
        hex::decode_to_slice(parts.next()?, &mut mark).ok()?;
        parts.next().is_none().then_some(Self { terminal, seq, mark })
    }
}

impl fmt::Display for PostingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.terminal, self.seq, hex::encode(self.mark))
    }
}

/// Which kind of document a task leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TaskKind {
    /// POS Opening Entry.
    Opening,
    /// Customer.
    Customer,
    /// POS Invoice, a return too.
    Invoice,
    /// Journal Entry for cash put in or taken out, where the profile wants one.
    CashMovement,
    /// POS Closing Entry, in as many parts as it takes.
    Closing,
}

/// What an entry asks of the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Which entry.
    pub id: PostingId,
    /// Its shift: tasks of one shift are done in their order.
    pub shift: Option<ShiftId>,
    /// What is to be made.
    pub kind: TaskKind,
    /// Entries that have to be in the books before this one: the sale that is returned, a customer made at the counter.
    pub needs: Vec<EntryRef>,
}

impl Task {
    /// What an entry asks for; `None` where the books have nothing to say of it.
    pub fn of(entry: &Entry) -> Option<Self> {
        let (kind, needs) = match &entry.body {
            Body::ShiftOpened(_) => (TaskKind::Opening, Vec::new()),
            Body::Sale(sale) => (TaskKind::Invoice, sale.needs()),
            Body::ShiftClosed(_) => (TaskKind::Closing, Vec::new()),
            Body::CustomerSaved(customer) => (TaskKind::Customer, customer.replaces.into_iter().collect()),
            Body::CashMoved(_) => (TaskKind::CashMovement, Vec::new()),
            Body::Enrolled(_)
            | Body::SignedIn
            | Body::SignedOut
            | Body::SignInFailed { .. }
            | Body::CartDropped { .. }
            | Body::Allowed(_)
            | Body::Did(_) => return None,
        };
        Some(Self { id: PostingId::of(entry), shift: entry.header.shift, kind, needs })
    }
}
