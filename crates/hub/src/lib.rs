//! Serves the terminals: the app, their catalogues, their journals.
//!
//! Handlers are thin: they read a request, ask the store, and say what it says. What may be accepted is decided in
//! `holdfast-sync`, what is durable in `holdfast-store`.

mod address;
mod api;
mod app_files;
pub mod archive;
mod auth;
mod bodies;
mod catalogue;
pub mod completeness;
mod console;
pub mod demo;
mod error;
mod headers;
mod limits;
pub mod report;
mod router;
pub mod routes;
pub mod secrets;
mod serve;
mod sign_in;
pub mod site;
mod state;
pub mod tls;
pub mod vault;
mod worker;

pub use router::router;
pub use serve::serve;
pub use state::Hub;

/// The fact of the store that holds what the site said of itself.
pub(crate) const SITE_FACT: &str = "site";

/// The fact of the store that holds the site's address.
pub const SITE_URL_FACT: &str = "site_url";

/// A line of the audit log for what was done on the command line.
pub fn audit_line(action: &str, subject: &str) -> holdfast_store::NewAuditLine {
    holdfast_store::NewAuditLine {
        at_ms: state::now_ms(),
        who: "command line".to_owned(),
        address: String::new(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        details: String::new(),
    }
}
