//! Builds the app, then the hub with the app inside; starts a demo shop from them.

use crate::{
    command::{cargo, command, run as run_to_end},
    places::Places,
    wasm::{TARGET, Toolchain},
};
use anyhow::Context as _;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// Builds everything that a shop needs into one program, whose path is returned.
pub(crate) fn build(places: &Places, dev: bool) -> anyhow::Result<PathBuf> {
    let started = Instant::now();
    let wasm = compile(places, dev)?;
    bundle(places, &wasm, dev)?;
    build_hub(places)?;
    println!("{} is ready ({:.0} s).", places.hub().display(), started.elapsed().as_secs_f64());
    Ok(places.hub())
}

/// Opens a demo shop, and keeps it open until it is stopped.
pub(crate) fn run(places: &Places, dev: bool, items: Option<usize>) -> anyhow::Result<()> {
    let hub = build(places, dev)?;
    println!("The demo shop opens at http://localhost:8080/pos (Ctrl-C closes it).");
    let mut shop = command(hub, &places.root);
    shop.arg("demo").arg("--data").arg(places.target.join("demo")).args(["--listen", "127.0.0.1:8080"]);
    if let Some(items) = items {
        shop.arg("--items").arg(items.to_string());
    }
    run_to_end(&mut shop)
}

/// Compiles the app for the browser.
fn compile(places: &Places, dev: bool) -> anyhow::Result<PathBuf> {
    let profile = if dev { "dev" } else { "web" };
    let target = places.target.join("web/build");
    run_to_end(
        Toolchain::find(places)?
            .cargo(places)
            .args(["build", "--locked", "--package", "holdfast-terminal", "--target", TARGET, "--profile", profile, "--target-dir"])
            .arg(&target),
    )?;
    let folder = if dev { "debug" } else { profile };
    Ok(target.join(TARGET).join(folder).join("holdfast_terminal.wasm"))
}

/// Collects the app's files in `places.app()`.
fn bundle(places: &Places, wasm: &Path, dev: bool) -> anyhow::Result<()> {
    run_to_end(cargo(&places.root).args(["build", "--locked", "--quiet", "--package", "holdfast-bundler", "--profile", "tool"]))?;
    let mut bundler = command(places.target.join("tool/holdfast-bundler"), &places.root);
    bundler.arg("--wasm").arg(wasm);
    bundler.arg("--web").arg(places.root.join("web"));
    bundler.arg("--style").arg(places.root.join("crates/terminal/style"));
    bundler.arg("--out").arg(places.app());
    if dev {
        bundler.arg("--dev");
    }
    run_to_end(&mut bundler)
}

/// Builds the hub around those files.
fn build_hub(places: &Places) -> anyhow::Result<()> {
    let app = fs::canonicalize(places.app()).context("the app's files were just written")?;
    run_to_end(
        cargo(&places.root).env("HOLDFAST_APP_DIR", app).args(["build", "--locked", "--release", "--package", "holdfast-hub"]),
    )
}
