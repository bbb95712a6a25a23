//! Figures at any time: the shift so far, and the day.

use super::{
    parts::{Icon, Sheet},
    ui,
};
use crate::{
    app::{app, go},
    browser,
};
use holdfast_counter::{
    Right,
    report::{Report, Sum, report},
    sale::quantity,
};
use holdfast_receipt::{Paper, Slip, SlipRow};
use leptos::prelude::*;

/// Most items in the list.
const ITEMS_MAX: usize = 25;

fn shift_report() -> Report {
    ui().book.with_untracked(|book| report(book.shift_sales(), browser::local_hour))
}

fn day_report() -> Report {
    let today = browser::local_date(browser::now_ms());
    ui().book.with_untracked(|book| {
        report(book.sales.iter().filter(|booked| browser::local_date(booked.made_at_ms) == today), browser::local_hour)
    })
}

/// The shift so far and the day.
#[component]
pub(super) fn Figures(close: Callback<()>) -> impl IntoView {
    let is_day = RwSignal::new(false);
    let shown = Memo::new(move |_| if is_day.get() { day_report() } else { shift_report() });
    go(async { app().note_report().await });
    let tab = move |day: bool, label: &'static str| {
        view! { <button class="chip" aria-pressed=move || (is_day.get() == day).to_string() on:click=move |_| is_day.set(day)>{label}</button> }
    };
    view! {
        <Sheet title="Figures" class="pay" close=close>
            <div class="chips">{tab(false, "This shift")}{tab(true, "Today")}</div>
            <div class="tiles" data-testid="figures">
                {move || shown.with(|report| {
                    let tile = |label: &'static str, value: String| view! { <p class="figure"><span>{label}</span><strong>{value}</strong></p> };
                    let average = if report.sales.count > 0.0 { report.sales.amount / report.sales.count } else { 0.0 };
                    view! {
                        {tile("Turnover", app().money(report.total()))}
                        {tile("Receipts", quantity(report.sales.count))}
                        {tile("Per receipt", app().money(average))}
                        {tile("Returns", app().money(report.returns.amount))}
                    }
                })}
            </div>
            <Hours shown=shown />
            {move || (!is_day.get()).then(|| view! { <Drawer /> })}
            {move || shown.with(|report| {
                let employees: Vec<_> = report.by_employee.iter().map(|(employee, sum)| (app().name_of_employee(employee), *sum)).collect();
                let items: Vec<_> = report.by_item.iter().take(ITEMS_MAX).cloned().collect();
                view! {
                    <Sums title="By mode of payment" sums=report.by_mode.clone() />
                    <Sums title="By employee" sums=employees />
                    <Sums title="By item" sums=items />
                }
            })}
            <button class="primary" data-testid="print-figures" on:click=move |_| browser::print(&slip(&shown.get_untracked(), is_day.get_untracked()))><Icon name="print" />"Print"</button>
        </Sheet>
    }
}

/// A bar for each hour from the first receipt to the last.
#[component]
fn Hours(shown: Memo<Report>) -> impl IntoView {
    move || {
        let hours = shown.with(|report| report.by_hour.clone());
        let (first, last) = (hours.first()?.0, hours.last()?.0);
        let most = hours.iter().map(|(_, sum)| sum.amount).fold(1e-9, f64::max);
        let bars = (first..=last).map(|hour| {
            let amount = hours.iter().find(|(at, _)| *at == hour).map_or(0.0, |(_, sum)| sum.amount);
            let label = format!("{hour}:00, {}", app().money(amount));
            view! {
                <div class="bar-of-hour" title=label.clone() role="img" aria-label=label>
                    <i style:height=format!("{}%", (amount / most * 100.0).clamp(0.0, 100.0))></i><span>{hour}</span>
                </div>
            }
        });
        Some(view! { <div class="hours">{bars.collect_view()}</div> })
    }
}

/// What should be in the drawer, for those who may know before it is counted.
#[component]
fn Drawer() -> impl IntoView {
    let ui = ui();
    let may_see = app().may(Right::SeeExpected);
    let rows = ui.book.with_untracked(|book| book.shift.clone()).map(|shift| {
        let opening = shift.opening.iter().map(|row| row.amount).sum::<f64>();
        let moved = shift.moved.into_iter().map(|moved| {
            view! { <p class="sum-line plain-line"><span>{format!("{} {}", browser::local_time(moved.made_at_ms), moved.cash.reason)}</span><span>{app().money(moved.cash.amount)}</span></p> }
        });
        let moved = moved.collect_view();
        let expected = shift.expected.into_iter().map(|row| {
            view! { <p class="sum-line plain-line"><span>{format!("{} expected", row.mode_of_payment)}</span><strong>{app().money(row.amount)}</strong></p> }
        });
        let expected = may_see.then(|| expected.collect_view());
        view! {
            <p class="sum-line"><span>"Opening cash"</span><span>{app().money(opening)}</span></p>
            {moved}
            {expected}
        }
    });
    let ask = move |_| {
        app().with_right(Right::SeeExpected, "the figures of the shift", |app| {
            let rows = app
                .ui
                .book
                .with_untracked(|book| book.shift.as_ref().map(|shift| shift.expected.clone()))
                .unwrap_or_default();
            let words: Vec<String> =
                rows.iter().map(|row| format!("{} {}", row.mode_of_payment, app.money(row.amount))).collect();
            app.ui.tell(words.join(", "));
        });
    };
    view! {
        <div data-testid="drawer">
            {rows}
            {(!may_see).then(|| view! { <button class="link" on:click=ask>"What should be in the drawer?"</button> })}
        </div>
    }
}

#[component]
fn Sums(title: &'static str, sums: Vec<(String, Sum)>) -> impl IntoView {
    (!sums.is_empty()).then(|| view! {
        <table class="sums">
            <caption>{title}</caption>
            <tbody>
                {sums.into_iter().map(|(name, sum)| view! {
                    <tr><th scope="row">{name}</th><td>{quantity(sum.count)}</td><td>{app().money(sum.amount)}</td></tr>
                }).collect_view()}
            </tbody>
        </table>
    })
}

/// The report on receipt paper.
fn slip(report: &Report, is_day: bool) -> String {
    let ui = ui();
    let shop = ui.terminal.with_untracked(|info| info.shop.clone());
    let who = ui.employee.with_untracked(|employee| employee.as_ref().map(|e| e.full_name.clone())).unwrap_or_default();
    let money = |value: f64| app().money(value);
    let mut rows = vec![
        SlipRow::Amount("Turnover".into(), money(report.total())),
        SlipRow::Amount(format!("{} receipts", quantity(report.sales.count)), money(report.sales.amount)),
        SlipRow::Amount(format!("{} returns", quantity(report.returns.count)), money(report.returns.amount)),
    ];
    for (title, sums) in [("By mode of payment", &report.by_mode), ("By item", &report.by_item)] {
        rows.push(SlipRow::Heading(title.to_owned()));
        rows.extend(sums.iter().map(|(name, sum)| SlipRow::Amount(name.clone(), money(sum.amount))));
    }
    if !is_day && app().may(Right::SeeExpected) {
        let expected = ui.book.with_untracked(|book| book.shift.as_ref().map(|shift| shift.expected.clone()));
        rows.push(SlipRow::Heading("Expected".to_owned()));
        rows.extend(
            expected.unwrap_or_default().into_iter().map(|row| SlipRow::Amount(row.mode_of_payment, money(row.amount))),
        );
    }
    let slip = Slip {
        language: "en".into(),
        shop,
        title: if is_day { "Today".into() } else { "X report".into() },
        lines: vec![browser::local_timestamp(browser::now_ms()), who],
        rows,
    };
    slip.html(Paper::default())
}
