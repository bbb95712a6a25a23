//! What a person should look at: one alert for each kind and subject, as long as it lasts.

use crate::{Change, Store, StoreError};
use rusqlite::params;

/// Something that needs a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What kind of thing: `fork`, `sign_in`, `drift`, ...
    pub kind: String,
    /// What it is about: a terminal's code, a doctype, ...
    pub subject: String,
    /// One plain sentence.
    pub words: String,
    /// Since when, Unix milliseconds.
    pub raised_at_ms: i64,
}

impl Change<'_> {
    /// Raises an alert; one that is already there keeps its time and takes the new words.
    pub fn raise(&self, alert: &Alert) -> Result<(), StoreError> {
        let Alert { kind, subject, words, raised_at_ms } = alert;
        self.0.execute(
            "INSERT INTO alerts VALUES (?1, ?2, ?3, ?4) ON CONFLICT (kind, subject) DO UPDATE SET words = ?3",
            params![kind, subject, words, raised_at_ms],
        )?;
        Ok(())
    }

    /// Takes an alert back; whether there was one.
    pub fn settle_alert(&self, kind: &str, subject: &str) -> Result<bool, StoreError> {
        let count = self.0.execute("DELETE FROM alerts WHERE kind = ?1 AND subject = ?2", [kind, subject])?;
        Ok(count > 0)
    }
}

impl Store {
    /// Every alert that stands, oldest first.
    pub fn alerts(&self) -> Result<Vec<Alert>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT kind, subject, words, raised_at_ms FROM alerts ORDER BY raised_at_ms, kind, subject",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(Alert { kind: row.get(0)?, subject: row.get(1)?, words: row.get(2)?, raised_at_ms: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
