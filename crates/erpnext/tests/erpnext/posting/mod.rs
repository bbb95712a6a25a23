//! Posting against the stand-in.

mod faults;
mod others;
mod sales;
mod shifts;
mod world;
