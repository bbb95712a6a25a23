//! The items, as many as there may be: only the rows in sight exist.

use super::ui;
use crate::app::app;
use holdfast_catalogue::ItemId;
use holdfast_engine::{Cart, Context, Date, Line, masters::Item, price};
use leptos::{ev, html::Div, prelude::*};

const TILE_WIDTH: f64 = 164.0;
const TILE_HEIGHT: f64 = 188.0;

/// Most results of a search.
const RESULTS_MAX: usize = 200;

/// The chosen group, or what the search found.
#[component]
pub(crate) fn Grid() -> impl IntoView {
    let ui = ui();
    let area = NodeRef::<Div>::new();
    let top = RwSignal::new(0.0);
    let size = RwSignal::new((900.0, 700.0));
    let measure = move || {
        if let Some(area) = area.get_untracked() {
            size.set((f64::from(area.client_width()), f64::from(area.client_height())));
        }
    };
    Effect::new(move |_| {
        area.track();
        measure();
    });
    let handle = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || handle.remove());

    let ids = Memo::new(move |_| {
        ui.catalogue.track();
        let Some(catalogue) = app().catalogue() else {
            return Vec::new();
        };
        let query = ui.query.get();
        if query.trim().is_empty() {
            catalogue.in_group(&ui.group.get())
        } else {
            catalogue.search(&query, RESULTS_MAX)
        }
    });
    Effect::new(move |_| {
        ids.track();
        if let Some(area) = area.get_untracked() {
            area.set_scroll_top(0);
        }
        top.set(0.0);
    });
    let columns = move || ((size.get().0 / TILE_WIDTH).floor() as usize).max(2);
    let rows = move || ids.with(Vec::len).div_ceil(columns());
    let in_sight = Memo::new(move |_| {
        let first = (top.get() / TILE_HEIGHT).floor().max(0.0) as usize;
        let first = first.saturating_sub(1);
        let count = (size.get().1 / TILE_HEIGHT).ceil() as usize + 3;
        let columns = columns();
        let shown: Vec<ItemId> =
            ids.with(|ids| ids.iter().skip(first * columns).take(count * columns).copied().collect());
        (first, shown)
    });
    view! {
        <div class="grid-area" node_ref=area tabindex="-1"
            on:scroll=move |_| if let Some(area) = area.get_untracked() { top.set(f64::from(area.scroll_top())); }>
            <p class="nothing" class:hidden=move || !ids.with(Vec::is_empty)>"Nothing found."</p>
            <div class="grid-space" style:height=move || format!("{}px", rows() as f64 * TILE_HEIGHT)>
                <div class="grid" style:transform=move || format!("translateY({}px)", in_sight.get().0 as f64 * TILE_HEIGHT)
                    style:grid-template-columns=move || format!("repeat({}, 1fr)", columns())>
                    <For each=move || in_sight.get().1 key=|id| *id let:id><Tile id=id /></For>
                </div>
            </div>
        </div>
    }
}

#[component]
fn Tile(id: ItemId) -> impl IntoView {
    let item = app().catalogue().and_then(|catalogue| catalogue.by_id(id));
    item.map(|item| {
        let (name, image, price) = (item.item_name.clone(), item.image.clone(), shelf_price(&item));
        view! {
            <button class="tile" data-testid="tile" on:click=move |_| app().add_item(&item, None)>
                <img src=image alt="" width="160" height="120" loading="lazy" decoding="async" />
                <span class="tile-name">{name}</span>
                <span class="tile-price">{price}</span>
            </button>
        }
    })
}

/// What one of it costs: the engine's own answer, so that the shelf never says something else than the cart.
fn shelf_price(item: &Item) -> String {
    if item.has_variants {
        return "Choose".to_owned();
    }
    let Some(catalogue) = app().catalogue() else {
        return String::new();
    };
    let line = Line { item_code: item.item_code.clone(), qty: 1.0, ..Line::default() };
    let today: Date = crate::browser::local_date(crate::browser::now_ms());
    let priced = price(&Cart { lines: vec![line], ..Cart::default() }, &*catalogue, &Context::on(today));
    let row = priced.invoice.items.first();
    row.map(|row| format!("{} / {}", app().money(row.rate), row.uom)).unwrap_or_default()
}
