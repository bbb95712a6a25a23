//! Selling: carts, scans, prices.

use super::{App, Shelf, go};
use crate::{
    browser,
    disk::{DiskError, array},
    ui::{Overlay, Screen},
};
use holdfast_catalogue::{Catalogue, Hit, ItemId};
use holdfast_counter::{
    Basket, Desk, Ticket, basket::LINES_MAX, desk::Aside, local::Local, popular, returning, scan::Key, words,
};
use holdfast_engine::{Cart, Context, Line, Masters, barcode::qty_for, masters::Item, money::format_money, price};
use holdfast_sync::Body;
use leptos::prelude::*;
use std::{collections::HashMap, rc::Rc};
use wasm_bindgen::JsValue;

/// Most items that are shown for being sold often.
const OFTEN_MAX: usize = 40;

/// What the carts are stored as.
pub(super) const CARTS: &str = "carts";

impl App {
    pub(super) fn context(&self) -> Context {
        let now = browser::now_ms();
        let at = self.journal.borrow().as_ref().map_or(now, |journal| journal.time_for(now));
        Context { posting_date: browser::local_date(at), posting_time_s: browser::local_seconds(at) }
    }

    /// Asks something of the catalogue as this counter knows it better.
    pub(crate) fn with_masters<R>(&self, ask: impl FnOnce(&Local<'_, Catalogue>) -> R) -> Option<R> {
        let catalogue = self.catalogue()?;
        let acknowledged = self.journal.borrow().as_ref().map(|journal| journal.acknowledged().seq).unwrap_or_default();
        Some(self.ui.book.with_untracked(|book| ask(&Local { masters: &*catalogue, book, acknowledged })))
    }

    fn ticket(&self, basket: &Basket) -> Ticket {
        self.with_masters(|masters| Ticket::of(basket, masters, &self.context())).unwrap_or_default()
    }

    /// An amount as the shop writes it.
    pub(crate) fn money(&self, value: f64) -> String {
        let Some(catalogue) = self.catalogue() else {
            return String::new();
        };
        let tables = catalogue.tables();
        let settings = &tables.settings;
        format_money(
            value,
            tables.currency(&tables.profile.currency),
            &settings.number_format,
            settings.currency_precision,
        )
    }

    /// What one of it costs: the engine's own answer, so that the shelf never says something else than the cart.
    pub(crate) fn shelf_price(&self, id: ItemId, item: &Item) -> String {
        if item.has_variants {
            return "Choose".to_owned();
        }
        let context = self.context();
        // Asked for again and again while somebody scrolls; true for one catalogue on one day.
        let edition = Some((self.ui.catalogue.get_untracked(), context.posting_date));
        let mut shelf = self.shelf.borrow_mut();
        if shelf.edition != edition {
            *shelf = Shelf { edition, prices: HashMap::new() };
        }
        let text = shelf.prices.entry(id).or_insert_with(|| {
            let line = Line { item_code: item.item_code.clone(), qty: 1.0, ..Line::default() };
            let cart = Cart { lines: vec![line], ..Cart::default() };
            let priced = self.with_masters(|masters| price(&cart, masters, &context)).unwrap_or_default();
            let row = priced.invoice.items.first();
            row.map(|row| format!("{} / {}", self.money(row.rate), row.uom)).unwrap_or_default()
        });
        text.clone()
    }

    /// Prices what is in the basket again.
    pub(super) fn reprice(&self) {
        let ticket = self.ui.basket.with_untracked(|basket| self.ticket(basket));
        self.ui.ticket.set(ticket);
    }

    /// Changes the basket, prices it, and stores it.
    pub(crate) fn change_basket(self: &Rc<Self>, change: impl FnOnce(&mut Basket)) {
        self.ui.basket.update(change);
        self.basket_changed();
    }

    fn basket_changed(self: &Rc<Self>) {
        self.reprice();
        let app = Rc::clone(self);
        go(async move { app.store_desk().await });
    }

    /// Every cart as it is now.
    pub(super) fn desk(&self) -> Desk {
        Desk { basket: self.ui.basket.get_untracked(), held: self.ui.held.get_untracked() }
    }

    pub(super) fn show_desk(&self, desk: Desk) {
        self.ui.held.set(desk.held);
        self.ui.basket.set(desk.basket);
    }

    /// Stores the carts as they are when their turn comes: never between an entry and the carts that go with it.
    async fn store_desk(&self) {
        let Some(data) = self.data() else { return };
        self.take_turn().await;
        let bytes =
            self.ui.basket.with_untracked(|basket| self.ui.held.with_untracked(|held| Desk::bytes_of(basket, held)));
        let stored = match data.encrypt(&bytes).await {
            Ok(encrypted) => self.disk.set_meta(&[(CARTS, array(&encrypted))]).await,
            Err(_) => Ok(()),
        };
        self.is_writing.set(false);
        if stored == Err(DiskError::Full) {
            self.ui.complain("This device has no room left; the cart is only on the screen.");
        }
    }

    fn aside(&self, label: &str) -> Aside {
        Aside {
            label: label.trim().to_owned(),
            at_ms: browser::now_ms(),
            employee: self
                .ui
                .employee
                .with_untracked(|employee| employee.as_ref().map(|e| e.full_name.clone()))
                .unwrap_or_default(),
            total: self.ui.ticket.with_untracked(Ticket::due),
        }
    }

    /// Puts the cart aside.
    pub(crate) fn hold(self: &Rc<Self>, label: &str) {
        let mut desk = self.desk();
        match desk.hold(self.aside(label)) {
            Some(number) => {
                self.show_desk(desk);
                self.ui.is_taking_back.set(false);
                self.ui.tell(format!("The cart waits as number {number}."));
                self.basket_changed();
            }
            None if desk.basket.is_empty() => self.ui.complain(words::EMPTY_CART),
            None => self.ui.complain(words::TOO_MANY_HELD),
        }
    }

    /// Takes a cart up again.
    pub(crate) fn reopen(self: &Rc<Self>, number: u32) {
        let mut desk = self.desk();
        if desk.reopen(number, self.aside("")) {
            self.show_desk(desk);
            self.ui.notice.set(None);
            self.basket_changed();
        }
    }

    /// Throws a waiting cart away, which the journal remembers.
    pub(crate) fn drop_held(self: &Rc<Self>, number: u32) {
        let mut desk = self.desk();
        if let Some(held) = desk.drop_held(number) {
            self.show_desk(desk);
            self.basket_changed();
            self.note_dropped(held.basket.lines.len(), held.total);
        }
    }

    fn note_dropped(self: &Rc<Self>, lines: usize, total: f64) {
        let lines = u32::try_from(lines).unwrap_or(u32::MAX);
        let app = Rc::clone(self);
        go(async move {
            app.note(Body::CartDropped { lines, total }).await;
        });
    }

    /// Waits until nothing else is being written. Ends with `is_writing` set.
    pub(super) async fn take_turn(&self) {
        while self.is_writing.replace(true) {
            browser::sleep(5).await;
        }
    }

    /// Puts an item into the basket, or offers its variants.
    pub(crate) fn add_item(self: &Rc<Self>, item: &Item, hit: Option<&Hit>) {
        if item.has_variants {
            self.ui.overlay.set(Some(Overlay::Variants(item.item_code.clone())));
            return;
        }
        let (uom, batch, serial) = hit.map_or(("", "", ""), |hit| (&*hit.uom, &*hit.batch_no, &*hit.serial_no));
        // Without a scan the batch that expires first is taken, of those that may still be sold.
        let today = self.context().posting_date;
        let first_batch = item
            .batches
            .iter()
            .filter(|batch| batch.expiry_date.is_none_or(|expiry| expiry >= today))
            .min_by_key(|batch| (batch.expiry_date.is_none(), batch.expiry_date))
            .map_or("", |batch| batch.batch_no.as_str());
        let batch = if batch.is_empty() { first_batch } else { batch };
        if self.ui.basket.with_untracked(|basket| basket.lines.len() >= LINES_MAX) {
            self.ui.complain(words::CART_FULL);
            return;
        }
        self.ui.notice.set(None);
        let qty = hit.and_then(|hit| self.scanned_qty(hit)).unwrap_or(1.0);
        if self.ui.is_taking_back.get_untracked() {
            let mut is_taken = false;
            self.change_basket(|basket| is_taken = basket.add_back(item, uom, batch, serial, qty));
            if !is_taken {
                self.ui.complain(words::ONE_RETURN);
            }
            return;
        }
        self.change_basket(|basket| {
            basket.add(item, uom, batch, serial, qty);
        });
    }

    /// How much a code says that there is: a weight, a count, or as much as its price pays for.
    fn scanned_qty(&self, hit: &Hit) -> Option<f64> {
        let amount = match (hit.qty, hit.amount) {
            (None, Some(amount)) => amount,
            (qty, _) => return qty,
        };
        let mut one = Basket::default();
        one.add(&hit.item, &hit.uom, &hit.batch_no, "", 1.0);
        let rate = self.ticket(&one).sale?.invoice.items.first()?.rate;
        qty_for(amount, rate, self.catalogue()?.tables().settings.float_precision)
    }

    /// Takes a scanned code. While somebody pays it is kept for the cart that comes next.
    pub(crate) fn scan(self: &Rc<Self>, code: &str) {
        match self.ui.overlay.get_untracked() {
            Some(Overlay::Pay) => {
                self.scans_waiting.borrow_mut().push(code.to_owned());
                self.ui.tell(words::SCANNED_WHILE_PAYING);
                return;
            }
            Some(_) => self.ui.overlay.set(None),
            None => {}
        }
        if let Some(hit) = self.catalogue().and_then(|catalogue| catalogue.scan(code)) {
            return self.add_item(&hit.item, Some(&hit));
        }
        let receipt = self.ui.book.with_untracked(|book| returning::find(book, code).map(|booked| booked.seq));
        match receipt {
            Some(seq) => self.ui.overlay.set(Some(Overlay::Return(Some(seq)))),
            None => self.ui.complain(words::unknown_barcode(code)),
        }
    }

    /// Whether a code stands for something here: an item, or a receipt.
    fn knows(&self, code: &str) -> bool {
        let is_item = self.catalogue().is_some_and(|catalogue| catalogue.scan(code).is_some());
        is_item || self.ui.book.with_untracked(|book| returning::find(book, code).is_some())
    }

    /// Takes up what was scanned while somebody paid.
    pub(super) fn take_waiting_scans(self: &Rc<Self>) {
        let waiting = std::mem::take(&mut *self.scans_waiting.borrow_mut());
        for code in waiting {
            self.scan(&code);
        }
    }

    /// The items that somebody marked, then those on most receipts.
    pub(crate) fn often_sold(&self) -> Vec<ItemId> {
        let Some(catalogue) = self.catalogue() else { return Vec::new() };
        let mut codes = self.ui.favourites.get_untracked();
        let popular = self.ui.book.with_untracked(|book| popular::item_codes(book.sales.iter(), OFTEN_MAX));
        codes.extend(popular.into_iter().filter(|code| !codes.contains(code)).collect::<Vec<_>>());
        codes.iter().filter_map(|code| catalogue.id_of(code)).collect()
    }

    /// Marks an item as often sold, or no longer.
    pub(crate) fn mark_favourite(self: &Rc<Self>, item_code: &str) {
        self.ui.favourites.update(|codes| match codes.iter().position(|code| code == item_code) {
            Some(at) => drop(codes.remove(at)),
            None => codes.push(item_code.to_owned()),
        });
        let json = serde_json::to_string(&self.ui.favourites.get_untracked()).expect("codes can be written");
        let app = Rc::clone(self);
        // Losing a mark loses nothing else.
        go(async move { drop(app.disk.set_meta(&[("favourites", JsValue::from_str(&json))]).await) });
    }

    /// Sets the price of a line, unless a pricing rule has the last word on it, as it has in ERPNext.
    pub(crate) fn set_price(self: &Rc<Self>, at: usize, rate: f64) {
        self.change_basket(|basket| basket.set_rate(at, Some(rate)));
        let is_kept = self.ui.ticket.with_untracked(|ticket| {
            let Some(sale) = &ticket.sale else { return true };
            let row = sale.sources.iter().position(|source| *source == Some(at));
            row.is_none_or(|row| (sale.invoice.items[row].rate - rate).abs() < 0.005)
        });
        if !is_kept {
            self.change_basket(|basket| {
                basket.undo();
            });
            self.ui.complain(words::RULE_HAS_THE_PRICE);
        }
    }

    /// Throws the cart away, which the journal remembers.
    pub(crate) fn drop_cart(self: &Rc<Self>) {
        let lines = self.ui.basket.with_untracked(|basket| basket.lines.len());
        let total = self.ui.ticket.with_untracked(Ticket::due);
        self.ui.is_taking_back.set(false);
        self.change_basket(Basket::clear);
        self.note_dropped(lines, total);
    }

    /// Takes a key press with the time at which it happened, which may be earlier than now on a busy page. Says whether
    /// it was used.
    pub(crate) fn key(self: &Rc<Self>, key: &str, at: f64) -> bool {
        if key == "Enter" {
            let result = self.scanner.borrow_mut().enter(at);
            return match result {
                Key::Scanned(code) if self.ui.screen.get_untracked() == Screen::Sell => {
                    // The search box has the whole of a scan that came with a pause in it.
                    let typed = self.ui.query.get_untracked().trim().to_owned();
                    let is_more = typed.len() > code.len() && typed.ends_with(&code);
                    let whole = is_more && self.knows(&typed);
                    self.ui.query.set(String::new());
                    self.scan(if whole { &typed } else { &code });
                    true
                }
                _ => false,
            };
        }
        let mut characters = key.chars();
        if let (Some(character), None) = (characters.next(), characters.next()) {
            self.scanner.borrow_mut().character(character, at);
        }
        false
    }
}
