//! Signing in: a right PIN is one that opens the data key.

use super::{Ahead, App, selling::CARTS};
use crate::{
    browser, crypto,
    disk::DiskError,
    ui::{Employee, Screen},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use futures_util::future::{join, join3};
use holdfast_catalogue::{Catalogue, Manifest, OpenError};
use holdfast_counter::{Book, Desk, pin::Tries, words};
use holdfast_sync::{Body, Entry, TerminalId, terminal::Journal};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsValue;

impl App {
    /// Tries a PIN; gives the data key that a right one opens. The try is counted on the disk before anybody learns what it gave.
    pub(super) async fn try_pin(&self, employee: &Employee, pin: &str) -> Option<(crypto::DataKey, Tries)> {
        let now = browser::now_ms();
        let key = format!("tries:{}", employee.employee);
        let stored = self.disk.meta(&key).await.ok().flatten().and_then(|value| value.as_string());
        let tries: Tries = stored.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
        let open = browser::open_ms();
        let tried_at = self.tried_at_open_ms.borrow().get(&employee.employee).copied().unwrap_or_default();
        let wait = tries.wait_ms(now, open - tried_at);
        if wait > 0 {
            self.ui.complain(words::wait(wait / 1_000 + 1));
            return None;
        }
        self.tried_at_open_ms.borrow_mut().insert(employee.employee.clone(), open);
        self.ui.busy.set(true);
        let opening = async {
            browser::paint().await;
            self.open_data_key(employee, pin).await
        };
        // Both are worked on at once.
        let (counted, opened) = join(self.remember_tries(&key, tries.begin(now)), opening).await;
        self.ui.busy.set(false);
        if let Err(error) = counted {
            self.ui.complain(format!("Nobody can sign in: {error}."));
            return None;
        }
        let Some(data) = opened else {
            self.ui.complain(words::WRONG_PIN);
            return None;
        };
        self.ui.notice.set(None);
        Some((data, tries))
    }

    /// Signs somebody in whose PIN is right.
    pub(crate) async fn sign_in(self: &Rc<Self>, employee: Employee, pin: &str) -> bool {
        let Some((data, tries)) = self.try_pin(&employee, pin).await else {
            return false;
        };
        self.ui.busy.set(true);
        let is_first = self.data.borrow().is_none() || self.journal.borrow().is_none();
        *self.data.borrow_mut() = Some(data);
        self.ui.employee.set(Some(employee.clone()));
        let loading = async { if is_first { self.load_journal().await } else { Ok(()) } };
        let opening = async { if self.catalogue().is_none() { self.open_catalogue().await } else { Ok(true) } };
        // Losing the forgiveness only leaves an old count behind.
        let (loaded, opened, _) = join3(loading, opening, self.forgive(&employee)).await;
        self.ui.busy.set(false);
        if let Err(error) = loaded {
            self.ui.screen.set(Screen::Broken(error));
            return false;
        }
        self.ui.notice.set(None);
        let noting = async {
            if tries.count > 0 {
                self.note(Body::SignInFailed { employee: employee.employee, count: tries.count }).await;
            }
            self.note(Body::SignedIn).await;
        };
        // Selling is on the screen while the entry is being written; nothing else can be before its turn.
        join(self.after_sign_in(opened), noting).await;
        true
    }

    pub(super) async fn forgive(&self, employee: &Employee) -> Result<(), DiskError> {
        self.remember_tries(&format!("tries:{}", employee.employee), Tries::default()).await
    }

    async fn remember_tries(&self, key: &str, tries: Tries) -> Result<(), DiskError> {
        let json = serde_json::to_string(&tries).expect("tries can be written");
        self.disk.set_meta(&[(key, JsValue::from_str(&json))]).await
    }

    async fn open_data_key(&self, employee: &Employee, pin: &str) -> Option<crypto::DataKey> {
        let salt = BASE64_URL_SAFE_NO_PAD.decode(&employee.salt).ok()?;
        let wrapped = BASE64_URL_SAFE_NO_PAD.decode(&employee.wrapped).ok()?;
        let verifier = crypto::pin_verifier(pin, &salt, employee.memory_kib, employee.passes, employee.lanes)?;
        self.keys()?.unwrap(&wrapped, &verifier).await.ok()
    }

    async fn after_sign_in(self: &Rc<Self>, opened: Result<bool, String>) {
        self.look_after_storage();
        match opened {
            Ok(true) => {}
            Ok(false) => return self.fetch_first_catalogue().await,
            Err(error) => {
                self.ui.complain(format!("{error}; it is fetched again."));
                return self.fetch_first_catalogue().await;
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
        self.load_booked().await;
        let carts = self.disk.meta_bytes(CARTS).await.map_err(|error| error.to_string())?;
        if let Some(encrypted) = carts.filter(|bytes| !bytes.is_empty()) {
            let bytes = data.decrypt(&encrypted).await.unwrap_or_default();
            self.show_desk(Desk::from_bytes(&bytes).unwrap_or_default());
        }
        let favourites = self.disk.meta("favourites").await.ok().flatten().and_then(|value| value.as_string());
        self.ui.favourites.set(favourites.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default());
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

    /// Opens the catalogue while somebody is still looking for their name, so that the right PIN finds it ready.
    pub(super) async fn read_ahead(&self) {
        self.is_reading_ahead.set(true);
        browser::paint().await;
        let manifest = self.manifest.borrow().clone();
        if let Some(manifest) = manifest {
            // What cannot be opened is found and said when somebody has signed in.
            let ahead = self.begin_catalogue(manifest).await.ok();
            *self.ahead.borrow_mut() = ahead;
        }
        self.is_reading_ahead.set(false);
    }

    /// Reads the catalogue from the disk and opens what is not private.
    async fn begin_catalogue(&self, manifest: Manifest) -> Result<Ahead, CatalogueError> {
        let mut held = self.disk.segments().await?;
        let catalogue = Catalogue::begin(&manifest, &mut held)?;
        Ok(Ahead { manifest, catalogue, encrypted: held })
    }

    /// Opens the catalogue that is on the disk; `false` if there is none yet. What is damaged is forgotten, so that it is fetched
    /// again.
    pub(super) async fn open_catalogue(&self) -> Result<bool, String> {
        while self.is_reading_ahead.get() {
            browser::sleep(2).await;
        }
        let Some(manifest) = self.manifest.borrow().clone() else {
            return Ok(false);
        };
        match self.whole_catalogue(manifest).await {
            Ok(catalogue) => {
                *self.catalogue.borrow_mut() = Some(Rc::new(catalogue));
                self.ui.catalogue.update(|version| *version += 1);
                Ok(true)
            }
            Err(CatalogueError::Disk(error)) => Err(error.to_string()),
            Err(CatalogueError::Broken(error)) => {
                if let OpenError::Damaged { hash } | OpenError::Missing { hash } = error {
                    // If it cannot even be forgotten, fetching it again replaces it.
                    let _ = self.disk.drop_segments(&[hash]).await;
                }
                *self.manifest.borrow_mut() = None;
                Err("A part of the catalogue is damaged".to_owned())
            }
        }
    }

    async fn whole_catalogue(&self, manifest: Manifest) -> Result<Catalogue, CatalogueError> {
        let ahead = self.ahead.take().filter(|ahead| ahead.manifest == manifest);
        let Ahead { mut catalogue, encrypted, .. } = match ahead {
            Some(ahead) => ahead,
            None => self.begin_catalogue(manifest.clone()).await?,
        };
        let data = self.data();
        for reference in manifest.segments.iter().filter(|reference| reference.kind.is_private()) {
            let bytes = encrypted.get(&reference.hash).ok_or(OpenError::Missing { hash: reference.hash })?;
            let plain = match &data {
                Some(data) => data.decrypt(bytes).await.ok(),
                None => None,
            };
            catalogue.add_private(reference, &plain.unwrap_or_default())?;
        }
        Ok(catalogue)
    }
}

/// Why there is no catalogue.
enum CatalogueError {
    Disk(DiskError),
    Broken(OpenError),
}

impl From<DiskError> for CatalogueError {
    fn from(error: DiskError) -> Self {
        Self::Disk(error)
    }
}

impl From<OpenError> for CatalogueError {
    fn from(error: OpenError) -> Self {
        Self::Broken(error)
    }
}
