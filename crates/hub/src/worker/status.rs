//! How the workers are: for the console, `/health` and whoever watches it.

use crate::state::now_ms;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// What a worker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Activity {
    /// There is nothing for it to do, for the hub stands alone.
    Off,
    /// It is at it.
    Working,
    /// Everything is done for now.
    Idle,
    /// Something hinders it; it tries again by itself.
    Waiting,
}

/// How a worker is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Status {
    /// What it does.
    pub(crate) activity: Activity,
    /// Since when, Unix milliseconds.
    pub(crate) since_ms: i64,
    /// In words.
    pub(crate) words: String,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Watch(Mutex<BTreeMap<&'static str, Status>>);

impl Watch {
    /// A worker says how it is.
    pub(crate) fn say(&self, worker: &'static str, activity: Activity, words: String) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since_ms =
            all.get(worker).filter(|status| status.activity == activity).map_or_else(now_ms, |status| status.since_ms);
        all.insert(worker, Status { activity, since_ms, words });
    }

    /// How all of them are, by name.
    pub(crate) fn all(&self) -> BTreeMap<&'static str, Status> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
