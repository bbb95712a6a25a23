//! A browser becomes a counter: sign in, choose, wait for the catalogue.

use super::{parts::Icon, ui};
use crate::app::{ProfileChoice, app, go};
use leptos::prelude::*;

/// Account, name, POS Profile.
#[component]
pub(crate) fn Enrol() -> impl IntoView {
    let ui = ui();
    let account = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let name = RwSignal::new("Till 1".to_owned());
    let profiles = RwSignal::new(Vec::<ProfileChoice>::new());
    let check = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        ui.busy.set(true);
        go(async move {
            let answer = app().profiles(&account.get_untracked(), &password.get_untracked()).await;
            ui.busy.set(false);
            match answer {
                Ok(found) => {
                    ui.notice.set(None);
                    profiles.set(found);
                }
                Err(error) => ui.complain(error.to_string()),
            }
        });
    };
    let enrol = move |profile: String| {
        go(async move {
            app().enrol(&account.get_untracked(), &password.get_untracked(), &name.get_untracked(), &profile).await;
        });
    };
    view! {
        <main class="setup">
            <div class="panel">
                <h1>"Set up this counter"</h1>
                <p class="quiet">"Once, with a network. From then on it sells without one."</p>
                <form on:submit=check class:hidden=move || !profiles.get().is_empty()>
                    <label>"Account"<input name="account" autocomplete="username" required prop:value=account
                        on:input=move |e| account.set(event_target_value(&e)) /></label>
                    <label>"Password"<input name="password" type="password" autocomplete="current-password" required prop:value=password
                        on:input=move |e| password.set(event_target_value(&e)) /></label>
                    <button class="primary wide" disabled=ui.busy data-testid="continue">"Continue"</button>
                </form>
                <div class:hidden=move || profiles.get().is_empty()>
                    <label>"Name of this counter"<input name="terminal" maxlength="60" prop:value=name
                        on:input=move |e| name.set(event_target_value(&e)) /></label>
                    <h2>"What does it sell?"</h2>
                    <div class="choices">
                        {move || profiles.get().into_iter().map(|profile| {
                            let key = profile.name.clone();
                            view! {
                                <button class="choice" disabled=ui.busy data-testid="profile" on:click=move |_| enrol(key.clone())>
                                    <strong>{profile.name}</strong>
                                    <span class="quiet">{format!("{}, {}", profile.warehouse, profile.currency)}</span>
                                </button>
                            }
                        }).collect_view()}
                    </div>
                    <button class="link" on:click=move |_| profiles.set(Vec::new())><Icon name="back" />"Other account"</button>
                </div>
            </div>
        </main>
    }
}

/// The catalogue on its way.
#[component]
pub(crate) fn Loading() -> impl IntoView {
    let ui = ui();
    let share = move || {
        let (done, total) = ui.progress.get();
        (done * 100).checked_div(total).unwrap_or(0)
    };
    view! {
        <main class="setup">
            <div class="panel">
                <h1>"Fetching the catalogue"</h1>
                <progress max="100" prop:value=share aria-label="Catalogue"></progress>
                <p class="quiet" data-testid="progress">{move || {
                    let (done, total) = ui.progress.get();
                    if total == 0 { "Asking the hub".to_owned() } else { format!("{done} of {total} parts, each checked") }
                }}</p>
            </div>
        </main>
    }
}
