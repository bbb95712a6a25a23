//! How far each entry has come on its way into ERPNext's books.

use crate::{Change, Store, StoreError};
use holdfast_sync::{
    Entry, EntryRef, Seq, ShiftId, TerminalId,
    posting::{Commit, PostingId, Row, Task},
};
use rusqlite::{OptionalExtension, Row as Columns, Transaction, params, types::Type};
use serde::{Serialize, de::DeserializeOwned};

/// A row with its times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingLine {
    /// How far it is.
    pub row: Row,
    /// When the entry came, Unix milliseconds.
    pub received_at_ms: i64,
    /// When the row last changed, Unix milliseconds.
    pub changed_at_ms: i64,
}

/// How many of a terminal's entries are in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingCount {
    /// The terminal.
    pub terminal: TerminalId,
    /// The state's word.
    pub word: String,
    /// How many.
    pub count: u64,
    /// When the first of them came, Unix milliseconds.
    pub oldest_ms: i64,
}

const COLUMNS: &str = "terminal, seq, mark, shift, kind, needs, state, amendments, received_at_ms, changed_at_ms";

/// A poster's commits go straight into the store.
#[derive(Debug)]
pub struct PostingCommit<'store> {
    /// Where to.
    pub store: &'store Store,
    /// The hub's clock, Unix milliseconds.
    pub now_ms: i64,
}

impl Commit for PostingCommit<'_> {
    type Error = StoreError;

    fn commit(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        self.store.change(|change| change.put_postings(rows, self.now_ms))
    }
}

impl Change<'_> {
    /// Stores rows as they now are.
    pub fn put_postings(&self, rows: &[Row], now_ms: i64) -> Result<(), StoreError> {
        let mut statement = self.0.prepare_cached(
            "INSERT INTO postings VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
             ON CONFLICT (terminal, seq, mark) DO UPDATE SET word = ?7, state = ?8, amendments = ?9, changed_at_ms = ?10",
        )?;
        for row in rows {
            statement.execute(params![
                row.id.terminal.0,
                row.id.seq.0.cast_signed(),
                row.id.mark,
                row.shift.map(|shift| shift.0),
                text(&row.kind),
                text(&row.needs),
                row.state.word(),
                text(&row.state),
                text(&row.amendments),
                now_ms
            ])?;
        }
        Ok(())
    }

    /// Stores the first rows of entries that were just stored, and says which they are.
    pub(crate) fn begin_postings(&self, entries: &[Entry], now_ms: i64) -> Result<Vec<Row>, StoreError> {
        let rows: Vec<Row> = entries.iter().filter_map(Task::of).map(Row::from).collect();
        let mut known =
            self.0.prepare_cached("SELECT count(*) FROM postings WHERE terminal = ?1 AND seq = ?2 AND mark = ?3")?;
        let mut fresh = Vec::with_capacity(rows.len());
        for row in rows {
            let key = params![row.id.terminal.0, row.id.seq.0.cast_signed(), row.id.mark];
            let count: i64 = known.query_row(key, |columns| columns.get(0))?;
            if count == 0 {
                fresh.push(row);
            }
        }
        self.put_postings(&fresh, now_ms)?;
        Ok(fresh)
    }
}

/// Gives every entry of a database from before there were postings its row.
pub(crate) fn begin_all(transaction: Transaction<'_>) -> Result<Transaction<'_>, StoreError> {
    let change = Change(transaction);
    {
        let mut statement = change.0.prepare("SELECT sealed, received_at_ms FROM entries ORDER BY terminal, seq")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (sealed, at_ms): (Vec<u8>, i64) = (row.get(0)?, row.get(1)?);
            if let Ok(entry) = Entry::from_bytes(&sealed) {
                change.begin_postings(&[entry], at_ms)?;
            }
        }
    }
    Ok(change.0)
}

impl Store {
    /// Every row that is not settled.
    pub fn unsettled_postings(&self) -> Result<Vec<Row>, StoreError> {
        let lines = self.postings("word NOT IN ('posted', 'resolved', 'discrepancy')", [])?;
        Ok(lines.into_iter().map(|line| line.row).collect())
    }

    /// What a person should look at, oldest first.
    pub fn exceptions(&self) -> Result<Vec<PostingLine>, StoreError> {
        let mut lines = self.postings("word IN ('rejected', 'discrepancy')", [])?;
        lines.sort_by_key(|line| (line.received_at_ms, line.row.id));
        Ok(lines)
    }

    /// Every row of a terminal, in the order of its journal.
    pub fn postings_of(&self, terminal: TerminalId) -> Result<Vec<PostingLine>, StoreError> {
        self.postings("terminal = ?1", params![terminal.0])
    }

    /// A terminal's rows that changed at a time or later, oldest change first: those of that very time, and about `limit` later
    /// ones. A millisecond is never cut, and whoever goes on from the last one gets further.
    pub fn postings_changed(
        &self,
        terminal: TerminalId,
        since_ms: i64,
        limit: usize,
    ) -> Result<Vec<PostingLine>, StoreError> {
        let mut lines = self.postings(
            "terminal = ?1 AND changed_at_ms >= ?2 AND changed_at_ms <= coalesce(
                (SELECT changed_at_ms FROM postings WHERE terminal = ?1 AND changed_at_ms > ?2
                 ORDER BY changed_at_ms LIMIT 1 OFFSET ?3), 9223372036854775807)",
            params![terminal.0, since_ms, limit.saturating_sub(1)],
        )?;
        lines.sort_by_key(|line| (line.changed_at_ms, line.row.id));
        Ok(lines)
    }

    /// Every row of a shift, in the order of the journal.
    pub fn postings_of_shift(&self, terminal: TerminalId, shift: ShiftId) -> Result<Vec<PostingLine>, StoreError> {
        self.postings("terminal = ?1 AND shift = ?2", params![terminal.0, shift.0])
    }

    /// The rows at a place of a journal: one, or more where the journal exists twice.
    pub fn postings_at(&self, at: EntryRef) -> Result<Vec<PostingLine>, StoreError> {
        self.postings("terminal = ?1 AND seq = ?2", params![at.terminal.0, at.seq.0.cast_signed()])
    }

    /// A row by its id.
    pub fn posting(&self, id: PostingId) -> Result<Option<PostingLine>, StoreError> {
        Ok(self.postings_at(id.entry())?.into_iter().find(|line| line.row.id == id))
    }

    /// The entry of a row, from the line or from a second one.
    pub fn entry(&self, id: PostingId) -> Result<Option<Entry>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT sealed FROM entries WHERE terminal = ?1 AND seq = ?2 AND substr(hash, 1, 4) = ?3
             UNION ALL SELECT sealed FROM forks WHERE terminal = ?1 AND seq = ?2 AND substr(hash, 1, 4) = ?3",
        )?;
        let key = params![id.terminal.0, id.seq.0.cast_signed(), id.mark];
        let sealed: Option<Vec<u8>> = statement.query_row(key, |row| row.get(0)).optional()?;
        Ok(sealed.and_then(|sealed| Entry::from_bytes(&sealed).ok()))
    }

    /// How many rows are in which state, for each terminal.
    pub fn posting_counts(&self) -> Result<Vec<PostingCount>, StoreError> {
        let connection = self.reader();
        let mut statement = connection.prepare_cached(
            "SELECT terminal, word, count(*), min(received_at_ms) FROM postings GROUP BY terminal, word",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(PostingCount {
                terminal: TerminalId(row.get(0)?),
                word: row.get(1)?,
                count: row.get::<_, i64>(2)?.unsigned_abs(),
                oldest_ms: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn postings(&self, which: &str, values: impl rusqlite::Params) -> Result<Vec<PostingLine>, StoreError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM postings WHERE {which} ORDER BY terminal, seq, mark"))?;
        let rows = statement.query_map(values, line)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn line(columns: &Columns<'_>) -> rusqlite::Result<PostingLine> {
    let (terminal, seq, mark) = (columns.get(0)?, columns.get::<_, i64>(1)?, columns.get(2)?);
    let row = Row {
        id: PostingId { terminal: TerminalId(terminal), seq: Seq(seq.unsigned_abs()), mark },
        shift: columns.get::<_, Option<[u8; 16]>>(3)?.map(ShiftId),
        kind: value(columns, 4)?,
        needs: value(columns, 5)?,
        state: value(columns, 6)?,
        amendments: value(columns, 7)?,
    };
    Ok(PostingLine { row, received_at_ms: columns.get(8)?, changed_at_ms: columns.get(9)? })
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("rows hold nothing that JSON cannot say")
}

fn value<T: DeserializeOwned>(columns: &Columns<'_>, at: usize) -> rusqlite::Result<T> {
    let text: String = columns.get(at)?;
    serde_json::from_str(&text).map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, Type::Text, error.into()))
}
