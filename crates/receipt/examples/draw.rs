//! Prints the sample receipts, reads the bytes back and draws them: `draw FOLDER` writes an SVG for each.

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::{env, fs, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let Some(folder) = env::args().nth(1) else {
        eprintln!("draw FOLDER");
        return ExitCode::FAILURE;
    };
    for (name, picture) in samples::draw::pictures_of_paper() {
        let path = Path::new(&folder).join(name);
        if let Err(error) = fs::write(&path, picture) {
            eprintln!("{}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
