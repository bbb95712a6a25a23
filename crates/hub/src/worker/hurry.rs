//! What the site says has just changed: read at once instead of at the next round.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};
use tokio::sync::Notify;

/// Most names that are remembered; more than that, and the next round finds them as quickly.
const NAMES_MAX: usize = 5_000;

/// Names to read, and a bell.
#[derive(Debug, Default)]
pub(crate) struct Hurry {
    names: Mutex<BTreeSet<(String, String)>>,
    bell: Notify,
}

impl Hurry {
    /// A document of a doctype changed.
    pub(crate) fn changed(&self, doctype: &str, name: &str) {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() < NAMES_MAX {
            names.insert((doctype.to_owned(), name.to_owned()));
        }
        self.bell.notify_one();
    }

    /// Waits for the bell.
    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }

    /// Takes the names.
    pub(crate) fn take(&self) -> BTreeSet<(String, String)> {
        std::mem::take(&mut *self.names.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
