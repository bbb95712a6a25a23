//! Several changes in one transaction: what is done and who did it stand together or not at all.

use crate::{Store, StoreError};
use rusqlite::Transaction;

/// A transaction under way. Everything done through it is durable once [`Store::change`] returns, or nothing is.
#[derive(Debug)]
pub struct Change<'store>(pub(crate) Transaction<'store>);

impl Store {
    /// Makes changes in one transaction.
    pub fn change<T>(&self, make: impl FnOnce(&Change<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut connection = self.connection();
        let change = Change(connection.transaction()?);
        let made = make(&change)?;
        change.0.commit()?;
        Ok(made)
    }
}
