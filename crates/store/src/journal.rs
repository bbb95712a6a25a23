//! The terminals' journals.

use crate::{Alert, Change, Store, StoreError};
use holdfast_sync::{
    Entry, Hash, Position, Seq, TerminalId,
    hub::{self, Accepted},
    posting::Row,
    wire::PushAnswer,
};
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::BTreeSet;

/// What a push did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// What to answer; what it acknowledges is durable.
    pub answer: PushAnswer,
    /// How many entries are new.
    pub stored: usize,
    /// How many entries belong to a second line of the journal.
    pub forked: usize,
    /// What the books should know of them, those of a second line too: both may be sales that took place.
    pub rows: Vec<Row>,
}

/// A stored entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalLine {
    /// Its place.
    pub seq: Seq,
    /// Its hash, as stored.
    pub hash: Hash,
    /// Its bytes.
    pub sealed: Vec<u8>,
    /// The hub's clock when it came.
    pub received_at_ms: i64,
}

impl Store {
    /// Stores verified entries of a terminal: all that are new, in one transaction, before it returns.
    pub fn push(&self, terminal: TerminalId, entries: Vec<Entry>, now_ms: i64) -> Result<Pushed, StoreError> {
        let mut connection = self.connection();
        let change = Change(connection.transaction()?);
        let transaction = &change.0;
        let head = head(transaction, terminal)?;
        let known = known_hashes(transaction, terminal, head, &entries)?;
        let beside = known_beside(transaction, terminal, &entries)?;
        let stored = |seq| known.iter().find(|(at, _)| *at == seq).map(|(_, hash)| *hash);
        let Accepted { append, forked, answer } = hub::accept(head, stored, |hash| beside.contains(&hash), entries);
        {
            let mut insert = transaction.prepare_cached("INSERT INTO entries VALUES (?1, ?2, ?3, ?4, ?5)")?;
            for entry in &append {
                insert.execute(params![
                    terminal.0,
                    as_i64(entry.header.seq),
                    entry.hash.0,
                    entry.to_bytes(),
                    now_ms
                ])?;
            }
            let mut keep = transaction.prepare_cached("INSERT OR IGNORE INTO forks VALUES (?1, ?2, ?3, ?4, ?5)")?;
            for entry in &forked {
                keep.execute(params![terminal.0, entry.hash.0, as_i64(entry.header.seq), entry.to_bytes(), now_ms])?;
            }
            if let Some(last) = append.last() {
                transaction.execute(
                    "UPDATE terminals SET head_seq = ?2, head_hash = ?3 WHERE id = ?1",
                    params![terminal.0, as_i64(last.header.seq), last.hash.0],
                )?;
            }
        }
        if !forked.is_empty() {
            change.raise(&fork_alert(transaction, terminal, now_ms)?)?;
        }
        let mut rows = change.begin_postings(&append, now_ms)?;
        rows.extend(change.begin_postings(&forked, now_ms)?);
        change.0.commit()?;
        Ok(Pushed { answer, stored: append.len(), forked: forked.len(), rows })
    }

    /// Every entry of a terminal, in order.
    pub fn journal(&self, terminal: TerminalId) -> Result<Vec<JournalLine>, StoreError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT seq, hash, sealed, received_at_ms FROM entries WHERE terminal = ?1 ORDER BY seq")?;
        let rows = statement.query_map([terminal.0], |row| {
            Ok(JournalLine {
                seq: Seq(row.get::<_, i64>(0)?.unsigned_abs()),
                hash: Hash(row.get(1)?),
                sealed: row.get(2)?,
                received_at_ms: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The bytes of every entry of a terminal's second lines, in the order of their places.
    pub fn beside(&self, terminal: TerminalId) -> Result<Vec<Vec<u8>>, StoreError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT sealed FROM forks WHERE terminal = ?1 ORDER BY seq, hash")?;
        let rows = statement.query_map([terminal.0], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many entries of second lines are kept for a terminal.
    pub fn forks(&self, terminal: TerminalId) -> Result<u64, StoreError> {
        let count: i64 =
            self.connection()
                .query_row("SELECT count(*) FROM forks WHERE terminal = ?1", [terminal.0], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }
}

fn fork_alert(transaction: &Transaction<'_>, terminal: TerminalId, now_ms: i64) -> Result<Alert, StoreError> {
    let code: Option<String> =
        transaction.query_row("SELECT code FROM terminals WHERE id = ?1", [terminal.0], |row| row.get(0)).optional()?;
    Ok(Alert {
        kind: "fork".to_owned(),
        subject: code.unwrap_or_else(|| terminal.to_string()),
        words: "This counter's journal exists twice: a browser profile was copied or restored. Both lines are kept."
            .to_owned(),
        raised_at_ms: now_ms,
    })
}

fn as_i64(seq: Seq) -> i64 {
    i64::try_from(seq.0).expect("a journal has fewer than 2^63 entries")
}

fn head(transaction: &Transaction<'_>, terminal: TerminalId) -> Result<Position, StoreError> {
    let found = transaction
        .query_row("SELECT head_seq, head_hash FROM terminals WHERE id = ?1", [terminal.0], |row| {
            Ok(Position { seq: Seq(row.get::<_, i64>(0)?.unsigned_abs()), hash: Hash(row.get(1)?) })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// The hashes that are stored at the places of some entries, and right before each.
fn known_hashes(
    transaction: &Transaction<'_>,
    terminal: TerminalId,
    head: Position,
    entries: &[Entry],
) -> Result<Vec<(Seq, Hash)>, StoreError> {
    let mut statement = transaction.prepare_cached("SELECT hash FROM entries WHERE terminal = ?1 AND seq = ?2")?;
    let places = entries.iter().flat_map(|entry| [entry.header.seq, Seq(entry.header.seq.0.saturating_sub(1))]);
    let places: BTreeSet<Seq> = places.filter(|seq| *seq <= head.seq).collect();
    let mut known = Vec::new();
    for seq in places {
        let hash = statement.query_row(params![terminal.0, as_i64(seq)], |row| row.get(0)).optional()?;
        known.extend(hash.map(|hash| (seq, Hash(hash))));
    }
    Ok(known)
}

/// Which forerunners of some entries are kept beside the line.
fn known_beside(
    transaction: &Transaction<'_>,
    terminal: TerminalId,
    entries: &[Entry],
) -> Result<BTreeSet<Hash>, StoreError> {
    let mut statement = transaction.prepare_cached("SELECT 1 FROM forks WHERE terminal = ?1 AND hash = ?2")?;
    let mut known = BTreeSet::new();
    for hash in entries.iter().map(|entry| entry.header.prev) {
        if statement.exists(params![terminal.0, hash.0])? {
            known.insert(hash);
        }
    }
    Ok(known)
}
