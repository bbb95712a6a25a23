//! From entries to ERPNext's books: each exactly once, in the order of its shift, and whatever cannot be booked before a person.
//!
//! A [`Task`] is what an entry asks of the books, a [`Row`] is how far it has come and is what a host stores. The [`Poster`]
//! decides; how a document is made is the connector's question, which answers with an [`Outcome`]. Three rules carry the promise:
//!
//! 1. A row is durably [`State::Posting`] *before* anything is asked of ERPNext, so after a crash it is known that something may
//!    have happened there.
//! 2. Every document carries its entry's [`PostingId`] in a unique field, so whoever tries again finds what was made.
//! 3. A refusal ends in a state that a person sees. No path drops a row or changes what it says.
//!
//! The order *prepare, commit, apply* is in one place, [`Poster::take`]: a host supplies only the commit.

mod decision;
mod lane;
mod outcome;
mod pace;
mod poster;
mod row;
mod task;

pub use decision::{Amendments, Decision, Rename};
pub use outcome::{BookedDocument, Difference, Outcome, Refusal, RefusalKind};
pub use pace::Pace;
pub use poster::{Commit, Effect, Event, Poster, Rejection, Transition};
pub use row::{Resolution, Row, State};
pub use task::{PostingId, Task, TaskKind};
