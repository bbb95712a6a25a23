//! What the program's commands do.

mod archive;
mod audit;
mod connection;
mod doctor;
mod journal;
mod provision;
mod serve;
mod tls;

pub(crate) use archive::{Export, Import};
pub(crate) use audit::Audit;
pub(crate) use connection::Connection;
pub(crate) use doctor::Doctor;
pub(crate) use journal::show_journals;
pub(crate) use provision::Provision;
pub(crate) use serve::{Place, serve};
