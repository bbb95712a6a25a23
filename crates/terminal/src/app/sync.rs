//! Sending entries and fetching catalogues, whenever a hub answers.

use super::{App, go};
use crate::{
    browser,
    disk::array,
    net::{Answer, NetError},
};
use futures_util::StreamExt;
use holdfast_catalogue::{Manifest, SegmentKind, SegmentRef, digest};
use holdfast_counter::words::{self, Answering};
use holdfast_sync::{
    Entry, Hash, Seq,
    pull::{Pull, Step, is_genuine},
    terminal::Next,
    wire::{self, PushAnswer, PushRequest},
};
use leptos::prelude::*;
use std::rc::Rc;

/// How often to look at the hub when nothing waits, in milliseconds.
const IDLE_MS: u64 = 20_000;

/// Entries in one push from the browser.
const BATCH: u32 = 100;

impl App {
    /// Looks at the hub from now on, as long as the page lives.
    pub(super) fn spawn_sync(self: &Rc<Self>) {
        if self.is_syncing.replace(true) {
            return;
        }
        let app = Rc::clone(self);
        go(async move {
            loop {
                let wait = app.sync_once().await;
                app.show_sync();
                app.hurry.set(false);
                let until = browser::now_ms() + i64::try_from(wait).unwrap_or(60_000);
                while browser::now_ms() < until && !app.hurry.get() {
                    browser::sleep(250).await;
                }
            }
        });
    }

    /// One round: entries up first, then the catalogue. Says how long to wait before the next.
    async fn sync_once(self: &Rc<Self>) -> u64 {
        if self.data.borrow().is_none() {
            return 1_000;
        }
        let pushed = self.push().await;
        let pulled = match pushed {
            Ok(()) => self.pull().await,
            Err(error) => Err(error),
        };
        let pulled = match pulled {
            Ok(()) => self.ask_booked().await,
            Err(error) => Err(error),
        };
        self.answering.set(match &pulled {
            Ok(()) => Answering::Hub,
            Err(NetError::Nonsense) => Answering::Stranger,
            Err(NetError::NoHub | NetError::Refused { .. }) => Answering::Nobody,
        });
        match pulled {
            Ok(()) => {
                self.is_nonsense_told.set(false);
                IDLE_MS
            }
            Err(error) => {
                if error == NetError::Nonsense && !self.is_nonsense_told.replace(true) {
                    self.ui.tell(words::NONSENSE);
                }
                let random = js_sys::Math::random();
                self.journal.borrow_mut().as_mut().map_or(5_000, |journal| journal.failed(random))
            }
        }
    }

    async fn push(&self) -> Result<(), NetError> {
        let Some(hub) = self.hub() else { return Ok(()) };
        loop {
            let next = self.journal.borrow().as_ref().map(|journal| (journal.next(), journal.probe()));
            let (after, is_probe) = match next {
                Some((Next::Send(after), _)) => (after, false),
                // Nothing waits: ask whether the hub still has everything, as it may have been restored from a backup.
                Some((_, after)) => (after, true),
                None => return Ok(()),
            };
            let entries = self.entries_after(after).await;
            if entries.is_empty() && !is_probe {
                return Ok(());
            }
            let sent = Seq(after.0 + entries.len() as u64);
            let body = wire::encode(&PushRequest { entries });
            let answer = hub.ask("POST", "journal", &body, "").await?;
            let answer: PushAnswer = wire::decode(&answer.body).map_err(|_| NetError::Nonsense)?;
            self.answering.set(Answering::Hub);
            let next = {
                let hashes = self.hashes.borrow();
                let hash_at = |seq: Seq| hashes.get(usize::try_from(seq.0).ok()?.checked_sub(1)?).copied();
                self.journal.borrow_mut().as_mut().map(|journal| journal.answered(sent, &answer, hash_at))
            };
            if let Some(Next::Acknowledged(position)) = next {
                // Should this write be lost, the entries are sent again, which does no harm.
                let _ = self.disk.set_acknowledged(position).await;
            }
            self.show_sync();
            let is_waiting = matches!(next, Some(Next::Acknowledged(_) | Next::Send(_)))
                && self.journal.borrow().as_ref().is_some_and(|journal| matches!(journal.next(), Next::Send(_)));
            if !is_waiting {
                return Ok(());
            }
        }
    }

    async fn entries_after(&self, after: Seq) -> Vec<holdfast_sync::Sealed> {
        let Some(data) = self.data() else {
            return Vec::new();
        };
        let stored = self.disk.journal_after(after, BATCH).await.unwrap_or_default();
        let mut entries = Vec::new();
        let mut bytes = 0;
        for encrypted in &stored {
            let Ok(plain) = data.decrypt(encrypted).await else {
                break;
            };
            let Ok(entry) = Entry::from_bytes(&plain) else {
                break;
            };
            bytes += plain.len();
            if bytes > wire::PUSH_BYTES_MAX / 2 && !entries.is_empty() {
                break;
            }
            entries.push(entry.sealed);
        }
        entries
    }

    /// Fetches what the hub's catalogue has and this terminal lacks, then switches to it at once.
    pub(super) async fn pull(&self) -> Result<(), NetError> {
        let (Some(hub), Some(data)) = (self.hub(), self.data()) else {
            return Ok(());
        };
        let described = hub.ask("GET", "terminal", &[], "").await?;
        if let Ok(described) = serde_json::from_slice(&described.body) {
            self.update_roster(described).await;
        }
        let held = self.manifest.borrow().clone();
        let etag = held.as_ref().map(|manifest| format!("\"{}\"", hex::encode(digest(&manifest.to_bytes()))));
        let Answer { status, body } = hub.ask("GET", "catalogue", &[], &etag.unwrap_or_default()).await?;
        if status == 304 {
            return Ok(());
        }
        let manifest = Manifest::from_bytes(&body).ok_or(NetError::Nonsense)?;
        let on_disk = self.disk.segment_hashes().await.unwrap_or_default();
        let wanted = manifest.segments.iter().map(|segment| Hash(segment.hash));
        let mut pull = Pull::new(wanted, on_disk.into_iter().map(Hash), false);
        let mut fetches = futures_util::stream::FuturesUnordered::new();
        loop {
            self.ui.progress.set(pull.progress());
            match pull.step() {
                Step::Fetch(hash) => {
                    let reference = manifest.segments.iter().find(|segment| segment.hash == hash.0);
                    fetches.push(self.fetch_segment(&hub, &data, reference.expect("it was asked for")));
                }
                Step::Wait => {
                    if let Some(fetched) = fetches.next().await {
                        pull.stored(fetched?);
                    }
                }
                Step::Switch => {
                    self.switch(manifest.clone()).await?;
                    pull.switched();
                }
                Step::Drop(old) => {
                    let hashes: Vec<[u8; 32]> = old.iter().map(|hash| hash.0).collect();
                    // What is left over is dropped at the next switch.
                    let _ = self.disk.drop_segments(&hashes).await;
                    pull.dropped(&old);
                }
                Step::Done => return Ok(()),
            }
        }
    }

    async fn fetch_segment(
        &self,
        hub: &crate::net::Hub,
        data: &crate::crypto::DataKey,
        reference: &SegmentRef,
    ) -> Result<Hash, NetError> {
        let path = format!("segments/{}", hex::encode(reference.hash));
        let bytes = hub.ask("GET", &path, &[], "").await?.body;
        if !is_genuine(Hash(reference.hash), &bytes) {
            return Err(NetError::Nonsense);
        }
        let stored = match reference.kind {
            SegmentKind::Customers => data.encrypt(&bytes).await.map_err(|_| NetError::NoHub)?,
            _ => bytes,
        };
        let put = self.disk.put_segment(reference.hash, &stored).await;
        put.map_err(|error| NetError::Refused { code: "disk".to_owned(), message: format!("{error}.") })?;
        Ok(Hash(reference.hash))
    }

    /// From one catalogue to the next: the manifest is what counts, in one transaction.
    async fn switch(&self, manifest: Manifest) -> Result<(), NetError> {
        let failed =
            |error: crate::disk::DiskError| NetError::Refused { code: "disk".into(), message: format!("{error}.") };
        self.disk.set_meta(&[("manifest", array(&manifest.to_bytes()))]).await.map_err(failed)?;
        *self.manifest.borrow_mut() = Some(manifest);
        if let Err(error) = self.open_catalogue().await {
            return Err(NetError::Refused { code: "catalogue".into(), message: format!("{error}.") });
        }
        if self.ui.employee.with_untracked(Option::is_some) {
            self.reprice();
        }
        Ok(())
    }

    /// Puts the state of sending in words.
    pub(super) fn show_sync(&self) {
        let journal = self.journal.borrow();
        let Some(journal) = journal.as_ref() else {
            return;
        };
        let acknowledged = journal.acknowledged().seq;
        let view = self.ui.book.with_untracked(|book| crate::ui::SyncView {
            entries_waiting: journal.waiting(),
            sales_waiting: book.sales_waiting(acknowledged),
            since: book.waiting_since_ms(acknowledged).map(browser::local_time),
            answering: self.answering.get(),
            trouble: journal.trouble().map(words::trouble),
        });
        if self.ui.sync.with_untracked(|shown| *shown != view) {
            self.ui.sync.set(view);
        }
    }
}
