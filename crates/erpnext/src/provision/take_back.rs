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
use std::collections::{BTreeSet, VecDeque};

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
    /// What is still to be done about the current piece.
    doing: VecDeque<Doing>,
    refused: Vec<Refusal>,
    survey: Survey,
    is_surveying: bool,
}

#[derive(Clone, Debug)]
enum Doing {
    Task(Task),
    /// Finding what an OAuth client has given out: it cannot be deleted before that.
    Given(&'static str, String),
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
        let there = there.map(|planned| planned.piece.clone()).filter(|piece| !matches!(piece, Piece::User(_)));
        // Whoever has the role loses it, also those who got it by hand.
        let holders = plan.holders.iter().cloned().map(Piece::User);
        Self {
            pieces: there.chain(holders).collect(),
            client_id: plan.client_id.clone(),
            current: None,
            doing: VecDeque::new(),
            refused: Vec::new(),
            survey: Survey::new(plan.order.clone(), now_ms),
            is_surveying: false,
        }
    }

    /// What undoes a piece.
    fn begin(&self, piece: &Piece) -> Vec<Doing> {
        let ask = |request| vec![Doing::Task(Task::Ask(request))];
        match piece {
            Piece::Role => ask(Request::delete("Role", ROLE)),
            Piece::Field(field) => ask(Request::delete("Custom Field", &field.name())),
            Piece::Right(right) if right.permlevel == 0 => vec![Doing::Custom(right.doctype)],
            Piece::Right(right) => ask(remove(right.doctype, right.permlevel)),
            Piece::User(user) => vec![Doing::Task(Task::Roles { user: user.clone(), gives: false })],
            Piece::OauthClient { .. } => self.client_id.as_ref().map_or_else(Vec::new, |client_id| {
                let given = ["OAuth Bearer Token", "OAuth Authorization Code"];
                let given = given.map(|doctype| Doing::Given(doctype, client_id.clone()));
                given.into_iter().chain(ask(Request::delete("OAuth Client", client_id))).collect()
            }),
            Piece::Webhook { doctype, event } => ask(Request::delete("Webhook", &Piece::webhook_name(doctype, event))),
        }
    }

    /// The next request of the current piece, or of the next one.
    fn go_on(&mut self, piece: Option<Piece>) -> Option<Request> {
        let mut piece = piece;
        loop {
            if let (Some(current), Some(doing)) = (&piece, self.doing.pop_front()) {
                let request = doing.request();
                self.current = Some((current.clone(), doing));
                return Some(request);
            }
            let next = self.pieces.pop()?;
            self.doing = self.begin(&next).into();
            piece = Some(next);
        }
    }

    fn survey(&mut self, heard: Option<Heard>) -> Step<Result<Applied, Trouble>> {
        self.is_surveying = true;
        let step = self.survey.next(heard);
        step.map(|plan| Ok(Applied { plan: plan?, refused: std::mem::take(&mut self.refused) }))
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
    /// What the answer leads to, before anything else.
    fn then(self, answer: &Value) -> Vec<Self> {
        let ask = |request| Self::Task(Task::Ask(request));
        match self {
            Self::Task(Task::Ask(_)) => Vec::new(),
            Self::Task(Task::Roles { gives, .. }) => change_roles(answer, gives).map(ask).into_iter().collect(),
            Self::Given(doctype, _) => {
                let names = answer.as_array().into_iter().flatten().filter_map(|row| row["name"].as_str());
                names.map(|name| ask(Request::delete(doctype, name))).collect()
            }
            Self::Custom(doctype) => vec![Self::Standard(doctype, answer.clone())],
            Self::Standard(doctype, custom) => vec![ask(if is_same(&custom, answer) {
                Request::call(&manager("reset"), json!({ "doctype": doctype }))
            } else {
                remove(doctype, 0)
            })],
        }
    }

    fn request(&self) -> Request {
        let list = |table: &'static str, parent, fields: &[&'static str], filter: Value| {
            Request::list(&List {
                doctype: table,
                parent,
                fields: fields.to_vec(),
                filters: vec![filter],
                order_by: "name asc",
                limit: 0,
            })
        };
        match self {
            Self::Task(task) => task.request(),
            Self::Given(doctype, client_id) => list(doctype, None, &["name"], json!(["client", "=", client_id])),
            Self::Custom(doctype) => list("Custom DocPerm", None, &ROW, json!(["parent", "=", doctype])),
            Self::Standard(doctype, _) => list("DocPerm", Some("DocType"), &ROW, json!(["parent", "=", doctype])),
        }
    }
}

impl Conversation for TakeBack {
    type Outcome = Result<Applied, Trouble>;

    fn next(&mut self, heard: Option<Heard>) -> Step<Self::Outcome> {
        if self.is_surveying {
            return self.survey(heard);
        }
        let mut current = None;
        if let (Some(heard), Some((piece, doing))) = (heard, self.current.take()) {
            match heard.data() {
                Ok(answer) => {
                    for next in doing.then(&answer).into_iter().rev() {
                        self.doing.push_front(next);
                    }
                }
                // Gone already.
                Err(Trouble::Refused { status: 404, .. }) => {}
                Err(Trouble::Refused { message, .. }) => {
                    self.refused.push(Refusal { sentence: piece.undo_sentence(), message });
                    self.doing.clear();
                }
                Err(trouble) => return Step::Done(Err(trouble)),
            }
            current = Some(piece);
        }
        match self.go_on(current) {
            Some(request) => Step::Ask(request),
            None => self.survey(None),
        }
    }
}
