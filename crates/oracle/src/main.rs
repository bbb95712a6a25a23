//! `holdfast-oracle [--all] [FILES...]`: replays oracle files and says what differs. Exits with 1 if anything does.

use anyhow::Result;
use std::{path::PathBuf, process::ExitCode};

fn main() -> Result<ExitCode> {
    let (options, files): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let files: Vec<PathBuf> = files.into_iter().map(PathBuf::from).collect();
    let report = holdfast_oracle::run(&files)?;
    let examples = if options.iter().any(|option| option == "--all") { usize::MAX } else { 20 };
    print!("{}", report.text(examples));
    Ok(if report.agrees() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
