//! The model against the recordings, and on its own.

mod recorded;
mod replay;
