//! Print formats in the browser.
//!
//! A module of its own for two reasons: a shop that prints the built-in receipt never fetches it, and if a template ever
//! brings it down, the app goes on and prints the built-in receipt.

use holdfast_print_format::{Document, Limits, PrintFormat, Site, render};
use serde::Deserialize;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// What is to be printed.
#[derive(Deserialize)]
struct Job {
    format: PrintFormat,
    document: Document,
    site: Arc<Site>,
}

/// Renders `{"format": …, "document": …, "site": …}`. Gives `{"Html": {"body": …, "css": …}}` or `{"Raw": [bytes]}`; throws
/// the sentence that says why not.
#[wasm_bindgen]
pub fn print(job: &str) -> Result<String, JsError> {
    let job: Job = serde_json::from_str(job)?;
    let printed = render(&job.format, &job.document, &job.site, Limits::default())?;
    Ok(serde_json::to_string(&printed)?)
}
