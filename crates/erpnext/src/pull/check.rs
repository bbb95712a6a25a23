//! A full check: does the mirror hold exactly the rows of the site, as new as there?

use super::{
    Change, Scope, Wanted, Way,
    some::{NAMES_MAX, ReadSome},
    wanted::linking_to,
};
use crate::{
    conversation::{Conversation, Step},
    heard::{Heard, Trouble},
    json::text,
    request::{List, Request},
    site::Stamp,
};
use serde_json::json;
use std::collections::BTreeMap;

/// Names in one page of a check.
const PAGE: u32 = 5_000;

/// What a check found, and how to repair it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// To be applied to the mirror.
    pub changes: Vec<Change>,
    /// Rows that the mirror lacked.
    pub missing: usize,
    /// Rows that the mirror held with another stamp.
    pub outdated: usize,
    /// Rows that the mirror held and the site no longer has.
    pub gone: usize,
    /// Rows that the site has.
    pub rows: usize,
    /// Whether there was more than one check repairs: apply and check again.
    pub has_more: bool,
    /// Doctypes to read again from the start, because rows seem to have been renamed: links to a renamed row are rewritten
    /// without a new stamp.
    pub reread: &'static [&'static str],
}

impl Checked {
    /// In a plain sentence; `None` if the mirror was as it should be.
    pub fn sentence(&self, doctype: &str) -> Option<String> {
        let parts = [(self.missing, "missing"), (self.outdated, "outdated"), (self.gone, "no longer there")];
        let parts: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        (!parts.is_empty()).then(|| format!("{doctype}: the full check repaired {}.", parts.join(", ")))
    }

    /// Whether so much is gone at once that an account which may no longer see it is likelier than a shop that deleted it.
    pub fn is_alarming(&self) -> bool {
        self.gone >= 20 && self.gone > self.rows
    }
}

/// Compares the names and stamps of a doctype with those of the mirror.
#[derive(Clone, Debug)]
pub struct Check {
    wanted: &'static Wanted,
    scope: Scope,
    absent: Vec<String>,
    /// What the mirror holds and the site has not named yet.
    unseen: BTreeMap<String, Stamp>,
    after: Option<String>,
    to_read: Vec<String>,
    outcome: Checked,
    reading: Option<ReadSome>,
}

impl Check {
    /// Begins. `known` are names and stamps in the mirror, `absent` the fields that the site is known not to have. Rows are read
    /// by names, some thousands at most; then it has more.
    pub fn new(wanted: &'static Wanted, scope: &Scope, known: BTreeMap<String, Stamp>, absent: &[String]) -> Self {
        Self {
            wanted,
            scope: scope.clone(),
            absent: absent.to_vec(),
            unseen: known,
            after: None,
            to_read: Vec::new(),
            outcome: Checked::default(),
            reading: None,
        }
    }

    fn list(&self) -> Request {
        let mut filters = self.scope.filters(self.wanted);
        filters.extend(self.after.iter().map(|name| json!(["name", ">", name])));
        Request::list(&List {
            doctype: self.wanted.doctype,
            parent: None,
            fields: vec!["name", "modified"],
            filters,
            order_by: "name asc",
            limit: PAGE,
        })
    }

    /// Takes a page of names; says whether the list is at its end.
    fn take(&mut self, heard: &Heard) -> Result<bool, Trouble> {
        let answer = heard.data()?;
        let answer = answer.as_array().ok_or(Trouble::Unclear)?;
        for row in answer {
            let name = text(&row["name"]);
            let stamp = row["modified"].as_str().and_then(Stamp::parse);
            match self.unseen.remove(&name) {
                Some(held) if Some(held) == stamp => {}
                Some(_) => {
                    self.outcome.outdated += 1;
                    self.to_read.push(name);
                }
                None => {
                    self.outcome.missing += 1;
                    self.to_read.push(name);
                }
            }
        }
        self.outcome.rows += answer.len();
        self.after = answer.last().map(|row| text(&row["name"]));
        Ok(answer.len() < PAGE as usize)
    }

    /// All names are known: what is there to be read, and what seems gone.
    fn repair(&mut self) -> Step<Result<Checked, Trouble>> {
        // Rows that are only held for some days go without saying.
        self.outcome.gone = if self.wanted.days.is_none() { self.unseen.len() } else { 0 };
        if self.outcome.gone > 0 && self.outcome.missing > 0 {
            self.outcome.reread = linking_to(self.wanted.doctype);
        }
        let most = NAMES_MAX * 10;
        self.outcome.has_more = self.to_read.len() > most;
        self.to_read.truncate(most);
        self.to_read.extend(std::mem::take(&mut self.unseen).into_keys());
        let names = std::mem::take(&mut self.to_read);
        let reading = self.reading.insert(ReadSome::new(self.wanted, &self.scope, names, &self.absent));
        step(reading.next(None), &mut self.outcome)
    }
}

fn step(step: Step<Result<Vec<Change>, Trouble>>, outcome: &mut Checked) -> Step<Result<Checked, Trouble>> {
    match step {
        Step::Ask(request) => Step::Ask(request),
        Step::Wait { ms } => Step::Wait { ms },
        Step::Done(Err(trouble)) => Step::Done(Err(trouble)),
        Step::Done(Ok(changes)) => Step::Done(Ok(Checked { changes, ..std::mem::take(outcome) })),
    }
}

impl Conversation for Check {
    type Outcome = Result<Checked, Trouble>;

    fn next(&mut self, heard: Option<Heard>) -> Step<Self::Outcome> {
        if self.wanted.way == Way::Quantities {
            let is_sold_from = |name: &String| self.scope.warehouses.contains(name);
            let changes = self.unseen.keys().filter(|name| !is_sold_from(name)).cloned().map(Change::Delete).collect();
            return Step::Done(Ok(Checked { changes, ..Checked::default() }));
        }
        if let Some(reading) = &mut self.reading {
            return step(reading.next(heard), &mut self.outcome);
        }
        match heard.map(|heard| self.take(&heard)) {
            Some(Err(trouble)) => Step::Done(Err(trouble)),
            Some(Ok(true)) => self.repair(),
            Some(Ok(false)) | None => Step::Ask(self.list()),
        }
    }
}
