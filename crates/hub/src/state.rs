//! What handlers share.

use crate::{auth::Nonces, error::ApiError, limits::Limits};
use holdfast_store::{Store, StoreError};
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

/// A running hub. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    pub(crate) store: Arc<Store>,
    pub(crate) shop: Arc<str>,
    pub(crate) nonces: Arc<Nonces>,
    pub(crate) limits: Arc<Limits>,
}

impl Hub {
    /// A hub over a store, for the shop of this name.
    pub fn new(store: Arc<Store>, shop: &str) -> Self {
        Self { store, shop: shop.into(), nonces: Arc::default(), limits: Arc::default() }
    }

    /// Asks the store on a thread that may block.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let store = Arc::clone(&self.store);
        let answer = tokio::task::spawn_blocking(move || question(&store)).await;
        Ok(answer.expect("the store does not panic")?)
    }
}

/// The hub's clock, Unix milliseconds.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
