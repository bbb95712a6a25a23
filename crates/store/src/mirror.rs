//! ERPNext's masters as the hub last saw them.

use crate::{Change, Store, StoreError};
use rusqlite::{OptionalExtension, params};

/// One document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorRow {
    /// Its name.
    pub name: String,
    /// Its `modified`, as the site writes it.
    pub modified: String,
    /// What is kept of it: compact JSON.
    pub row: Vec<u8>,
}

/// What one answer of the site changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MirrorBatch {
    /// Of which doctype.
    pub doctype: String,
    /// New or changed.
    pub changed: Vec<MirrorRow>,
    /// Gone.
    pub gone: Vec<String>,
    /// Where reading goes on, if that moves.
    pub cursor: Option<String>,
}

impl Change<'_> {
    /// Takes a batch in, and says how many documents are different now. Rows and cursor move together, so that a restart goes on
    /// exactly here.
    pub fn mirror(&self, batch: &MirrorBatch) -> Result<usize, StoreError> {
        let mut put = self.0.prepare_cached(
            "INSERT INTO mirror VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (doctype, name) DO UPDATE SET modified = ?3, row = ?4 WHERE row <> ?4",
        )?;
        let mut stamp = self.0.prepare_cached("UPDATE mirror SET modified = ?3 WHERE doctype = ?1 AND name = ?2")?;
        let mut different = 0;
        for MirrorRow { name, modified, row } in &batch.changed {
            let count = put.execute(params![batch.doctype, name, modified, row])?;
            if count == 0 {
                stamp.execute(params![batch.doctype, name, modified])?;
            }
            different += count;
        }
        let mut drop = self.0.prepare_cached("DELETE FROM mirror WHERE doctype = ?1 AND name = ?2")?;
        for name in &batch.gone {
            different += drop.execute([&batch.doctype, name])?;
        }
        if let Some(cursor) = &batch.cursor {
            self.0.execute("INSERT OR REPLACE INTO mirror_cursors VALUES (?1, ?2)", [&batch.doctype, cursor])?;
        }
        Ok(different)
    }

    /// Forgets the whole mirror: another site, or a fresh start.
    pub fn forget_mirror(&self) -> Result<(), StoreError> {
        self.0.execute_batch("DELETE FROM mirror; DELETE FROM mirror_cursors;")?;
        Ok(())
    }
}

impl Store {
    /// Where reading a doctype goes on.
    pub fn mirror_cursor(&self, doctype: &str) -> Result<Option<String>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT cursor FROM mirror_cursors WHERE doctype = ?1")?;
        Ok(statement.query_row([doctype], |row| row.get(0)).optional()?)
    }

    /// Every document of a doctype, by name.
    pub fn mirror_rows(&self, doctype: &str) -> Result<Vec<MirrorRow>, StoreError> {
        let connection = self.reader();
        let mut statement =
            connection.prepare_cached("SELECT name, modified, row FROM mirror WHERE doctype = ?1 ORDER BY name")?;
        let rows = statement
            .query_map([doctype], |row| Ok(MirrorRow { name: row.get(0)?, modified: row.get(1)?, row: row.get(2)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Name and `modified` of every document of a doctype.
    pub fn mirror_stamps(&self, doctype: &str) -> Result<Vec<(String, String)>, StoreError> {
        let connection = self.reader();
        let mut statement = connection.prepare_cached("SELECT name, modified FROM mirror WHERE doctype = ?1")?;
        let rows = statement.query_map([doctype], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many documents of each doctype there are.
    pub fn mirror_counts(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let connection = self.reader();
        let mut statement =
            connection.prepare_cached("SELECT doctype, count(*) FROM mirror GROUP BY doctype ORDER BY doctype")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
