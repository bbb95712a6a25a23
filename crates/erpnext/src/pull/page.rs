//! One page of a doctype: what changed, and how to go on.

use super::{
    Change, OVERLAP_MS, Row, SKEW_MS, Scope, Wanted, Way,
    complete::{Complete, listed_fields, unknown_field},
    cursor::{Ahead, Cursor, Part, Round},
    quantities::Quantities,
    row,
    walk::Place,
};
use crate::{
    conversation::{Conversation, Step},
    heard::{Heard, Trouble},
    request::{List, Request},
    site::Stamp,
};
use serde_json::{Value, json};

/// What a page brings: to be stored in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The doctype.
    pub doctype: &'static str,
    /// What changed, or may have.
    pub changes: Vec<Change>,
    /// From where to go on.
    pub cursor: Cursor,
    /// Whether the round has another page. At its end, come back when it is time.
    pub has_more: bool,
}

/// Reads one page. A doctype that the account may not read is [`Trouble::Refused`] with 403, one that the site does not have with
/// 404: both leave the mirror as it is.
#[derive(Clone, Debug)]
pub struct ReadPage {
    wanted: &'static Wanted,
    scope: Scope,
    cursor: Cursor,
    now_ms: i64,
    /// Whether the round begins with this page.
    is_first: bool,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Listing,
    Quantities(Quantities),
    /// Counting what is ahead of the site's own now.
    Counting(Ahead),
    Completing(Complete, Option<Round>),
}

impl ReadPage {
    /// Reads the next page behind a cursor. `now_ms` is the site's clock as far as this machine knows it, Unix milliseconds;
    /// where the site sends the time with its answer, that counts.
    pub fn new(wanted: &'static Wanted, scope: &Scope, cursor: &Cursor, now_ms: i64) -> Self {
        let mut cursor = cursor.clone();
        let key = scope.key(wanted);
        if cursor.key != key {
            cursor = Cursor { key, ..Cursor::default() };
        }
        let is_first = cursor.round.is_none();
        let state = if wanted.way == Way::Quantities {
            State::Quantities(Quantities::new(scope, &cursor, now_ms))
        } else {
            State::Listing
        };
        Self { wanted, scope: scope.clone(), cursor, now_ms, is_first, state }
    }

    fn round(&self) -> Round {
        if let Some(round) = &self.cursor.round {
            return round.clone();
        }
        let zone = &self.scope.zone;
        let since = self.cursor.read_until_ms.map(|read_ms| zone.lowest(read_ms - OVERLAP_MS, self.now_ms));
        let part = if self.cursor.ahead.is_some() {
            Part::UpTo(zone.stamp(self.now_ms + SKEW_MS))
        } else {
            Part::Whole { ahead: None }
        };
        Round { started_ms: self.now_ms, place: Place::From(since), part }
    }

    fn ask(&mut self) -> Step<Result<Page, Trouble>> {
        let request = match &self.state {
            State::Completing(complete, next) => match complete.ask() {
                Some(request) => request,
                None => return self.finish(next.clone()),
            },
            State::Quantities(quantities) => match quantities.ask() {
                Some(request) => request,
                None => return self.finish_quantities(),
            },
            State::Counting(_) => {
                let round = self.cursor.round.as_ref().expect("there is a round where something is counted");
                let arguments = json!({ "doctype": self.wanted.doctype, "filters": self.filters(round) });
                Request::call("frappe.client.get_count", arguments)
            }
            State::Listing if self.wanted.way == Way::Single => {
                Request::document(self.wanted.doctype, self.wanted.doctype)
            }
            State::Listing => {
                let round = self.round();
                let request = self.list(&round);
                self.cursor.round = Some(round);
                request
            }
        };
        Step::Ask(request)
    }

    fn list(&self, round: &Round) -> Request {
        let looks = matches!(round.part, Part::Look(_));
        Request::list(&List {
            doctype: self.wanted.doctype,
            parent: None,
            fields: if looks { vec!["name", "modified"] } else { listed_fields(self.wanted, &self.cursor.absent) },
            filters: self.filters(round),
            order_by: if looks { "modified desc, name desc" } else { "modified asc, name asc" },
            limit: if looks { 1 } else { self.wanted.rows_in_page },
        })
    }

    fn filters(&self, round: &Round) -> Vec<Value> {
        let mut filters = self.scope.filters(self.wanted);
        match &round.part {
            Part::Whole { .. } => filters.extend(round.place.filters("modified")),
            Part::UpTo(bound) => {
                filters.extend(round.place.filters("modified"));
                filters.push(json!(["modified", "<=", bound]));
            }
            Part::Look(bound) => filters.push(json!(["modified", ">", bound])),
            Part::Above { bound, .. } => {
                filters.extend(round.place.filters("modified"));
                filters.push(json!(["modified", ">", bound]));
            }
        }
        filters
    }

    fn take(&mut self, heard: &Heard) -> Result<(), Trouble> {
        match &mut self.state {
            State::Completing(complete, _) => complete.take(heard),
            State::Quantities(quantities) => quantities.take(heard),
            State::Counting(ahead) => {
                ahead.count = heard.data()?.as_u64();
                let ahead = ahead.clone();
                self.counted(ahead);
                Ok(())
            }
            State::Listing if self.wanted.way == Way::Single => {
                let document = heard.data()?;
                let rows = row(self.wanted, &document).into_iter().collect();
                self.cursor.read_until_ms = Some(site_now(heard).unwrap_or(self.now_ms));
                self.complete(rows, None);
                Ok(())
            }
            State::Listing => self.take_list(heard),
        }
    }

    fn take_list(&mut self, heard: &Heard) -> Result<(), Trouble> {
        let answer = match heard.data() {
            Ok(answer) => answer,
            Err(trouble) => {
                let absent = &mut self.cursor.absent;
                absent.push(unknown_field(&trouble, self.wanted.fields, absent, None).ok_or(trouble)?);
                return Ok(());
            }
        };
        let answer = answer.as_array().ok_or(Trouble::Unclear)?;
        let mut round = self.cursor.round.clone().expect("a list was asked for");
        if self.is_first {
            round.started_ms = site_now(heard).unwrap_or(self.now_ms);
        }
        if let Part::Look(bound) = round.part {
            self.looked(bound, answer, round);
            return Ok(());
        }
        let mut rows: Vec<Row> = answer.iter().filter_map(|answer| row(self.wanted, answer)).collect();
        self.note_future(&mut round, &rows);
        if self.wanted.way == Way::Documents {
            rows.retain(|row| self.cursor.lately.get(&row.name) != Some(&row.modified));
        }
        let next = round.place.after(answer, "modified", self.wanted.rows_in_page);
        let next = match (next, &round.part) {
            (Some(place), _) => Some(Round { place, ..round.clone() }),
            (None, Part::UpTo(bound)) => Some(Round { part: Part::Look(*bound), ..round.clone() }),
            (None, _) => None,
        };
        if next.is_none() {
            self.cursor.read_until_ms = Some(round.started_ms);
            self.cursor.ahead = match round.part {
                Part::Whole { ahead } => ahead.map(|latest| Ahead { latest, count: None }),
                Part::Above { ahead, .. } => Some(ahead),
                Part::UpTo(_) | Part::Look(_) => unreachable!("these go on"),
            };
        }
        self.complete(rows, next);
        Ok(())
    }

    fn note_future(&self, round: &mut Round, rows: &[Row]) {
        let bound = self.scope.zone.stamp(round.started_ms + SKEW_MS);
        if let Part::Whole { ahead } = &mut round.part {
            let highest = rows.iter().map(|row| row.modified).filter(|stamp| *stamp > bound).max();
            *ahead = (*ahead).max(highest);
        }
    }

    /// Whether there is anything above the site's own now, and how high.
    fn looked(&mut self, bound: Stamp, answer: &[Value], round: Round) {
        match answer.first().and_then(|answer| Stamp::parse(answer["modified"].as_str()?)) {
            None => {
                self.cursor.ahead = None;
                self.cursor.read_until_ms = Some(round.started_ms);
                self.complete(Vec::new(), None);
            }
            Some(latest) => {
                self.cursor.round = Some(Round { part: Part::Look(bound), ..round });
                self.state = State::Counting(Ahead { latest, count: None });
            }
        }
    }

    fn counted(&mut self, ahead: Ahead) {
        let round = self.cursor.round.clone().expect("there is a round where something is counted");
        let Part::Look(bound) = round.part else {
            unreachable!("only a look counts");
        };
        if self.cursor.ahead.as_ref() == Some(&ahead) {
            self.cursor.read_until_ms = Some(round.started_ms);
            self.complete(Vec::new(), None);
        } else {
            let place = Place::From(None);
            self.complete(Vec::new(), Some(Round { place, part: Part::Above { bound, ahead }, ..round }));
        }
    }

    fn complete(&mut self, rows: Vec<Row>, next: Option<Round>) {
        let complete = Complete::new(self.wanted, rows, self.cursor.absent.clone());
        self.state = State::Completing(complete, next);
    }

    fn finish_quantities(&mut self) -> Step<Result<Page, Trouble>> {
        let State::Quantities(quantities) = std::mem::replace(&mut self.state, State::Listing) else {
            unreachable!("quantities end when they are read");
        };
        if quantities.is_due() {
            self.cursor.read_until_ms = Some(self.now_ms);
        }
        let changes = quantities.finish().into_iter().map(Change::Upsert).collect();
        Step::Done(Ok(Page { doctype: self.wanted.doctype, changes, cursor: self.cursor.clone(), has_more: false }))
    }

    fn finish(&mut self, next: Option<Round>) -> Step<Result<Page, Trouble>> {
        let State::Completing(complete, _) = std::mem::replace(&mut self.state, State::Listing) else {
            unreachable!("a page ends when its rows are complete");
        };
        let (rows, absent) = complete.finish();
        let has_more = next.is_some();
        let mut cursor = Cursor { round: next, absent, ..self.cursor.clone() };
        if self.wanted.way == Way::Documents {
            let oldest = self.scope.zone.lowest(self.now_ms - 2 * OVERLAP_MS, self.now_ms);
            cursor.lately.extend(rows.iter().map(|row| (row.name.clone(), row.modified)));
            cursor.lately.retain(|_, stamp| *stamp >= oldest);
        }
        let changes = rows.into_iter().map(Change::Upsert).collect();
        Step::Done(Ok(Page { doctype: self.wanted.doctype, changes, cursor, has_more }))
    }
}

/// The site's clock, as it sent it.
fn site_now(heard: &Heard) -> Option<i64> {
    match heard {
        Heard::Answer(answer) => answer.date_ms,
        _ => None,
    }
}

impl Conversation for ReadPage {
    type Outcome = Result<Page, Trouble>;

    fn next(&mut self, heard: Option<Heard>) -> Step<Self::Outcome> {
        match heard.map(|heard| self.take(&heard)) {
            Some(Err(trouble)) => Step::Done(Err(trouble)),
            Some(Ok(())) | None => self.ask(),
        }
    }
}
