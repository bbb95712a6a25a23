//! From sources to one program: compile the app, make its glue, name every file by its hash, compress, embed, build the hub.

use crate::{
    shell::{cargo, root, run, target},
    wasm,
};
use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

/// What a first visit may cost, compressed.
pub(crate) const BYTES_MAX: u64 = 600_000;

/// Builds `target/release/holdfast` with the app inside.
pub(crate) fn build_hub() -> Result<PathBuf> {
    let app = build_app()?;
    run(cargo().args(["build", "--release", "--locked", "--package", "holdfast-hub"]).env("HOLDFAST_APP_DIR", &app))?;
    Ok(target().join("release/holdfast"))
}

/// Builds the app's folder: what the hub serves under `/pos`.
pub(crate) fn build_app() -> Result<PathBuf> {
    bundle(&glue("holdfast-terminal", "glue")?)
}

/// Builds the engine alone for the browser: `app.js` and `app_bg.wasm`, for the tests that compare it with the native one.
pub(crate) fn build_engine() -> Result<PathBuf> {
    glue("holdfast-engine-wasm", "engine")
}

/// Compiles a package for the browser and makes its JavaScript.
fn glue(package: &str, folder: &str) -> Result<PathBuf> {
    let wasm = wasm::compile(package)?;
    run(cargo().args(["build", "--release", "--locked", "--quiet", "--package", "holdfast-bindgen"]))?;
    let folder = target().join("web-build").join(folder);
    fs::create_dir_all(&folder)?;
    run(Command::new(target().join("release/holdfast-bindgen")).arg(&wasm).arg(&folder))?;
    Ok(folder)
}

/// Sixteen hex digits of a text's hash.
pub(crate) fn short_hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))[..16].to_owned()
}

fn bundle(glue: &Path) -> Result<PathBuf> {
    let web = root().join("web");
    let read = |path: PathBuf| fs::read_to_string(&path).with_context(|| path.display().to_string());
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, extension: &str, bytes: Vec<u8>| {
        let name = format!("{name}.{}.{extension}", short_hash(&bytes));
        files.push((name.clone(), bytes));
        name
    };
    let wasm = add("app_bg", "wasm", fs::read(glue.join("app_bg.wasm"))?);
    let app = add("app", "js", read(glue.join("app.js"))?.into_bytes());
    let mut style = String::new();
    let mut sheets: Vec<PathBuf> = fs::read_dir(root().join("crates/terminal/style"))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    sheets.sort();
    sheets.push(root().join("crates/receipt/src/receipt.css"));
    for sheet in sheets {
        style.push_str(&read(sheet)?);
    }
    let style = add("style", "css", style.into_bytes());
    let boot = read(web.join("boot.js"))?.replace("APP_JS", &app).replace("APP_WASM", &wasm);
    let boot = add("boot", "js", boot.into_bytes());
    for name in ["icon.svg", "manifest.webmanifest"] {
        files.push((name.to_owned(), fs::read(web.join(name))?));
    }
    let index = [("STYLE_CSS", &style), ("BOOT_JS", &boot), ("APP_JS", &app), ("APP_WASM", &wasm)]
        .iter()
        .fold(read(web.join("index.html"))?, |text, (place, name)| text.replace(place, name));
    files.push(("index.html".to_owned(), index.into_bytes()));
    finish(files, &read(web.join("sw.js"))?)
}

/// The list of files goes into the service worker and into `build.json`; the build's id is the hash of that list.
fn finish(mut files: Vec<(String, Vec<u8>)>, worker: &str) -> Result<PathBuf> {
    let list: Vec<_> = files
        .iter()
        .map(
            |(name, bytes)| json!({ "name": name, "sha256": hex::encode(Sha256::digest(bytes)), "bytes": bytes.len() }),
        )
        .collect();
    let list = serde_json::to_string(&list)?;
    let build = short_hash(format!("{list}{worker}").as_bytes());
    let worker = worker.replace("\"BUILD_ID\"", &format!("\"{build}\"")).replace("[\"BUILD_FILES\"]", &list);
    files.push(("sw.js".to_owned(), worker.into_bytes()));
    files.push(("build.json".to_owned(), format!("{{\"build\":\"{build}\",\"files\":{list}}}").into_bytes()));

    let folder = target().join("web/app");
    if fs::read_to_string(folder.join("build.json")).is_ok_and(|text| text.contains(&build)) {
        return Ok(folder);
    }
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    for (name, bytes) in &files {
        fs::write(folder.join(name), bytes)?;
        let mut brotli = Vec::new();
        brotli::CompressorWriter::new(&mut brotli, 64 * 1024, 11, 22).write_all(bytes)?;
        fs::write(folder.join(format!("{name}.br")), &brotli)?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes)?;
        fs::write(folder.join(format!("{name}.gz")), gzip.finish()?)?;
    }
    println!("app {build}: {} kB, {} kB compressed", total(&folder, false)? / 1000, total(&folder, true)? / 1000);
    Ok(folder)
}

/// The bytes of the app's files, plain or as Brotli.
pub(crate) fn total(folder: &Path, compressed: bool) -> Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if (extension == "br") == compressed && extension != "gz" {
            sum += fs::metadata(&path)?.len();
        }
    }
    Ok(sum)
}
