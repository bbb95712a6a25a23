//! Every test there is, one after the other, with a count at the end.

use crate::{
    app,
    shell::{self, cargo, has, root, run},
    tidy,
};
use anyhow::{Context, Result, bail};
use std::{fs, path::PathBuf, process::Command};

/// A step with its name.
type Step = (&'static str, fn() -> Result<()>);

/// Formatting, clippy, tidiness.
pub(crate) fn lint() -> Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))?;
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "--deny", "warnings"]))?;
    tidy::check()
}

/// Everything. Goes on after a failure, so that one run tells all.
pub(crate) fn everything() -> Result<()> {
    let steps: [Step; 5] = [
        ("lint", lint),
        ("native tests", native),
        ("documentation tests", documentation),
        ("size of the app", size),
        ("browser tests", browser),
    ];
    let mut failed = Vec::new();
    for (name, step) in steps {
        println!("\n== {name}");
        if let Err(error) = step() {
            println!("{name} failed: {error:#}");
            failed.push(name);
        }
    }
    println!("\n{} passed, {} failed", steps.len() - failed.len(), failed.len());
    if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
}

fn native() -> Result<()> {
    run(cargo().args(["test", "--locked", "--quiet", "--lib", "--bins", "--tests"]))
}

/// Sells into a real ERPNext site with a hub that is built for it, without the app.
pub(crate) fn live() -> Result<()> {
    run(cargo().args(["build", "--release", "--locked", "--package", "holdfast-hub"]))?;
    run(shell::program("holdfast-live")
        .arg("--")
        .args(std::env::args_os().skip(2))
        .env("HOLDFAST", shell::target().join("release/holdfast")))
}

fn documentation() -> Result<()> {
    run(cargo().args(["test", "--locked", "--quiet", "--doc"]))
}

/// The first visit's budget.
fn size() -> Result<()> {
    let folder = app::build_app()?;
    let bytes = app::total(&folder, true)?;
    println!("{} kB compressed of {} kB", bytes / 1000, app::BYTES_MAX / 1000);
    if bytes > app::BYTES_MAX {
        bail!("the app has grown to {bytes} bytes")
    }
    Ok(())
}

fn browser() -> Result<()> {
    scenarios("scenarios/")
}

/// Runs browser scenarios: all in a folder, or one file.
pub(crate) fn scenarios(which: &str) -> Result<()> {
    let hub = app::build_hub()?;
    let folder = prepare_browser()?;
    run(Command::new("node")
        .current_dir(folder)
        .args(["--test", "--test-concurrency=1", "--test-force-exit", "--test-timeout=180000", "--test-reporter=spec"])
        .arg(which)
        .env("HOLDFAST", hub)
        .env("HOLDFAST_ENGINE", app::build_engine()?)
        .env("HOLDFAST_DIGESTS", digests()?)
        .env("HOLDFAST_SCREENS", pictures()))
}

/// What the native engine says of each oracle file, as JSON.
fn digests() -> Result<String> {
    shell::output(shell::program("holdfast-oracle").args(["--", "--digests"]))
}

fn pictures() -> PathBuf {
    shell::target().join("screens")
}

/// Takes the pictures that the documentation shows again.
pub(crate) fn screens() -> Result<()> {
    scenarios("scenarios/screens.test.mjs")?;
    for entry in fs::read_dir(root().join("docs/screens"))? {
        let shown = entry?.path();
        let name = shown.file_name().context("a picture has a name")?;
        fs::copy(pictures().join(name), &shown).with_context(|| format!("no test takes {}", shown.display()))?;
    }
    Ok(())
}

/// Node, Chromium and playwright-core, installed where they are missing.
pub(crate) fn prepare_browser() -> Result<PathBuf> {
    if !has("node") || !has("npm") {
        shell::install(&["nodejs", "npm"], "the browser tests are driven by Node.js")?;
    }
    if !["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"].iter().any(|name| has(name)) {
        shell::install(&["chromium", "fonts-dejavu-core"], "the browser tests need a browser")?;
    }
    let folder = root().join("tests/browser");
    if !folder.join("node_modules/playwright-core").is_dir() {
        run(Command::new("npm").current_dir(&folder).args(["ci", "--no-audit", "--no-fund", "--silent"]))?;
    }
    Ok(folder)
}
