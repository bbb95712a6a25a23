//! What concerns a whole cart: discount, coupon, who sold, and carts that wait.

use super::{
    parts::{Icon, Sheet, amount},
    ui,
};
use crate::{app::app, browser, ui::Overlay};
use holdfast_counter::{Right, words};
use holdfast_engine::{Discount, Masters};
use leptos::prelude::*;

/// Everything about the cart that is not a line.
#[component]
pub(super) fn CartMenu(close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let (label, discount, coupon, remarks) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
    );
    remarks.set(ui.basket.with_untracked(|basket| basket.remarks.clone()));
    let sellers = app().catalogue().map(|catalogue| catalogue.tables().sales_persons.clone()).unwrap_or_default();
    let discounts = move |is_percent: bool| {
        let Some(value) = amount(&discount.get_untracked()) else { return };
        let wanted = if is_percent { Discount::Percentage(value) } else { Discount::Amount(value) };
        let wanted = (value > 0.0).then_some(wanted);
        let details = format!("{value}{} on the sale", if is_percent { " %" } else { "" });
        ui.overlay.set(None);
        app().with_right(Right::Discount(if is_percent { value } else { 100.0 }), details, move |app| {
            app.change_basket(|basket| basket.set_sale_discount(wanted));
        });
    };
    let seller_chips = sellers.into_iter().map(|name| {
        let (key, pressed) = (name.clone(), name.clone());
        let is_chosen = move || ui.basket.with(|basket| basket.sales_person == pressed);
        let choose = {
            let is_chosen = is_chosen.clone();
            move |_| {
                let wanted = if untrack(&is_chosen) { "" } else { &*key };
                app().change_basket(|basket| basket.set_sales_person(wanted));
            }
        };
        view! { <button class="chip" aria-pressed=move || is_chosen().to_string() on:click=choose>{name}</button> }
    });
    let seller_chips = seller_chips.collect_view();
    let has_sellers = !seller_chips.is_empty();
    view! {
        <Sheet title="This cart" close=close>
            <div class="with-button">
                <input placeholder="Whose cart? (optional)" aria-label="Whose cart" maxlength="40" data-testid="hold-label" prop:value=label on:input=move |event| label.set(event_target_value(&event)) />
                <button data-testid="hold" on:click=move |_| { ui.overlay.set(None); app().hold(&label.get_untracked()); }><Icon name="pause" />"Put on hold"</button>
            </div>
            <div class="with-button">
                <input inputmode="decimal" placeholder="Discount on the sale" aria-label="Discount on the sale" data-testid="sale-discount" on:input=move |event| discount.set(event_target_value(&event)) />
                <button data-testid="sale-discount-percent" on:click=move |_| discounts(true)>"%"</button>
                <button data-testid="sale-discount-amount" on:click=move |_| discounts(false)>"Amount"</button>
            </div>
            <div class="with-button">
                <input placeholder="Coupon code" aria-label="Coupon code" autocomplete="off" data-testid="coupon-code" on:input=move |event| coupon.set(event_target_value(&event)) />
                <button data-testid="use-coupon" on:click=move |_| use_coupon(&coupon.get_untracked())>"Use"</button>
            </div>
            {move || { let used = ui.basket.with(|basket| basket.coupon_code.clone()); (!used.is_empty()).then(|| view! {
                <p class="sum-line"><span>{format!("Coupon {used}")}</span><button class="link" on:click=move |_| app().change_basket(|basket| basket.set_coupon(""))>"Take out"</button></p>
            }) }}
            {has_sellers.then(|| view! { <div><p class="quiet small">"Sold by"</p><div class="chips wrap">{seller_chips}</div></div> })}
            <div class="with-button">
                <input placeholder="Remark" aria-label="Remark" maxlength="140" prop:value=remarks on:input=move |event| remarks.set(event_target_value(&event)) />
                <button on:click=move |_| { let text = remarks.get_untracked(); app().change_basket(|basket| basket.remarks = text); ui.overlay.set(None); }>"Note"</button>
            </div>
            <div class="actions">
                <button data-testid="cart-return" on:click=move |_| ui.overlay.set(Some(Overlay::Return(None)))><Icon name="back" />"Return or exchange"</button>
                <button class="danger" data-testid="empty-cart" disabled=move || ui.basket.with(holdfast_counter::Basket::is_empty)
                    on:click=move |_| { ui.overlay.set(None); app().drop_cart(); }><Icon name="trash" />"Empty the cart"</button>
            </div>
        </Sheet>
    }
}

/// Uses a coupon by what is printed on it; whether it is in force the total says.
fn use_coupon(code: &str) {
    let code = code.trim();
    let coupon = app().catalogue().and_then(|catalogue| {
        let mut coupons = catalogue.tables().coupons.iter();
        coupons.find(|coupon| coupon.coupon_code.eq_ignore_ascii_case(code)).map(|coupon| coupon.name.clone())
    });
    let Some(name) = coupon.filter(|_| !code.is_empty()) else {
        return app().ui.complain(words::UNKNOWN_COUPON);
    };
    app().ui.overlay.set(None);
    app().with_right(Right::UseCoupon, name.clone(), move |app| app.change_basket(|basket| basket.set_coupon(&name)));
}

/// Carts that wait.
#[component]
pub(super) fn HeldCarts(close: Callback<()>) -> impl IntoView {
    let ui = ui();
    view! {
        <Sheet title="Waiting carts" close=close>
            <p class="nothing" class:hidden=move || !ui.held.with(Vec::is_empty)>"No cart waits. Put one on hold and serve the next customer."</p>
            <div class="list tall" data-testid="held">
                {move || ui.held.get().into_iter().rev().map(|held| {
                    let number = held.number;
                    let what = if held.label.is_empty() { format!("Cart {number}") } else { format!("{number} · {}", held.label) };
                    let lines = held.basket.lines.len();
                    view! {
                        <div class="row-with-button">
                            <button class="row sale-row" data-testid="held-cart" on:click=move |_| { app().reopen(number); ui.overlay.set(None); }>
                                <strong>{what}</strong>
                                <span class="quiet">{format!("{lines} lines, {} {}", browser::local_time(held.at_ms), held.employee)}</span>
                                <span class="line-amount">{app().money(held.total)}</span>
                            </button>
                            <button class="icon plain-icon" aria-label="Throw away" on:click=move |_| app().drop_held(number)><Icon name="trash" /></button>
                        </div>
                    }
                }).collect_view()}
            </div>
        </Sheet>
    }
}
