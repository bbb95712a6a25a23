//! A supervisor allows something once.

use super::{
    parts::{Keypad, Sheet},
    ui,
};
use crate::{app::app, ui::Employee};
use holdfast_counter::{Right, pin::is_pin};
use leptos::{ev, prelude::*};

/// Whose PIN, and the PIN.
#[component]
pub(super) fn Allow(right: Right, close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let supervisors = app().supervisors();
    let chosen = RwSignal::new(supervisors.first().cloned());
    let pin = RwSignal::new(String::new());
    let submit = move || {
        let typed = pin.get_untracked();
        if let Some(supervisor) = chosen.get_untracked().filter(|_| is_pin(&typed) && !ui.busy.get_untracked()) {
            pin.set(String::new());
            app().allow(supervisor, typed);
        }
    };
    let digits = move || chosen.with(|chosen| chosen.as_ref().map_or(4, |employee| usize::from(employee.digits)));
    Effect::new(move |_| {
        if pin.with(String::len) == digits() {
            submit();
        }
    });
    let handle = window_event_listener(ev::keydown, move |event| match event.key().as_str() {
        "Enter" => submit(),
        "Backspace" => pin.update(|pin| {
            pin.pop();
        }),
        digit if digit.len() == 1 && digit.as_bytes()[0].is_ascii_digit() => pin.update(|pin| {
            if pin.len() < 8 {
                pin.push_str(digit);
            }
        }),
        _ => {}
    });
    on_cleanup(move || handle.remove());
    let is_chosen = move |employee: &Employee| chosen.with(|chosen| chosen.as_ref() == Some(employee));
    let is_nobody = supervisors.is_empty();
    let names = supervisors.into_iter().map(|employee| {
        let (key, name) = (employee.clone(), employee.full_name.clone());
        view! {
            <button class="chip" aria-pressed=move || is_chosen(&employee).to_string() on:click=move |_| chosen.set(Some(key.clone()))>{name}</button>
        }
    });
    let names = names.collect_view();
    view! {
        <Sheet title=right.question() class="narrow" close=close>
            <p class="quiet">{if is_nobody { "Nobody at this counter may allow this." } else { "A supervisor enters the PIN." }}</p>
            <div class="chips wrap">{names}</div>
            <div class="dots centre" aria-label="PIN" data-testid="allow-dots">
                {move || (0..pin.with(String::len).max(digits())).map(|at| view! { <i class:full=at < pin.with(String::len)></i> }).collect_view()}
            </div>
            <Keypad text=pin point="" />
            <button class="primary wide" data-testid="allow" disabled=ui.busy on:click=move |_| submit()>"Allow"</button>
        </Sheet>
    }
}
