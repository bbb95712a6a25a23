//! Several requests with one purpose, as a state machine without a socket.

use crate::{heard::Heard, request::Request};

/// What a conversation wants next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<T> {
    /// Send this and come back with what was heard.
    Ask(Request),
    /// Come back, with nothing heard, after this many milliseconds.
    Wait {
        /// How long.
        ms: u64,
    },
    /// It is over.
    Done(T),
}

impl<T> Step<T> {
    /// The same step with what it leads to seen in another way.
    pub fn map<U>(self, see: impl FnOnce(T) -> U) -> Step<U> {
        match self {
            Self::Ask(request) => Step::Ask(request),
            Self::Wait { ms } => Step::Wait { ms },
            Self::Done(outcome) => Step::Done(see(outcome)),
        }
    }
}

/// A dialogue with a site.
///
/// Whatever it needs to know of the site it asks for, so that it can be dropped at any point and begun again from the start.
pub trait Conversation {
    /// What it leads to.
    type Outcome;

    /// Says what to do next. `heard` is what came of the last request, `None` at the start and after a wait.
    fn next(&mut self, heard: Option<Heard>) -> Step<Self::Outcome>;
}
