//! The JavaScript between the app and the browser's APIs.

use anyhow::{Context as _, ensure};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// The app as a browser takes it.
pub(crate) struct Bindings {
    /// The module that a page imports; its default export starts the app, given the address of `wasm`.
    pub(crate) script: Vec<u8>,
    /// The app itself.
    pub(crate) wasm: Vec<u8>,
}

/// Generates them from what the compiler made. For development, function names stay in.
pub(crate) fn generate(wasm: &Path, dev: bool) -> anyhow::Result<Bindings> {
    let mut bindgen = Bindgen::new();
    let mut output = bindgen
        .input_path(wasm)
        .out_name("app")
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .keep_debug(dev)
        .remove_name_section(!dev)
        .remove_producers_section(!dev)
        .generate_output()
        .with_context(|| format!("no bindings could be made for {}", wasm.display()))?;
    ensure!(
        output.snippets().is_empty() && output.local_modules().is_empty() && output.npm_dependencies().is_empty(),
        "a crate brings JavaScript of its own; the bundle has no place for more than one script"
    );
    let script = output.js().as_bytes().to_vec();
    let wasm = output.wasm_mut().emit_wasm();
    Ok(Bindings { script, wasm })
}
