//! A strict model of ERPNext at the level of what a connector asks: look for an id, make a document.
//!
//! Stricter than the real one where that can hide a defect: the id is unique, an invoice needs its shift open, a return its
//! original, a closing waits for nobody. It commits first and answers then, so that answers can be lost.

use crate::goods::{MODES, minor, taken};
use holdfast_sync::{
    Body, Entry, EntryRef, ShiftId,
    body::Sale,
    posting::{Difference, PostingId, Refusal, RefusalKind, TaskKind},
    receipt_code::Rebuilt,
};
use std::collections::BTreeMap;

/// A document, reduced to what the invariants ask about.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The unique field.
    pub id: PostingId,
    /// Which doctype.
    pub kind: TaskKind,
    /// Its shift.
    pub shift: Option<ShiftId>,
    /// In cents by mode: what it leaves in the drawer.
    pub taken: [i64; 2],
    /// Grand total in cents.
    pub total: i64,
    /// The sale that is given back.
    pub original: Option<EntryRef>,
    /// Something that may be disabled.
    pub items: Vec<String>,
    /// From when on the background job is done.
    pub ready_at_ms: u64,
}

/// What a document would be for an entry.
pub fn document(entry: &Entry, kind: TaskKind) -> Document {
    let mut document = empty(PostingId::of(entry), kind, entry.header.shift);
    match &entry.body {
        Body::Sale(sale) => fill(&mut document, sale),
        Body::ShiftOpened(opened) => document.taken = crate::till::opening(opened),
        Body::ShiftClosed(closed) => {
            let expected = closed.expected.iter();
            let of =
                |mode: &str| expected.clone().filter(|it| it.mode_of_payment == mode).map(|it| minor(it.amount)).sum();
            document.taken = MODES.map(of);
            document.total = minor(closed.total);
        }
        Body::CashMoved(moved) => document.taken[0] = minor(moved.amount),
        _ => {}
    }
    document
}

/// What a document would be for a sale that was rebuilt from paper.
pub fn rebuilt(rebuilt: &Rebuilt) -> Document {
    let mut document = empty(rebuilt.id, TaskKind::Invoice, rebuilt.shift);
    fill(&mut document, &rebuilt.sale);
    document
}

fn empty(id: PostingId, kind: TaskKind, shift: Option<ShiftId>) -> Document {
    Document { id, kind, shift, taken: [0; 2], total: 0, original: None, items: Vec::new(), ready_at_ms: 0 }
}

fn fill(document: &mut Document, sale: &Sale) {
    document.taken = taken(&sale.invoice);
    document.total = minor(sale.invoice.grand_total);
    document.original = sale.returned.as_ref().and_then(|returned| returned.entry);
    document.items = sale.invoice.items.iter().map(|item| item.item_code.clone()).collect();
}

/// Where a booked document differs from what it should be.
pub fn differences(booked: &Document, wanted: &Document) -> Vec<Difference> {
    let say = |field: &str, receipt: i64, booked: i64| {
        let difference = Difference { field: field.into(), receipt: receipt.to_string(), booked: booked.to_string() };
        (receipt != booked).then_some(difference)
    };
    let all = [
        say("grand_total", wanted.total, booked.total),
        say("payments.0", wanted.taken[0], booked.taken[0]),
        say("payments.1", wanted.taken[1], booked.taken[1]),
    ];
    all.into_iter().flatten().collect()
}

/// What came of making a document.
pub enum Made {
    /// It is there.
    Done,
    /// One with this id is there already.
    Duplicate,
    /// Not as it is.
    Refused(Refusal),
}

/// The books.
#[derive(Default)]
pub struct Books {
    /// Every document, in the order in which they were committed.
    pub documents: Vec<Document>,
    by_id: BTreeMap<PostingId, usize>,
    openings: BTreeMap<ShiftId, bool>,
    /// Until when the site is down, slow, mute, forbidding, refusing an item, differing.
    pub down_until_ms: u64,
    /// It answers late.
    pub slow_until_ms: u64,
    /// It commits, and its answers are lost.
    pub mute_until_ms: u64,
    /// The account has lost a right.
    pub forbids_until_ms: u64,
    /// Some items are disabled.
    pub refuses_until_ms: u64,
    /// It books a cent more.
    pub differs_until_ms: u64,
    /// How many requests are under way, and the most there ever were.
    pub under_way: usize,
}

impl Books {
    /// The document with an id.
    pub fn find(&self, id: PostingId) -> Option<&Document> {
        self.by_id.get(&id).map(|at| &self.documents[*at])
    }

    /// Makes a document. `is_unique` is the unique field, which only a mutant goes without.
    pub fn make(&mut self, now_ms: u64, document: Document, is_unique: bool) -> Made {
        if is_unique && self.by_id.contains_key(&document.id) {
            return Made::Duplicate;
        }
        if let Err((kind, message)) = self.judge(now_ms, &document) {
            return Made::Refused(Refusal { kind, exc_type: "ValidationError".into(), message: message.into() });
        }
        match (document.kind, document.shift) {
            (TaskKind::Opening, Some(shift)) => drop(self.openings.insert(shift, true)),
            (TaskKind::Closing, Some(shift)) => drop(self.openings.insert(shift, false)),
            _ => {}
        }
        let ready_at_ms = if document.kind == TaskKind::Closing { now_ms + 30_000 } else { now_ms };
        let cent = i64::from(now_ms < self.differs_until_ms && document.kind == TaskKind::Invoice);
        self.by_id.insert(document.id, self.documents.len());
        self.documents.push(Document { ready_at_ms, total: document.total + cent, ..document });
        Made::Done
    }

    fn judge(&self, now_ms: u64, document: &Document) -> Result<(), (RefusalKind, &'static str)> {
        if now_ms < self.forbids_until_ms {
            return Err((RefusalKind::Permission, "Not permitted"));
        }
        let is_open = document.shift.and_then(|shift| self.openings.get(&shift).copied());
        match document.kind {
            TaskKind::Opening if is_open.is_some() => Err((RefusalKind::Opening, "There is one already")),
            TaskKind::Invoice | TaskKind::Closing if is_open != Some(true) => {
                Err((RefusalKind::Opening, "No open POS Opening Entry"))
            }
            TaskKind::Invoice if now_ms < self.refuses_until_ms && document.items.iter().any(|it| is_disabled(it)) => {
                Err((RefusalKind::Item, "Item is disabled"))
            }
            TaskKind::Invoice if document.original.is_some_and(|original| !self.has(original)) => {
                Err((RefusalKind::Original, "The original is not there"))
            }
            _ => Ok(()),
        }
    }

    fn has(&self, entry: EntryRef) -> bool {
        let from = PostingId { terminal: entry.terminal, seq: entry.seq, mark: [0; 4] };
        let to = PostingId { mark: [255; 4], ..from };
        self.by_id.range(from..=to).next().is_some()
    }
}

fn is_disabled(item: &str) -> bool {
    item < "ITEM-005"
}
