//! The standard library for the browser, built from Debian's sources once for each version of the compiler.
//!
//! Debian ships the compiler and the library's sources but no compiled library for this target. The result is a
//! sysroot of its own in the cache: it appears there whole or not at all, since it is built beside its final place
//! and then renamed.

use super::{DEBIAN_RUSTC, TARGET, debian_cargo};
use crate::{
    command::{command, output, run},
    places::Places,
};
use anyhow::{Context as _, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// Where Debian's `rust-web-src` puts the library's manifest.
const SOURCES: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

/// The crates that a program for the browser may need.
const CRATES: &str = "-Zbuild-std=std,panic_abort,proc_macro";

const EMPTY_CRATE: &str = r#"[package]
name = "nothing"
edition = "2024"

[lib]
path = "lib.rs"

[profile.release]
panic = "abort"

[workspace]
"#;

/// Whether Debian's compiler and the library's sources are here.
pub(super) fn can_be_built() -> bool {
    Path::new(SOURCES).is_file() && Path::new(super::DEBIAN_CARGO).is_file() && Path::new(DEBIAN_RUSTC).is_file()
}

/// Returns the sysroot for Debian's current compiler, building it if it isn't in the cache yet.
pub(super) fn build_once(places: &Places) -> anyhow::Result<PathBuf> {
    let version = output(command(DEBIAN_RUSTC, &places.root).arg("-V"))?;
    let sysroot = places.cache.join(format!("wasm-sysroot-{}", file_name(version.trim())));
    if sysroot.is_dir() {
        return Ok(sysroot);
    }
    println!("Building the standard library for the browser, once for {} (about a minute).", version.trim());
    let started = Instant::now();
    let work = places.cache.join(format!("wasm-sysroot-work-{}", std::process::id()));
    let built = build(&work).and_then(|()| rename(&work.join("sysroot"), &sysroot));
    fs::remove_dir_all(&work).ok();
    built?;
    println!("Built it in {:.0} s; it is kept in {}.", started.elapsed().as_secs_f64(), sysroot.display());
    Ok(sysroot)
}

/// Builds the library by building an empty crate that it is needed for, and gathers it in `work/sysroot`.
fn build(work: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(work).with_context(|| format!("{} cannot be made", work.display()))?;
    fs::write(work.join("Cargo.toml"), EMPTY_CRATE)?;
    fs::write(work.join("lib.rs"), "")?;
    let target = work.join("target");
    run(debian_cargo(work)
        // Only so that a stable compiler takes `-Zbuild-std`; the project itself is built without it.
        .env("RUSTC_BOOTSTRAP", "1")
        // Without bitcode in the library, link-time optimisation would stop at its border.
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Cembed-bitcode=yes")
        .args(["build", "--quiet", "--release", "--target", TARGET, CRATES, "--target-dir"])
        .arg(&target))?;

    let libraries = work.join("sysroot/lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&libraries)?;
    let mut count = 0;
    for entry in fs::read_dir(target.join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libnothing-") {
            fs::copy(&path, libraries.join(name))?;
            count += 1;
        }
    }
    ensure!(count > 0, "the standard library was built, but {} has none of it", target.display());
    Ok(())
}

/// Two builds at once may both get here: whichever comes second finds the same library in place.
fn rename(built: &Path, sysroot: &Path) -> anyhow::Result<()> {
    match fs::rename(built, sysroot) {
        Err(_) if sysroot.is_dir() => Ok(()),
        renamed => renamed.with_context(|| format!("{} cannot be put in place", sysroot.display())),
    }
}

fn file_name(version: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '+';
    version.split(|c| !is_plain(c)).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
