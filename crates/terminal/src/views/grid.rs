//! The items, as many as there may be: only the rows in sight exist.

use super::ui;
use crate::{app::app, browser::set_timeout};
use holdfast_catalogue::ItemId;
use leptos::{ev, html::Div, prelude::*};

/// The group of what is sold again and again; no Item Group has this name.
pub(super) const FAVOURITES: &str = "\u{2605}";

const TILE_WIDTH: f64 = 164.0;
const TILE_HEIGHT: f64 = 188.0;

/// Keys that follow each other faster than this are a scanner's, in milliseconds.
const SCANNER_GAP_MS: f64 = 30.0;

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

    let in_group = Memo::new(move |_| {
        ui.catalogue.track();
        let group = ui.group.get();
        if group == FAVOURITES {
            ui.favourites.track();
            ui.book.track();
            return app().often_sold();
        }
        app().catalogue().map(|catalogue| catalogue.in_group(&group)).unwrap_or_default()
    });
    let wanted = settled(ui.query);
    let ids = Memo::new(move |_| {
        let query = wanted.get();
        if query.trim().is_empty() {
            return in_group.get();
        }
        ui.catalogue.track();
        app().catalogue().map(|catalogue| catalogue.search(&query, RESULTS_MAX)).unwrap_or_default()
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
        // One row more at each end, so that scrolling finds tiles; none above the top, because each tile costs at every key.
        let above = first.min(1);
        let first = first - above;
        let count = (size.get().1 / TILE_HEIGHT).ceil() as usize + 1 + above;
        let columns = columns();
        let shown: Vec<ItemId> =
            ids.with(|ids| ids.iter().skip(first * columns).take(count * columns).copied().collect());
        (first, shown)
    });
    view! {
        <div class="grid-area" node_ref=area tabindex="-1"
            on:scroll=move |_| if let Some(area) = area.get_untracked() { top.set(f64::from(area.scroll_top())); }>
            <p class="nothing" class:hidden=move || !ids.with(Vec::is_empty)>{move || if ui.group.get() == FAVOURITES && ui.query.with(String::is_empty) { "What is sold often gathers here. Mark an item with the star in its line." } else { "Nothing found." }}</p>
            <div class="grid-space" style:height=move || format!("{}px", rows() as f64 * TILE_HEIGHT)>
                <div class="grid" style:transform=move || format!("translateY({}px)", in_sight.get().0 as f64 * TILE_HEIGHT)
                    style:grid-template-columns=move || format!("repeat({}, 1fr)", columns())>
                    // Tiles stay and take up other items: far cheaper than making new ones at each key and each scroll.
                    <For each=move || 0..in_sight.with(|(_, shown)| shown.len()) key=|slot| *slot let:slot>
                        <Tile id=Memo::new(move |_| in_sight.with(|(_, shown)| shown.get(slot).copied())) />
                    </For>
                </div>
            </div>
        </div>
    }
}

/// The query as a person typed it: a scanner's keys come too fast to be searched for one by one.
fn settled(query: RwSignal<String>) -> RwSignal<String> {
    let wanted = RwSignal::new(String::new());
    let last = StoredValue::new(0.0);
    let timer = StoredValue::new_local(None);
    Effect::new(move |_| {
        let text = query.get();
        let now = js_sys::Date::now();
        let is_fast = now - last.get_value() < SCANNER_GAP_MS;
        last.set_value(now);
        timer.set_value(None);
        if text.is_empty() || !is_fast {
            wanted.set(text);
        } else {
            timer.set_value(Some(set_timeout(2 * SCANNER_GAP_MS as i32, move || wanted.set(query.get_untracked()))));
        }
    });
    wanted
}

/// What a tile says.
#[derive(Clone, Default, PartialEq)]
struct Face {
    name: String,
    image: String,
    price: String,
}

#[component]
fn Tile(id: Memo<Option<ItemId>>) -> impl IntoView {
    let ui = ui();
    let item = move || app().catalogue().and_then(|catalogue| catalogue.by_id(id.get()?));
    let face = Memo::new(move |_| {
        ui.catalogue.track();
        let (Some(id), Some(item)) = (id.get(), item()) else {
            return Face::default();
        };
        Face { price: app().shelf_price(id, &item), name: item.item_name, image: item.image }
    });
    let add = move |_| {
        if let Some(item) = untrack(item) {
            app().add_item(&item, None);
        }
    };
    view! {
        <button class="tile" data-testid="tile" on:click=add>
            <img src=move || face.with(|face| face.image.clone()) alt="" width="160" height="120" loading="lazy" decoding="async" />
            <span class="tile-name">{move || face.with(|face| face.name.clone())}</span>
            <span class="tile-price">{move || face.with(|face| face.price.clone())}</span>
        </button>
    }
}
