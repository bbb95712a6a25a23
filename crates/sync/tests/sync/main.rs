//! One binary for all of the crate's tests.

mod archive;
mod audit;
mod golden;
mod journal;
mod posting;
mod pull;
mod receipt_code;
mod relay;
mod samples;
mod signer;
mod wire;
