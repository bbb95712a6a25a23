//! One binary for all of the crate's tests.

mod faults;
mod kept;
mod mutants;
mod seeds;
