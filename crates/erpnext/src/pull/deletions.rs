//! What was deleted: Deleted Document says which names to ask about.

use super::{
    Change, OVERLAP_MS, Scope, WANTED, Way,
    cursor::{Cursor, Part, Round},
    some::ReadSome,
    walk::Place,
    wanted::wanted,
};
use crate::{
    conversation::{Conversation, Step},
    heard::{Heard, Trouble},
    json::text,
    request::{List, Request},
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Rows in a page.
const PAGE: u32 = 500;

/// What a page of deletions brings: to be stored in one transaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deleted {
    /// Changes by doctype: deletions, and rows that were made again under a deleted name.
    pub changes: Vec<(&'static str, Vec<Change>)>,
    /// From where to go on.
    pub cursor: Cursor,
    /// Whether there is another page.
    pub has_more: bool,
}

/// Reads one page of Deleted Document, and asks which of its names are really gone: a name may have been given again.
///
/// Only a role with the right to read Deleted Document may ask; for another account, [`super::Check`] finds what is gone.
#[derive(Clone, Debug)]
pub struct Deletions {
    scope: Scope,
    now_ms: i64,
    is_first: bool,
    outcome: Deleted,
    suspects: BTreeMap<&'static str, BTreeSet<String>>,
    reading: Option<(&'static str, ReadSome)>,
}

impl Deletions {
    /// Begins, or goes on, behind a cursor of its own. A first round begins at `now_ms`, the site's clock: a mirror that is still
    /// to be read has nothing that was deleted before.
    pub fn new(scope: &Scope, cursor: &Cursor, now_ms: i64) -> Self {
        let outcome = Deleted { cursor: cursor.clone(), ..Deleted::default() };
        let is_first = cursor.round.is_none();
        Self { scope: scope.clone(), now_ms, is_first, outcome, suspects: BTreeMap::new(), reading: None }
    }

    fn list(&mut self) -> Request {
        let round = self.outcome.cursor.round.get_or_insert_with(|| {
            let since_ms = self.outcome.cursor.read_until_ms.unwrap_or(self.now_ms) - OVERLAP_MS;
            let since = self.scope.zone.lowest(since_ms, self.now_ms);
            Round { started_ms: self.now_ms, place: Place::From(Some(since)), part: Part::Whole { ahead: None } }
        });
        let doctypes: Vec<&str> =
            WANTED.iter().filter(|wanted| is_deleted(wanted.way)).map(|wanted| wanted.doctype).collect();
        let mut filters = round.place.filters("creation");
        filters.push(json!(["deleted_doctype", "in", doctypes]));
        Request::list(&List {
            doctype: "Deleted Document",
            parent: None,
            fields: vec!["name", "creation", "deleted_doctype", "deleted_name"],
            filters,
            order_by: "creation asc, name asc",
            limit: PAGE,
        })
    }

    fn take(&mut self, heard: &Heard) -> Result<(), Trouble> {
        let answer = heard.data()?;
        let answer: &[Value] = answer.as_array().ok_or(Trouble::Unclear)?;
        let mut round = self.outcome.cursor.round.take().expect("a list was asked for");
        if let (true, Heard::Answer(answer)) = (self.is_first, heard) {
            round.started_ms = answer.date_ms.unwrap_or(self.now_ms);
        }
        for row in answer {
            if let Some(wanted) = wanted(&text(&row["deleted_doctype"])) {
                self.suspects.entry(wanted.doctype).or_default().insert(text(&row["deleted_name"]));
            }
        }
        match round.place.after(answer, "creation", PAGE) {
            Some(place) => self.outcome.cursor.round = Some(Round { place, ..round }),
            None => self.outcome.cursor.read_until_ms = Some(round.started_ms),
        }
        self.outcome.has_more = self.outcome.cursor.round.is_some();
        Ok(())
    }

    /// Asks about the next doctype's suspects.
    fn suspect(&mut self) -> Step<Result<Deleted, Trouble>> {
        loop {
            let Some((doctype, names)) = self.suspects.pop_first() else {
                return Step::Done(Ok(std::mem::take(&mut self.outcome)));
            };
            let wanted = wanted(doctype).expect("only wanted doctypes are suspected");
            let mut reading = ReadSome::new(wanted, &self.scope, names.into_iter().collect(), &[]);
            match reading.next(None) {
                Step::Ask(request) => {
                    self.reading = Some((doctype, reading));
                    return Step::Ask(request);
                }
                Step::Wait { .. } | Step::Done(_) => {}
            }
        }
    }
}

/// Whether documents read in this way can be deleted.
fn is_deleted(way: Way) -> bool {
    !matches!(way, Way::Single | Way::Quantities)
}

impl Conversation for Deletions {
    type Outcome = Result<Deleted, Trouble>;

    fn next(&mut self, heard: Option<Heard>) -> Step<Self::Outcome> {
        let Some((doctype, reading)) = &mut self.reading else {
            return match heard.map(|heard| self.take(&heard)) {
                Some(Err(trouble)) => Step::Done(Err(trouble)),
                Some(Ok(())) => self.suspect(),
                None => Step::Ask(self.list()),
            };
        };
        match reading.next(heard) {
            Step::Ask(request) => Step::Ask(request),
            Step::Wait { ms } => Step::Wait { ms },
            Step::Done(Err(trouble)) => Step::Done(Err(trouble)),
            Step::Done(Ok(changes)) => {
                self.outcome.changes.push((doctype, changes));
                self.suspect()
            }
        }
    }
}
