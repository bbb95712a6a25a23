//! The browser app: views over the counter, and adapters to what a browser offers.
use leptos::prelude::*;
/// Starts.
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() { leptos::mount::mount_to_body(|| view! { <p>"hi"</p> }); }
