//! Who buys: found, made, changed.

use super::{
    focus,
    parts::{Icon, Sheet},
    ui,
};
use crate::{
    app::{app, go},
    ui::Overlay,
};
use holdfast_counter::{Right, people};
use holdfast_engine::Masters;
use holdfast_sync::body::CustomerSaved;
use leptos::prelude::*;

/// Finding a customer.
#[component]
pub(super) fn Customers(close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let query = RwSignal::new(String::new());
    let found = Memo::new(move |_| app().find_customers(&query.get()));
    let choose = move |name: String| {
        app().change_basket(|basket| basket.set_customer(&name));
        ui.overlay.set(None);
    };
    let has_chosen = ui.basket.with_untracked(|basket| !basket.customer.is_empty());
    Effect::new(|_| focus("customer-search"));
    view! {
        <Sheet title="Customer" close=close>
            <div class="with-button">
                <input id="customer-search" type="search" placeholder="Name, phone or number" aria-label="Name, phone or number" autocomplete="off"
                    on:input=move |event| query.set(event_target_value(&event)) />
                <button class="primary" data-testid="new-customer" on:click=move |_| ui.overlay.set(Some(Overlay::Customer(None)))><Icon name="plus" />"New"</button>
            </div>
            <div class="list tall" data-testid="customers">
                {has_chosen.then(|| view! {
                    <button class="row" on:click=move |_| choose(String::new())><strong>"Walk-in customer"</strong></button>
                })}
                <p class="nothing" class:hidden=move || !found.with(Vec::is_empty)>"Nobody found. A new customer is made with one touch."</p>
                {move || found.get().into_iter().map(|customer| {
                    let (name, key) = (customer.name.clone(), customer.name.clone());
                    let points = if customer.loyalty_points > 0 { format!(" · {} points", customer.loyalty_points) } else { String::new() };
                    view! {
                        <div class="row-with-button">
                            <button class="row" data-testid="customer-row" on:click=move |_| choose(name.clone())>
                                <strong>{customer.customer_name}</strong>
                                <span class="quiet">{format!("{} {}{points}", customer.customer_group, customer.mobile_no)}</span>
                            </button>
                            <button class="icon plain-icon" aria-label="Change" on:click=move |_| ui.overlay.set(Some(Overlay::Customer(Some(key.clone()))))><Icon name="edit" /></button>
                        </div>
                    }
                }).collect_view()}
            </div>
        </Sheet>
    }
}

/// Where a field of the form lies in what is saved.
type Place = fn(&mut CustomerSaved) -> &mut String;

/// Entering a customer.
#[component]
pub(super) fn CustomerForm(key: Option<String>, close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let title = if key.is_some() { "Change the customer" } else { "New customer" };
    let form = RwSignal::new(app().customer_form(key));
    let fields: [(&str, &str, &str, Place); 8] = [
        ("Name", "text", "name", |form| &mut form.customer_name),
        ("Phone", "tel", "tel", |form| &mut form.mobile_no),
        ("E-mail", "email", "email", |form| &mut form.email_id),
        ("Street", "text", "street-address", |form| &mut form.address_line1),
        ("Postal code", "text", "postal-code", |form| &mut form.pincode),
        ("City", "text", "address-level2", |form| &mut form.city),
        ("Country", "text", "country-name", |form| &mut form.country),
        ("Tax ID", "text", "off", |form| &mut form.tax_id),
    ];
    let fields = fields.into_iter().enumerate().map(|(at, (label, kind, complete, place))| {
        let value = form.with_untracked(|form| place(&mut form.clone()).clone());
        view! {
            <label class="field"><span>{label}</span>
                <input id=(at == 0).then_some("customer-name") type=kind autocomplete=complete maxlength="140" prop:value=value
                    on:input=move |event| form.update(|form| *place(form) = event_target_value(&event)) />
            </label>
        }
    });
    let fields = fields.collect_view();
    let groups = app().catalogue().map(|catalogue| catalogue.tables().customer_groups.clone()).unwrap_or_default();
    let groups: Vec<String> = groups
        .iter()
        .filter(|group| !groups.iter().any(|other| other.parent == group.name))
        .map(|group| group.name.clone())
        .collect();
    let group_chips = groups.into_iter().map(|group| {
        let (key, pressed) = (group.clone(), group.clone());
        view! {
            <button type="button" class="chip" aria-pressed=move || form.with(|form| form.customer_group == pressed).to_string()
                on:click=move |_| form.update(|form| form.customer_group.clone_from(&key))>{group}</button>
        }
    });
    let group_chips = group_chips.collect_view();
    let save = move || {
        let saved = form.get_untracked();
        if let Some(sentence) = people::complaint(&saved) {
            return ui.complain(sentence);
        }
        ui.overlay.set(None);
        app().with_right(Right::SaveCustomer, saved.customer_name.clone(), move |app| {
            let app = std::rc::Rc::clone(app);
            go(async move { app.save_customer(saved).await });
        });
    };
    Effect::new(|_| focus("customer-name"));
    view! {
        <Sheet title=title close=close>
            <form class="fields" on:submit=move |event| { event.prevent_default(); save(); }>
                {fields}
                <div class="chips wrap" aria-label="Customer group">{group_chips}</div>
                <button class="primary wide" type="submit" data-testid="save-customer">"Save and use"</button>
            </form>
        </Sheet>
    }
}
