//! One shift's unsettled tasks in their order: which may be tried now.

use super::{PostingId, Row, State, TaskKind};
use crate::ids::EntryRef;
use std::collections::BTreeMap;

/// The rows of one shift that are not settled, by their place in the journal.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lane {
    rows: BTreeMap<PostingId, Row>,
}

impl Lane {
    /// Takes a row as it now is; one that is settled is done with.
    pub(super) fn put(&mut self, row: Row) {
        if row.is_settled() {
            self.rows.remove(&row.id);
        } else {
            self.rows.insert(row.id, row);
        }
    }

    pub(super) fn get(&self, id: PostingId) -> Option<&Row> {
        self.rows.get(&id)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The task whose turn it is, unless it has to wait.
    ///
    /// One that a person has to decide about, and one whose needs are not in the books, are passed over: only the closing
    /// waits for all, and everything waits for the opening. The closing is last even if its place is not: where a journal
    /// exists twice, the other line goes on selling in the shift.
    pub(super) fn turn(&self, is_missing: impl Fn(EntryRef) -> bool) -> Option<&Row> {
        let mut is_anything_open = false;
        for row in self.rows.values().filter(|row| row.kind != TaskKind::Closing) {
            let is_stuck = matches!(row.state, State::Rejected { .. });
            if is_stuck && row.kind == TaskKind::Opening {
                return None;
            }
            if !is_stuck && !row.needs.iter().any(|need| is_missing(*need)) {
                return Some(row);
            }
            is_anything_open = true;
        }
        let is_stuck = |row: &&Row| matches!(row.state, State::Rejected { .. });
        let mut closings = self.rows.values().filter(|row| row.kind == TaskKind::Closing);
        closings.find(|row| !is_stuck(row)).filter(|_| !is_anything_open)
    }
}
