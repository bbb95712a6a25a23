//! What lies in IndexedDB, and in which transactions it changes.
//!
//! Stores: `meta` (small things by name), `journal` (encrypted entries by their place), `segments` (catalogue by hash). Nothing
//! foreign is awaited inside a transaction: everything that must be computed is computed before.

use holdfast_sync::{Entry, Position, Seq};
use indexed_db_futures::{
    KeyRange,
    database::Database,
    prelude::*,
    transaction::{Transaction, TransactionDurability, TransactionMode, TransactionOptions},
};
use js_sys::Uint8Array;
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};

const META: &str = "meta";
const JOURNAL: &str = "journal";
const SEGMENTS: &str = "segments";

/// The terminal's database.
#[derive(Debug)]
pub(crate) struct Disk {
    database: Database,
}

/// Why something is not on the disk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DiskError {
    /// No room, or a disk that does not take what the browser gives it.
    #[error("this device has no room left, or its disk fails")]
    Full,
    /// Another tab or window wrote to the journal.
    #[error("the journal was continued somewhere else")]
    HeadMoved,
    /// Anything else, in the browser's words.
    #[error("the browser's storage failed: {0}")]
    Failed(String),
}

impl DiskError {
    fn new(error: &impl std::fmt::Display) -> Self {
        // Each request of a transaction can succeed and the whole still be aborted at the commit, without a word why: then
        // the browser could not write it.
        let words = error.to_string();
        let is_full = ["quota", "aborted"].iter().any(|sign| words.to_lowercase().contains(sign));
        if is_full { Self::Full } else { Self::Failed(words) }
    }
}

impl From<indexed_db_futures::error::Error> for DiskError {
    fn from(error: indexed_db_futures::error::Error) -> Self {
        Self::new(&error)
    }
}

impl From<indexed_db_futures::error::OpenDbError> for DiskError {
    fn from(error: indexed_db_futures::error::OpenDbError) -> Self {
        Self::new(&error)
    }
}

impl Disk {
    /// Opens the database, making it if it isn't there.
    pub(crate) async fn open() -> Result<Self, DiskError> {
        let database = Database::open("holdfast")
            .with_version(1_u8)
            .with_on_upgrade_needed(|_, database| {
                for store in [META, JOURNAL, SEGMENTS] {
                    database.create_object_store(store).build()?;
                }
                Ok(())
            })
            .await?;
        Ok(Self { database })
    }

    fn write(&self, stores: &[&str]) -> Result<Transaction<'_>, DiskError> {
        let mut options = TransactionOptions::new();
        options.set_durability(TransactionDurability::Strict);
        let transaction = self
            .database
            .transaction(stores.to_vec())
            .with_mode(TransactionMode::Readwrite)
            .with_options(options)
            .build()?;
        Ok(transaction)
    }

    async fn get(&self, store: &str, key: &JsValue) -> Result<Option<JsValue>, DiskError> {
        let transaction = self.database.transaction(store).build()?;
        let value = transaction.object_store(store)?.get::<JsValue, _, _>(key.clone()).primitive()?.await?;
        Ok(value.filter(|value| !value.is_undefined()))
    }

    /// A small thing by its name.
    pub(crate) async fn meta(&self, name: &str) -> Result<Option<JsValue>, DiskError> {
        self.get(META, &name.into()).await
    }

    /// The bytes of a small thing.
    pub(crate) async fn meta_bytes(&self, name: &str) -> Result<Option<Vec<u8>>, DiskError> {
        Ok(self.meta(name).await?.map(|value| bytes(&value)))
    }

    /// Stores small things together.
    pub(crate) async fn set_meta(&self, things: &[(&str, JsValue)]) -> Result<(), DiskError> {
        let transaction = self.write(&[META])?;
        let store = transaction.object_store(META)?;
        for (name, value) in things {
            store.put(value.clone()).with_key(JsValue::from_str(name)).primitive()?.await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Up to where the hub has it.
    pub(crate) async fn acknowledged(&self) -> Result<Position, DiskError> {
        Ok(self.meta_bytes("acknowledged").await?.map_or_else(Position::default, |bytes| read_position(&bytes)))
    }

    /// Remembers up to where the hub has it.
    pub(crate) async fn set_acknowledged(&self, position: Position) -> Result<(), DiskError> {
        self.set_meta(&[("acknowledged", write_position(position))]).await
    }

    /// Appends entries, each with its encrypted bytes, in one strict transaction: only if the journal still ends where the first
    /// begins. `things` change with them or not at all.
    pub(crate) async fn append(
        &self,
        entries: &[(Entry, Vec<u8>)],
        things: &[(&str, JsValue)],
    ) -> Result<(), DiskError> {
        let transaction = self.write(&[META, JOURNAL])?;
        let meta = transaction.object_store(META)?;
        let head = meta.get::<JsValue, _, _>(JsValue::from_str("head")).primitive()?.await?;
        let head = head.filter(|head| !head.is_undefined());
        let mut head = head.map_or_else(Position::default, |value| read_position(&bytes(&value)));
        let journal = transaction.object_store(JOURNAL)?;
        for (entry, encrypted) in entries {
            if !entry.follows(head) {
                return Err(DiskError::HeadMoved);
            }
            journal.put(array(encrypted)).with_key(key(entry.header.seq)).primitive()?.await?;
            head = entry.position();
        }
        meta.put(write_position(head)).with_key(JsValue::from_str("head")).primitive()?.await?;
        for (name, value) in things {
            meta.put(value.clone()).with_key(JsValue::from_str(name)).primitive()?.await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The encrypted entries after a place, in order, at most `limit`.
    pub(crate) async fn journal_after(&self, after: Seq, limit: u32) -> Result<Vec<Vec<u8>>, DiskError> {
        let transaction = self.database.transaction(JOURNAL).build()?;
        let store = transaction.object_store(JOURNAL)?;
        let wanted = KeyRange::LowerBound(key(after), true);
        let rows = store.get_all::<JsValue>().with_query::<JsValue, _>(wanted).with_limit(limit).primitive()?.await?;
        rows.map(|row| Ok(bytes(&row?))).collect()
    }

    /// Every encrypted entry, in order.
    pub(crate) async fn journal(&self) -> Result<Vec<Vec<u8>>, DiskError> {
        self.journal_after(Seq(0), u32::MAX).await
    }

    /// The hashes of the segments that are held.
    pub(crate) async fn segment_hashes(&self) -> Result<Vec<[u8; 32]>, DiskError> {
        let transaction = self.database.transaction(SEGMENTS).build()?;
        let keys = transaction.object_store(SEGMENTS)?.get_all_keys::<String>().primitive()?.await?;
        let mut hashes = Vec::new();
        for name in keys {
            hashes.extend(holdfast_sync::Hash::from_hex(&name?).map(|hash| hash.0));
        }
        Ok(hashes)
    }

    /// Every segment that is held, by its hash: two requests, however many there are.
    pub(crate) async fn segments(&self) -> Result<HashMap<[u8; 32], Vec<u8>>, DiskError> {
        let transaction = self.database.transaction(SEGMENTS).build()?;
        let store = transaction.object_store(SEGMENTS)?;
        // Both come in the order of the keys.
        let names = store.get_all_keys::<String>().primitive()?.await?;
        let contents = store.get_all::<JsValue>().primitive()?.await?;
        let mut segments = HashMap::new();
        for (name, content) in names.zip(contents) {
            if let Some(hash) = holdfast_sync::Hash::from_hex(&name?) {
                segments.insert(hash.0, bytes(&content?));
            }
        }
        Ok(segments)
    }

    /// Stores a segment.
    pub(crate) async fn put_segment(&self, hash: [u8; 32], content: &[u8]) -> Result<(), DiskError> {
        let transaction = self.write(&[SEGMENTS])?;
        transaction.object_store(SEGMENTS)?.put(array(content)).with_key(name(hash)).primitive()?.await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Forgets segments.
    pub(crate) async fn drop_segments(&self, hashes: &[[u8; 32]]) -> Result<(), DiskError> {
        let transaction = self.write(&[SEGMENTS])?;
        let store = transaction.object_store(SEGMENTS)?;
        for hash in hashes {
            store.delete(name(*hash)).primitive()?.await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

fn name(hash: [u8; 32]) -> JsValue {
    JsValue::from_str(&hex::encode(hash))
}

/// A journal's place as a key. Doubles are exact far beyond any journal's length.
fn key(seq: Seq) -> JsValue {
    JsValue::from_f64(seq.0 as f64)
}

/// Bytes as IndexedDB stores them.
pub(crate) fn array(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn bytes(value: &JsValue) -> Vec<u8> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).unwrap_or_default()
}

fn write_position(position: Position) -> JsValue {
    array(&postcard::to_allocvec(&position).expect("a position can be written"))
}

fn read_position(bytes: &[u8]) -> Position {
    postcard::from_bytes(bytes).unwrap_or_default()
}
