//! The journal: one entry, or two that belong together, in one durable transaction.

use super::App;
use crate::{browser, disk::DiskError, ui::Screen};
use holdfast_counter::words;
use holdfast_sync::{Body, Entry, Seq};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsValue;

impl App {
    /// Appends an entry that no sale hangs on. Says whether it is on the disk.
    pub(super) async fn note(self: &Rc<Self>, body: Body) -> bool {
        match self.append(|_| Ok(vec![body]), &[]).await {
            Ok(_) => true,
            Err(sentence) => {
                self.ui.complain(sentence);
                false
            }
        }
    }

    /// Prepares, signs, encrypts, commits; only then the journal in memory moves on. All of the entries are on the disk, or none.
    ///
    /// One at a time: each entry carries the hash of the one before.
    pub(super) async fn append(
        self: &Rc<Self>,
        bodies: impl FnOnce(&Self) -> Result<Vec<Body>, String>,
        things: &[(&str, JsValue)],
    ) -> Result<Vec<Seq>, String> {
        self.take_turn().await;
        let appended = match bodies(self) {
            Ok(bodies) => self.try_append(bodies, things).await,
            Err(sentence) => Err(sentence),
        };
        self.is_writing.set(false);
        appended
    }

    async fn try_append(&self, bodies: Vec<Body>, things: &[(&str, JsValue)]) -> Result<Vec<Seq>, String> {
        let (keys, data) = (self.keys().ok_or(words::NOT_SAVED)?, self.data().ok_or(words::NOT_SAVED)?);
        let open = self.ui.book.with_untracked(|book| book.shift.as_ref().map(|shift| shift.id));
        let employee = self.ui.employee.with_untracked(|employee| employee.as_ref().map(|e| e.employee.clone()));
        let offset = self.hub().and_then(|hub| hub.offset_ms());
        // A copy that runs ahead of the disk; the journal itself moves when the entries are there.
        let mut ahead = self.journal.borrow().clone().ok_or(words::NOT_SAVED)?;
        let mut entries = Vec::with_capacity(bodies.len());
        for body in bodies {
            let shift = if let Body::ShiftOpened(opened) = &body { Some(opened.shift) } else { open };
            let unsigned = ahead.prepare(browser::now_ms(), offset, shift, employee.clone(), body);
            let signature = keys.sign(unsigned.to_sign()).await.map_err(|_| words::NOT_SAVED)?;
            let entry = unsigned.seal(signature);
            let encrypted = data.encrypt(&entry.to_bytes()).await.map_err(|_| words::NOT_SAVED)?;
            ahead.committed(&entry);
            entries.push((entry, encrypted));
        }
        match self.disk.append(&entries, things).await {
            Ok(()) => Ok(entries.iter().map(|(entry, _)| self.committed(entry)).collect()),
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
}
