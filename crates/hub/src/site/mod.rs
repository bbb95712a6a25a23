//! The socket to `ERPNext`: sends what the connector wants to ask, and brings back what was heard.

mod accounts;
mod client;
mod credential;
mod date;

pub use accounts::{ACCOUNT, AccountError, SERVICE, Site};
pub use client::{Client, Setting};
pub use credential::{Credential, Tokens};
