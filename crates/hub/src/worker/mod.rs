//! What the hub does on its own: reading ERPNext's masters, publishing catalogues, posting sales.
//!
//! Each worker is one task for the whole hub, begins again from the store whenever it is started, and says how it is in a
//! [`Status`]. One that panics is started again.

mod heard;
mod hurry;
mod posting;
mod pull;
mod status;

pub(crate) use heard::HeardLately;
pub(crate) use hurry::Hurry;
pub(crate) use posting::Input;
pub(crate) use status::{Activity, Watch};

use crate::{
    site::AccountError,
    state::{Hub, Inbox, random},
    vault::Vault,
};
use holdfast_erpnext::Trouble;
use holdfast_store::{Store, StoreError};
use holdfast_sync::backoff::wait_ms;
use std::{sync::Arc, time::Duration};

/// First wait after a worker was hindered, milliseconds.
const RETRY_MS_MIN: u64 = 2_000;

/// Longest wait after a worker was hindered, milliseconds.
const RETRY_MS_MAX: u64 = 5 * 60_000;

/// Why a worker cannot go on right now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Hindrance {
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error("ERPNext: {0}")]
    Site(#[from] Trouble),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Hindrance {
    /// How long to wait after so many hindrances in a row; longer if the site said so.
    fn wait(&self, failures: u32) -> Duration {
        let asked = match self {
            Self::Site(Trouble::NotNow { after_ms }) => after_ms.unwrap_or(0).min(RETRY_MS_MAX),
            _ => 0,
        };
        Duration::from_millis(wait_ms(failures, RETRY_MS_MIN, RETRY_MS_MAX, random()).max(asked))
    }
}

impl Hub {
    /// A hub with its workers running. They stop with the runtime.
    pub fn start(store: Arc<Store>, shop: &str, vault: Vault) -> Self {
        let (hub, inbox) = Self::with_inbox(store, shop, vault);
        tokio::spawn(supervise_posting(hub.clone(), inbox));
        tokio::spawn(heard::run(hub.clone()));
        tokio::spawn(supervise_pull(hub.clone()));
        hub
    }
}

async fn supervise_pull(hub: Hub) {
    for failures in 0.. {
        let ended = tokio::spawn(pull::run(hub.clone())).await;
        restart("pull", failures, ended, &hub).await;
    }
}

async fn supervise_posting(hub: Hub, inbox: Inbox) {
    let inbox = Arc::new(tokio::sync::Mutex::new(inbox));
    for failures in 0.. {
        let ended = tokio::spawn(posting::run(hub.clone(), Arc::clone(&inbox))).await;
        restart("posting", failures, ended, &hub).await;
    }
}

/// Says that a worker ended, which only a panic brings about, and waits a little.
async fn restart(name: &'static str, failures: u32, ended: Result<(), tokio::task::JoinError>, hub: &Hub) {
    let cause = ended.err().map(|error| error.to_string()).unwrap_or_default();
    tracing::error!(worker = name, cause, "a worker broke and is started again");
    hub.watch.say(name, Activity::Waiting, "It broke and is started again.".to_owned());
    tokio::time::sleep(Duration::from_millis(wait_ms(failures, RETRY_MS_MIN, RETRY_MS_MAX, random()))).await;
}
