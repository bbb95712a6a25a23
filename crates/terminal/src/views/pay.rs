//! Payment: what is due, what was given.

use super::{
    parts::{Keypad, Sheet, amount},
    ui,
};
use crate::app::{app, go};
use holdfast_counter::quick_cash;
use holdfast_engine::Masters;
use leptos::{ev, prelude::*};

/// Paying for the cart.
#[component]
pub(crate) fn Pay(close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let text = RwSignal::new(String::new());
    let (modes, values) = app()
        .catalogue()
        .map(|catalogue| {
            let tables = catalogue.tables();
            let modes: Vec<(String, bool)> = tables
                .profile
                .payments
                .iter()
                .map(|row| {
                    let is_cash =
                        tables.modes_of_payment.iter().any(|m| m.name == row.mode_of_payment && m.kind == "Cash");
                    (row.mode_of_payment.clone(), is_cash)
                })
                .collect();
            let values: Vec<f64> = tables.profile.denominations.iter().map(|denomination| denomination.value).collect();
            (modes, values)
        })
        .unwrap_or_default();
    let cash = modes.iter().find(|(_, is_cash)| *is_cash).map(|(name, _)| name.clone()).unwrap_or_default();
    let pay = move |mode: String, amount: f64| {
        text.set(String::new());
        go(async move { app().pay(&mode, amount).await });
    };
    // What was typed, else what is due.
    let given =
        move || amount(&text.get_untracked()).filter(|value| *value > 0.0).unwrap_or_else(|| untrack(|| app().due()));

    let by_enter = cash.clone();
    let handle = window_event_listener(ev::keydown, move |event| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            pay(by_enter.clone(), given());
        }
        "Backspace" => text.update(|text| {
            text.pop();
        }),
        key if key.len() == 1 && text.with_untracked(|text| text.len() < 9) => {
            if key.as_bytes()[0].is_ascii_digit() {
                text.update(|text| text.push_str(key));
            } else if (key == "." || key == ",") && !text.with_untracked(|text| text.contains('.')) {
                text.update(|text| text.push('.'));
            }
        }
        _ => {}
    });
    on_cleanup(move || handle.remove());

    let quick_mode = cash.clone();
    let quick = move || {
        let mode = quick_mode.clone();
        quick_cash::suggestions(app().due(), &values).into_iter().map(move |value| {
            let mode = mode.clone();
            view! { <button class="quick" data-testid="quick" disabled=ui.busy on:click=move |_| pay(mode.clone(), value)>{app().money(value)}</button> }
        }).collect_view()
    };
    view! {
        <Sheet title="Payment" class="pay" close=close>
            <div class="due">
                <span>{move || if ui.payments.with(Vec::is_empty) { "To pay" } else { "Still to pay" }}</span>
                <strong data-testid="due">{move || app().money(app().due())}</strong>
            </div>
            <ul class="paid">
                {move || ui.payments.get().into_iter().map(|payment| view! {
                    <li><span>{payment.mode_of_payment}</span><span>{app().money(payment.amount)}</span></li>
                }).collect_view()}
            </ul>
            <div class="pay-columns">
                <div class="quicks" aria-label="Cash">{quick}</div>
                <div>
                    <output class="typed" class:empty=move || text.with(String::is_empty) data-testid="given">{move || { let text = text.get(); if text.is_empty() { "Amount".to_owned() } else { text } }}</output>
                    <Keypad text=text />
                </div>
            </div>
            <div class="modes">
                {modes.into_iter().map(|(name, is_cash)| {
                    let key = name.clone();
                    view! { <button class:primary=is_cash data-testid="mode" disabled=ui.busy on:click=move |_| pay(key.clone(), given())>{name}</button> }
                }).collect_view()}
            </div>
        </Sheet>
    }
}
