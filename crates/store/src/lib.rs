//! Keeps the hub's state so that a kill at any instant loses nothing acknowledged.
//!
//! `SQLite` in one file of the data directory: write-ahead log, `synchronous = FULL`, every change in one transaction. When
//! [`Store::push`] returns, what it accepted is on the disk.

mod alerts;
mod audit;
mod change;
mod console;
mod journal;
mod migrations;
mod mirror;
mod people;
mod posting;
mod publish;
mod secrets;

pub use alerts::Alert;
pub use audit::{AuditLine, NewAuditLine};
pub use change::Change;
pub use console::{AccountRow, NewSession, Role, SessionRow};
pub use journal::{JournalLine, Pushed};
pub use mirror::{MirrorBatch, MirrorRow};
pub use people::{EmployeeRow, NewTerminal, PinRow, TerminalRow, Verifier};
pub use posting::{PostingCommit, PostingCount, PostingLine};
pub use publish::{ProfileRow, Publication};

use rusqlite::{Connection, OpenFlags};
use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The hub's durable state. Shared between threads; writes are one after the other.
#[derive(Debug)]
pub struct Store {
    writer: Mutex<Connection>,
    /// For long reads, which must not hold up a counter.
    reader: Mutex<Connection>,
    /// Held as long as the store is open, so that two hubs never share a directory.
    _lock: Option<File>,
    path: PathBuf,
}

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the directory open.
    #[error("another hub is already running on {0}")]
    InUse(PathBuf),
    /// The database was written by a later version.
    #[error("the data directory was written by a later version of Holdfast (schema {0})")]
    TooNew(i64),
    /// The directory cannot be made or read.
    #[error("the data directory cannot be used: {0}")]
    Directory(#[from] std::io::Error),
    /// `SQLite` says no: a full or broken disk, mostly.
    #[error("the database refused: {0}")]
    Database(#[from] rusqlite::Error),
}

impl Store {
    /// Opens the store of a data directory, making it if it isn't there.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(directory)?;
        let lock = File::create(directory.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(directory.to_owned())),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let path = directory.join("holdfast.sqlite");
        let mut connection = Connection::open(&path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrations::run(&mut connection)?;
        let reader = reader(&path)?;
        Ok(Self { writer: Mutex::new(connection), reader: Mutex::new(reader), _lock: Some(lock), path })
    }

    /// Opens the store only to look at it; a hub may be running on it.
    pub fn open_read_only(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join("holdfast.sqlite");
        let (first, second) = (reader(&path)?, reader(&path)?);
        Ok(Self { writer: Mutex::new(first), reader: Mutex::new(second), _lock: None, path })
    }

    /// Where the database lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The connection. A thread that panicked while it held it left no half transaction: those roll back.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A second connection that only reads, for what takes long.
    fn reader(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}
