//! Answers that are lost, and a host that dies.

use crate::site::Site;
use holdfast_erpnext::{Conversation, Heard, Step};

/// Which answers are lost: of each request in turn.
pub struct Faults(pub Vec<Fault>);

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    None,
    Lost,
    Busy,
    /// The host dies and begins again with what it stored.
    Restart,
}

impl Faults {
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// Runs a conversation; `None` if the host died meanwhile.
    pub fn run<C: Conversation>(&mut self, site: &mut Site, mut conversation: C) -> Option<C::Outcome> {
        let mut heard = None;
        loop {
            match conversation.next(heard.take()) {
                Step::Ask(request) => {
                    let answer = site.answer(&request);
                    heard = Some(match self.0.pop().unwrap_or(Fault::None) {
                        Fault::None => answer,
                        Fault::Lost => Heard::Lost,
                        Fault::Busy => Heard::NotSent,
                        Fault::Restart => return None,
                    });
                }
                Step::Wait { .. } => {}
                Step::Done(outcome) => return Some(outcome),
            }
        }
    }
}
