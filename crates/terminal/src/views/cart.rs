//! The cart: lines, totals, and the button that matters.

use super::{parts::Icon, ui};
use crate::{app::app, ui::Overlay};
use holdfast_counter::{
    Basket, Ticket,
    sale::{quantity, sums},
};
use holdfast_engine::{InvoiceItem, Masters, Priced, money::format_number};
use leptos::prelude::*;

/// A line as it is shown.
#[derive(Clone, PartialEq)]
struct Row {
    /// The basket's line; none for what a rule gives or what comes back.
    at: Option<usize>,
    /// The row of what comes back.
    back_at: Option<usize>,
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
        ui.basket.with(|basket| {
            ui.ticket.with(|ticket| {
                let back = ticket.back.iter().flat_map(|back| rows(back, true, basket, plain));
                back.chain(ticket.sale.iter().flat_map(|sale| rows(sale, false, basket, plain))).collect::<Vec<_>>()
            })
        })
    });
    let is_empty = move || ui.basket.with(Basket::is_empty);
    let customer = move || {
        let name = ui.basket.with(|basket| basket.customer.clone());
        ui.book.track();
        app()
            .customer(&name)
            .map_or(("Walk-in customer".to_owned(), 0), |known| (known.customer_name, known.loyalty_points))
    };
    view! {
        <aside class="cart" aria-label="Cart">
            <div class="cart-head">
                <button class="customer" data-testid="customer" on:click=move |_| ui.overlay.set(Some(Overlay::Customers))>
                    <Icon name="person" />
                    <span>{move || customer().0}</span>
                    {move || { let points = customer().1; (points > 0).then(|| view! { <em data-testid="points">{format!("{points} points")}</em> }) }}
                </button>
                {move || { let held = ui.held.with(Vec::len); (held > 0).then(|| view! {
                    <button class="held" data-testid="held-count" aria-label="Waiting carts" on:click=move |_| ui.overlay.set(Some(Overlay::Held))><Icon name="pause" />{held}</button>
                }) }}
            </div>
            {move || ui.is_taking_back.get().then(|| view! {
                <p class="taking-back" data-testid="taking-back"><span>"Taking back: scan or tap what comes back."</span>
                    <button on:click=move |_| ui.is_taking_back.set(false)>"Done"</button></p>
            })}
            <ol class="lines" data-testid="lines">
                <li class="nothing" class:hidden=move || !is_empty()>"Scan or tap an item."</li>
                <For each=move || rows.get() key=|row| (row.at, row.back_at, row.name.clone(), row.amount.clone(), row.uom.clone(), row.is_selected, row.qty.to_bits(), row.note.clone()) let:row>
                    <LineView row=row />
                </For>
            </ol>
            <p class="refusal" class:hidden=move || is_empty() || ui.ticket.with(|ticket| ticket.refusal().is_none())>
                {move || ui.ticket.with(|ticket| ticket.refusal().map(holdfast_counter::words::refusal))}
            </p>
            <div class="totals">
                {move || ui.ticket.with(|ticket| details(ticket, plain)).into_iter().map(|(label, value)| view! {
                    <p><span>{label}</span><span>{value}</span></p>
                }).collect_view()}
                <p class="grand"><span>{move || if ui.ticket.with(Ticket::due) < 0.0 { "To pay out" } else { "Total" }}</span><strong data-testid="total">{move || app().money(ui.ticket.with(Ticket::due).abs())}</strong></p>
            </div>
            <div class="actions">
                <button class="icon" aria-label="Undo" data-testid="undo" disabled=move || !ui.basket.with(Basket::can_undo)
                    on:click=move |_| app().change_basket(|basket| { basket.undo(); })><Icon name="undo" /></button>
                <button class="icon" aria-label="Put on hold" data-testid="quick-hold" disabled=is_empty
                    on:click=move |_| app().hold("")><Icon name="pause" /></button>
                <button class="icon" aria-label="More about this cart" data-testid="cart-menu"
                    on:click=move |_| ui.overlay.set(Some(Overlay::CartMenu))><Icon name="more" /></button>
                <button class="primary" data-testid="pay" on:click=move |_| app().begin_payment()>
                    {move || if ui.ticket.with(Ticket::due) < 0.0 { "Pay out" } else { "Pay" }}<kbd>"F9"</kbd></button>
            </div>
        </aside>
    }
}

/// What leads to the total: discounts and taxes of each part, and what comes back.
fn details(ticket: &Ticket, plain: impl Fn(f64) -> String + Copy) -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> = ticket.sale.iter().flat_map(|sale| sums(&sale.invoice, plain)).collect();
    if let Some(sale) = ticket.sale.as_ref().filter(|sale| sale.invoice.loyalty_amount != 0.0) {
        rows.push((format!("{} points", sale.invoice.loyalty_points), plain(-sale.invoice.loyalty_amount)));
    }
    if let (Some(sale), Some(back)) = (&ticket.sale, &ticket.back) {
        rows.push(("Sold".to_owned(), plain(sale.invoice.payable())));
        rows.push(("Given back".to_owned(), plain(back.invoice.payable())));
    }
    rows
}

fn rows(priced: &Priced, is_back: bool, basket: &Basket, plain: impl Fn(f64) -> String + Copy) -> Vec<Row> {
    let lines = priced.invoice.items.iter().zip(&priced.sources);
    lines
        .map(|(item, source)| if is_back { (item, None, *source) } else { (item, *source, None) })
        .map(|(item, at, back_at)| row(item, at, back_at, basket, priced, plain))
        .collect()
}

fn row(
    item: &InvoiceItem,
    at: Option<usize>,
    back_at: Option<usize>,
    basket: &Basket,
    priced: &Priced,
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
    if back_at.is_some() {
        notes.insert(0, "Comes back".to_owned());
    }
    let line = at.and_then(|at| basket.lines.get(at));
    if let Some(line) = line {
        if line.line.discount_percentage != 0.0 {
            notes.push(format!("{} % off", quantity(line.line.discount_percentage)));
        }
        if line.line.rate.is_some() {
            notes.push("Other price".to_owned());
        }
        if !line.note.is_empty() {
            notes.push(line.note.clone());
        }
    }
    Row {
        at,
        back_at,
        name: item.item_name.clone(),
        qty: item.qty,
        uom: item.uom.clone(),
        rate: plain(item.rate),
        amount: plain(item.amount),
        note: notes.join(" · "),
        is_selected: at.is_some() && at == basket.selected,
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
    let is_back = row.back_at.is_some();
    let take_out = row.back_at.map(|at| view! {
        <button class="icon plain-icon" aria-label="Take out" on:click=move |_| app().change_basket(|basket| basket.drop_back(at))><Icon name="close" /></button>
    });
    view! {
        <li class="line" class:selected=row.is_selected class:back=is_back data-testid="line">
            <span class="line-name">{row.name}</span>
            <span class="line-amount">{row.amount}</span>
            <span class="line-detail">
                {if is_free { format!("{} {}", quantity(qty), row.uom) } else { format!("{} / {}", row.rate, row.uom) }}
                {(!row.note.is_empty()).then(|| view! { <em>{row.note}</em> })}
            </span>
            {steps}{take_out}
        </li>
    }
}
