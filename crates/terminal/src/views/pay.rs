//! Payment: what is due, what was given.

use super::{
    parts::{Keypad, Sheet, amount},
    ui,
};
use crate::app::{app, go};
use holdfast_counter::{Right, Ticket, quick_cash};
use holdfast_engine::Masters;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

/// Paying for the cart.
#[component]
pub(crate) fn Pay(close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let text = RwSignal::new(String::new());
    let is_paid_out = ui.ticket.with_untracked(Ticket::due) < 0.0;
    let (modes, values) = app()
        .catalogue()
        .map(|catalogue| {
            let tables = catalogue.tables();
            let is_cash =
                |name: &str| tables.modes_of_payment.iter().any(|mode| mode.name == name && mode.kind == "Cash");
            let rows = tables.profile.payments.iter().filter(|row| !is_paid_out || row.allow_in_returns);
            let modes: Vec<(String, bool)> =
                rows.map(|row| (row.mode_of_payment.clone(), is_cash(&row.mode_of_payment))).collect();
            let values: Vec<f64> = tables.profile.denominations.iter().map(|denomination| denomination.value).collect();
            (modes, values)
        })
        .unwrap_or_default();
    let cash = modes.iter().find(|(_, is_cash)| *is_cash).map(|(name, _)| name.clone()).unwrap_or_default();
    let reference = RwSignal::new(String::new());
    let pay = move |mode: String, amount: f64| {
        text.set(String::new());
        let reference_no = reference.get_untracked();
        reference.set(String::new());
        go(async move { app().pay(&mode, amount, &reference_no).await });
    };
    // What was typed, else what is due.
    let given = move || {
        amount(&text.get_untracked()).filter(|value| *value > 0.0).unwrap_or_else(|| untrack(|| app().due().abs()))
    };

    let by_enter = cash.clone();
    let handle = window_event_listener(ev::keydown, move |event| {
        let is_typed_elsewhere = event.target().is_some_and(|target| target.has_type::<web_sys::HtmlInputElement>());
        if is_typed_elsewhere {
            return;
        }
        match event.key().as_str() {
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
        }
    });
    on_cleanup(move || handle.remove());

    let quick_mode = cash.clone();
    let quick = move || {
        let mode = quick_mode.clone();
        quick_cash::suggestions(app().due().abs(), if is_paid_out { &[] } else { &values }).into_iter().map(move |value| {
            let mode = mode.clone();
            view! { <button class="quick" data-testid="quick" disabled=ui.busy on:click=move |_| pay(mode.clone(), value)>{app().money(value)}</button> }
        }).collect_view()
    };
    view! {
        <Sheet title=if is_paid_out { "Pay out" } else { "Payment" } class="pay" close=close>
            <div class="due">
                <span>{move || match (is_paid_out, ui.payments.with(Vec::is_empty)) {
                    (true, true) => "To pay out",
                    (true, false) => "Still to pay out",
                    (false, true) => "To pay",
                    (false, false) => "Still to pay",
                }}</span>
                <strong data-testid="due">{move || app().money(app().due().abs())}</strong>
            </div>
            <ul class="paid">
                {move || ui.payments.get().into_iter().map(|payment| view! {
                    <li><span>{payment.mode_of_payment}" "<span class="quiet">{payment.reference_no}</span></span><span>{app().money(payment.amount.abs())}</span></li>
                }).collect_view()}
            </ul>
            <div class="pay-columns">
                <div class="quicks" aria-label="Cash">{quick}</div>
                <div>
                    <output class="typed" class:empty=move || text.with(String::is_empty) data-testid="given">{move || { let text = text.get(); if text.is_empty() { "Amount".to_owned() } else { text } }}</output>
                    <Keypad text=text />
                </div>
            </div>
            <input placeholder="Reference (card slip)" aria-label="Reference" maxlength="60" autocomplete="off" data-testid="reference"
                prop:value=reference on:input=move |event| reference.set(event_target_value(&event)) />
            <Points />
            <div class="modes">
                {modes.into_iter().map(|(name, is_cash)| {
                    let key = name.clone();
                    view! { <button class:primary=is_cash data-testid="mode" disabled=ui.busy on:click=move |_| pay(key.clone(), given())>{name}</button> }
                }).collect_view()}
                {move || (!is_paid_out && app().may_owe()).then(|| view! {
                    <button data-testid="on-credit" disabled=ui.busy on:click=move |_| app().with_right(Right::Credit, app().money(app().due()), |app| { let app = std::rc::Rc::clone(app); go(async move { app.finish(true).await }); })>"Leave open"</button>
                })}
            </div>
        </Sheet>
    }
}

/// Points that the customer can pay with.
#[component]
fn Points() -> impl IntoView {
    let ui = ui();
    let usable = move || {
        ui.book.track();
        let customer = ui.basket.with(|basket| basket.customer.clone());
        let total = ui.ticket.with(|ticket| ticket.sale.as_ref().map(|sale| sale.invoice.payable()))?;
        app().usable_points(&customer, total)
    };
    move || {
        let used = ui.basket.with(|basket| basket.points);
        let (points, worth) = usable()?;
        let (label, wanted) = if used > 0 {
            (format!("Do not use the {used} points"), 0)
        } else {
            (format!("Use {points} points for {}", app().money(worth)), points)
        };
        // Payments were made towards another total.
        let is_early = ui.payments.with(Vec::is_empty);
        Some(view! { <button data-testid="use-points" disabled=!is_early on:click=move |_| {
            let then = move |app: &std::rc::Rc<crate::app::App>| {
                app.change_basket(|basket| basket.set_points(wanted));
                app.begin_payment();
            };
            if wanted == 0 { then(&app()) } else { app().with_right(Right::UsePoints, format!("{wanted} points"), then) }
        }>{label}</button> })
    }
}
