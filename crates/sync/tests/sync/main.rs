//! One binary for all of the crate's tests.

mod golden;
mod journal;
mod posting;
mod samples;
