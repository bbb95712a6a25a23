//! Serves the terminals: the app, their catalogues, their journals.
//!
//! Handlers are thin: they read a request, ask the store, and say what it says. What may be accepted is decided in
//! `holdfast-sync`, what is durable in `holdfast-store`.

mod api;
mod app_files;
mod auth;
pub mod demo;
mod error;
mod limits;
pub mod report;
mod router;
pub mod secrets;
pub mod site;
mod state;
pub mod vault;

pub use router::router;
pub use state::Hub;
