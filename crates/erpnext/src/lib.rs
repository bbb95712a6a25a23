//! Speaks with ERPNext without a socket: what to ask, and what an answer means.
//!
//! Everything here is a value: a [`Request`] goes out, what was [`Heard`] comes back, and a [`Conversation`] says what to ask
//! next until it is done. The hub owns the socket; tests replay recordings and a stand-in through the same code.

pub mod accounts;
pub mod conversation;
pub mod doctor;
pub mod heard;
pub mod json;
pub mod masters;
pub mod post;
pub mod provision;
pub mod pull;
pub mod request;
pub mod site;

pub use conversation::{Conversation, Step};
pub use heard::{Answer, Heard, Trouble};
pub use request::{List, Method, Request};
pub use site::Site;
