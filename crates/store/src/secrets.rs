//! Sealed secrets: bytes that only the hub's key opens. This crate never sees them open.

use crate::{Change, Store, StoreError};
use rusqlite::{OptionalExtension, params};

impl Change<'_> {
    /// Keeps sealed bytes under a name.
    pub fn set_secret(&self, name: &str, sealed: &[u8], now_ms: i64) -> Result<(), StoreError> {
        self.0.execute("INSERT OR REPLACE INTO secrets VALUES (?1, ?2, ?3)", params![name, sealed, now_ms])?;
        Ok(())
    }

    /// Forgets a secret; whether there was one.
    pub fn forget_secret(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.0.execute("DELETE FROM secrets WHERE name = ?1", [name])? > 0)
    }
}

impl Store {
    /// The sealed bytes of a name.
    pub fn secret(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT sealed FROM secrets WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    /// The names of all secrets that begin with `prefix`, in order.
    pub fn secret_names(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT name FROM secrets WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name")?;
        let rows = statement.query_map([prefix], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
