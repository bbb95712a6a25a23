//! From an empty page to the first screen.

use super::{App, go};
use crate::{
    browser,
    crypto::TerminalKeys,
    disk::Disk,
    lock, net,
    ui::{Screen, TerminalInfo, Ui},
};
use holdfast_catalogue::Manifest;
use holdfast_sync::TerminalId;
use leptos::prelude::*;
use std::{cell::Cell, rc::Rc};

/// How long nobody may touch a counter before it locks, in milliseconds.
const IDLE_MS_MAX: i64 = 5 * 60 * 1000;

/// How often that is looked at.
const IDLE_LOOK_MS: i32 = 10_000;

/// Starts the app; every way out of here shows a screen.
#[expect(clippy::large_types_passed_by_value, reason = "handles to signals, handed over once")]
pub(crate) async fn start(ui: Ui) {
    match Disk::open().await {
        Ok(disk) => {
            let app = App::new(ui, disk);
            app.watch_quiet();
            app.watch_idle();
            app.take_counter(false).await;
        }
        Err(error) => ui.screen.set(Screen::Broken(format!(
            "This browser does not let the app keep anything ({error}). Open it in an ordinary window, not a private one."
        ))),
    }
    browser::set_page("started", "yes");
}

impl App {
    /// Takes the counter if no other tab has it, or from the one that has it.
    pub(crate) async fn take_counter(self: &Rc<Self>, steal: bool) {
        let ui = self.ui;
        let is_ours = lock::acquire(steal, move || ui.screen.set(Screen::TakenOver)).await;
        if !is_ours {
            ui.screen.set(Screen::OtherTab);
            return;
        }
        if let Err(error) = self.load().await {
            ui.screen.set(Screen::Broken(format!("What is stored here cannot be read: {error}.")));
        }
    }

    async fn load(self: &Rc<Self>) -> Result<(), crate::disk::DiskError> {
        let stored = self.disk.meta("terminal").await?.and_then(|value| value.as_string());
        let keys = self.disk.meta("keys").await?.as_ref().and_then(TerminalKeys::from_js);
        let info: Option<TerminalInfo> = stored.and_then(|json| serde_json::from_str(&json).ok());
        let (Some(info), Some(keys)) = (info, keys) else {
            self.ui.screen.set(Screen::Enrol);
            return Ok(());
        };
        self.adopt(info, keys);
        if let Some(bytes) = self.disk.meta_bytes("manifest").await? {
            *self.manifest.borrow_mut() = Manifest::from_bytes(&bytes);
        }
        self.ui.screen.set(Screen::SignIn);
        self.spawn_sync();
        let app = Rc::clone(self);
        go(async move { app.read_ahead().await });
        Ok(())
    }

    /// Becomes this terminal.
    pub(super) fn adopt(&self, info: TerminalInfo, keys: TerminalKeys) {
        let id = TerminalId::from_hex(&info.terminal).unwrap_or_default();
        *self.hub.borrow_mut() = Some(Rc::new(net::Hub::new(id, keys.clone())));
        *self.keys.borrow_mut() = Some(keys);
        self.ui.terminal.set(info);
    }

    /// Tells the boot script whether an update may be taken by itself: only while nobody is signed in and nothing is in a cart,
    /// because it reloads the page.
    fn watch_quiet(self: &Rc<Self>) {
        let ui = self.ui;
        let app = Rc::clone(self);
        Effect::new(move |_| {
            if ui.overlay.get().is_none() {
                app.take_waiting_scans();
            }
        });
        Effect::new(move |_| {
            let is_idle = matches!(ui.screen.get(), Screen::SignIn | Screen::OtherTab | Screen::TakenOver);
            let is_quiet = is_idle && ui.basket.with(holdfast_counter::Basket::is_empty) && !ui.busy.get();
            browser::set_page("quiet", if is_quiet { "yes" } else { "no" });
        });
        let look = move || ui.is_update_waiting.set(browser::page("update").as_deref() == Some("waiting"));
        window_event_listener(leptos::ev::Custom::<web_sys::Event>::new("holdfast-update"), move |_| look());
        look();
    }

    /// Locks the counter when nobody has touched it for a while. The cart stays.
    fn watch_idle(self: &Rc<Self>) {
        let touched_at = Rc::new(Cell::new(browser::open_ms()));
        let touch = {
            let touched_at = Rc::clone(&touched_at);
            move || touched_at.set(browser::open_ms())
        };
        let also_touch = touch.clone();
        // Both stay for as long as the page does.
        window_event_listener(leptos::ev::keydown, move |_| touch());
        window_event_listener(leptos::ev::pointerdown, move |_| also_touch());
        let app = Rc::clone(self);
        go(async move {
            loop {
                browser::sleep(IDLE_LOOK_MS).await;
                let is_idle = browser::open_ms() - touched_at.get() > IDLE_MS_MAX;
                let is_at_work = app.ui.employee.with_untracked(Option::is_some) && !app.ui.busy.get_untracked();
                if is_idle && is_at_work {
                    app.lock().await;
                }
            }
        });
    }

    /// Asks that the data stay, and warns before room is short.
    pub(super) fn look_after_storage(self: &Rc<Self>) {
        let ui = self.ui;
        go(async move {
            browser::persist_storage().await;
            if browser::storage_used().await.is_some_and(|share| share > 0.9) {
                ui.complain("This device is almost full. Free some space soon, or sales cannot be saved.");
            }
        });
    }
}

/// Takes the update that waits, because a person asked for it: the boot script reloads the page.
pub(crate) fn take_update() {
    browser::set_page("quiet", "yes");
}
