//! The browser app: views over the counter, and adapters to what a browser offers.
//!
//! Runs on `wasm32` in a browser only; it builds natively too, so that it is linted with everything else.

mod app;
mod browser;
mod crypto;
mod disk;
mod lock;
mod net;
mod ui;
mod views;

use leptos::prelude::*;

/// Mounts the app on the page.
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(|| {
        let ui = ui::Ui::new();
        provide_context(ui);
        app::go(app::start(ui));
        view! { <views::Root /> }
    });
}
