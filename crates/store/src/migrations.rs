//! The schema's versions, forward only. `user_version` says how far a database is.

use crate::StoreError;
use rusqlite::Connection;

const MIGRATIONS: [&str; 2] = [include_str!("migrations/0001.sql"), include_str!("migrations/0002.sql")];

/// Brings a database to the newest schema, each step in a transaction of its own.
pub(crate) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done =
        usize::try_from(version).ok().filter(|done| *done <= MIGRATIONS.len()).ok_or(StoreError::TooNew(version))?;
    for (step, sql) in MIGRATIONS.iter().enumerate().skip(done) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", step + 1)?;
        transaction.commit()?;
    }
    Ok(())
}
