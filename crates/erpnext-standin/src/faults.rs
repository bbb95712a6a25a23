//! A site behind a bad line: answers get lost, the site is down, slow or asks to be left alone.
//!
//! What befalls a request is said beforehand, by number, so that a run can be repeated and shrunk.

use crate::{
    refused::answer,
    site::{Caller, StandIn},
};
use holdfast_erpnext::{Answer, Heard, Request};
use serde_json::json;

/// What befalls a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No connection is made.
    NotSent,
    /// The request gets lost on its way.
    LostBefore,
    /// The site does it, and the answer gets lost.
    LostAfter,
    /// The site does it twice, and the second answer comes.
    Twice,
    /// A gateway answers 502 in the site's place.
    BadGateway,
    /// A gateway gives up waiting: 504, although the site does it.
    GatewayTimeout,
    /// 429, with a time to wait.
    TooManyRequests,
    /// 503: the site is being maintained.
    Maintenance,
    /// Two transactions met: 500 `QueryDeadlockError`, rolled back.
    Deadlock,
    /// 401: the token ran out.
    Expired,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 10] = [
        Self::NotSent,
        Self::LostBefore,
        Self::LostAfter,
        Self::Twice,
        Self::BadGateway,
        Self::GatewayTimeout,
        Self::TooManyRequests,
        Self::Maintenance,
        Self::Deadlock,
        Self::Expired,
    ];
}

impl StandIn {
    /// Answers through a line on which this happens.
    pub fn hear(&mut self, caller: &Caller, request: &Request, now_ms: i64, fault: Option<Fault>) -> Heard {
        match fault {
            None => Heard::Answer(self.answer(caller, request, now_ms)),
            Some(Fault::NotSent) => Heard::NotSent,
            Some(Fault::LostBefore) => Heard::Lost,
            Some(Fault::LostAfter) => {
                self.answer(caller, request, now_ms);
                Heard::Lost
            }
            Some(Fault::Twice) => {
                self.answer(caller, request, now_ms);
                Heard::Answer(self.answer(caller, request, now_ms))
            }
            Some(Fault::BadGateway) => Heard::Answer(page(502)),
            Some(Fault::GatewayTimeout) => {
                self.answer(caller, request, now_ms);
                Heard::Answer(page(504))
            }
            Some(Fault::TooManyRequests) => {
                let body = json!({ "exc_type": "TooManyRequestsError" });
                Heard::Answer(Answer { retry_after_ms: Some(5_000), ..answer(429, &body) })
            }
            Some(Fault::Maintenance) => Heard::Answer(answer(503, &json!({ "exc_type": "SessionStopped" }))),
            Some(Fault::Deadlock) => Heard::Answer(answer(500, &json!({ "exc_type": "QueryDeadlockError" }))),
            Some(Fault::Expired) => Heard::Answer(answer(401, &json!({ "exc_type": "AuthenticationError" }))),
        }
    }
}

/// A gateway's own page.
fn page(status: u16) -> Answer {
    Answer { status, retry_after_ms: None, date_ms: None, body: b"<html>nginx</html>".to_vec() }
}
