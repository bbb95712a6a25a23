//! Taking everything back.

use super::{
    Plan, ROLE, Survey,
    apply::{Applied, Refusal, Task, change_roles},
    pieces::{Condition, Piece},
};
use crate::{
    conversation::{Conversation, Step},
    heard::{Heard, Trouble},
    request::{List, Request},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Undoes every piece of a plan that is there, the last one first, then surveys again.
///
/// Where the rights of a doctype were its standard ones before, they are its standard ones again: else a later version of ERPNext
/// could not change them.
#[derive(Clone, Debug)]
pub struct TakeBack {
    /// What is still to be undone, the next one last.
    pieces: Vec<Piece>,
    client_id: Option<String>,
    current: Option<(Piece, Doing)>,
    refused: Vec<Refusal>,
    survey: Survey,
    is_surveying: bool,
}

#[derive(Clone, Debug)]
enum Doing {
    Task(Task),
    /// Reading the rows of a doctype that others have.
    Custom(&'static str),
    /// Reading its standard rows, to compare with those.
    Standard(&'static str, Value),
}

/// What makes a row of rights.
const ROW: [&str; 17] = [
    "role",
    "permlevel",
    "if_owner",
    "read",
    "write",
    "create",
    "delete",
    "submit",
    "cancel",
    "amend",
    "report",
    "export",
    "import",
    "share",
    "print",
    "email",
    "select",
];

impl TakeBack {
    /// Begins; `now_ms` is this machine's clock.
    pub fn new(plan: &Plan, now_ms: i64) -> Self {
        let is_there = |condition: &Condition| matches!(condition, Condition::Present | Condition::Different(_));
        let there = plan.pieces.iter().filter(|planned| is_there(&planned.condition));
        Self {
            pieces: there.map(|planned| planned.piece.clone()).collect(),
            client_id: plan.client_id.clone(),
            current: None,
            refused: Vec::new(),
            survey: Survey::new(plan.order.clone(), now_ms),
            is_surveying: false,
        }
    }

    /// Begins to undo a piece; `None` if there is nothing to do.
    fn begin(&self, piece: &Piece) -> Option<Doing> {
        let ask = |request| Some(Doing::Task(Task::Ask(request)));
        match piece {
            Piece::Role => ask(Request::delete("Role", ROLE)),
            Piece::Field(field) => ask(Request::delete("Custom Field", &field.name())),
            Piece::Right(right) if right.permlevel == 0 => Some(Doing::Custom(right.doctype)),
            Piece::Right(right) => ask(remove(right.doctype, right.permlevel)),
            Piece::User(user) => Some(Doing::Task(Task::Roles { user: user.clone(), gives: false })),
            Piece::OauthClient { .. } => ask(Request::delete("OAuth Client", self.client_id.as_deref()?)),
            Piece::Webhook { doctype, event } => ask(Request::delete("Webhook", &Piece::webhook_name(doctype, event))),
        }
    }

    fn survey(&mut self, heard: Option<Heard>) -> Step<Result<Applied, Trouble>> {
        self.is_surveying = true;
        match self.survey.next(heard) {
            Step::Ask(request) => Step::Ask(request),
            Step::Wait { ms } => Step::Wait { ms },
            Step::Done(Err(trouble)) => Step::Done(Err(trouble)),
            Step::Done(Ok(plan)) => Step::Done(Ok(Applied { plan, refused: std::mem::take(&mut self.refused) })),
        }
    }
}

fn manager(method: &str) -> String {
    format!("frappe.core.page.permission_manager.permission_manager.{method}")
}

fn remove(doctype: &str, permlevel: u8) -> Request {
    Request::call(&manager("remove"), json!({ "doctype": doctype, "role": ROLE, "permlevel": permlevel }))
}

/// Whether the rows that others have are the standard ones.
fn is_same(custom: &Value, standard: &Value) -> bool {
    let rows = |rows: &Value| -> BTreeSet<String> {
        let rows = rows.as_array().into_iter().flatten().filter(|row| row["role"] != ROLE);
        rows.map(|row| ROW.map(|field| row[field].to_string()).join(" ")).collect()
    };
    rows(custom) == rows(standard)
}

impl Doing {
    /// What comes after the answer; `None` if the piece is undone.
    fn go_on(self, answer: &Value) -> Option<Self> {
        match self {
            Self::Task(Task::Ask(_)) => None,
            Self::Task(Task::Roles { gives, .. }) => {
                change_roles(answer, gives).map(|request| Self::Task(Task::Ask(request)))
            }
            Self::Custom(doctype) => Some(Self::Standard(doctype, answer.clone())),
            Self::Standard(doctype, custom) => {
                let request = if is_same(&custom, answer) {
                    Request::call(&manager("reset"), json!({ "doctype": doctype }))
                } else {
                    remove(doctype, 0)
                };
                Some(Self::Task(Task::Ask(request)))
            }
        }
    }

    fn request(&self) -> Request {
        let list = |table: &'static str, parent, doctype: &str| {
            Request::list(&List {
                doctype: table,
                parent,
                fields: ROW.to_vec(),
                filters: vec![json!(["parent", "=", doctype])],
                order_by: "name asc",
                limit: 0,
            })
        };
        match self {
            Self::Task(task) => task.request(),
            Self::Custom(doctype) => list("Custom DocPerm", None, doctype),
            Self::Standard(doctype, _) => list("DocPerm", Some("DocType"), doctype),
        }
    }
}

impl Conversation for TakeBack {
    type Outcome = Result<Applied, Trouble>;

    fn next(&mut self, heard: Option<Heard>) -> Step<Self::Outcome> {
        if self.is_surveying {
            return self.survey(heard);
        }
        if let (Some(heard), Some((piece, doing))) = (heard, self.current.take()) {
            match heard.data() {
                Ok(answer) => {
                    if let Some(doing) = doing.go_on(&answer) {
                        let request = doing.request();
                        self.current = Some((piece, doing));
                        return Step::Ask(request);
                    }
                }
                // Gone already.
                Err(Trouble::Refused { status: 404, .. }) => {}
                Err(Trouble::Refused { message, .. }) => {
                    self.refused.push(Refusal { sentence: piece.undo_sentence(), message });
                }
                Err(trouble) => return Step::Done(Err(trouble)),
            }
        }
        while let Some(piece) = self.pieces.pop() {
            if let Some(doing) = self.begin(&piece) {
                let request = doing.request();
                self.current = Some((piece, doing));
                return Step::Ask(request);
            }
        }
        self.survey(None)
    }
}
