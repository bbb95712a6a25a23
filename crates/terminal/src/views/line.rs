//! A line in detail: quantity, price and discount by keypad, unit, batch, note.

use super::{
    parts::{Icon, Keypad, Sheet, amount},
    ui,
};
use crate::app::app;
use holdfast_counter::{Right, sale::quantity};
use holdfast_engine::Masters;
use leptos::prelude::*;

/// What the keypad's number is for.
#[derive(Clone, Copy)]
enum Wanted {
    Quantity,
    Discount,
    Price,
}

/// A line in detail.
#[component]
pub(crate) fn LineSheet(at: usize, close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let row = ui.basket.with_untracked(|basket| basket.lines.get(at).cloned()).unwrap_or_default();
    let line = row.line;
    let item =
        app().catalogue().and_then(|catalogue| catalogue.item(&line.item_code).map(std::borrow::Cow::into_owned));
    let item = item.unwrap_or_default();
    let text = RwSignal::new(String::new());
    let note = RwSignal::new(row.note);
    let mut units = vec![item.stock_uom.clone()];
    units.extend(item.uoms.iter().map(|row| row.uom.clone()));
    units.dedup();
    let name = StoredValue::new(item.item_name.clone());
    let code = StoredValue::new(item.item_code.clone());
    let set = move |wanted: Wanted| {
        let Some(value) = amount(&text.get_untracked()) else { return };
        ui.overlay.set(None);
        match wanted {
            Wanted::Quantity => app().change_basket(|basket| basket.set_qty(at, value)),
            Wanted::Discount => {
                app().with_right(Right::Discount(value), format!("{} %, {}", value, name.get_value()), move |app| {
                    app.change_basket(|basket| basket.set_discount(at, value));
                });
            }
            Wanted::Price => {
                app().with_right(Right::ChangePrice, format!("{} for {}", value, name.get_value()), move |app| {
                    app.set_price(at, value);
                });
            }
        }
    };
    let is_favourite = move || ui.favourites.with(|codes| codes.contains(&code.get_value()));
    let batches = item.batches.clone().into_iter().map(|batch| {
        let (key, pressed) = (batch.batch_no.clone(), batch.batch_no == line.batch_no);
        let expiry = batch.expiry_date.map(|day| format!(" · {day}")).unwrap_or_default();
        view! { <button class="chip" aria-pressed=pressed.to_string()
            on:click=move |_| { app().change_basket(|basket| basket.set_batch(at, &key)); ui.overlay.set(None); }>{format!("{}{expiry}", batch.batch_no)}</button> }
    });
    let batches = batches.collect_view();
    let keep_note = move || {
        let text = note.get_untracked();
        if ui.basket.with_untracked(|basket| basket.lines.get(at).is_some_and(|row| row.note != text.trim())) {
            app().change_basket(|basket| basket.set_note(at, &text));
        }
    };
    view! {
        <Sheet title=item.item_name.clone() class="narrow" close=close>
            <output class="typed">{move || { let text = text.get(); if text.is_empty() { quantity(line.qty) } else { text } }}</output>
            <Keypad text=text />
            <div class="actions thirds">
                <button data-testid="set-discount" on:click=move |_| set(Wanted::Discount)>"Discount %"</button>
                <button data-testid="set-price" on:click=move |_| set(Wanted::Price)>"Price"</button>
                <button class="primary" data-testid="set-quantity" on:click=move |_| set(Wanted::Quantity)>"Quantity"</button>
            </div>
            <div class="chips units">
                {units.into_iter().map(|uom| {
                    let (key, pressed) = (uom.clone(), uom == line.uom);
                    view! { <button class="chip" aria-pressed=pressed.to_string()
                        on:click=move |_| { app().change_basket(|basket| basket.set_uom(at, &key)); ui.overlay.set(None); }>{uom}</button> }
                }).collect_view()}
            </div>
            {(!batches.is_empty()).then(|| view! { <div class="chips" aria-label="Batches">{batches}</div> })}
            <input placeholder="Note on this line" aria-label="Note" maxlength="140" data-testid="line-note" prop:value=note
                on:input=move |event| note.set(event_target_value(&event)) on:change=move |_| keep_note() />
            <div class="actions">
                <button class="icon" aria-label="Take out" on:click=move |_| { app().change_basket(|b| b.set_qty(at, 0.0)); ui.overlay.set(None); }><Icon name="trash" /></button>
                <button class="icon" aria-label="Often sold" aria-pressed=move || is_favourite().to_string() data-testid="favourite"
                    on:click=move |_| app().mark_favourite(&code.get_value())>
                    {move || if is_favourite() { view! { <Icon name="starred" /> } } else { view! { <Icon name="star" /> } }}</button>
                <button class="primary" data-testid="line-done" on:click=move |_| { keep_note(); ui.overlay.set(None); }>"Done"</button>
            </div>
        </Sheet>
    }
}
