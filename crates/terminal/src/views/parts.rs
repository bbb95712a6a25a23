//! Small pieces that several screens use.

use leptos::prelude::*;

/// An icon of our own set: 24 by 24, one stroke.
#[component]
pub(crate) fn Icon(name: &'static str) -> impl IntoView {
    let path = match name {
        "search" => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M15.5 15.5 20 20",
        "lock" => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
        "menu" => "M4 7h16M4 12h16M4 17h16",
        "minus" => "M6 12h12",
        "plus" => "M6 12h12M12 6v12",
        "undo" => "M9 7 5 11l4 4M5 11h9a5 5 0 0 1 0 10h-2",
        "trash" => "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
        "person" => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M5 20c.5-4 3-6 7-6s6.500 2 7 6",
        "print" => "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
        "pause" => "M7 6h3v12H7zM14 6h3v12h-3z",
        "more" => {
            "M4.500 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M11 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M17.500 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0"
        }
        "edit" => "M5 19h4L19 9l-4-4L5 15zM13 7l4 4",
        "star" | "starred" => "M12 4l2.500 5 5.500.800-4 4 1 5.500-5-2.700-5 2.700 1-5.500-4-4 5.500-.800z",
        "check" => "M5 12.500 10 17.500 19 7",
        "back" => "M19 12H5M11 6l-6 6 6 6",
        "cart" => "M3 5h3l2.500 10h9L20 8H7M10 19.500h.01M17 19.500h.01",
        "close" => "M6 6l12 12M18 6 6 18",
        _ => "M7 4h10v16l-2.500-2-2.500 2-2.500-2L7 20zM10 9h4M10 13h4",
    };
    view! {
        <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true" fill=if name == "starred" { "currentColor" } else { "none" } stroke="currentColor"
            stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"><path d=path /></svg>
    }
}

/// Digits to touch. Each press gives the whole text; `C` clears it.
#[component]
pub(crate) fn Keypad(text: RwSignal<String>, #[prop(default = ".")] point: &'static str) -> impl IntoView {
    let press = move |key: &'static str| {
        text.update(|text| match key {
            "C" => text.clear(),
            key if text.len() < 9 && !(key == "." && text.contains('.')) => text.push_str(key),
            _ => {}
        });
    };
    let keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", point, "0", "C"];
    view! {
        <div class="keypad">
            {keys.into_iter().map(|key| view! {
                <button type="button" disabled=key.is_empty() aria-label=if key == "C" { "Clear" } else { key }
                    on:click=move |_| press(key)>{key}</button>
            }).collect_view()}
        </div>
    }
}

/// A dialog over the selling screen.
#[component]
pub(crate) fn Sheet(
    #[prop(into)] title: String,
    #[prop(optional)] class: &'static str,
    close: Callback<()>,
    children: Children,
) -> impl IntoView {
    let label = title.clone();
    view! {
        <div class="scrim" on:click=move |_| close.run(())></div>
        <section class=format!("sheet {class}") role="dialog" aria-modal="true" aria-label=label>
            <header>
                <h2>{title}</h2>
                <button class="icon" aria-label="Close" data-testid="close" on:click=move |_| close.run(())><Icon name="close" /></button>
            </header>
            <div class="body">{children()}</div>
        </section>
    }
}

/// Reads an amount that somebody typed, with a point or a comma.
pub(crate) fn amount(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0)
}
