//! Selling: the basket, scans, payment, and the one commit that makes a sale real.

use super::{App, Shelf, go};
use crate::{
    browser,
    disk::{DiskError, array},
    ui::{Overlay, Screen},
};
use holdfast_catalogue::{Hit, ItemId};
use holdfast_counter::{Basket, basket::LINES_MAX, sale, scan::Key, words};
use holdfast_engine::{
    Cart, Context, Invoice, Line, Masters, Payment, Priced, barcode::qty_for, masters::Item, money::format_money, price,
};
use holdfast_sync::{Body, Entry, Seq};
use leptos::prelude::*;
use std::{collections::HashMap, rc::Rc};
use wasm_bindgen::JsValue;

impl App {
    fn context(&self) -> Context {
        let now = browser::now_ms();
        let at = self.journal.borrow().as_ref().map_or(now, |journal| journal.time_for(now));
        Context { posting_date: browser::local_date(at), posting_time_s: browser::local_seconds(at) }
    }

    fn priced(&self, basket: &Basket, payments: &[Payment]) -> Priced {
        self.catalogue()
            .map(|catalogue| price(&basket.to_cart(payments), &*catalogue, &self.context()))
            .unwrap_or_default()
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
        let (Some(catalogue), context) = (self.catalogue(), self.context()) else {
            return String::new();
        };
        // Asked for again and again while somebody scrolls; true for one catalogue on one day.
        let edition = Some((self.ui.catalogue.get_untracked(), context.posting_date));
        let mut shelf = self.shelf.borrow_mut();
        if shelf.edition != edition {
            *shelf = Shelf { edition, prices: HashMap::new() };
        }
        let text = shelf.prices.entry(id).or_insert_with(|| {
            let line = Line { item_code: item.item_code.clone(), qty: 1.0, ..Line::default() };
            let priced = price(&Cart { lines: vec![line], ..Cart::default() }, &*catalogue, &context);
            let row = priced.invoice.items.first();
            row.map(|row| format!("{} / {}", self.money(row.rate), row.uom)).unwrap_or_default()
        });
        text.clone()
    }

    /// Prices what is in the basket again.
    pub(super) fn reprice(&self) {
        let priced = self.ui.basket.with_untracked(|basket| self.priced(basket, &[]));
        self.ui.priced.set(priced);
    }

    /// Changes the basket, prices it, and stores it.
    pub(crate) fn change_basket(self: &Rc<Self>, change: impl FnOnce(&mut Basket)) {
        self.ui.basket.update(change);
        self.reprice();
        let app = Rc::clone(self);
        go(async move { app.store_basket().await });
    }

    /// Stores the basket as it is when its turn comes: never between an entry and the basket that goes with it.
    async fn store_basket(&self) {
        let Some(data) = self.data() else { return };
        self.take_turn().await;
        let bytes = self.ui.basket.with_untracked(Basket::to_bytes);
        let stored = match data.encrypt(&bytes).await {
            Ok(encrypted) => self.disk.set_meta(&[("basket", array(&encrypted))]).await,
            Err(_) => Ok(()),
        };
        self.is_writing.set(false);
        if stored == Err(DiskError::Full) {
            self.ui.complain("This device has no room left; the cart is only on the screen.");
        }
    }

    /// Waits until nothing else is being written. Ends with `is_writing` set.
    async fn take_turn(&self) {
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
        let rate = self.priced(&one, &[]).invoice.items.first()?.rate;
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
        match self.catalogue().and_then(|catalogue| catalogue.scan(code)) {
            Some(hit) => self.add_item(&hit.item.clone(), Some(&hit)),
            None => self.ui.complain(words::unknown_barcode(code)),
        }
    }

    /// Takes up what was scanned while somebody paid.
    pub(super) fn take_waiting_scans(self: &Rc<Self>) {
        let waiting = std::mem::take(&mut *self.scans_waiting.borrow_mut());
        for code in waiting {
            self.scan(&code);
        }
    }

    /// Throws the cart away, which the journal remembers.
    pub(crate) fn drop_cart(self: &Rc<Self>) {
        let lines = self.ui.basket.with_untracked(|basket| basket.lines.len());
        let total = self.ui.priced.with_untracked(|priced| priced.invoice.payable());
        self.change_basket(Basket::clear);
        let app = Rc::clone(self);
        go(async move {
            app.note(Body::CartDropped { lines: u32::try_from(lines).unwrap_or(u32::MAX), total }).await;
        });
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
                    let whole = is_more && self.catalogue().is_some_and(|catalogue| catalogue.scan(&typed).is_some());
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

    /// Begins to pay, if there is something to pay.
    pub(crate) fn begin_payment(self: &Rc<Self>) {
        let priced = self.ui.priced.get_untracked();
        if self.ui.basket.with_untracked(Basket::is_empty) {
            self.ui.complain(words::EMPTY_CART);
        } else if let Some(refusal) = priced.refusal {
            self.ui.complain(words::refusal(&refusal));
        } else {
            self.ui.notice.set(None);
            self.ui.payments.set(Vec::new());
            self.ui.overlay.set(Some(Overlay::Pay));
        }
    }

    /// What is still to pay.
    pub(crate) fn due(&self) -> f64 {
        let paid: f64 = self.ui.payments.with(|payments| payments.iter().map(|payment| payment.amount).sum());
        holdfast_counter::book::cents(self.ui.priced.with(|priced| priced.invoice.payable()) - paid)
    }

    /// Takes a payment; completes the sale as soon as everything is paid.
    pub(crate) async fn pay(self: &Rc<Self>, mode_of_payment: &str, amount: f64) {
        if self.ui.busy.get_untracked() || !amount.is_finite() || amount <= 0.0 {
            return;
        }
        let Some(catalogue) = self.catalogue() else {
            return;
        };
        let is_cash =
            catalogue.tables().modes_of_payment.iter().any(|mode| mode.name == mode_of_payment && mode.kind == "Cash");
        let due = untrack(|| self.due());
        if amount > due && !is_cash {
            self.ui.complain(words::too_much(&self.money(amount - due)));
            return;
        }
        let payment = Payment { mode_of_payment: mode_of_payment.to_owned(), amount, ..Payment::default() };
        self.ui.payments.update(|payments| payments.push(payment));
        let left = untrack(|| self.due());
        if left > 0.0 {
            self.ui.tell(words::too_little(&self.money(left)));
            return;
        }
        self.ui.busy.set(true);
        self.ui.notice.set(None);
        let result = self.commit_sale().await;
        self.ui.busy.set(false);
        if let Err(sentence) = result {
            self.ui.payments.set(Vec::new());
            self.ui.complain(sentence);
        }
    }

    /// The sale becomes real here: entry, head and emptied basket in one durable transaction, and only then a receipt.
    async fn commit_sale(self: &Rc<Self>) -> Result<(), String> {
        let catalogue = self.catalogue().ok_or(words::NOT_SAVED)?;
        let basket = self.ui.basket.get_untracked();
        let priced = self.priced(&basket, &self.ui.payments.get_untracked());
        if let Some(refusal) = &priced.refusal {
            return Err(words::refusal(refusal));
        }
        if priced.invoice.outstanding_amount > 0.0 {
            return Err(words::too_little(&self.money(priced.invoice.outstanding_amount)));
        }
        let emptied = Basket::default();
        let data = self.data().ok_or(words::NOT_SAVED)?;
        let stored = data.encrypt(&emptied.to_bytes()).await.map_err(|_| words::NOT_SAVED)?;
        let invoice = priced.invoice;
        // The receipt's number is the entry's place, which is certain only when it is this entry's turn.
        let body = |app: &Self| app.sale_body(invoice, &*catalogue);
        let seq = self.append(body, &[("basket", array(&stored))]).await?;
        self.ui.basket.set(emptied);
        self.ui.payments.set(Vec::new());
        self.reprice();
        self.ui.overlay.set(Some(Overlay::Done(seq)));
        Ok(())
    }

    fn sale_body(&self, invoice: Invoice, masters: &impl Masters) -> Result<Body, String> {
        let journal = self.journal.borrow();
        let journal = journal.as_ref().ok_or(words::NOT_SAVED)?;
        let customer = masters.customer(&invoice.customer).map(|customer| customer.customer_name.clone());
        let customer = customer.unwrap_or_else(|| invoice.customer.clone());
        let posted = browser::local_timestamp(journal.time_for(browser::now_ms()));
        let code = self.ui.terminal.with_untracked(|info| info.code.clone());
        let seq = journal.head().seq.next();
        Ok(Body::Sale(Box::new(sale::record(invoice, masters.tables(), &customer, &code, seq, &posted))))
    }

    /// Appends an entry that no sale hangs on. Says whether it is on the disk.
    pub(super) async fn note(self: &Rc<Self>, body: Body) -> bool {
        match self.append(|_| Ok(body), &[]).await {
            Ok(_) => true,
            Err(sentence) => {
                self.ui.complain(sentence);
                false
            }
        }
    }

    /// Prepares, signs, encrypts, commits; only then the journal in memory moves on.
    ///
    /// One entry at a time: each carries the hash of the one before.
    async fn append(
        self: &Rc<Self>,
        body: impl FnOnce(&Self) -> Result<Body, String>,
        things: &[(&str, JsValue)],
    ) -> Result<Seq, String> {
        self.take_turn().await;
        let appended = match body(self) {
            Ok(body) => self.try_append(body, things).await,
            Err(sentence) => Err(sentence),
        };
        self.is_writing.set(false);
        appended
    }

    async fn try_append(&self, body: Body, things: &[(&str, JsValue)]) -> Result<Seq, String> {
        let (keys, data) = (self.keys().ok_or(words::NOT_SAVED)?, self.data().ok_or(words::NOT_SAVED)?);
        let shift = self.ui.book.with_untracked(|book| book.shift.as_ref().map(|shift| shift.id));
        let shift = if let Body::ShiftOpened(opened) = &body { Some(opened.shift) } else { shift };
        let employee = self.ui.employee.with_untracked(|employee| employee.as_ref().map(|e| e.employee.clone()));
        let offset = self.hub().and_then(|hub| hub.offset_ms());
        let unsigned = self.journal.borrow().as_ref().ok_or(words::NOT_SAVED)?.prepare(
            browser::now_ms(),
            offset,
            shift,
            employee,
            body,
        );
        let signature = keys.sign(unsigned.to_sign()).await.map_err(|_| words::NOT_SAVED)?;
        let entry = unsigned.seal(signature);
        let encrypted = data.encrypt(&entry.to_bytes()).await.map_err(|_| words::NOT_SAVED)?;
        match self.disk.append(&entry, &encrypted, things).await {
            Ok(()) => Ok(self.committed(&entry)),
            Err(DiskError::Full) => Err(words::DISK_FULL.to_owned()),
            Err(DiskError::HeadMoved) => {
                self.ui.screen.set(Screen::TakenOver);
                Err(words::TAKEN_OVER.to_owned())
            }
            Err(DiskError::Failed(cause)) => {
                leptos::logging::error!("{cause}");
                Err(words::NOT_SAVED.to_owned())
            }
        }
    }

    fn committed(&self, entry: &Entry) -> Seq {
        if let Some(journal) = self.journal.borrow_mut().as_mut() {
            journal.committed(entry);
        }
        self.hashes.borrow_mut().push(entry.hash);
        self.ui.book.update(|book| book.take(entry));
        self.show_sync();
        self.hurry.set(true);
        entry.header.seq
    }

    /// The receipt of a sale, as HTML.
    pub(crate) fn receipt(&self, seq: Seq, is_copy: bool) -> Option<String> {
        let catalogue = self.catalogue()?;
        let book = self.ui.book.get_untracked();
        let booked = book.sales.iter().find(|booked| booked.seq == seq)?;
        let cashier = self.ui.terminal.with_untracked(|info| {
            info.employees.iter().find(|e| e.employee == booked.employee).map(|e| e.full_name.clone())
        });
        let cashier = cashier.unwrap_or_else(|| booked.employee.clone());
        Some(holdfast_receipt::html(
            &sale::receipt(&booked.sale, catalogue.tables(), &cashier, is_copy),
            holdfast_receipt::Paper::default(),
        ))
    }
}
