//! A compiler for the browser: rustup's target where it is installed, else Debian's `rustc-web` with a standard library
//! built once.

use crate::shell::{install, output, root, run, target};
use anyhow::{Context, Result, bail};
use std::{
    env, fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

const TARGET: &str = "wasm32-unknown-unknown";

/// The oldest compiler, 1.this, that the app's packages take. A Debian whose package lists are old offers an older one.
const MINOR_MIN: u32 = 89;

/// Compiles a package for the browser, as the app is compiled, and gives the path of its `.wasm`.
pub(crate) fn compile(package: &str) -> Result<PathBuf> {
    let folder = target().join("web-build");
    let mut cargo = if has_rustup_target() { crate::shell::cargo() } else { debian_cargo()? };
    cargo.current_dir(root()).env("CARGO_TARGET_DIR", &folder).env_remove("CARGO_ENCODED_RUSTFLAGS").args([
        "build",
        "--profile",
        "web",
        "--locked",
        "--target",
        TARGET,
        "--package",
        package,
    ]);
    run(&mut cargo)?;
    Ok(folder.join(TARGET).join("web").join(package.replace('-', "_")).with_extension("wasm"))
}

fn has_rustup_target() -> bool {
    output(Command::new("rustc").args(["--print", "sysroot"]))
        .is_ok_and(|sysroot| Path::new(&sysroot).join("lib/rustlib").join(TARGET).is_dir())
}

/// Debian's cargo and compiler, with a sysroot that has the browser's standard library.
fn debian_cargo() -> Result<Command> {
    if !is_ready() {
        install(
            &["rustc-web", "cargo-web", "rust-web-src", "lld-19"],
            "rustup's wasm32-unknown-unknown target is not installed here",
        )?;
        if !is_ready() {
            let version = version().unwrap_or_else(|_| "none".into());
            bail!("Debian's compiler is too old for the app or not whole: {version}, needed is 1.{MINOR_MIN}");
        }
    }
    let sysroot = sysroot()?;
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(std::iter::once(sysroot.join("bin")).chain(env::split_paths(&path)))?;
    let mut cargo = Command::new("/usr/bin/cargo");
    for name in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN", "RUSTUP_HOME", "RUSTC_WRAPPER", "RUSTFLAGS"] {
        cargo.env_remove(name);
    }
    cargo.env("PATH", path).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19");
    Ok(cargo)
}

/// Whether Debian's compiler is there with all that belongs to it, and new enough.
fn is_ready() -> bool {
    let tools = ["/usr/bin/cargo", "/usr/bin/wasm-ld-19", "/usr/lib/rustlib"];
    let Some(release) = version().ok().as_deref().and_then(|version| version.split(' ').nth(1).map(str::to_owned))
    else {
        return false;
    };
    let minor = release.split('.').nth(1).and_then(|minor| minor.parse::<u32>().ok());
    let sources = Path::new("/usr/src").join(format!("rustc-{release}"));
    tools.iter().all(|tool| Path::new(tool).exists()) && minor >= Some(MINOR_MIN) && sources.is_dir()
}

/// What Debian's compiler calls itself.
fn version() -> Result<String> {
    output(Command::new("/usr/bin/rustc").arg("-V"))
}

/// The cached sysroot, built if this compiler has none yet. It appears whole or not at all.
fn sysroot() -> Result<PathBuf> {
    let version = version()?;
    let key = crate::app::short_hash(version.as_bytes());
    let cache = env::var_os("HOLDFAST_CACHE").map_or_else(
        || {
            let home = env::var_os("HOME").map_or_else(|| PathBuf::from("/tmp"), PathBuf::from);
            env::var_os("XDG_CACHE_HOME").map_or_else(|| home.join(".cache"), PathBuf::from).join("holdfast")
        },
        PathBuf::from,
    );
    let sysroot = cache.join(format!("wasm-{key}"));
    if !sysroot.is_dir() {
        println!("Building the standard library for the browser, once ({version}): about a minute.");
        fs::create_dir_all(&cache)?;
        let draft = cache.join(format!("draft-{}", std::process::id()));
        let built = build_sysroot(&draft);
        if built.is_ok() {
            write_wrappers(&draft, &sysroot)?;
            // Somebody else may have finished first; then theirs is as good.
            if fs::rename(&draft, &sysroot).is_err() && !sysroot.is_dir() {
                bail!("{} cannot be written", sysroot.display());
            }
        }
        let _ = fs::remove_dir_all(&draft);
        built?;
    }
    Ok(sysroot)
}

fn build_sysroot(sysroot: &Path) -> Result<()> {
    let work = sysroot.join("work");
    fs::create_dir_all(work.join("src"))?;
    fs::write(
        work.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[profile.release]\npanic = \"abort\"\n[workspace]\n",
    )?;
    fs::write(work.join("src/lib.rs"), "")?;
    let mut cargo = Command::new("/usr/bin/cargo");
    for name in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTUP_HOME", "RUSTC_WRAPPER", "CARGO_TARGET_DIR"] {
        cargo.env_remove(name);
    }
    run(cargo
        .current_dir(&work)
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort,proc_macro"]))?;
    let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&libraries)?;
    for entry in fs::read_dir(work.join("target").join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?.to_string_lossy().into_owned();
        if path.extension().is_some_and(|extension| extension == "rlib") && !name.starts_with("libempty") {
            fs::copy(&path, libraries.join(name))?;
        }
    }
    fs::remove_dir_all(&work)?;
    Ok(())
}

/// `rustc`, `rustdoc` and `cargo` that use the sysroot from its final place.
fn write_wrappers(draft: &Path, sysroot: &Path) -> Result<()> {
    let native = "x86_64-unknown-linux-gnu";
    symlink(Path::new("/usr/lib/rustlib").join(native), draft.join("lib/rustlib").join(native))?;
    let bin = draft.join("bin");
    fs::create_dir_all(&bin)?;
    for tool in ["rustc", "rustdoc"] {
        let path = bin.join(tool);
        fs::write(&path, format!("#!/bin/sh\nexec /usr/bin/{tool} --sysroot {} \"$@\"\n", sysroot.display()))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    }
    symlink("/usr/bin/cargo", bin.join("cargo"))?;
    Ok(())
}
