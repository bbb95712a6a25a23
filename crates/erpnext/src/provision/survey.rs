//! Asking a site what is there.

use super::{
    Order, Plan, ROLE,
    pieces::{Condition, Piece, PlannedPiece, pieces},
};
use crate::{
    conversation::{Conversation, Step},
    heard::{Heard, Trouble},
    json::{check, text},
    request::{List, Request},
    site::{Look, Site},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What is read of the role's rights: all that a right may consist of.
const HELD: &[&str] = &["name", "parent", "permlevel", "read", "write", "create", "submit", "cancel"];

/// Asks what is there and makes a plan. The account must be a System Manager: else it is refused with 403.
#[derive(Clone, Debug)]
pub struct Survey {
    order: Order,
    look: Look,
    site: Site,
    at: usize,
    /// What was answered to each question.
    answers: Vec<Value>,
}

/// The questions, in their order.
const QUESTIONS: usize = 7;

impl Survey {
    /// Begins; `now_ms` is this machine's clock.
    pub fn new(order: Order, now_ms: i64) -> Self {
        Self { order, look: Look::new(now_ms), site: Site::default(), at: 0, answers: Vec::new() }
    }

    fn question(&self) -> Request {
        let list = |doctype, fields: &[&'static str], filters: Vec<Value>| {
            Request::list(&List {
                doctype,
                parent: None,
                fields: fields.to_vec(),
                filters,
                order_by: "name asc",
                limit: 0,
            })
        };
        match self.at {
            0 => list("Role", &["name", "disabled"], vec![json!(["name", "=", ROLE])]),
            1 => {
                let fields = ["name", "dt", "fieldname", "fieldtype", "options", "unique", "no_copy"];
                list("Custom Field", &fields, vec![json!(["fieldname", "like", "holdfast_%"])])
            }
            2 => list("Custom DocPerm", HELD, vec![json!(["role", "=", ROLE])]),
            3 => {
                let role = vec![("role".to_owned(), ROLE.to_owned())];
                Request::look("frappe.core.page.permission_manager.permission_manager.get_users_with_role", role)
            }
            4 => {
                let fields = ["name", "client_id", "redirect_uris"];
                list("OAuth Client", &fields, vec![json!(["app_name", "=", ROLE])])
            }
            5 => {
                let fields = ["name", "enabled", "request_url"];
                list("Webhook", &fields, vec![json!(["name", "like", format!("{ROLE} %")])])
            }
            _ => list("DocType", &["name"], vec![json!(["istable", "=", 0])]),
        }
    }

    fn plan(&self) -> Plan {
        let held = Held::new(&self.answers);
        let planned = |piece: Piece| PlannedPiece { condition: held.condition(&piece, &self.order), piece };
        let client_id = held.oauth_client().map(|client| text(&client["client_id"]));
        Plan {
            site: self.site.clone(),
            order: self.order.clone(),
            holders: self.answers[3].as_array().into_iter().flatten().map(text).collect(),
            pieces: pieces(&self.site, &self.order).into_iter().map(planned).collect(),
            client_id,
        }
    }
}

impl Conversation for Survey {
    type Outcome = Result<Plan, Trouble>;

    fn next(&mut self, heard: Option<Heard>) -> Step<Self::Outcome> {
        if self.site.user.is_empty() {
            return match self.look.next(heard) {
                Step::Ask(request) => Step::Ask(request),
                Step::Wait { ms } => Step::Wait { ms },
                Step::Done(Err(trouble)) => Step::Done(Err(trouble)),
                Step::Done(Ok(site)) => {
                    self.site = site;
                    Step::Ask(self.question())
                }
            };
        }
        match heard.map(|heard| heard.data()) {
            Some(Ok(answer)) => {
                self.answers.push(answer);
                self.at += 1;
            }
            Some(Err(trouble)) => return Step::Done(Err(trouble)),
            None => {}
        }
        if self.at < QUESTIONS { Step::Ask(self.question()) } else { Step::Done(Ok(self.plan())) }
    }
}

/// What the site answered.
struct Held<'a> {
    answers: &'a [Value],
    doctypes: BTreeSet<String>,
}

impl<'a> Held<'a> {
    fn new(answers: &'a [Value]) -> Self {
        let doctypes = answers[6].as_array().into_iter().flatten().map(|row| text(&row["name"])).collect();
        Self { answers, doctypes }
    }

    fn find(&self, question: usize, is_it: impl Fn(&Value) -> bool) -> Option<&'a Value> {
        self.answers[question].as_array()?.iter().find(|row| is_it(row))
    }

    fn oauth_client(&self) -> Option<&'a Value> {
        self.find(4, |_| true)
    }

    fn condition(&self, piece: &Piece, order: &Order) -> Condition {
        let missing_doctype = |doctype: &str| {
            let is_missing = !self.doctypes.contains(doctype);
            is_missing.then(|| Condition::Impossible(format!("This version has no {doctype}.")))
        };
        match piece {
            Piece::Role => match self.find(0, |_| true) {
                None => Condition::Missing,
                Some(role) if check(&role["disabled"]) => Condition::Different("it is disabled".to_owned()),
                Some(_) => Condition::Present,
            },
            Piece::Field(field) => match self.find(1, |row| row["name"] == field.name()) {
                None => missing_doctype(field.doctype).unwrap_or(Condition::Missing),
                Some(held) => field.difference(held).map_or(Condition::Present, Condition::Different),
            },
            Piece::Right(right) => {
                let is_it = |row: &Value| row["parent"] == right.doctype && row["permlevel"] == right.permlevel;
                match self.find(2, is_it) {
                    None => missing_doctype(right.doctype).unwrap_or(Condition::Missing),
                    Some(held) => match right.more.iter().find(|more| !check(&held[**more])) {
                        Some(lacks) => Condition::Different(format!("it may not {lacks}")),
                        None => Condition::Present,
                    },
                }
            }
            Piece::User(user) => {
                let users = self.answers[3].as_array();
                let has_it = users.is_some_and(|users| users.iter().any(|held| held == user.as_str()));
                if has_it || user == "Administrator" { Condition::Present } else { Condition::Missing }
            }
            Piece::OauthClient { redirect_uri } => match self.oauth_client() {
                None => Condition::Missing,
                Some(client) if text(&client["redirect_uris"]).split_whitespace().any(|uri| uri == redirect_uri) => {
                    Condition::Present
                }
                Some(_) => Condition::Different("it returns to another address".to_owned()),
            },
            Piece::Webhook { doctype, event } => {
                let name = Piece::webhook_name(doctype, event);
                let url = order.webhooks.as_ref().map(|webhooks| webhooks.url_of(doctype));
                match self.find(5, |row| row["name"] == name) {
                    None => Condition::Missing,
                    Some(held) if check(&held["enabled"]) && Some(text(&held["request_url"])) == url => {
                        Condition::Present
                    }
                    Some(_) => Condition::Different("it is off or goes to another address".to_owned()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::HELD;

    #[test]
    fn every_right_that_is_wanted_is_looked_at() {
        let mut wanted = crate::provision::rights().into_iter().flat_map(|right| right.more);

        assert_eq!(wanted.find(|kind| !HELD.contains(kind)), None);
    }
}
