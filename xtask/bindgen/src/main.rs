//! Makes the JavaScript glue for the app: `holdfast-bindgen APP.wasm FOLDER` writes `app.js` and `app_bg.wasm`.

use anyhow::Context;
use std::env::args;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let input = args().nth(1).context("which .wasm file?")?;
    let folder = args().nth(2).context("which folder?")?;
    let mut bindgen = Bindgen::new();
    // The names of functions are two fifths of the file and tell only a debugger something: panics carry file and line.
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.input_path(input).out_name("app").typescript(false).web(true)?.generate(folder)
}
