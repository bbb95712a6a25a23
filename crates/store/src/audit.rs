//! Who did what: lines that are added and never changed. Triggers in the database see to it.

use crate::{Change, Store, StoreError};
use rusqlite::params;

/// A line to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAuditLine {
    /// The hub's clock, Unix milliseconds.
    pub at_ms: i64,
    /// An account's name, or `hub` for what nobody asked for.
    pub who: String,
    /// Where the request came from, empty for the command line.
    pub address: String,
    /// What was done: `pin.set`, `terminal.revoked`, ...
    pub action: String,
    /// To what or whom.
    pub subject: String,
    /// What else should be known, never a secret.
    pub details: String,
}

/// A line as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number, rising.
    pub id: i64,
    /// What it says.
    pub line: NewAuditLine,
}

impl Change<'_> {
    /// Adds a line.
    pub fn audit(&self, line: &NewAuditLine) -> Result<(), StoreError> {
        let NewAuditLine { at_ms, who, address, action, subject, details } = line;
        self.0.execute(
            "INSERT INTO audit (at_ms, who, address, action, subject, details) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![at_ms, who, address, action, subject, details],
        )?;
        Ok(())
    }
}

impl Store {
    /// Lines with numbers below `before`, newest first, at most `count`.
    pub fn audit_lines(&self, before: i64, count: u32) -> Result<Vec<AuditLine>, StoreError> {
        let connection = self.reader();
        let mut statement = connection.prepare_cached(
            "SELECT id, at_ms, who, address, action, subject, details FROM audit WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let rows = statement.query_map(params![before, count], |row| {
            Ok(AuditLine {
                id: row.get(0)?,
                line: NewAuditLine {
                    at_ms: row.get(1)?,
                    who: row.get(2)?,
                    address: row.get(3)?,
                    action: row.get(4)?,
                    subject: row.get(5)?,
                    details: row.get(6)?,
                },
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
