//! Replays what a real `ERPNext` computed: does the engine give its answer, to the last cent?
//!
//! Each case of an oracle file is a document as a client sent it, the master data it depended on, and every field that the
//! server computed. A replay turns document and masters into the engine's own types, goes through its public door
//! ([`holdfast_engine::price`]) and compares every field but those that are excluded by name, each with its reason
//! ([`fields`]). A refusal is compared by the class and the words of `ERPNext`'s exception.

mod case;
pub mod fields;
mod files;
mod json;
mod replay;
mod report;
mod shop;

pub use case::{cart as read_cart, context as read_context};
pub use files::{own_files, read_cases};
pub use replay::{Difference, Replayed, Skipped};
pub use report::Report;
pub use shop::pricing_rules as read_pricing_rules;

use anyhow::Result;
use std::path::PathBuf;

/// Replays files, by default the project's own.
pub fn run(files: &[PathBuf]) -> Result<Report> {
    let files = if files.is_empty() { own_files()? } else { files.to_vec() };
    let mut report = Report::default();
    for file in &files {
        let base = shop::Base::read(&files::masters_beside(file)?);
        for case in read_cases(file)? {
            report.add(file, &case, replay::replay(&case, &base));
        }
    }
    Ok(report)
}
