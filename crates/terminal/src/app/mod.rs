//! What happens when: the app's own flow between the counter's decisions and the browser's adapters.
//!
//! One [`App`] lives as long as the page. Its methods are what views call; each runs to an end even if the view that called it
//! is gone. Durable first, shown after.

mod booked;
mod customers;
mod enrol;
mod journal;
mod paying;
mod rights;
mod selling;
mod shift;
mod sign_in;
mod start;
mod sync;

pub(crate) use enrol::ProfileChoice;
pub(crate) use start::{start, take_update};

use crate::{
    crypto::{DataKey, TerminalKeys},
    disk::Disk,
    net,
    ui::Ui,
};
use holdfast_catalogue::{Catalogue, ItemId, Manifest};
use holdfast_counter::{scan::Scanner, words::Answering};
use holdfast_engine::Date;
use holdfast_sync::{Hash, terminal::Journal};
use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::HashMap,
    rc::Rc,
};

thread_local! {
    static APP: OnceCell<Rc<App>> = const { OnceCell::new() };
}

/// Prices as tiles show them, true for one edition of the catalogue on one day.
#[derive(Default)]
struct Shelf {
    edition: Option<(u32, Date)>,
    prices: HashMap<ItemId, String>,
}

/// A catalogue but for its private parts, which are still encrypted, by hash.
struct Ahead {
    manifest: Manifest,
    catalogue: Catalogue,
    encrypted: HashMap<[u8; 32], Vec<u8>>,
}

/// The app.
pub(crate) struct App {
    pub(crate) ui: Ui,
    disk: Disk,
    keys: RefCell<Option<TerminalKeys>>,
    hub: RefCell<Option<Rc<net::Hub>>>,
    data: RefCell<Option<DataKey>>,
    journal: RefCell<Option<Journal>>,
    /// The hash of each entry, from place 1 on.
    hashes: RefCell<Vec<Hash>>,
    manifest: RefCell<Option<Manifest>>,
    catalogue: RefCell<Option<Rc<Catalogue>>>,
    /// What was opened of the catalogue before anybody signed in.
    ahead: RefCell<Option<Ahead>>,
    /// Set while that is being read.
    is_reading_ahead: Cell<bool>,
    shelf: RefCell<Shelf>,
    /// When somebody last tried a PIN, by [`crate::browser::open_ms`].
    tried_at_open_ms: RefCell<HashMap<String, i64>>,
    scanner: RefCell<Scanner>,
    answering: Cell<Answering>,
    /// Set while something answers in the hub's place, which was said.
    is_nonsense_told: Cell<bool>,
    /// Set to look at the hub at once instead of waiting.
    hurry: Cell<bool>,
    is_syncing: Cell<bool>,
    /// Set while an entry or the basket is being written.
    is_writing: Cell<bool>,
    /// Codes that were scanned while somebody paid.
    scans_waiting: RefCell<Vec<String>>,
    /// What waits for a supervisor.
    asked: RefCell<Option<rights::Asked>>,
}

/// The app that is running.
pub(crate) fn app() -> Rc<App> {
    APP.with(|app| Rc::clone(app.get().expect("views are only shown by a running app")))
}

impl App {
    #[expect(clippy::large_types_passed_by_value, reason = "handles to signals, handed over once")]
    fn new(ui: Ui, disk: Disk) -> Rc<Self> {
        let app = Rc::new(Self {
            ui,
            disk,
            keys: RefCell::default(),
            hub: RefCell::default(),
            data: RefCell::default(),
            journal: RefCell::default(),
            hashes: RefCell::default(),
            manifest: RefCell::default(),
            catalogue: RefCell::default(),
            ahead: RefCell::default(),
            is_reading_ahead: Cell::new(false),
            shelf: RefCell::default(),
            tried_at_open_ms: RefCell::default(),
            scanner: RefCell::default(),
            answering: Cell::default(),
            is_nonsense_told: Cell::new(false),
            hurry: Cell::new(false),
            is_syncing: Cell::new(false),
            is_writing: Cell::new(false),
            scans_waiting: RefCell::default(),
            asked: RefCell::default(),
        });
        APP.with(|cell| {
            // There is one start, so there is one app.
            let _ = cell.set(Rc::clone(&app));
        });
        app
    }

    /// The catalogue in use.
    pub(crate) fn catalogue(&self) -> Option<Rc<Catalogue>> {
        self.catalogue.borrow().clone()
    }

    fn keys(&self) -> Option<TerminalKeys> {
        self.keys.borrow().clone()
    }

    fn hub(&self) -> Option<Rc<net::Hub>> {
        self.hub.borrow().clone()
    }

    fn data(&self) -> Option<DataKey> {
        self.data.borrow().clone()
    }
}

/// Runs something to its end, whatever becomes of the view that asked for it.
pub(crate) fn go(future: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(future);
}
