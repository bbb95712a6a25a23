//! Posting against the stand-in.

mod faults;
mod others;
mod recorded;
mod sales;
mod shifts;
mod version_16;
mod world;
