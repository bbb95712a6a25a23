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
    Entry, Seq,
    terminal::Next,
    wire::{self, PushAnswer, PushRequest},
};
use leptos::prelude::*;
use std::rc::Rc;

/// How often to look at the hub when nothing waits, in milliseconds.
const IDLE_MS: u64 = 20_000;

/// Entries in one push from the browser.
const BATCH: u32 = 100;

/// Segments in flight at the same time.
const SEGMENTS_AT_ONCE: usize = 6;

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
            let next = self.journal.borrow().as_ref().map_or(Next::Idle, holdfast_sync::terminal::Journal::next);
            let Next::Send(after) = next else {
                return Ok(());
            };
            let entries = self.entries_after(after).await;
            if entries.is_empty() {
                return Ok(());
            }
            let body = wire::encode(&PushRequest { entries });
            let answer = hub.ask("POST", "journal", &body, "").await?;
            let answer: PushAnswer = wire::decode(&answer.body).map_err(|_| NetError::Nonsense)?;
            self.answering.set(Answering::Hub);
            let next = {
                let hashes = self.hashes.borrow();
                let hash_at = |seq: Seq| hashes.get(usize::try_from(seq.0).ok()?.checked_sub(1)?).copied();
                self.journal.borrow_mut().as_mut().map(|journal| journal.answered(&answer, hash_at))
            };
            match next {
                Some(Next::Acknowledged(position)) => {
                    // Should this write be lost, the entries are sent again, which does no harm.
                    let _ = self.disk.set_acknowledged(position).await;
                    self.show_sync();
                }
                _ => return Ok(()),
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
        let delta = manifest.delta(&on_disk);
        let total = manifest.segments.len();
        let held = total - delta.fetch.len();
        self.ui.progress.set((held, total));
        // Several at once: a segment is small, so on a slow line it is the way there and back that takes long.
        let mut fetches = futures_util::stream::iter(&delta.fetch)
            .map(|reference| self.fetch_segment(&hub, &data, reference))
            .buffer_unordered(SEGMENTS_AT_ONCE);
        let mut fetched = 0;
        while let Some(done) = fetches.next().await {
            done?;
            fetched += 1;
            self.ui.progress.set((held + fetched, total));
        }
        self.ui.progress.set((total, total));
        self.switch(manifest, &delta.drop).await
    }

    async fn fetch_segment(
        &self,
        hub: &crate::net::Hub,
        data: &crate::crypto::DataKey,
        reference: &SegmentRef,
    ) -> Result<(), NetError> {
        let path = format!("segments/{}", hex::encode(reference.hash));
        let bytes = hub.ask("GET", &path, &[], "").await?.body;
        if digest(&bytes) != reference.hash {
            return Err(NetError::Nonsense);
        }
        let stored = match reference.kind {
            SegmentKind::Customers => data.encrypt(&bytes).await.map_err(|_| NetError::NoHub)?,
            _ => bytes,
        };
        let put = self.disk.put_segment(reference.hash, &stored).await;
        put.map_err(|error| NetError::Refused { code: "disk".to_owned(), message: format!("{error}.") })
    }

    /// From one catalogue to the next: the manifest is what counts, in one transaction.
    async fn switch(&self, manifest: Manifest, drop: &[[u8; 32]]) -> Result<(), NetError> {
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
        // What is left over is dropped at the next switch.
        let _ = self.disk.drop_segments(drop).await;
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
