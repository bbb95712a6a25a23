//! Oracle files on disk: a JSON object a line, gzipped or not, with the whole shop beside them.

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;
use serde_json::Value;
use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

/// The whole shop that a directory of oracle files was recorded from.
pub(crate) struct MasterFile {
    pub(crate) shop: Value,
    pub(crate) precisions: Value,
}

/// The project's own oracle files.
pub fn own_files() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(own_directory()).context("the project's own oracle files")? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".jsonl.gz") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("there are no oracle files in {}", own_directory().display());
    }
    Ok(files)
}

/// Where the project keeps its own files.
pub(crate) fn own_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

/// The cases of a file.
pub fn read_cases(file: &Path) -> Result<Vec<Value>> {
    cases(&read_text(file)?).collect::<Result<_, _>>().with_context(|| format!("a line of {}", file.display()))
}

/// The cases of a file's text.
pub(crate) fn cases(text: &str) -> impl Iterator<Item = serde_json::Result<Value>> {
    text.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str)
}

/// The shop beside a file; else the project's own.
pub(crate) fn masters_beside(file: &Path) -> Result<MasterFile> {
    let directory = file.parent().unwrap_or(Path::new("."));
    Ok(MasterFile { shop: document(directory, "master.json")?, precisions: document(directory, "precisions.json")? })
}

fn document(directory: &Path, name: &str) -> Result<Value> {
    let compressed = format!("{name}.gz");
    let own = own_directory().join(&compressed);
    let places = [directory.join(name), directory.join(&compressed), own];
    let found = places.iter().find(|path| path.exists()).with_context(|| format!("there is no {name}"))?;
    serde_json::from_str(&read_text(found)?).with_context(|| found.display().to_string())
}

/// The text of a file, gzipped or not.
pub fn read_text(file: &Path) -> Result<String> {
    let mut text = String::new();
    let mut opened = File::open(file).with_context(|| file.display().to_string())?;
    if file.extension().is_some_and(|extension| extension == "gz") {
        GzDecoder::new(opened).read_to_string(&mut text)
    } else {
        opened.read_to_string(&mut text)
    }
    .with_context(|| file.display().to_string())?;
    Ok(text)
}
