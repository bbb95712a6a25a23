//! Posting: a task of [`holdfast_sync::posting`] as a conversation that leaves exactly one document in the books.
//!
//! Every document carries the task's [`PostingId`](holdfast_sync::posting::PostingId) in the unique field `holdfast_id`. It is
//! looked up before anything is sent, unless nothing was ever sent, and again after every refusal, because an earlier request may
//! have been carried out in the meantime. What ERPNext computed is compared with the receipt, field by field.
//!
//! A conversation keeps nothing between tries: whatever it needs to know of an earlier one it finds in ERPNext.

mod cash;
mod closing;
mod compare;
mod customer;
mod invoice;
mod once;
mod opening;
pub mod refusal;

use crate::{
    conversation::{Conversation, Step},
    heard::Heard,
    site::Site,
};
use holdfast_sync::{
    Body, Entry, EntryRef,
    posting::{Amendments, BookedDocument, Outcome, PostingId, Refusal, RefusalKind, Row},
};

/// Everything that a task needs, by value.
#[derive(Clone, Debug)]
pub struct Job {
    /// The entry.
    pub entry: Entry,
    /// Its row, as stored.
    pub row: Row,
    /// Whether ERPNext was never asked about it, as [`holdfast_sync::posting::Effect::is_first`] says.
    pub is_first: bool,
    /// The site, as it was last looked at.
    pub site: Site,
    /// The ERPNext user whose credential is used: opening, invoices and closing of a shift must have one owner.
    pub user: String,
    /// This machine's clock, Unix milliseconds.
    pub now_ms: i64,
    /// For each entry of `row.needs` the documents that it became.
    pub needs: Vec<(EntryRef, Vec<BookedDocument>)>,
    /// Other entries of the shift with their rows. A closing needs all of them, a cash movement the opening; the rest none.
    pub shift: Vec<(Entry, Row)>,
}

impl Job {
    fn id(&self) -> PostingId {
        self.row.id
    }

    fn amendments(&self) -> &Amendments {
        &self.row.amendments
    }

    /// When the entry was made, Unix milliseconds by the hub's clock as far as the terminal knew it.
    fn made_at_ms(&self) -> i64 {
        self.entry.header.made_at_ms.saturating_add(self.entry.header.hub_offset_ms.unwrap_or(0))
    }

    fn employee(&self) -> &str {
        self.entry.header.employee.as_deref().unwrap_or_default()
    }

    /// The document of a DocType that a needed entry became.
    fn needed(&self, entry: EntryRef, doctypes: &[&str]) -> Option<&BookedDocument> {
        let (_, documents) = self.needs.iter().find(|(need, _)| *need == entry)?;
        documents.iter().find(|document| doctypes.contains(&document.doctype.as_str()))
    }

    /// What to book in place of a name.
    fn renamed<'a>(&'a self, doctype: &str, name: &'a str) -> &'a str {
        let renames = &self.amendments().renames;
        renames
            .iter()
            .rfind(|rename| rename.doctype == doctype && rename.from == name)
            .map_or(name, |rename| &rename.to)
    }

    fn is_renamed(&self, doctype: &str, name: &str) -> bool {
        self.renamed(doctype, name) != name
    }
}

/// A task's conversation.
#[derive(Clone, Debug)]
pub struct Post(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Opening(Box<opening::Opening>),
    Invoice(Box<invoice::InvoicePost>),
    Customer(Box<customer::CustomerPost>),
    Cash(Box<cash::CashPost>),
    Closing(Box<closing::Closing>),
    /// Nothing can be made of it.
    Nothing(Outcome),
}

impl Post {
    /// Begins, whatever came of earlier tries.
    pub fn new(job: Job) -> Self {
        Self(match job.entry.body.clone() {
            Body::ShiftOpened(opened) => Kind::Opening(Box::new(opening::Opening::new(&job, &opened))),
            Body::Sale(sale) => Kind::Invoice(Box::new(invoice::InvoicePost::new(job, *sale))),
            Body::CustomerSaved(customer) => Kind::Customer(Box::new(customer::CustomerPost::new(&job, *customer))),
            Body::CashMoved(moved) => Kind::Cash(Box::new(cash::CashPost::new(&job, &moved))),
            Body::ShiftClosed(closed) => Kind::Closing(Box::new(closing::Closing::new(job, closed))),
            _ => Kind::Nothing(refused(RefusalKind::Other, "This entry asks nothing of ERPNext's books.")),
        })
    }
}

impl Conversation for Post {
    type Outcome = Outcome;

    fn next(&mut self, heard: Option<Heard>) -> Step<Outcome> {
        match &mut self.0 {
            Kind::Opening(post) => post.next(heard),
            Kind::Invoice(post) => post.next(heard),
            Kind::Customer(post) => post.next(heard),
            Kind::Cash(post) => post.next(heard),
            Kind::Closing(post) => post.next(heard),
            Kind::Nothing(outcome) => Step::Done(outcome.clone()),
        }
    }
}

/// A refusal in Holdfast's own words.
fn refused(kind: RefusalKind, message: impl Into<String>) -> Outcome {
    Outcome::Refused(Refusal { kind, exc_type: String::new(), message: message.into() })
}

/// A document that is in the books, without a difference.
fn booked(doctype: &str, name: &str) -> Outcome {
    Outcome::Booked { documents: vec![document(doctype, name)], differences: Vec::new() }
}

fn document(doctype: &str, name: &str) -> BookedDocument {
    BookedDocument { doctype: doctype.to_owned(), name: name.to_owned() }
}
