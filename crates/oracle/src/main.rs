//! `holdfast-oracle [--all] [FILES...]`: replays oracle files and says what differs. Exits with 1 if anything does.
//! `holdfast-oracle --digests`: prints a digest of what the engine says of each of the project's own files, as JSON.

use anyhow::Result;
use std::{collections::BTreeMap, path::PathBuf, process::ExitCode};

fn main() -> Result<ExitCode> {
    let (options, files): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    if options.iter().any(|option| option == "--digests") {
        let digests: BTreeMap<String, String> = holdfast_oracle::own_digests()?.into_iter().collect();
        println!("{}", serde_json::to_string(&digests)?);
        return Ok(ExitCode::SUCCESS);
    }
    let files: Vec<PathBuf> = files.into_iter().map(PathBuf::from).collect();
    let report = holdfast_oracle::run(&files)?;
    let examples = if options.iter().any(|option| option == "--all") { usize::MAX } else { 20 };
    print!("{}", report.text(examples));
    Ok(if report.agrees() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
