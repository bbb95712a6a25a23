//! Answers as an ERPNext site would: a strict model in memory, without a clock, a socket or randomness.
//!
//! [`StandIn`] takes requests as values and answers them as recordings of a real ERPNext 15 show it: permissions, links,
//! mandatory and unique fields, naming, docstatus, recomputed totals, refusals with ERPNext's own words, stock, returns,
//! closings. It is stricter than kind: what the real one silently does (a wrong batch is replaced, a rule overrides a rate),
//! it does, too. The same requests at the same times give the same answers; copies are cheap, so that a simulator can go
//! back. Faults ([`Fault`]) happen around it, never inside.
//!
//! What is not modelled, and why, stands in `docs/erpnext-standin.md`.

mod checks;
mod clock;
pub mod corner_shop;
mod documents;
mod faults;
pub mod from_shop;
mod json;
mod lists;
mod load;
mod meta;
mod methods;
mod naming;
mod permissions;
mod pos;
mod refused;
mod routes;
mod site;
mod store;

pub use faults::Fault;
pub use json::Doc;
pub use site::{Caller, SiteSettings, StandIn, Version, WebhookCall};
