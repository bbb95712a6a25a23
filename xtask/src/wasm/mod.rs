//! A compiler for the browser: rustup's where its target is installed, otherwise Debian's with a standard library
//! that is built here, once.

mod standard_library;

use crate::{
    command::{cargo, command, find, output},
    debian,
    places::Places,
};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The name of the target.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";

/// A way to compile for the browser.
pub(crate) enum Toolchain {
    /// The compiler in use has the target.
    Installed,
    /// Debian's compiler, with the standard library in this folder.
    Debian {
        /// A sysroot that has the target's standard library and nothing else.
        sysroot: PathBuf,
    },
}

impl Toolchain {
    /// Finds one, and sets it up if need be.
    pub(crate) fn find(places: &Places) -> anyhow::Result<Self> {
        let in_use = output(command("rustc", &places.root).args(["--print", "sysroot"]))?;
        if Path::new(in_use.trim()).join("lib/rustlib").join(TARGET).is_dir() {
            return Ok(Self::Installed);
        }
        if !standard_library::can_be_built() || find("wasm-ld-19").is_none() {
            debian::install(&DEBIAN_PACKAGES, "a compiler for WebAssembly is")?;
        }
        Ok(Self::Debian { sysroot: standard_library::build_once(places)? })
    }

    /// Cargo, set up so that `--target wasm32-unknown-unknown` works.
    pub(crate) fn cargo(&self, places: &Places) -> Command {
        match self {
            Self::Installed => cargo(&places.root),
            Self::Debian { sysroot } => {
                let mut cargo = debian_cargo(&places.root);
                cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19");
                cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", format!("--sysroot={}", sysroot.display()));
                cargo
            }
        }
    }
}

/// Debian's cargo with Debian's compiler, whatever else is on the path.
fn debian_cargo(root: &Path) -> Command {
    let mut cargo = command(DEBIAN_CARGO, root);
    cargo.env("RUSTC", DEBIAN_RUSTC).env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    cargo
}
