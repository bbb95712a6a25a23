//! Signing in: a right PIN is one that opens the data key.

use super::App;
use crate::{
    browser, crypto,
    ui::{Employee, Screen},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use holdfast_catalogue::{Catalogue, OpenError, SegmentKind};
use holdfast_counter::{Basket, Book, pin::Tries, words};
use holdfast_sync::{Body, Entry, TerminalId, terminal::Journal};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsValue;

impl App {
    /// Tries a PIN. The try is counted on the disk before it is made.
    pub(crate) async fn sign_in(self: &Rc<Self>, employee: Employee, pin: &str) -> bool {
        let now = browser::now_ms();
        let key = format!("tries:{}", employee.employee);
        let stored = self.disk.meta(&key).await.ok().flatten().and_then(|value| value.as_string());
        let tries: Tries = stored.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
        let wait = tries.wait_ms(now);
        if wait > 0 {
            self.ui.complain(words::wait(wait / 1_000 + 1));
            return false;
        }
        if let Err(error) = self.remember_tries(&key, tries.begin(now)).await {
            self.ui.complain(format!("Nobody can sign in: {error}."));
            return false;
        }
        self.ui.busy.set(true);
        browser::paint().await;
        let opened = self.open_data_key(&employee, pin).await;
        let Some(data) = opened else {
            self.ui.busy.set(false);
            self.ui.complain(words::WRONG_PIN);
            return false;
        };
        // Losing this write only leaves an old count behind.
        let _ = self.remember_tries(&key, Tries::default()).await;
        let is_first = self.data.borrow().is_none() || self.journal.borrow().is_none();
        *self.data.borrow_mut() = Some(data);
        self.ui.employee.set(Some(employee.clone()));
        let loaded = if is_first { self.load_journal().await } else { Ok(()) };
        self.ui.busy.set(false);
        if let Err(error) = loaded {
            self.ui.screen.set(Screen::Broken(error));
            return false;
        }
        self.ui.notice.set(None);
        if tries.count > 0 {
            self.note(Body::SignInFailed { employee: employee.employee, count: tries.count }).await;
        }
        self.note(Body::SignedIn).await;
        self.after_sign_in().await;
        true
    }

    async fn remember_tries(&self, key: &str, tries: Tries) -> Result<(), crate::disk::DiskError> {
        let json = serde_json::to_string(&tries).expect("tries can be written");
        self.disk.set_meta(&[(key, JsValue::from_str(&json))]).await
    }

    async fn open_data_key(&self, employee: &Employee, pin: &str) -> Option<crypto::DataKey> {
        let salt = BASE64_URL_SAFE_NO_PAD.decode(&employee.salt).ok()?;
        let wrapped = BASE64_URL_SAFE_NO_PAD.decode(&employee.wrapped).ok()?;
        let verifier = crypto::pin_verifier(pin, &salt, employee.memory_kib, employee.passes, employee.lanes)?;
        self.keys()?.unwrap(&wrapped, &verifier).await.ok()
    }

    async fn after_sign_in(self: &Rc<Self>) {
        self.look_after_storage();
        if self.catalogue().is_none() {
            match self.open_catalogue().await {
                Ok(true) => {}
                Ok(false) => return self.fetch_first_catalogue().await,
                Err(error) => {
                    self.ui.complain(format!("{error}; it is fetched again."));
                    return self.fetch_first_catalogue().await;
                }
            }
        }
        self.hurry.set(true);
        self.show_selling();
    }

    /// Shows what comes after signing in: selling, or opening a shift first.
    pub(super) fn show_selling(&self) {
        let is_open = self.ui.book.with_untracked(|book| book.shift.is_some());
        self.reprice();
        self.ui.screen.set(if is_open { Screen::Sell } else { Screen::OpenShift });
    }

    /// Locks the counter; the cart stays.
    pub(crate) async fn lock(self: &Rc<Self>) {
        self.note(Body::SignedOut).await;
        self.ui.employee.set(None);
        self.ui.overlay.set(None);
        self.ui.screen.set(Screen::SignIn);
    }

    /// Reads journal and basket with the data key that was just opened.
    async fn load_journal(self: &Rc<Self>) -> Result<(), String> {
        let data = self.data().ok_or("nobody is signed in")?;
        let stored = self.disk.journal().await.map_err(|error| error.to_string())?;
        let mut entries = Vec::with_capacity(stored.len());
        for encrypted in &stored {
            let bytes = data.decrypt(encrypted).await.map_err(|_| "an entry cannot be decrypted")?;
            entries.push(Entry::from_bytes(&bytes).map_err(|error| error.to_string())?);
        }
        self.replay(entries).await;
        let basket = self.disk.meta_bytes("basket").await.map_err(|error| error.to_string())?;
        if let Some(encrypted) = basket.filter(|bytes| !bytes.is_empty()) {
            let bytes = data.decrypt(&encrypted).await.unwrap_or_default();
            self.ui.basket.set(Basket::from_bytes(&bytes));
        }
        Ok(())
    }

    /// Takes a whole journal in.
    pub(super) async fn replay(&self, entries: Vec<Entry>) {
        let book = Book::replay(&entries);
        let id = TerminalId::from_hex(&self.ui.terminal.with_untracked(|info| info.terminal.clone()));
        let acknowledged = self.disk.acknowledged().await.unwrap_or_default();
        *self.hashes.borrow_mut() = entries.iter().map(|entry| entry.hash).collect();
        *self.journal.borrow_mut() =
            Some(Journal::new(id.unwrap_or_default(), book.head, book.head_made_at_ms, acknowledged));
        if browser::now_ms() + 120_000 < book.head_made_at_ms {
            self.ui.complain(words::clock_set_back(&browser::local_timestamp(book.head_made_at_ms)));
        }
        self.ui.book.set(book);
        self.show_sync();
    }

    /// Reads the catalogue's bytes while somebody is still looking for their name, so that the right PIN finds them in memory.
    pub(super) async fn read_ahead(&self) {
        browser::paint().await;
        // Whoever was faster has opened the catalogue already, and nobody would take these bytes any more.
        if let Ok(segments) = self.disk.segments().await
            && self.catalogue().is_none()
        {
            *self.segments_read.borrow_mut() = segments;
        }
    }

    /// Opens the catalogue that is on the disk; `false` if there is none yet. What is damaged is forgotten, so that it is fetched
    /// again.
    pub(super) async fn open_catalogue(&self) -> Result<bool, String> {
        let Some(manifest) = self.manifest.borrow().clone() else {
            return Ok(false);
        };
        let data = self.data().ok_or("nobody is signed in")?;
        let mut held = self.segments_read.take();
        if manifest.segments.iter().any(|reference| !held.contains_key(&reference.hash)) {
            held = self.disk.segments().await.map_err(|error| error.to_string())?;
        }
        let mut segments = Vec::with_capacity(manifest.segments.len());
        for reference in &manifest.segments {
            let bytes = match held.remove(&reference.hash) {
                Some(bytes) if reference.kind == SegmentKind::Customers => data.decrypt(&bytes).await.ok(),
                other => other,
            };
            // Items and index are large; a length that fits and a structure that reads are enough at start.
            segments.push(bytes.unwrap_or_default());
        }
        match Catalogue::open(&manifest, segments) {
            Ok(catalogue) => {
                *self.catalogue.borrow_mut() = Some(Rc::new(catalogue));
                self.ui.catalogue.update(|version| *version += 1);
                Ok(true)
            }
            Err(error) => {
                if let OpenError::Damaged { hash } | OpenError::Missing { hash } = error {
                    // If it cannot even be forgotten, fetching it again replaces it.
                    let _ = self.disk.drop_segments(&[hash]).await;
                }
                *self.manifest.borrow_mut() = None;
                Err("A part of the catalogue is damaged".to_owned())
            }
        }
    }
}
