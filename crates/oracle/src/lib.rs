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
pub use files::{own_files, read_cases, read_text};
pub use holdfast_erpnext::masters::{
    customer as read_customer, item as read_item, item_price as read_item_price, pos_profile as read_pos_profile,
    pricing_rules as read_pricing_rules, tables as read_tables,
};
pub use replay::{Difference, Replayed, Skipped};
pub use report::Report;

use anyhow::Result;
use files::own_directory;
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// SHA-256, in hex, over everything that the engine says of a file's cases. The texts are those of the file, `master.json` and
/// `precisions.json`: nothing is read from a disk, so that a browser can compute it as well.
pub fn digest(cases: &str, shop: &str, precisions: &str) -> Result<String> {
    let masters =
        files::MasterFile { shop: serde_json::from_str(shop)?, precisions: serde_json::from_str(precisions)? };
    let base = shop::Base::read(&masters);
    let mut hash = Sha256::new();
    for case in files::cases(cases) {
        hash.update(replay::transcript(&case?, &base));
    }
    Ok(hex::encode(hash.finalize()))
}

/// Each of the project's own files with its digest.
pub fn own_digests() -> Result<Vec<(String, String)>> {
    let [shop, precisions] =
        ["master.json.gz", "precisions.json.gz"].map(|name| read_text(&own_directory().join(name)));
    let (shop, precisions) = (shop?, precisions?);
    let of = |file: PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok((name, digest(&read_text(&file)?, &shop, &precisions)?))
    };
    own_files()?.into_iter().map(of).collect()
}

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
