//! The screen of the day: find on the left, cart on the right.

use super::{
    allow::Allow,
    cart::Cart,
    cart_menu::{CartMenu, HeldCarts},
    customers::{CustomerForm, Customers},
    figures::Figures,
    grid::{FAVOURITES, Grid},
    line::LineSheet,
    money::MoveCash,
    parts::{Icon, Sheet},
    pay::Pay,
    returns::Return,
    sales::{Done, SaleSheet, Today},
    ui,
};
use crate::{
    app::{app, go, take_update},
    ui::{Overlay, Screen, SyncView},
};
use holdfast_counter::{Ticket, returning, words};
use holdfast_engine::{Masters, masters::Item};
use leptos::prelude::*;

/// Selling.
#[component]
pub(crate) fn Sell() -> impl IntoView {
    let ui = ui();
    let cart_open = RwSignal::new(false);
    view! {
        <main class="sell" class:cart-open=cart_open>
            <Bar />
            <section class="find" aria-label="Items"><Groups /><Grid /></section>
            <Cart />
            <button class="cart-toggle" on:click=move |_| cart_open.update(|open| *open = !*open)>
                <Icon name="cart" />
                <span>{move || if cart_open.get() { "Items".to_owned() } else { format!("{} in the cart", ui.ticket.with(|ticket| ticket.parts().map(|part| part.invoice.items.len()).sum::<usize>())) }}</span>
                <strong>{move || app().money(ui.ticket.with(Ticket::due))}</strong>
            </button>
        </main>
        {move || ui.overlay.get().map(|overlay| {
            let close = Callback::new(move |()| if !ui.busy.get_untracked() { ui.overlay.set(None); });
            match overlay {
                Overlay::Pay => view! { <Pay close=close /> }.into_any(),
                Overlay::Done(seqs) => view! { <Done seqs=seqs /> }.into_any(),
                Overlay::Sale(seq) => view! { <SaleSheet seq=seq /> }.into_any(),
                Overlay::Today => view! { <Today close=close /> }.into_any(),
                Overlay::Customers => view! { <Customers close=close /> }.into_any(),
                Overlay::Line(at) => view! { <LineSheet at=at close=close /> }.into_any(),
                Overlay::Variants(code) => view! { <Variants code=code close=close /> }.into_any(),
                Overlay::Menu => view! { <Menu close=close /> }.into_any(),
                Overlay::Customer(key) => view! { <CustomerForm key=key close=close /> }.into_any(),
                Overlay::CartMenu => view! { <CartMenu close=close /> }.into_any(),
                Overlay::Held => view! { <HeldCarts close=close /> }.into_any(),
                Overlay::Return(seq) => view! { <Return seq=seq close=close /> }.into_any(),
                Overlay::MoveCash => view! { <MoveCash close=close /> }.into_any(),
                Overlay::Figures => view! { <Figures close=close /> }.into_any(),
                Overlay::Allow(right) => view! { <Allow right=right close=close /> }.into_any(),
            }
        })}
    }
}

/// Takes the first thing that the search found, as Enter in the search does.
pub(super) fn choose_first() {
    let ui = app().ui;
    let query = ui.query.get_untracked();
    let Some(catalogue) = app().catalogue().filter(|_| !query.trim().is_empty()) else {
        return;
    };
    if let Some(item) = catalogue.search(&query, 1).first().and_then(|id| catalogue.by_id(*id)) {
        app().add_item(&item, None);
        ui.query.set(String::new());
        return;
    }
    // A slow scanner, or somebody who types what is printed on a receipt.
    let receipt = ui.book.with_untracked(|book| returning::find(book, &query).map(|booked| booked.seq));
    match receipt {
        Some(seq) => {
            ui.query.set(String::new());
            ui.overlay.set(Some(Overlay::Return(Some(seq))));
        }
        None => ui.complain(words::unknown_barcode(query.trim())),
    }
}

/// Search, status, employee, menu.
#[component]
fn Bar() -> impl IntoView {
    let ui = ui();
    view! {
        <header class="bar">
            <label class="search">
                <Icon name="search" />
                <input id="search" type="search" placeholder="Search or scan" autocomplete="off" aria-label="Search or scan"
                    prop:value=ui.query on:input=move |event| ui.query.set(event_target_value(&event)) />
                <kbd>"F2"</kbd>
            </label>
            <button class="status" data-testid="status" class:ok=move || ui.sync.with(is_calm) class:warn=move || !ui.sync.with(is_calm)
                title="What waits to be sent" on:click=move |_| ui.overlay.set(Some(Overlay::Today))>
                <i></i><span>{move || ui.sync.with(status)}</span>
            </button>
            {move || (ui.is_update_waiting.get() && ui.basket.with(holdfast_counter::Basket::is_empty)).then(|| view! {
                <button class="update" data-testid="update" title="Reloads the counter, then asks for your PIN" on:click=move |_| take_update()>"Update now"</button>
            })}
            <button class="who" on:click=move |_| go(async { app().lock().await }) aria-label="Lock" data-testid="lock">
                <Icon name="lock" /><span>{move || ui.employee.get().map(|employee| employee.full_name)}</span>
            </button>
            <button class="icon" aria-label="Menu" data-testid="menu" on:click=move |_| ui.overlay.set(Some(Overlay::Menu))><Icon name="menu" /></button>
        </header>
    }
}

fn is_calm(sync: &SyncView) -> bool {
    sync.trouble.is_none() && (sync.sales_waiting == 0 || sync.answering == words::Answering::Hub)
}

fn status(sync: &SyncView) -> String {
    sync.trouble.map_or_else(
        || words::status(sync.sales_waiting, sync.entries_waiting, sync.since.as_deref(), sync.answering),
        str::to_owned,
    )
}

/// Groups as two rows: the branches of the tree, then what is below the chosen one.
#[component]
fn Groups() -> impl IntoView {
    let ui = ui();
    let nodes = move || {
        ui.catalogue.track();
        app().catalogue().map(|catalogue| catalogue.tables().item_groups.clone()).unwrap_or_default()
    };
    let children = move |parent: &str| {
        let nodes = nodes();
        nodes.into_iter().filter(|node| node.parent == parent).map(|node| node.name).collect::<Vec<_>>()
    };
    let root =
        move || nodes().into_iter().find(|node| node.parent.is_empty()).map(|node| node.name).unwrap_or_default();
    // The branch that the chosen group belongs to.
    let branch = move || {
        let chosen = ui.group.get();
        let nodes = nodes();
        if chosen == FAVOURITES {
            return chosen;
        }
        let parent = nodes.iter().find(|node| node.name == chosen).map(|node| node.parent.clone()).unwrap_or_default();
        if parent == root() { chosen } else { parent }
    };
    let chip = move |name: String, label: String| {
        let (key, pressed) = (name.clone(), name.clone());
        view! {
            <button class="chip" aria-pressed=move || (ui.group.get() == pressed || branch() == pressed).to_string()
                on:click=move |_| { ui.query.set(String::new()); ui.group.set(key.clone()); }>{label}</button>
        }
    };
    view! {
        <nav class="groups" aria-label="Item groups">
            <div class="chips">
                {chip(FAVOURITES.to_owned(), "Often".to_owned())}
                {chip(String::new(), "All".to_owned())}
                {move || children(&root()).into_iter().map(|name| chip(name.clone(), name)).collect_view()}
            </div>
            <div class="chips second">
                {move || {
                    let branch = branch();
                    // Under "All" the groups that hold items themselves are one touch away.
                    let below = if branch.is_empty() {
                        children(&root()).iter().flat_map(|name| children(name)).collect()
                    } else {
                        children(&branch)
                    };
                    below.into_iter().map(|name| chip(name.clone(), name)).collect_view()
                }}
            </div>
        </nav>
    }
}

/// Which one of a template's variants.
#[component]
fn Variants(code: String, close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let variants = app().catalogue().map(|catalogue| catalogue.variants(&code)).unwrap_or_default();
    let choose = move |item: &Item| {
        app().add_item(item, None);
        ui.overlay.set(None);
    };
    view! {
        <Sheet title="Which one?" close=close>
            <div class="choices">
                {variants.into_iter().map(|item| {
                    let label = item.item_name.clone();
                    view! { <button class="choice" on:click=move |_| choose(&item)><strong>{label}</strong></button> }
                }).collect_view()}
            </div>
        </Sheet>
    }
}

#[component]
fn Menu(close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let to = move |screen: Screen| {
        ui.overlay.set(None);
        ui.screen.set(screen);
    };
    view! {
        <Sheet title="Menu" close=close>
            <div class="list">
                <button class="row" data-testid="today" on:click=move |_| ui.overlay.set(Some(Overlay::Today))><strong>"Sales"</strong><span class="quiet">"Today's list, reprint"</span></button>
                <button class="row" data-testid="to-return" on:click=move |_| ui.overlay.set(Some(Overlay::Return(None)))><strong>"Return or exchange"</strong><span class="quiet">"With or without a receipt"</span></button>
                <button class="row" data-testid="to-held" on:click=move |_| ui.overlay.set(Some(Overlay::Held))><strong>"Waiting carts"</strong><span class="quiet">{move || format!("{} on hold", ui.held.with(Vec::len))}</span></button>
                <button class="row" data-testid="to-cash" on:click=move |_| ui.overlay.set(Some(Overlay::MoveCash))><strong>"Cash in or out"</strong><span class="quiet">"Change, bank, expenses"</span></button>
                <button class="row" data-testid="to-figures" on:click=move |_| ui.overlay.set(Some(Overlay::Figures))><strong>"Figures"</strong><span class="quiet">"This shift so far, and today"</span></button>
                <button class="row" data-testid="to-close-shift" on:click=move |_| to(Screen::CloseShift)><strong>"Close the shift"</strong><span class="quiet">"Count the drawer"</span></button>
                <button class="row" on:click=move |_| go(async { app().lock().await })><strong>"Lock"</strong><span class="quiet">"The cart stays"</span></button>
            </div>
            <p class="quiet small">{move || ui.terminal.with(|info| format!("{} ({}), {}, version {}", info.terminal_name, info.code, info.pos_profile, env!("CARGO_PKG_VERSION")))}</p>
        </Sheet>
    }
}
