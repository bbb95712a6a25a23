//! How far an entry has come: what a host stores for each task.

use super::{Amendments, BookedDocument, Difference, PostingId, Refusal, Task, TaskKind};
use crate::ids::{EntryRef, ShiftId};
use serde::{Deserialize, Serialize};

/// A task and its state. One for each task, for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Which entry.
    pub id: PostingId,
    /// Its shift.
    pub shift: Option<ShiftId>,
    /// What is to be made.
    pub kind: TaskKind,
    /// Entries that have to be in the books before it.
    pub needs: Vec<EntryRef>,
    /// How far it is.
    pub state: State,
    /// What a person said about it so far.
    pub amendments: Amendments,
}

/// Where a task stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It is here and was not tried yet.
    Received,
    /// It was tried, or is about to be: something may have happened in ERPNext.
    Posting {
        /// How many tries there were.
        attempts: u32,
        /// How many of them in a row ended without a clear answer.
        unclear: u32,
        /// Not again before this time, Unix milliseconds.
        not_before_ms: i64,
    },
    /// It is in the books, and they say what the receipt says.
    Posted {
        /// As these documents.
        documents: Vec<BookedDocument>,
    },
    /// It is in the books, and they say something else than the receipt: a person has to see it.
    Discrepancy {
        /// As these documents.
        documents: Vec<BookedDocument>,
        /// Where they differ.
        differences: Vec<Difference>,
    },
    /// ERPNext will not book it: a person has to decide.
    Rejected {
        /// How many tries there were.
        attempts: u32,
        /// What ERPNext said.
        refusal: Refusal,
    },
    /// A person settled it.
    Resolved {
        /// Documents in ERPNext, where there are any.
        documents: Vec<BookedDocument>,
        /// Who, when, why.
        resolution: Resolution,
    },
}

/// A person's last word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// The console account.
    pub by: String,
    /// Unix milliseconds.
    pub at_ms: i64,
    /// In that person's words.
    pub reason: String,
}

impl From<Task> for Row {
    fn from(task: Task) -> Self {
        let Task { id, shift, kind, needs } = task;
        Self { id, shift, kind, needs, state: State::Received, amendments: Amendments::default() }
    }
}

impl Row {
    /// Whether the books are done with it, so that what comes after it may follow.
    pub fn is_settled(&self) -> bool {
        matches!(self.state, State::Posted { .. } | State::Discrepancy { .. } | State::Resolved { .. })
    }

    /// Whether somebody has to look at it.
    pub fn waits_for_person(&self) -> bool {
        matches!(self.state, State::Discrepancy { .. } | State::Rejected { .. })
    }

    /// The documents that were made, in every state that has any.
    pub fn documents(&self) -> &[BookedDocument] {
        match &self.state {
            State::Posted { documents } | State::Discrepancy { documents, .. } | State::Resolved { documents, .. } => {
                documents
            }
            State::Received | State::Posting { .. } | State::Rejected { .. } => &[],
        }
    }
}

impl State {
    /// A stable word for programs and tables.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Posting { .. } => "posting",
            Self::Posted { .. } => "posted",
            Self::Discrepancy { .. } => "discrepancy",
            Self::Rejected { .. } => "rejected",
            Self::Resolved { .. } => "resolved",
        }
    }
}
