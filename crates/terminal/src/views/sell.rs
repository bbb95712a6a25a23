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
use holdfast_engine::{
    Masters, Tables,
    masters::{Item, TreeNode},
};
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

/// Groups as two rows: the branches of the tree, then what is below the chosen one, however deep the tree is.
#[component]
fn Groups() -> impl IntoView {
    let ui = ui();
    let nodes = Memo::new(move |_| {
        ui.catalogue.track();
        app().catalogue().map(|catalogue| catalogue.tables().item_groups.clone()).unwrap_or_default()
    });
    let chip = move |name: String, label: String| {
        let (key, pressed) = (name.clone(), name);
        let is_pressed = move || {
            let chosen = ui.group.get();
            chosen == pressed
                || (!pressed.is_empty() && nodes.with(|nodes| Tables::lineage(nodes, &chosen).contains(&&*pressed)))
        };
        view! {
            <button class="chip" aria-pressed=move || is_pressed().to_string()
                on:click=move |_| { ui.query.set(String::new()); ui.group.set(key.clone()); }>{label}</button>
        }
    };
    view! {
        <nav class="groups" aria-label="Item groups">
            <div class="chips">
                {chip(FAVOURITES.to_owned(), "Often".to_owned())}
                {chip(String::new(), "All".to_owned())}
                {move || nodes.with(|nodes| children(nodes, root(nodes))).into_iter().map(|name| chip(name.clone(), name)).collect_view()}
            </div>
            <div class="chips second">
                {move || nodes.with(|nodes| below(nodes, &ui.group.get())).into_iter().map(|(name, label)| chip(name, label)).collect_view()}
            </div>
        </nav>
    }
}

fn root(nodes: &[TreeNode]) -> &str {
    nodes.iter().find(|node| node.parent.is_empty()).map(|node| &*node.name).unwrap_or_default()
}

fn children(nodes: &[TreeNode], parent: &str) -> Vec<String> {
    nodes.iter().filter(|node| node.parent == parent && !node.name.is_empty()).map(|node| node.name.clone()).collect()
}

/// The second row: the groups below the chosen one or beside it, each with its label; deep in the tree the way up comes first.
fn below(nodes: &[TreeNode], chosen: &str) -> Vec<(String, String)> {
    let named = |names: Vec<String>| names.into_iter().map(|name| (name.clone(), name));
    let parent = |name: &str| nodes.iter().find(|node| node.name == name).map(|node| &*node.parent).unwrap_or_default();
    let root = root(nodes);
    // A group that holds nothing but items shows its neighbours.
    let base = if children(nodes, chosen).is_empty() { parent(chosen) } else { chosen };
    if base.is_empty() || base == root {
        // Under "All" the groups that hold items themselves are one touch away.
        let is_branch = !chosen.is_empty() && parent(chosen) == root;
        let branches = children(nodes, root);
        return if is_branch {
            Vec::new()
        } else {
            branches.iter().flat_map(|name| named(children(nodes, name))).collect()
        };
    }
    let up = Some(parent(base)).filter(|up| *up != root).map(|up| (up.to_owned(), format!("‹ {up}")));
    up.into_iter().chain(named(children(nodes, base))).collect()
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
                    let price = app().catalogue().and_then(|catalogue| catalogue.id_of(&item.item_code)).map(|id| app().shelf_price(id, &item));
                    view! { <button class="choice" on:click=move |_| choose(&item)><strong>{label}</strong><span class="quiet">{price}</span></button> }
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
