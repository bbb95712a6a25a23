//! Remembers which inputs a bundle was made from, so that an unchanged app is not compressed again.

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A hash over this program, the inputs (folders with everything in them) and how they are to be bundled.
pub(crate) fn of(inputs: &[&Path], dev: bool) -> anyhow::Result<String> {
    let mut hasher = Sha256::new();
    let program = std::env::current_exe().context("this program knows where it lies")?;
    let mut files = vec![program];
    for input in inputs {
        collect(input, &mut files).with_context(|| format!("{} cannot be read", input.display()))?;
    }
    for file in files {
        let bytes = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        hasher.update(file.to_string_lossy().as_bytes());
        hasher.update(bytes.len().to_le_bytes());
        hasher.update(bytes);
    }
    hasher.update([u8::from(dev)]);
    Ok(hex::encode(hasher.finalize()))
}

/// Whether the bundle in this folder was made from the inputs that the stamp stands for.
pub(crate) fn is_current(out: &Path, stamp: &str) -> bool {
    out.join("build.json").is_file() && fs::read_to_string(path(out)).is_ok_and(|old| old == stamp)
}

/// Notes the inputs of the bundle in this folder. Comes last: a bundle that was not finished has no stamp.
pub(crate) fn write(out: &Path, stamp: &str) -> anyhow::Result<()> {
    fs::write(path(out), stamp).context("the stamp cannot be written")
}

/// Forgets the inputs of the bundle in this folder, before it is changed.
pub(crate) fn remove(out: &Path) -> io::Result<()> {
    match fs::remove_file(path(out)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Beside the folder, not in it: everything in the folder is served.
fn path(out: &Path) -> PathBuf {
    out.with_extension("stamp")
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| collect(entry, files))
}
