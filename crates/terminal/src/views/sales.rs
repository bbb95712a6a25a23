//! Finished sales: the one just made, and the list of the day.

use super::{
    parts::{Icon, Sheet},
    ui,
};
use crate::{app::app, browser, ui::Overlay};
use holdfast_counter::words;
use holdfast_sync::Seq;
use leptos::{ev, prelude::*};

/// The sale is on the disk: change, receipt, next.
#[component]
pub(crate) fn Done(seq: Seq) -> impl IntoView {
    let ui = ui();
    let sale =
        ui.book.with_untracked(|book| book.sales.iter().find(|booked| booked.seq == seq).map(|b| b.sale.clone()));
    let sale = sale.unwrap_or_default();
    let receipt = app().receipt(seq, false).unwrap_or_default();
    let to_print = receipt.clone();
    let is_copy = RwSignal::new(false);
    let print = move |_| {
        let html = if is_copy.get_untracked() { app().receipt(seq, true) } else { Some(to_print.clone()) };
        browser::print(&html.unwrap_or_default());
        is_copy.set(true);
    };
    let next = move || ui.overlay.set(None);
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Enter" && !event.repeat() {
            event.prevent_default();
            next();
        }
    });
    on_cleanup(move || handle.remove());
    let change = sale.invoice.change_amount;
    view! {
        <Sheet title="Sold" class="done" close=Callback::new(move |()| next())>
            <div class="due">
                <span>{if change == 0.0 { "Paid" } else { "Change" }}</span>
                <strong data-testid="change">{app().money(if change == 0.0 { sale.invoice.payable() } else { change })}</strong>
            </div>
            <div class="paper" data-testid="receipt" data-receipt=sale.receipt_number inner_html=receipt></div>
            <div class="actions">
                <button data-testid="print" on:click=print><Icon name="print" />"Print"</button>
                <button class="primary" data-testid="next" on:click=move |_| next()>"Next sale"</button>
            </div>
        </Sheet>
    }
}

/// A sale out of the list; what is printed of it is a copy.
#[component]
pub(crate) fn SaleSheet(seq: Seq) -> impl IntoView {
    let ui = ui();
    let receipt = app().receipt(seq, true).unwrap_or_default();
    let to_print = receipt.clone();
    view! {
        <Sheet title="Receipt" class="done" close=Callback::new(move |()| ui.overlay.set(Some(Overlay::Today)))>
            <div class="paper" data-testid="receipt" inner_html=receipt></div>
            <div class="actions"><button class="primary" on:click=move |_| browser::print(&to_print)><Icon name="print" />"Print a copy"</button></div>
        </Sheet>
    }
}

/// The sales held here, newest first.
#[component]
pub(crate) fn Today(close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let today = browser::local_date(browser::now_ms());
    let sales = move || {
        let mut sales = ui.book.with(|book| book.sales.clone());
        sales.reverse();
        sales.retain(|booked| browser::local_date(booked.made_at_ms) == today);
        sales
    };
    let total = move || sales().iter().map(|booked| booked.sale.invoice.payable()).sum::<f64>();
    view! {
        <Sheet title="Sales today" close=close>
            <p class="sum-line"><span>{move || format!("{} sales", sales().len())}</span><strong data-testid="today-total">{move || app().money(total())}</strong></p>
            {move || (ui.sync.with(|sync| sync.answering) == words::Answering::Stranger).then(|| view! { <p class="refusal">{words::NONSENSE}</p> })}
            <div class="list" data-testid="sales">
                {move || sales().into_iter().map(|booked| view! {
                    <button class="row sale-row" on:click=move |_| ui.overlay.set(Some(Overlay::Sale(booked.seq)))>
                        <span class="quiet">{browser::local_time(booked.made_at_ms)}</span>
                        <strong>{booked.sale.receipt_number}</strong>
                        <span class="line-amount">{app().money(booked.sale.invoice.payable())}</span>
                    </button>
                }).collect_view()}
            </div>
        </Sheet>
    }
}
