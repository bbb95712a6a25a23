//! The schema's versions, forward only. `user_version` says how far a database is.

use crate::{StoreError, posting};
use rusqlite::{Connection, Transaction};

/// What SQL alone cannot do for a step.
type Follow = fn(Transaction<'_>) -> Result<Transaction<'_>, StoreError>;

const MIGRATIONS: [(&str, Option<Follow>); 5] = [
    (include_str!("migrations/0001.sql"), None),
    (include_str!("migrations/0002.sql"), None),
    (include_str!("migrations/0003.sql"), Some(posting::begin_all)),
    (include_str!("migrations/0004.sql"), None),
    (include_str!("migrations/0005.sql"), None),
];

/// Brings a database to the newest schema, each step in a transaction of its own.
pub(crate) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done =
        usize::try_from(version).ok().filter(|done| *done <= MIGRATIONS.len()).ok_or(StoreError::TooNew(version))?;
    for (step, (sql, follow)) in MIGRATIONS.iter().enumerate().skip(done) {
        let mut transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        if let Some(follow) = follow {
            transaction = follow(transaction)?;
        }
        transaction.pragma_update(None, "user_version", step + 1)?;
        transaction.commit()?;
    }
    Ok(())
}
