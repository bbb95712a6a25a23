//! Renders a format: `{"format": …, "document": …, "site": …}` on the standard input, what is printed on the standard output.

use holdfast_print_format::{Document, Limits, PrintFormat, Printed, Site, render};
use serde::Deserialize;
use std::{
    io::{Write, stdin, stdout},
    process::ExitCode,
    sync::Arc,
};

#[derive(Deserialize)]
struct Job {
    format: PrintFormat,
    document: Document,
    #[serde(default)]
    site: Arc<Site>,
}

fn main() -> ExitCode {
    let job: Job = match serde_json::from_reader(stdin()) {
        Ok(job) => job,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let bytes = match render(&job.format, &job.document, &job.site, Limits::default()) {
        Ok(Printed::Html { body, .. }) => body.into_bytes(),
        Ok(Printed::Raw(bytes)) => bytes,
        Err(refusal) => {
            eprintln!("{refusal}");
            return ExitCode::FAILURE;
        }
    };
    if stdout().write_all(&bytes).is_err() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
