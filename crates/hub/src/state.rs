//! What handlers and workers share.

use crate::{
    auth::Nonces,
    console::{Plans, SetUp},
    error::ApiError,
    limits::Limits,
    site::Site,
    tls::{Tls, Trust},
    vault::Vault,
    worker::{HeardLately, Hurry, Input, Watch},
};
use holdfast_store::{Store, StoreError};
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::sync::{mpsc, watch};

/// A running hub. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    pub(crate) store: Arc<Store>,
    pub(crate) shop: Arc<str>,
    pub(crate) vault: Vault,
    pub(crate) nonces: Arc<Nonces>,
    pub(crate) limits: Arc<Limits>,
    /// The ERPNext site, once there is one.
    pub(crate) site: watch::Sender<Option<Arc<Site>>>,
    /// What the posting worker should know.
    pub(crate) posting: mpsc::UnboundedSender<Input>,
    /// Which terminals were heard lately.
    pub(crate) heard: Arc<HeardLately>,
    /// What the pull worker should not wait for.
    pub(crate) hurry: Arc<Hurry>,
    /// Whether a proxy of the shop's own stands in front and says where requests come from.
    pub(crate) is_behind_proxy: bool,
    /// The code with which the first account is made.
    pub(crate) set_up: Arc<SetUp>,
    /// What counters must be told to trust, where the hub's certificate is of the shop's own authority.
    pub(crate) trust: Option<Arc<Trust>>,
    /// Whether browsers may be told never to come without TLS.
    pub(crate) is_strict: bool,
    /// Plans for setting the site up that people look at.
    pub(crate) plans: Arc<Plans>,
    /// How the workers are.
    pub(crate) watch: Arc<Watch>,
}

/// What only the posting worker may have.
pub(crate) type Inbox = mpsc::UnboundedReceiver<Input>;

impl Hub {
    /// A hub over a store, for the shop of this name, with its workers still to be started.
    pub fn new(store: Arc<Store>, shop: &str, vault: Vault) -> Self {
        Self::with_inbox(store, shop, vault).0
    }

    pub(crate) fn with_inbox(store: Arc<Store>, shop: &str, vault: Vault) -> (Self, Inbox) {
        let (posting, inbox) = mpsc::unbounded_channel();
        let hub = Self {
            store,
            shop: shop.into(),
            vault,
            nonces: Arc::default(),
            limits: Arc::default(),
            site: watch::Sender::new(None),
            posting,
            heard: Arc::default(),
            hurry: Arc::default(),
            is_behind_proxy: false,
            plans: Arc::default(),
            set_up: Arc::new(SetUp::new()),
            trust: None,
            is_strict: false,
            watch: Arc::default(),
        };
        (hub, inbox)
    }

    /// Believes what a proxy in front says of where requests come from.
    #[must_use]
    pub fn behind_proxy(self, is_behind_proxy: bool) -> Self {
        Self { is_behind_proxy, ..self }
    }

    /// The code with which the first account is made on the console, for the log.
    pub fn set_up_code(&self) -> String {
        self.set_up.words()
    }

    /// Says with which TLS the hub is served.
    #[must_use]
    pub fn secured(self, tls: Option<&Tls>) -> Self {
        let trust = tls.and_then(Tls::trust).map(Arc::new);
        Self { is_strict: tls.is_some() && trust.is_none(), trust, ..self }
    }

    /// Connects the hub with a site, or takes it off; the workers notice.
    pub fn connect(&self, site: Option<Site>) {
        self.site.send_replace(site.map(Arc::new));
    }

    /// The site, if the hub is connected with one.
    pub(crate) fn site(&self) -> Option<Arc<Site>> {
        self.site.borrow().clone()
    }

    /// Asks the store on a thread that may block.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        Ok(self.stored(question).await?)
    }

    /// Asks the store on a thread that may block; workers want to know what it said.
    pub(crate) async fn stored<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = Arc::clone(&self.store);
        tokio::task::spawn_blocking(move || question(&store)).await.expect("the store does not panic")
    }
}

/// The hub's clock, Unix milliseconds.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A number from 0 to 1 that nobody foresees.
pub(crate) fn random() -> f64 {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)
}
