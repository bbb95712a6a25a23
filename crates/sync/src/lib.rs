//! Keeps journals whole and moves them: what may never be lost, doubled or altered.
//!
//! A terminal's journal is an append-only list of entries, each carrying the hash of the one before and the terminal's
//! signature. This crate defines its bytes and decides, without any IO, what a terminal may append, what it sends next and
//! what a hub accepts. Both hosts run this very code; they only read, write and transmit.

pub mod archive;
pub mod audit;
pub mod backoff;
pub mod body;
pub mod entry;
pub mod hub;
pub mod ids;
pub mod posting;
pub mod pull;
pub mod receipt_code;
pub mod relay;
pub mod sending;
pub mod terminal;
pub mod wire;

pub use body::Body;
pub use entry::{Broken, Entry, Header, Sealed, Unsigned};
pub use ids::{EntryRef, Hash, Position, PublicKey, Seq, ShiftId, Signature, TerminalId};
