//! Turns the compiled app into the files a browser is served.
//!
//! Split from `xtask` because of what it depends on: `wasm-bindgen`'s code generator and a compressor take a minute
//! to build, which nobody should pay for who only wants to run the tests. `xtask` builds it when an app is to be made.
//!
//! The same inputs give the same bytes, and unchanged inputs change nothing on disk.

mod bindings;
mod bundle;
mod compress;
mod stamp;

use clap::Parser;
use std::path::PathBuf;

/// What to bundle, and where to.
#[derive(Parser)]
struct Arguments {
    /// The compiled app.
    #[arg(long)]
    wasm: PathBuf,
    /// The folder with the shell's hand-written files.
    #[arg(long)]
    web: PathBuf,
    /// The folder whose style sheets are joined in the order of their names.
    #[arg(long)]
    style: PathBuf,
    /// The folder to write; what else lies in it is removed.
    #[arg(long)]
    out: PathBuf,
    /// Keep names for debugging, and don't compress.
    #[arg(long)]
    dev: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let stamp = stamp::of(&[&arguments.wasm, &arguments.web, &arguments.style], arguments.dev)?;
    if stamp::is_current(&arguments.out, &stamp) {
        return Ok(());
    }
    let bindings = bindings::generate(&arguments.wasm, arguments.dev)?;
    let bundle = bundle::assemble(&arguments.web, &arguments.style, bindings)?;
    bundle.write(&arguments.out, !arguments.dev)?;
    stamp::write(&arguments.out, &stamp)
}
