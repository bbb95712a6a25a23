//! The parsers, each with good inputs and what must hold for any.

mod answers;
mod catalogue;
mod codes;
mod journal;
mod print;

use std::path::{Path, PathBuf};

/// A parser.
pub struct Target {
    /// What `cargo xtask fuzz` calls it.
    pub name: &'static str,
    /// How many inputs the tests give it.
    pub tested: u64,
    /// Good inputs.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Gives it an input and checks what must hold.
    pub check: fn(&[u8]),
}

/// All of them.
pub const TARGETS: &[Target] = &[
    journal::ENTRY,
    journal::PUSH,
    journal::ANSWER,
    journal::ARCHIVE,
    journal::STATEMENT,
    catalogue::MANIFEST,
    catalogue::SEGMENTS,
    answers::ANSWER,
    answers::MASTERS,
    codes::SCAN,
    codes::RECEIPT,
    print::FORMAT,
    print::ESCPOS,
];

/// A path of this project.
fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The files of a folder of this project, in order.
fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(project(folder)).expect("the folder of good inputs is there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        (name, std::fs::read(path).expect("a good input can be read"))
    };
    paths.into_iter().filter(|path| path.is_file()).map(read).collect()
}
