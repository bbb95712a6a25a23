//! Doing what a plan says.

use super::{
    Plan, ROLE, Survey, Webhooks,
    pieces::{Condition, Piece, PlannedPiece},
};
use crate::{
    conversation::{Conversation, Step},
    heard::{Heard, Trouble},
    request::{Request, encode},
};
use serde_json::{Value, json};
use std::collections::VecDeque;

/// Makes every piece that a plan lacks, then surveys again. The outcome is how it is then, with what ERPNext refused.
///
/// What was begun and broken off shows in the next survey, so a lost answer only means: survey, and apply again.
#[derive(Clone, Debug)]
pub struct Apply {
    tasks: VecDeque<(Piece, Task)>,
    current: Option<(Piece, Task)>,
    refused: Vec<Refusal>,
    survey: Survey,
    is_surveying: bool,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// How it is now.
    pub plan: Plan,
    /// What ERPNext refused.
    pub refused: Vec<Refusal>,
}

/// A piece that ERPNext refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What was tried.
    pub sentence: String,
    /// ERPNext's own words.
    pub message: String,
}

/// One request, or the change of a user's roles, which takes two.
#[derive(Clone, Debug)]
pub(super) enum Task {
    Ask(Request),
    Roles { user: String, gives: bool },
}

impl Apply {
    /// Begins; `now_ms` is this machine's clock.
    pub fn new(plan: &Plan, now_ms: i64) -> Self {
        let mut tasks = VecDeque::new();
        for planned in plan.open() {
            tasks.extend(to_make(planned, plan).into_iter().map(|task| (planned.piece.clone(), task)));
        }
        Self {
            tasks,
            current: None,
            refused: Vec::new(),
            survey: Survey::new(plan.order.clone(), now_ms),
            is_surveying: false,
        }
    }

    fn survey(&mut self, heard: Option<Heard>) -> Step<Result<Applied, Trouble>> {
        self.is_surveying = true;
        let step = self.survey.next(heard);
        step.map(|plan| Ok(Applied { plan: plan?, refused: std::mem::take(&mut self.refused) }))
    }
}

impl Conversation for Apply {
    type Outcome = Result<Applied, Trouble>;

    fn next(&mut self, heard: Option<Heard>) -> Step<Self::Outcome> {
        if self.is_surveying {
            return self.survey(heard);
        }
        if let (Some(heard), Some((piece, task))) = (heard, self.current.take()) {
            match (heard.data(), task) {
                (Ok(user), Task::Roles { gives, .. }) => {
                    if let Some(request) = change_roles(&user, gives) {
                        self.tasks.push_front((piece, Task::Ask(request)));
                    }
                }
                (Ok(_), Task::Ask(_)) => {}
                // What stands in the way of one piece need not stand in the way of the others.
                (Err(Trouble::Refused { message, .. }), _) => {
                    self.refused.push(Refusal { sentence: piece.sentence(), message });
                }
                (Err(trouble), _) => return Step::Done(Err(trouble)),
            }
        }
        let Some((piece, task)) = self.tasks.pop_front() else {
            return self.survey(None);
        };
        let request = task.request();
        self.current = Some((piece, task));
        Step::Ask(request)
    }
}

impl Task {
    pub(super) fn request(&self) -> Request {
        match self {
            Self::Ask(request) => request.clone(),
            Self::Roles { user, .. } => Request::document("User", user),
        }
    }
}

/// A user's roles with or without ours. With the document's `modified`, so that a change in between is not overwritten.
pub(super) fn change_roles(user: &Value, gives: bool) -> Option<Request> {
    let mut roles = user["roles"].as_array().cloned().unwrap_or_default();
    let count = roles.len();
    roles.retain(|row| row["role"] != ROLE);
    if gives {
        roles.push(json!({ "role": ROLE }));
    } else if roles.len() == count {
        return None;
    }
    let fields = json!({ "roles": roles, "modified": user["modified"] });
    Some(Request::update("User", user["name"].as_str()?, fields))
}

impl Webhooks {
    /// Where the webhook of a doctype goes.
    pub(super) fn url_of(&self, doctype: &str) -> String {
        format!("{}?doctype={}", self.url, encode(doctype))
    }

    fn document(&self, doctype: &str, event: &str) -> Value {
        let row = |field: &str| json!({ "fieldname": field, "key": field });
        let name = Piece::webhook_name(doctype, event);
        json!({
            "name": name,
            "__newname": name,
            "webhook_doctype": doctype,
            "webhook_docevent": event,
            "enabled": 1,
            "request_url": self.url_of(doctype),
            "request_method": "POST",
            "request_structure": "Form URL-Encoded",
            "webhook_data": [row("name"), row("modified")],
            "enable_security": 1,
            "webhook_secret": self.secret,
        })
    }
}

fn manager(method: &str, arguments: Value) -> Task {
    Task::Ask(Request::call(&format!("frappe.core.page.permission_manager.permission_manager.{method}"), arguments))
}

fn to_make(planned: &PlannedPiece, plan: &Plan) -> Vec<Task> {
    let is_missing = planned.condition == Condition::Missing;
    match &planned.piece {
        Piece::Role if is_missing => {
            vec![Task::Ask(Request::insert("Role", json!({ "role_name": ROLE, "desk_access": 1 })))]
        }
        Piece::Role => vec![Task::Ask(Request::update("Role", ROLE, json!({ "disabled": 0 })))],
        Piece::Field(field) if is_missing => vec![Task::Ask(Request::insert("Custom Field", field.document()))],
        Piece::Field(field) => vec![Task::Ask(Request::update("Custom Field", &field.name(), field.document()))],
        Piece::Right(right) => {
            let (doctype, permlevel) = (right.doctype, right.permlevel);
            // The manager copies the doctype's standard rows before it adds ours: any own row makes Frappe ignore them.
            let add = manager("add", json!({ "parent": doctype, "role": ROLE, "permlevel": permlevel }));
            let more = right.more.iter().map(|ptype| {
                let arguments = json!({
                    "doctype": doctype,
                    "role": ROLE,
                    "permlevel": permlevel,
                    "ptype": ptype,
                    "value": 1,
                });
                manager("update", arguments)
            });
            std::iter::once(add).filter(|_| is_missing).chain(more).collect()
        }
        Piece::User(user) => vec![Task::Roles { user: user.clone(), gives: true }],
        Piece::OauthClient { redirect_uri } => {
            let document = json!({
                "app_name": ROLE,
                "scopes": "all openid",
                "redirect_uris": redirect_uri,
                "default_redirect_uri": redirect_uri,
                "grant_type": "Authorization Code",
                "response_type": "Code",
            });
            vec![Task::Ask(match &plan.client_id {
                Some(client_id) => Request::update("OAuth Client", client_id, document),
                None => Request::insert("OAuth Client", document),
            })]
        }
        Piece::Webhook { doctype, event } => {
            let Some(webhooks) = &plan.order.webhooks else {
                return Vec::new();
            };
            let document = webhooks.document(doctype, event);
            vec![Task::Ask(if is_missing {
                Request::insert("Webhook", document)
            } else {
                Request::update("Webhook", &Piece::webhook_name(doctype, event), document)
            })]
        }
    }
}
