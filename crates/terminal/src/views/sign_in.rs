//! Who is at the counter: a name and a PIN.

use super::{parts::Icon, ui};
use crate::{
    app::{app, go},
    ui::Employee,
};
use holdfast_counter::pin::is_pin;
use leptos::{ev, prelude::*};

/// Employees, then the PIN pad.
#[component]
pub(crate) fn SignIn() -> impl IntoView {
    let ui = ui();
    let chosen = RwSignal::new(None::<Employee>);
    let pin = RwSignal::new(String::new());
    let submit = move || {
        let Some(employee) = chosen.get_untracked() else {
            return;
        };
        let tried = pin.get_untracked();
        if !is_pin(&tried) || ui.busy.get_untracked() {
            return;
        }
        pin.set(String::new());
        go(async move {
            app().sign_in(employee, &tried).await;
        });
    };
    let digits = move || chosen.with(|chosen| chosen.as_ref().map_or(4, |employee| usize::from(employee.digits)));
    let press = move |key: &str| {
        if ui.busy.get_untracked() || chosen.get_untracked().is_none() {
            return;
        }
        match key {
            "Enter" => submit(),
            "Backspace" => pin.update(|pin| {
                pin.pop();
            }),
            "Escape" => chosen.set(None),
            digit if digit.len() == 1 && digit.as_bytes()[0].is_ascii_digit() => {
                pin.update(|pin| {
                    if pin.len() < 8 {
                        pin.push_str(digit);
                    }
                });
                if pin.with_untracked(String::len) == digits() {
                    submit();
                }
            }
            _ => {}
        }
    };
    let handle = window_event_listener(ev::keydown, move |event| press(&event.key()));
    on_cleanup(move || handle.remove());
    view! {
        <main class="setup">
            <div class="panel wide-panel">
                <p class="shop">{move || ui.terminal.with(|info| info.shop.clone())}</p>
                <h1>{move || chosen.get().map_or("Who is selling?".to_owned(), |e| format!("Hello, {}", first_name(&e.full_name)))}</h1>
                <div class="people" class:hidden=move || chosen.get().is_some()>
                    {move || ui.terminal.get().employees.into_iter().map(|employee| {
                        let (name, role) = (employee.full_name.clone(), employee.role.clone());
                        view! {
                            <button class="person" data-testid="employee" on:click=move |_| { pin.set(String::new()); chosen.set(Some(employee.clone())); }>
                                <span class="initials">{initials(&name)}</span>
                                <strong>{name.clone()}</strong>
                                <span class="quiet">{role}</span>
                            </button>
                        }
                    }).collect_view()}
                </div>
                <div class="pin" class:hidden=move || chosen.get().is_none()>
                    <div class="dots" aria-label="PIN" data-testid="pin-dots">
                        {move || (0..pin.get().len().max(digits())).map(|at| view! {
                            <i class:full=at < pin.get().len()></i>
                        }).collect_view()}
                    </div>
                    <div class="keypad">
                        {["1", "2", "3", "4", "5", "6", "7", "8", "9"].into_iter().map(|key| view! {
                            <button on:click=move |_| press(key)>{key}</button>
                        }).collect_view()}
                        <button aria-label="Other employee" on:click=move |_| chosen.set(None)><Icon name="back" /></button>
                        <button on:click=move |_| press("0")>"0"</button>
                        <button aria-label="Sign in" on:click=move |_| press("Enter")><Icon name="check" /></button>
                    </div>
                    <p class="quiet">{move || if ui.busy.get() { "Checking" } else { "Enter your PIN" }}</p>
                </div>
                <p class="quiet small">{move || {
                    let sync = ui.sync.get();
                    let (name, code) = ui.terminal.with(|info| (info.terminal_name.clone(), info.code.clone()));
                    let waits = if sync.entries_waiting > 0 { format!("; {} sales wait", sync.sales_waiting) } else { String::new() };
                    format!("{name} ({code}){waits}")
                }}</p>
            </div>
        </main>
    }
}

fn first_name(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}

fn initials(name: &str) -> String {
    name.split(' ').filter_map(|word| word.chars().next()).take(2).collect()
}
