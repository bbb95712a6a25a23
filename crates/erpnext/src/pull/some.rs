//! Reading rows by name: after a webhook, or for the repair of the mirror.

use super::{
    Change, Row, Scope, Wanted, Way,
    complete::{Complete, listed_fields, unknown_field},
    row,
};
use crate::{
    conversation::{Conversation, Step},
    heard::{Heard, Trouble},
    request::{List, Request},
};
use serde_json::json;

/// The most names in one request.
pub(super) const NAMES_MAX: usize = 500;

/// Reads rows of one doctype by name; those that aren't there, or no longer concern us, are deletions.
#[derive(Clone, Debug)]
pub struct ReadSome {
    wanted: &'static Wanted,
    scope: Scope,
    names: Vec<String>,
    /// How many of the names have been asked for.
    asked: usize,
    absent: Vec<String>,
    changes: Vec<Change>,
    completing: Option<Complete>,
}

impl ReadSome {
    /// Begins. `absent` are the fields that the site is known not to have ([`super::Cursor::absent_fields`]).
    pub fn new(wanted: &'static Wanted, scope: &Scope, names: Vec<String>, absent: &[String]) -> Self {
        Self {
            wanted,
            scope: scope.clone(),
            names,
            asked: 0,
            absent: absent.to_vec(),
            changes: Vec::new(),
            completing: None,
        }
    }

    fn chunk(&self) -> &[String] {
        let rest = &self.names[self.asked..];
        &rest[..rest.len().min(NAMES_MAX)]
    }

    fn ask(&mut self) -> Step<Result<Vec<Change>, Trouble>> {
        if let Some(complete) = &self.completing {
            if let Some(request) = complete.ask() {
                return Step::Ask(request);
            }
            let (rows, absent) = self.completing.take().expect("it is there").finish();
            self.absent = absent;
            self.changes.extend(rows.into_iter().map(Change::Upsert));
        }
        let chunk = self.chunk();
        if chunk.is_empty() || self.wanted.way == Way::Quantities {
            return Step::Done(Ok(std::mem::take(&mut self.changes)));
        }
        if self.wanted.way == Way::Single {
            return Step::Ask(Request::document(self.wanted.doctype, self.wanted.doctype));
        }
        let mut filters = self.scope.filters(self.wanted);
        filters.push(json!(["name", "in", chunk]));
        Step::Ask(Request::list(&List {
            doctype: self.wanted.doctype,
            parent: None,
            fields: listed_fields(self.wanted, &self.absent),
            filters,
            order_by: "name asc",
            limit: 0,
        }))
    }

    fn take(&mut self, heard: &Heard) -> Result<(), Trouble> {
        if let Some(complete) = &mut self.completing {
            return complete.take(heard);
        }
        let answer = match heard.data() {
            Ok(answer) => answer,
            Err(trouble) => {
                let absent = &self.absent;
                let field = unknown_field(&trouble, self.wanted.fields, absent, None).ok_or(trouble)?;
                self.absent.push(field);
                return Ok(());
            }
        };
        let rows: Vec<Row> = if self.wanted.way == Way::Single {
            row(self.wanted, &answer).into_iter().collect()
        } else {
            answer.as_array().ok_or(Trouble::Unclear)?.iter().filter_map(|answer| row(self.wanted, answer)).collect()
        };
        let is_there = |name: &String| rows.iter().any(|row| row.name == *name);
        let gone = self.chunk().iter().filter(|name| !is_there(name)).cloned().map(Change::Delete).collect::<Vec<_>>();
        self.changes.extend(gone);
        self.asked += self.chunk().len();
        self.completing = Some(Complete::new(self.wanted, rows, self.absent.clone()));
        Ok(())
    }
}

impl Conversation for ReadSome {
    type Outcome = Result<Vec<Change>, Trouble>;

    fn next(&mut self, heard: Option<Heard>) -> Step<Self::Outcome> {
        match heard.map(|heard| self.take(&heard)) {
            Some(Err(trouble)) => Step::Done(Err(trouble)),
            Some(Ok(())) | None => self.ask(),
        }
    }
}
