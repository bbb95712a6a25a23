//! The socket to `ERPNext`: sends what the connector wants to ask, and brings back what was heard.

mod accounts;
mod client;
mod credential;
mod date;
mod provisioning;

pub use accounts::{ACCOUNT, AccountError, SERVICE, Site};
pub use client::{Client, Setting};
pub use credential::{Credential, Tokens};
pub(crate) use provisioning::{OAUTH_CLIENT_FACT, PROVISIONED_FACT, WEBHOOK_SECRET};
pub use provisioning::{ProvisionError, Wishes};
