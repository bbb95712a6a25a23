//! The routes under `/pos/api/v1`, one module for each resource.

pub(crate) mod catalogue;
pub(crate) mod enrolment;
pub(crate) mod health;
pub(crate) mod journal;
pub(crate) mod postings;
pub(crate) mod terminal;
pub(crate) mod webhook;
