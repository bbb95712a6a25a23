//! What the program's commands do.

mod connection;
mod journal;
mod provision;
mod serve;
mod tls;

pub(crate) use connection::Connection;
pub(crate) use journal::show_journals;
pub(crate) use provision::Provision;
pub(crate) use serve::{Place, serve};
