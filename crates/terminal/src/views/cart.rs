//! The cart: lines, totals, and the button that matters.

use super::{
    parts::{Icon, Keypad, Sheet, amount},
    ui,
};
use crate::{app::app, ui::Overlay};
use holdfast_counter::sale::{quantity, sums};
use holdfast_engine::{InvoiceItem, Masters, money::format_number};
use leptos::prelude::*;

/// A line as it is shown.
#[derive(Clone, PartialEq)]
struct Row {
    at: Option<usize>,
    name: String,
    qty: f64,
    uom: String,
    rate: String,
    amount: String,
    note: String,
    is_selected: bool,
}

/// The cart's side of the screen.
#[component]
pub(crate) fn Cart() -> impl IntoView {
    let ui = ui();
    let plain = |value: f64| {
        app()
            .catalogue()
            .map(|catalogue| {
                let settings = &catalogue.tables().settings;
                format_number(value, &settings.number_format, settings.currency_precision)
            })
            .unwrap_or_default()
    };
    let rows = Memo::new(move |_| {
        let selected = ui.basket.with(|basket| basket.selected);
        ui.priced.with(|priced| {
            let lines = priced.invoice.items.iter().zip(&priced.sources);
            lines.map(|(item, source)| row(item, *source, selected, priced, plain)).collect::<Vec<_>>()
        })
    });
    let is_empty = move || ui.basket.with(holdfast_counter::Basket::is_empty);
    view! {
        <aside class="cart" aria-label="Cart">
            <button class="customer" data-testid="customer" on:click=move |_| ui.overlay.set(Some(Overlay::Customers))>
                <Icon name="person" />
                <span>{move || { let name = ui.basket.with(|b| b.customer.clone()); if name.is_empty() { "Walk-in customer".to_owned() } else { name } }}</span>
            </button>
            <ol class="lines" data-testid="lines">
                <li class="nothing" class:hidden=move || !is_empty()>"Scan or tap an item."</li>
                <For each=move || rows.get() key=|row| (row.at, row.name.clone(), row.amount.clone(), row.uom.clone(), row.is_selected, row.qty.to_bits(), row.note.clone()) let:row>
                    <LineView row=row />
                </For>
            </ol>
            <p class="refusal" class:hidden=move || is_empty() || ui.priced.with(|p| p.refusal.is_none())>
                {move || ui.priced.with(|p| p.refusal.as_ref().map(holdfast_counter::words::refusal))}
            </p>
            <div class="totals">
                {move || ui.priced.with(|priced| sums(&priced.invoice, plain)).into_iter().map(|(label, value)| view! {
                    <p><span>{label}</span><span>{value}</span></p>
                }).collect_view()}
                <p class="grand"><span>"Total"</span><strong data-testid="total">{move || app().money(ui.priced.with(|p| p.invoice.payable()))}</strong></p>
            </div>
            <div class="actions">
                <button class="icon" aria-label="Undo" data-testid="undo" disabled=move || !ui.basket.with(holdfast_counter::Basket::can_undo)
                    on:click=move |_| app().change_basket(|basket| { basket.undo(); })><Icon name="undo" /></button>
                <button class="icon" aria-label="Empty the cart" disabled=is_empty
                    on:click=move |_| app().drop_cart()><Icon name="trash" /></button>
                <button class="primary" data-testid="pay" on:click=move |_| app().begin_payment()>"Pay"<kbd>"F9"</kbd></button>
            </div>
        </aside>
    }
}

fn row(
    item: &InvoiceItem,
    at: Option<usize>,
    selected: Option<usize>,
    priced: &holdfast_engine::Priced,
    plain: impl Fn(f64) -> String,
) -> Row {
    let titles = priced.invoice.applied_rules.iter().filter(|rule| {
        rule.item_code == item.item_code
            && item.pricing_rules.as_ref().is_some_and(|names| names.contains(&rule.pricing_rule))
    });
    let mut notes: Vec<String> = titles.map(|rule| rule.title.clone()).collect();
    notes.dedup();
    if item.is_free_item {
        notes.insert(0, "Free".to_owned());
    }
    Row {
        at,
        name: item.item_name.clone(),
        qty: item.qty,
        uom: item.uom.clone(),
        rate: plain(item.rate),
        amount: plain(item.amount),
        note: notes.join(" · "),
        is_selected: at.is_some() && at == selected,
    }
}

#[component]
fn LineView(row: Row) -> impl IntoView {
    let ui = ui();
    let qty = row.qty;
    let steps = row.at.map(|at| {
        let set = move |qty: f64| app().change_basket(|basket| basket.set_qty(at, qty.max(0.0)));
        view! {
            <span class="steps">
                <button class="icon" aria-label="Less" on:click=move |_| set(qty - 1.0)><Icon name="minus" /></button>
                <button class="qty" data-testid="qty" aria-label="Quantity" on:click=move |_| ui.overlay.set(Some(Overlay::Line(at)))>{quantity(qty)}</button>
                <button class="icon" aria-label="More" on:click=move |_| set(qty + 1.0)><Icon name="plus" /></button>
            </span>
        }
    });
    let is_free = row.at.is_none();
    view! {
        <li class="line" class:selected=row.is_selected data-testid="line">
            <span class="line-name">{row.name}</span>
            <span class="line-amount">{row.amount}</span>
            <span class="line-detail">
                {if is_free { format!("{} {}", quantity(qty), row.uom) } else { format!("{} / {}", row.rate, row.uom) }}
                {(!row.note.is_empty()).then(|| view! { <em>{row.note}</em> })}
            </span>
            {steps}
        </li>
    }
}

/// A line in detail: quantity by keypad, unit, discount.
#[component]
pub(crate) fn LineSheet(at: usize, close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let line = ui.basket.with_untracked(|basket| basket.lines.get(at).cloned()).unwrap_or_default();
    let item =
        app().catalogue().and_then(|catalogue| catalogue.item(&line.item_code).map(std::borrow::Cow::into_owned));
    let item = item.unwrap_or_default();
    let text = RwSignal::new(String::new());
    let mut units = vec![item.stock_uom.clone()];
    units.extend(item.uoms.iter().map(|row| row.uom.clone()));
    let may_discount = app().catalogue().is_some_and(|catalogue| catalogue.tables().profile.allow_discount_change);
    let set_qty = move |_| {
        if let Some(qty) = amount(&text.get_untracked()) {
            app().change_basket(|basket| basket.set_qty(at, qty));
        }
        ui.overlay.set(None);
    };
    let set_discount = move |_| {
        if let Some(percentage) = amount(&text.get_untracked()) {
            app().change_basket(|basket| basket.set_discount(at, percentage));
        }
        ui.overlay.set(None);
    };
    view! {
        <Sheet title=item.item_name.clone() class="narrow" close=close>
            <output class="typed">{move || { let text = text.get(); if text.is_empty() { quantity(line.qty) } else { text } }}</output>
            <Keypad text=text />
            <div class="chips units">
                {units.into_iter().map(|uom| {
                    let (key, pressed) = (uom.clone(), uom == line.uom);
                    view! { <button class="chip" aria-pressed=pressed.to_string()
                        on:click=move |_| { app().change_basket(|basket| basket.set_uom(at, &key)); ui.overlay.set(None); }>{uom}</button> }
                }).collect_view()}
            </div>
            <div class="actions">
                <button class="icon" aria-label="Take out" on:click=move |_| { app().change_basket(|b| b.set_qty(at, 0.0)); ui.overlay.set(None); }><Icon name="trash" /></button>
                <button disabled=!may_discount on:click=set_discount>"Set discount %"</button>
                <button class="primary" on:click=set_qty>"Set quantity"</button>
            </div>
        </Sheet>
    }
}
