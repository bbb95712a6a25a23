//! The screens.

mod allow;
mod cart;
mod cart_menu;
mod customers;
mod enrol;
mod figures;
mod grid;
mod line;
mod money;
mod parts;
mod pay;
mod returns;
mod sales;
mod sell;
mod shift;
mod sign_in;

use crate::{
    app::{app, go},
    browser::set_timeout,
    ui::{Overlay, Screen, Ui},
};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

/// How long a sentence that is only good to know stays, in milliseconds.
const NOTICE_MS: i32 = 6_000;

/// The signals, from anywhere.
pub(crate) fn ui() -> Ui {
    expect_context::<Ui>()
}

/// The whole page: one screen, the notice over it, and what is printed.
#[component]
pub(crate) fn Root() -> impl IntoView {
    let ui = ui();
    listen_to_keys();
    // What is only good to know goes by itself; what went wrong stays until somebody has read it.
    let timer = StoredValue::new_local(None);
    Effect::new(move |_| {
        let is_passing = ui.notice.with(|notice| notice.as_ref().is_some_and(|notice| !notice.is_error));
        timer.set_value(is_passing.then(|| set_timeout(NOTICE_MS, move || ui.notice.set(None))));
    });
    view! {
        {move || match ui.screen.get() {
            Screen::Starting => view! { <main class="plain"><p class="quiet">"Starting"</p></main> }.into_any(),
            Screen::Broken(why) => view! { <Plain title="The counter cannot open" text=why /> }.into_any(),
            Screen::OtherTab => view! { <OtherTab text=holdfast_counter::words::OTHER_TAB /> }.into_any(),
            Screen::TakenOver => view! { <OtherTab text=holdfast_counter::words::TAKEN_OVER /> }.into_any(),
            Screen::Enrol => view! { <enrol::Enrol /> }.into_any(),
            Screen::Loading => view! { <enrol::Loading /> }.into_any(),
            Screen::SignIn => view! { <sign_in::SignIn /> }.into_any(),
            Screen::OpenShift => view! { <shift::OpenShift /> }.into_any(),
            Screen::Sell => view! { <sell::Sell /> }.into_any(),
            Screen::CloseShift => view! { <shift::CloseShift /> }.into_any(),
        }}
        <div class="notices" class:beside-cart=move || ui.screen.get() == Screen::Sell role="status" aria-live="polite">
            {move || ui.notice.get().map(|notice| view! {
                <div class="notice" class:error=notice.is_error data-testid="notice">
                    <span>{notice.text}</span>
                    <button class="icon" aria-label="Dismiss" on:click=move |_| ui.notice.set(None)><parts::Icon name="close" /></button>
                </div>
            })}
        </div>
        <div id="print-area" aria-hidden="true"></div>
    }
}

#[component]
fn Plain(title: &'static str, #[prop(into)] text: String) -> impl IntoView {
    view! { <main class="plain"><h1>{title}</h1><p data-testid="sentence">{text}</p></main> }
}

#[component]
fn OtherTab(text: &'static str) -> impl IntoView {
    view! {
        <main class="plain">
            <h1>"Another tab is selling"</h1>
            <p data-testid="sentence">{text}</p>
            <button class="primary" data-testid="take-over"
                on:click=move |_| go(async { reload_and_take().await })>"Take over here"</button>
        </main>
    }
}

/// Takes the lock away from the other tab and reads everything anew, as a fresh page would.
async fn reload_and_take() {
    app().take_counter(true).await;
}

/// Keys that no input is waiting for: scans, typing to search, and shortcuts.
fn listen_to_keys() {
    let ui = ui();
    let handle = window_event_listener(ev::keydown, move |event| {
        if ui.screen.get_untracked() != Screen::Sell || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let key = event.key();
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let in_search = input.as_ref().is_some_and(|input| input.id() == "search");
        if input.is_some() && !in_search {
            return;
        }
        let app = app();
        if app.key(&key, event.time_stamp()) {
            event.prevent_default();
            return;
        }
        match key.as_str() {
            "Enter" if in_search && ui.overlay.get_untracked().is_none() => sell::choose_first(),
            "F9" => {
                event.prevent_default();
                app.begin_payment();
            }
            "F2" => {
                event.prevent_default();
                focus("search");
            }
            "F4" | "F6" | "F8" if ui.overlay.get_untracked().is_none() => {
                event.prevent_default();
                ui.overlay.set(Some(match key.as_str() {
                    "F4" => Overlay::Customers,
                    "F6" => Overlay::Held,
                    _ => Overlay::CartMenu,
                }));
            }
            "Escape" => {
                if ui.overlay.get_untracked().is_some() && !ui.busy.get_untracked() {
                    ui.overlay.set(None);
                } else {
                    ui.query.set(String::new());
                }
            }
            key if key.chars().count() == 1 && ui.overlay.get_untracked().is_none() => focus("search"),
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

/// Puts the keyboard into an element.
pub(crate) fn focus(id: &str) {
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus();
    }
}
