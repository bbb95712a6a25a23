//! Goods that come back: of a receipt, or without one.

use super::{
    focus,
    parts::{Icon, Sheet},
    ui,
};
use crate::{app::app, browser, ui::Overlay};
use holdfast_counter::{
    Right,
    basket::ReceiptBack,
    book::BookedSale,
    returning::{self, Row},
    sale::quantity,
    words,
};
use holdfast_sync::Seq;
use leptos::prelude::*;

/// Which receipt, or which of its rows.
#[component]
pub(super) fn Return(seq: Option<Seq>, close: Callback<()>) -> impl IntoView {
    let booked = seq.and_then(|seq| ui().book.with_untracked(|book| book.sale(seq).cloned()));
    match booked {
        Some(booked) => view! { <Rows booked=booked close=close /> }.into_any(),
        None => view! { <Which close=close /> }.into_any(),
    }
}

/// Which receipt it is: scanned, typed, or one of the last.
#[component]
fn Which(close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let number = RwSignal::new(String::new());
    let open = move || {
        let found =
            ui.book.with_untracked(|book| returning::find(book, &number.get_untracked()).map(|booked| booked.seq));
        match found {
            Some(seq) => ui.overlay.set(Some(Overlay::Return(Some(seq)))),
            None => ui.complain(words::UNKNOWN_RECEIPT),
        }
    };
    let without = move |_| {
        ui.overlay.set(None);
        app().with_right(Right::ReturnWithoutReceipt, "goods without a receipt", |app| app.ui.is_taking_back.set(true));
    };
    let last = ui.book.with_untracked(|book| {
        let sales = book.sales.iter().rev().filter(|booked| !booked.sale.invoice.is_return);
        sales
            .take(30)
            .map(|booked| {
                (
                    booked.seq,
                    booked.made_at_ms,
                    booked.sale.receipt_number.clone(),
                    booked.sale.customer_name.clone(),
                    booked.sale.invoice.payable(),
                )
            })
            .collect::<Vec<_>>()
    });
    Effect::new(|_| focus("receipt-number"));
    view! {
        <Sheet title="Return or exchange" close=close>
            <form class="with-button" on:submit=move |event| { event.prevent_default(); open(); }>
                <input id="receipt-number" placeholder="Scan the receipt or type its number" aria-label="Receipt number" autocomplete="off" data-testid="receipt-number"
                    on:input=move |event| number.set(event_target_value(&event)) />
                <button class="primary" type="submit" data-testid="find-receipt">"Find"</button>
            </form>
            <button data-testid="without-receipt" on:click=without>"No receipt"</button>
            <div class="list tall">
                {last.into_iter().map(|(seq, made_at_ms, number, customer, total)| view! {
                    <button class="row sale-row" on:click=move |_| ui.overlay.set(Some(Overlay::Return(Some(seq))))>
                        <span class="quiet">{browser::local_timestamp(made_at_ms)[..16].to_owned()}</span>
                        <strong>{number}</strong>
                        <span class="quiet">{customer}</span>
                        <span class="line-amount">{app().money(total)}</span>
                    </button>
                }).collect_view()}
            </div>
        </Sheet>
    }
}

/// How much of each row comes back.
#[component]
fn Rows(booked: BookedSale, close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let rows = ui.book.with_untracked(|book| returning::rows(book, &booked));
    let is_over = rows.iter().all(|row| row.left() == 0.0);
    let wanted = RwSignal::new(vec![0.0_f64; rows.len()]);
    let left: Vec<f64> = rows.iter().map(Row::left).collect();
    let all = {
        let left = left.clone();
        move |_| wanted.set(left.clone())
    };
    let title = format!("Receipt {}", booked.sale.receipt_number);
    let booked = StoredValue::new(booked);
    let take = move |_| {
        let terminal = holdfast_sync::TerminalId::from_hex(&ui.terminal.with_untracked(|info| info.terminal.clone()));
        let back = booked.with_value(|booked| ReceiptBack {
            returned: returning::reference(terminal.unwrap_or_default(), booked),
            original: booked.sale.invoice.clone(),
            rows: wanted.get_untracked().into_iter().enumerate().filter(|(_, qty)| *qty > 0.0).collect(),
        });
        ui.overlay.set(None);
        app().with_right(Right::Return, back.returned.receipt_number.clone(), move |app| {
            app.ui.is_taking_back.set(false);
            app.change_basket(|basket| basket.set_back(back));
        });
    };
    view! {
        <Sheet title=title close=close>
            {is_over.then(|| view! { <p class="refusal">{words::ALL_RETURNED}</p> })}
            <div class="list tall" data-testid="return-rows">
                {rows.into_iter().map(|row| view! { <RowView row=row wanted=wanted /> }).collect_view()}
            </div>
            <div class="actions">
                <button data-testid="return-all" disabled=is_over on:click=all>"Everything"</button>
                <button class="primary" data-testid="take-back" disabled=move || wanted.with(|wanted| wanted.iter().all(|qty| *qty == 0.0)) on:click=take>"Take back"</button>
            </div>
        </Sheet>
    }
}

#[component]
fn RowView(row: Row, wanted: RwSignal<Vec<f64>>) -> impl IntoView {
    let (at, left) = (row.row, row.left());
    let step = move |by: f64| wanted.update(|wanted| wanted[at] = (wanted[at] + by).clamp(0.0, left));
    let came_back = if row.returned > 0.0 { format!(", {} returned", quantity(row.returned)) } else { String::new() };
    let free = if row.is_free_item { ", free" } else { "" };
    view! {
        <div class="line" data-testid="return-row">
            <span class="line-name">{row.item_name}</span>
            <span class="line-amount">{app().money(row.rate)}</span>
            <span class="line-detail">{format!("{} {} sold{came_back}{free}", quantity(row.sold), row.uom)}</span>
            <span class="steps">
                <button class="icon" aria-label="Less" disabled=move || wanted.with(|wanted| wanted[at] == 0.0) on:click=move |_| step(-1.0)><Icon name="minus" /></button>
                <output class="qty">{move || quantity(wanted.with(|wanted| wanted[at]))}</output>
                <button class="icon" aria-label="More" disabled=move || wanted.with(|wanted| wanted[at] >= left) on:click=move |_| step(1.0)><Icon name="plus" /></button>
            </span>
        </div>
    }
}
