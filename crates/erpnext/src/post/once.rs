//! One document, exactly once, by its unique field.

use super::refusal;
use crate::{
    conversation::Step,
    heard::{Heard, Trouble},
    request::{List, Request},
};
use holdfast_sync::posting::{Outcome, RefusalKind};
use serde_json::{Value, json};

/// So often a document is looked for before a person is asked.
const LOOKS_MAX: u8 = 4;

/// Makes a document, or finds the one that was made.
#[derive(Clone, Debug)]
pub(super) struct Once {
    doctype: &'static str,
    id: String,
    /// As it is to be, with `holdfast_id` and, where it is to be submitted, `docstatus` 1.
    document: Value,
    at: At,
    looks: u8,
    /// A refusal that stands unless the document turns out to be there.
    refusal: Option<Outcome>,
}

#[derive(Clone, Debug, PartialEq)]
enum At {
    Start { is_first: bool },
    Looking,
    Reading,
    Inserting,
    Submitting,
}

/// What it comes to: the document as ERPNext has it, or how the try ends.
pub(super) type End = Result<Value, Outcome>;

impl Once {
    /// Begins. `document` lacks `holdfast_id` and `docstatus` only.
    pub(super) fn new(doctype: &'static str, id: String, mut document: Value, is_draft: bool, is_first: bool) -> Self {
        document["holdfast_id"] = id.as_str().into();
        document["docstatus"] = u8::from(!is_draft).into();
        Self { doctype, id, document, at: At::Start { is_first }, looks: 0, refusal: None }
    }

    pub(super) fn next(&mut self, heard: Option<Heard>) -> Step<End> {
        let Some(heard) = heard else {
            return match self.at {
                At::Start { is_first: true } => self.insert(),
                _ => self.look(),
            };
        };
        match heard.data() {
            Ok(data) => self.take(data),
            Err(Trouble::Refused { status: 404, .. }) if self.at == At::Reading => self.look(),
            Err(trouble @ Trouble::Refused { .. }) => self.refuse(&trouble),
            Err(trouble) => Step::Done(Err(refusal::outcome(&trouble))),
        }
    }

    fn take(&mut self, data: Value) -> Step<End> {
        match &self.at {
            At::Start { .. } | At::Looking => self.found(&data),
            At::Inserting | At::Submitting => Step::Done(Ok(data)),
            At::Reading => {
                let wants_submitted = self.document["docstatus"] == 1;
                if wants_submitted && data["docstatus"] == 0 {
                    return self.submit(name_of(&data));
                }
                Step::Done(Ok(data))
            }
        }
    }

    fn found(&mut self, rows: &Value) -> Step<End> {
        match rows.get(0) {
            Some(row) if row["docstatus"] == 2 => Step::Done(Err(super::refused(
                RefusalKind::Other,
                format!("{} {} was made for this entry and then cancelled in ERPNext.", self.doctype, name_of(row)),
            ))),
            Some(row) => {
                self.at = At::Reading;
                Step::Ask(Request::document(self.doctype, name_of(row)))
            }
            None => match self.refusal.take() {
                Some(refusal) => Step::Done(Err(refusal)),
                None => self.insert(),
            },
        }
    }

    /// A refusal stands only where nothing is there: an earlier request may have been carried out since it was looked for.
    fn refuse(&mut self, trouble: &Trouble) -> Step<End> {
        let outcome = refusal::outcome(trouble);
        if matches!(self.at, At::Looking | At::Reading | At::Submitting) {
            return Step::Done(Err(outcome));
        }
        if !is_duplicate(trouble) {
            self.refusal = Some(outcome);
        }
        self.look()
    }

    fn look(&mut self) -> Step<End> {
        self.looks += 1;
        if self.looks > LOOKS_MAX {
            return Step::Done(Err(Outcome::Unclear));
        }
        self.at = At::Looking;
        Step::Ask(Request::list(&List {
            doctype: self.doctype,
            parent: None,
            fields: vec!["name", "docstatus"],
            filters: vec![json!(["holdfast_id", "=", self.id])],
            order_by: "creation asc",
            limit: 1,
        }))
    }

    fn insert(&mut self) -> Step<End> {
        self.at = At::Inserting;
        Step::Ask(Request::insert(self.doctype, self.document.clone()))
    }

    /// A draft that an earlier try or a person left is filled anew and submitted.
    fn submit(&mut self, name: &str) -> Step<End> {
        self.at = At::Submitting;
        Step::Ask(Request::update(self.doctype, name, self.document.clone()))
    }
}

fn name_of(row: &Value) -> &str {
    row["name"].as_str().unwrap_or_default()
}

/// The unique field is taken: somebody made the document.
fn is_duplicate(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Refused { exc_type, .. } if exc_type == "UniqueValidationError" || exc_type == "DuplicateEntryError")
}
