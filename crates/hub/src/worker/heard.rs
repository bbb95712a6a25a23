//! When each terminal was last heard: noted in memory with each request, and in the store now and then.

use crate::state::{Hub, now_ms};
use holdfast_sync::TerminalId;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How often it is stored.
const EVERY: Duration = Duration::from_secs(20);

/// Terminals that were heard since the last time it was stored.
#[derive(Debug, Default)]
pub(crate) struct HeardLately(Mutex<HashMap<TerminalId, i64>>);

impl HeardLately {
    /// A terminal sent a good request.
    pub(crate) fn note(&self, terminal: TerminalId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(terminal, now_ms());
    }

    fn take(&self) -> Vec<(TerminalId, i64)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).drain().collect()
    }
}

/// Stores it for ever. What a kill loses is some seconds of a display.
pub(super) async fn run(hub: Hub) {
    loop {
        tokio::time::sleep(EVERY).await;
        let heard = hub.heard.take();
        if heard.is_empty() {
            continue;
        }
        if let Err(error) = hub.stored(move |store| store.change(|change| change.heard(&heard))).await {
            tracing::warn!(%error, "it could not be stored who was heard");
        }
    }
}
