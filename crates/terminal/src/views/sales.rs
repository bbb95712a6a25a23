//! Finished sales: the one just made, and the list of the day.

use super::{
    parts::{Icon, Sheet},
    ui,
};
use crate::{
    app::{app, go},
    browser,
    ui::Overlay,
};
use holdfast_counter::{booked::Standing, words};
use holdfast_sync::Seq;
use leptos::{ev, prelude::*};

/// It is on the disk: change, receipt, next. An exchange has two documents on one paper.
#[component]
pub(crate) fn Done(seqs: Vec<Seq>) -> impl IntoView {
    let ui = ui();
    let sales: Vec<_> = ui.book.with_untracked(|book| seqs.iter().filter_map(|seq| book.sale(*seq).cloned()).collect());
    let receipts =
        move |is_copy: bool| -> String { seqs.iter().filter_map(|seq| app().receipt(*seq, is_copy)).collect() };
    let receipt = receipts(false);
    let number = sales.last().map(|booked| booked.sale.receipt_number.clone()).unwrap_or_default();
    let due: f64 = sales.iter().map(|booked| booked.sale.invoice.payable() - booked.sale.invoice.loyalty_amount).sum();
    let due = holdfast_counter::book::cents(due);
    let sold = sales.last().map(|booked| booked.sale.invoice.clone()).unwrap_or_default();
    // In an exchange the change of the new sale is what its value and the returned goods leave over, less what is paid out.
    let (label, amount) = if due < 0.0 {
        ("Paid out", -due)
    } else if sold.outstanding_amount > 0.0 {
        ("Left open", sold.outstanding_amount)
    } else if sold.change_amount != 0.0 {
        ("Change", sold.change_amount)
    } else {
        ("Paid", due)
    };
    let is_copy = RwSignal::new(false);
    let first = receipt.clone();
    let print = move |_| {
        let html = if is_copy.get_untracked() { receipts(true) } else { first.clone() };
        browser::print(&html);
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
    view! {
        <Sheet title=if due < 0.0 { "Taken back" } else { "Sold" } class="done" close=Callback::new(move |()| next())>
            <div class="due">
                <span>{label}</span>
                <strong data-testid="change">{app().money(amount)}</strong>
            </div>
            <div class="paper" data-testid="receipt" data-receipt=number inner_html=receipt></div>
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
    let standing = move || ui.booked.with(|booked| booked.standing(seq).map(words::standing));
    let is_sale = ui.book.with_untracked(|book| book.sale(seq).is_some_and(|booked| !booked.sale.invoice.is_return));
    view! {
        <Sheet title="Receipt" class="done" close=Callback::new(move |()| ui.overlay.set(Some(Overlay::Today)))>
            <div class="paper" data-testid="receipt" inner_html=receipt></div>
            {move || standing().map(|words| view! { <p class="quiet" data-testid="standing">{words}</p> })}
            <div class="actions">
                {is_sale.then(|| view! { <button data-testid="return-this" on:click=move |_| ui.overlay.set(Some(Overlay::Return(Some(seq))))><Icon name="back" />"Return"</button> })}
                <button class="primary" on:click=move |_| go(async move { app().reprint(seq).await })><Icon name="print" />"Print a copy"</button>
            </div>
        </Sheet>
    }
}

/// The sales held here, newest first.
#[component]
pub(crate) fn Today(close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let today = browser::local_date(browser::now_ms());
    let sales = Memo::new(move |_| {
        ui.book.with(|book| {
            let sales = book.sales.iter().rev().take_while(|booked| browser::local_date(booked.made_at_ms) == today);
            sales
                .map(|booked| {
                    let invoice = &booked.sale.invoice;
                    (
                        booked.seq,
                        booked.made_at_ms,
                        booked.sale.receipt_number.clone(),
                        invoice.payable(),
                        invoice.is_return,
                    )
                })
                .collect::<Vec<_>>()
        })
    });
    let total = move || sales.with(|sales| sales.iter().map(|(_, _, _, payable, _)| payable).sum::<f64>());
    view! {
        <Sheet title="Sales today" close=close>
            <p class="sum-line"><span>{move || format!("{} sales", sales.with(Vec::len))}</span><strong data-testid="today-total">{move || app().money(total())}</strong></p>
            {move || (ui.sync.with(|sync| sync.answering) == words::Answering::Stranger).then(|| view! { <p class="refusal">{words::NONSENSE}</p> })}
            <div class="list" data-testid="sales">
                {move || sales.get().into_iter().map(|(seq, made_at_ms, number, payable, is_return)| view! {
                    <button class="row sale-row" on:click=move |_| ui.overlay.set(Some(Overlay::Sale(seq)))>
                        <span class="quiet">{browser::local_time(made_at_ms)}</span>
                        <strong>{number}</strong>
                        {is_return.then(|| view! { <span class="quiet">"Return"</span> })}
                        {move || ui.booked.with(|booked| match booked.standing(seq) {
                            Some(Standing::Booked(name)) => Some(view! { <span class="quiet">{name.clone()}</span> }),
                            _ => None,
                        })}
                        <span class="line-amount">{app().money(payable)}</span>
                    </button>
                }).collect_view()}
            </div>
        </Sheet>
    }
}
