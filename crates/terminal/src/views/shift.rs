//! Opening a shift with counted cash, and closing it.

use super::{parts::amount, ui};
use crate::{
    app::{app, go},
    ui::Screen,
};
use holdfast_counter::{Right, book::cents};
use holdfast_engine::Masters;
use holdfast_sync::body::{Counted, ModeAmount};
use leptos::prelude::*;

/// Notes and coins with how many there are.
type Counts = RwSignal<Vec<(f64, u32)>>;

fn counts() -> Counts {
    let values = app().catalogue().map(|catalogue| {
        catalogue.tables().profile.denominations.iter().map(|denomination| (denomination.value, 0)).collect()
    });
    RwSignal::new(values.unwrap_or_default())
}

fn sum(counts: &[(f64, u32)]) -> f64 {
    cents(counts.iter().map(|(value, count)| value * f64::from(*count)).sum())
}

fn counted(counts: &[(f64, u32)]) -> Vec<Counted> {
    counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(value, count)| Counted { value: *value, count: *count })
        .collect()
}

/// A field for each note and coin.
#[component]
fn CashCount(counts: Counts) -> impl IntoView {
    let fields = counts.get_untracked().into_iter().enumerate().map(|(at, (value, _))| {
        let label = app().money(value);
        view! {
            <label class="denomination"><span>{label.clone()}</span>
                <input type="number" inputmode="numeric" min="0" max="99999" placeholder="0" aria-label=format!("How many of {label}")
                    on:input=move |event| {
                        let count = event_target_value(&event).parse().unwrap_or(0);
                        counts.update(|counts| counts[at].1 = count);
                    } />
            </label>
        }
    });
    view! { <div class="denominations">{fields.collect_view()}</div> }
}

/// The day begins.
#[component]
pub(crate) fn OpenShift() -> impl IntoView {
    let ui = ui();
    let counts = counts();
    let open = move |_| {
        let counts = counts.get_untracked();
        go(async move { app().open_shift(sum(&counts), counted(&counts)).await });
    };
    view! {
        <main class="setup">
            <div class="panel wide-panel">
                <h1>"Open the shift"</h1>
                <p class="quiet">"Count the cash in the drawer."</p>
                <CashCount counts=counts />
                <p class="sum-line"><span>"Cash in the drawer"</span><strong data-testid="counted">{move || app().money(sum(&counts.get()))}</strong></p>
                <button class="primary wide" data-testid="open-shift" disabled=ui.busy on:click=open>"Open the shift"</button>
                <button class="link" on:click=move |_| go(async { app().lock().await })>"Lock"</button>
            </div>
        </main>
    }
}

/// The day ends: what should be there, what is there.
#[component]
pub(crate) fn CloseShift() -> impl IntoView {
    let ui = ui();
    let counts = counts();
    let shift = ui.book.with_untracked(|book| book.shift.clone());
    let cash_modes: Vec<String> = app()
        .catalogue()
        .map(|catalogue| {
            let cash = catalogue.tables().modes_of_payment.iter().filter(|mode| mode.kind == "Cash");
            cash.map(|mode| mode.name.clone()).collect()
        })
        .unwrap_or_default();
    let expected = shift.as_ref().map(|shift| shift.expected.clone()).unwrap_or_default();
    let is_blind = !app().may(Right::SeeExpected);
    let others = expected.iter().filter(|row| !cash_modes.contains(&row.mode_of_payment)).map(|row| ModeAmount {
        mode_of_payment: row.mode_of_payment.clone(),
        amount: if is_blind { 0.0 } else { row.amount },
    });
    let others = RwSignal::new(others.collect::<Vec<ModeAmount>>());
    let expected_cash: f64 =
        expected.iter().filter(|row| cash_modes.contains(&row.mode_of_payment)).map(|row| row.amount).sum();
    // A blind closing: nobody is told what should be there before it is counted.
    let is_told = RwSignal::new(!is_blind);
    let cash_mode = cash_modes.first().cloned().unwrap_or_default();
    let close = move |_| {
        let cash = counts.get_untracked();
        let mut all = vec![ModeAmount { mode_of_payment: cash_mode.clone(), amount: sum(&cash) }];
        all.extend(others.get_untracked());
        go(async move { app().close_shift(all, counted(&cash)).await });
    };
    let fields = others.get_untracked().into_iter().enumerate().map(|(at, row)| {
        view! {
            <label class="denomination wide-field"><span>{row.mode_of_payment.clone()}</span>
                <input inputmode="decimal" prop:value=if is_told.get_untracked() { format!("{:.2}", row.amount) } else { String::new() } aria-label=row.mode_of_payment
                    on:input=move |event| {
                        let value = amount(&event_target_value(&event)).unwrap_or(0.0);
                        others.update(|others| others[at].amount = value);
                    } />
            </label>
        }
    });
    let fields = fields.collect_view();
    view! {
        <main class="setup">
            <div class="panel wide-panel">
                <h1>"Close the shift"</h1>
                <p class="quiet" data-testid="shift-summary">{shift.map(|shift| if is_blind { format!("{} sales", shift.sales) } else { format!("{} sales, {}", shift.sales, app().money(shift.total)) })}</p>
                <CashCount counts=counts />
                {fields}
                {move || is_told.get().then(|| view! { <p class="sum-line"><span>"Cash expected"</span><strong data-testid="expected">{app().money(expected_cash)}</strong></p> })}
                <p class="sum-line"><span>"Cash counted"</span><strong data-testid="counted">{move || app().money(sum(&counts.get()))}</strong></p>
                {move || is_told.get().then(|| view! {
                    <p class="sum-line" class:off=move || cents(sum(&counts.get()) - expected_cash) != 0.0>
                        <span>"Difference"</span>
                        <strong data-testid="difference">{move || app().money(cents(sum(&counts.get()) - expected_cash))}</strong>
                    </p>
                })}
                <p class="quiet">{move || {
                    let waiting = ui.sync.with(|sync| sync.sales_waiting);
                    if waiting == 0 { String::new() } else { format!("{waiting} sales are still on the way to the hub. They follow by themselves.") }
                }}</p>
                <button class="primary wide" data-testid="close-shift" disabled=ui.busy on:click=close>"Close the shift"</button>
                <button class="link" on:click=move |_| ui.screen.set(Screen::Sell)>"Back to selling"</button>
            </div>
        </main>
    }
}
