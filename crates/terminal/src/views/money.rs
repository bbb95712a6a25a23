//! Cash that is put into the drawer or taken out of it.

use super::{
    parts::{Keypad, Sheet, amount},
    ui,
};
use crate::app::{app, go};
use holdfast_counter::{Right, words};
use holdfast_engine::Masters;
use leptos::prelude::*;

/// What it is usually moved for.
const REASONS: [&str; 4] = ["Change", "To the bank", "Expenses", "Correction"];

/// In or out, how much, and why.
#[component]
pub(super) fn MoveCash(close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let (text, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let cash = app()
        .catalogue()
        .and_then(|catalogue| {
            let mut modes = catalogue.tables().modes_of_payment.iter();
            modes.find(|mode| mode.kind == "Cash").map(|mode| mode.name.clone())
        })
        .unwrap_or_default();
    let cash = StoredValue::new(cash);
    let go_on = move |sign: f64| {
        let why = reason.get_untracked();
        let Some(value) = amount(&text.get_untracked()).filter(|value| *value > 0.0) else { return };
        if why.trim().is_empty() {
            return ui.complain(words::NO_REASON);
        }
        let mode = cash.get_value();
        ui.overlay.set(None);
        app().with_right(Right::MoveCash, why.clone(), move |app| {
            let app = std::rc::Rc::clone(app);
            go(async move {
                if app.move_cash(&mode, sign * value, &why).await {
                    let way = if sign > 0.0 { "into" } else { "out of" };
                    app.ui.tell(format!("{} went {way} the drawer.", app.money(value)));
                }
            });
        });
    };
    let reasons = REASONS.map(|name| {
        view! { <button class="chip" aria-pressed=move || (reason.get() == name).to_string() on:click=move |_| reason.set(name.to_owned())>{name}</button> }
    });
    view! {
        <Sheet title="Cash in or out" class="narrow" close=close>
            <output class="typed" class:empty=move || text.with(String::is_empty) data-testid="cash-amount">{move || { let text = text.get(); if text.is_empty() { "Amount".to_owned() } else { text } }}</output>
            <Keypad text=text />
            <div class="chips wrap">{reasons}</div>
            <input placeholder="Why" aria-label="Why" maxlength="140" data-testid="cash-reason" prop:value=reason on:input=move |event| reason.set(event_target_value(&event)) />
            <div class="actions">
                <button data-testid="cash-out" on:click=move |_| go_on(-1.0)>"Take out"</button>
                <button class="primary" data-testid="cash-in" on:click=move |_| go_on(1.0)>"Put in"</button>
            </div>
        </Sheet>
    }
}
