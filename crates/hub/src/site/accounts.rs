//! The site with the accounts that act on it: credentials opened from the vault, tokens renewed before they end.

use super::{Client, Credential, Tokens};
use crate::{
    state::now_ms,
    vault::{Vault, VaultError},
};
use holdfast_erpnext::{Conversation, Heard, Request, Step, Trouble};
use holdfast_store::{Alert, Change, Store, StoreError};
use serde::Deserialize;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::sync::Mutex;

/// The secret that holds the hub's own account.
pub const SERVICE: &str = "site/service";

/// What the secrets of the terminals' accounts begin with; the user follows.
pub const ACCOUNT: &str = "site/account/";

const TOKEN_ROUTE: &str = "/api/method/frappe.integrations.oauth2.get_token";

/// Tokens are renewed when they have less than this left.
const RENEW_MS: i64 = 2 * 60 * 1000;

/// Longest wait that a conversation is granted, so that a defect in one does not stop a worker for good.
const WAIT_MS_MAX: u64 = 10 * 60 * 1000;

/// Why an account cannot act.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// There is no credential.
    #[error("the hub has no account at the site yet")]
    None,
    /// It does not open.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// It is not of this version's form.
    #[error("the credential of {0} cannot be read")]
    Unreadable(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A site, and who may act on it through this hub.
#[derive(Debug)]
pub struct Site {
    client: Arc<Client>,
    store: Arc<Store>,
    pub(super) vault: Vault,
    /// The hub's own account where the command line gave it.
    given: Option<Credential>,
    /// Credentials that were opened, by their secret's name. One lock, so that tokens are renewed once.
    opened: Mutex<HashMap<String, Credential>>,
}

impl Site {
    /// A site; `given` is the hub's own account where it is not kept in the store.
    pub fn new(client: Client, store: Arc<Store>, vault: Vault, given: Option<Credential>) -> Self {
        Self { client: Arc::new(client), store, vault, given, opened: Mutex::default() }
    }

    /// The same site with another account as the hub's, one that is not kept: an administrator's.
    #[must_use]
    pub fn acting_as(&self, credential: Credential) -> Self {
        Self {
            client: Arc::clone(&self.client),
            store: Arc::clone(&self.store),
            vault: self.vault.clone(),
            given: Some(credential),
            opened: Mutex::default(),
        }
    }

    /// Whether the hub's own account came from the command line, so that the console cannot change it.
    pub fn is_given(&self) -> bool {
        self.given.is_some()
    }

    /// The site's client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Holds a conversation as the hub's own account.
    pub async fn hold<C: Conversation>(&self, conversation: C) -> Result<C::Outcome, AccountError> {
        self.hold_as("", conversation).await
    }

    /// Holds a conversation as a terminal's account. A user without a credential is one of the hub's own accounts, for which
    /// the hub's account at the site acts.
    pub async fn hold_as<C: Conversation>(&self, user: &str, mut conversation: C) -> Result<C::Outcome, AccountError> {
        let mut heard = None;
        loop {
            heard = match conversation.next(heard.take()) {
                Step::Ask(request) => Some(self.send(user, &request).await?),
                Step::Wait { ms } => {
                    tokio::time::sleep(Duration::from_millis(ms.min(WAIT_MS_MAX))).await;
                    None
                }
                Step::Done(outcome) => return Ok(outcome),
            };
        }
    }

    /// Sends one request as an account.
    pub async fn send(&self, user: &str, request: &Request) -> Result<Heard, AccountError> {
        let name = self.secret_of(user).await?;
        let credential = match self.credential(&name).await? {
            Ok(credential) => credential,
            Err(heard) => return Ok(heard),
        };
        let heard = self.client.send(&credential, request).await;
        // A key of the command line, or one that somebody just typed, is said where it was given.
        if heard.read() == Err(Trouble::SignedOut) && !(self.given.is_some() && name == SERVICE) {
            self.opened.lock().await.remove(&name);
            self.say_signed_out(user).await?;
        }
        Ok(heard)
    }

    /// Keeps an account's credential, sealed.
    pub async fn keep(&self, name: &str, credential: &Credential) -> Result<(), AccountError> {
        let json = serde_json::to_vec(credential).expect("a credential is plain text");
        let sealed = self.vault.seal(name, &json);
        let user = name.strip_prefix(ACCOUNT).unwrap_or_default().to_owned();
        let owned = name.to_owned();
        self.change(move |change| {
            change.set_secret(&owned, &sealed, now_ms())?;
            change.settle_alert("signed_out", &user)?;
            Ok(())
        })
        .await?;
        self.opened.lock().await.insert(name.to_owned(), credential.clone());
        Ok(())
    }

    /// Turns user and password into tokens by an OAuth Client of the site, so that the password need not be kept.
    pub async fn tokens_for(&self, client_id: &str, user: &str, password: &str) -> Result<Tokens, Trouble> {
        let fields = [
            ("grant_type", "password"),
            ("client_id", client_id),
            ("username", user),
            ("password", password),
            ("scope", "all openid"),
        ];
        read_tokens(&self.client.form(TOKEN_ROUTE, &fields).await, client_id)
    }

    /// Which secret speaks for a user.
    async fn secret_of(&self, user: &str) -> Result<String, AccountError> {
        let own = format!("{ACCOUNT}{user}");
        if user.is_empty() {
            return Ok(SERVICE.to_owned());
        }
        let is_known = self.opened.lock().await.contains_key(&own) || {
            let own = own.clone();
            self.stored(move |store| store.secret(&own)).await?.is_some()
        };
        Ok(if is_known { own } else { SERVICE.to_owned() })
    }

    /// The credential of a secret, its tokens fresh; or what was heard when they could not be renewed.
    async fn credential(&self, name: &str) -> Result<Result<Credential, Heard>, AccountError> {
        if let Some(given) = self.given.as_ref().filter(|_| name == SERVICE) {
            return Ok(Ok(given.clone()));
        }
        let mut opened = self.opened.lock().await;
        let credential = match opened.get(name) {
            Some(credential) => credential.clone(),
            None => self.open(name).await?,
        };
        let credential = match credential {
            Credential::Tokens(tokens) if tokens.until_ms - now_ms() < RENEW_MS => {
                match self.renew(name, &tokens).await? {
                    Ok(tokens) => Credential::Tokens(tokens),
                    Err(heard) => return Ok(Err(heard)),
                }
            }
            other => other,
        };
        opened.insert(name.to_owned(), credential.clone());
        Ok(Ok(credential))
    }

    async fn open(&self, name: &str) -> Result<Credential, AccountError> {
        let owned = name.to_owned();
        let sealed = self.stored(move |store| store.secret(&owned)).await?.ok_or(AccountError::None)?;
        let json = self.vault.open(name, &sealed)?;
        serde_json::from_slice(&json).map_err(|_| AccountError::Unreadable(name.to_owned()))
    }

    /// Gets the next pair of tokens and stores it before it is used: the old refresh token is gone by then.
    async fn renew(&self, name: &str, old: &Tokens) -> Result<Result<Tokens, Heard>, AccountError> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", old.client_id.as_str()),
            ("refresh_token", old.refresh.as_str()),
        ];
        let heard = self.client.form(TOKEN_ROUTE, &fields).await;
        match read_tokens(&heard, &old.client_id) {
            Ok(tokens) => {
                let json = serde_json::to_vec(&Credential::Tokens(tokens.clone())).expect("tokens are plain text");
                let (sealed, owned) = (self.vault.seal(name, &json), name.to_owned());
                self.change(move |change| change.set_secret(&owned, &sealed, now_ms())).await?;
                Ok(Ok(tokens))
            }
            // The old access token still works as long as it lasts.
            Err(_) if old.until_ms > now_ms() => Ok(Ok(old.clone())),
            Err(Trouble::Refused { .. } | Trouble::SignedOut) => {
                self.say_signed_out(name.strip_prefix(ACCOUNT).unwrap_or_default()).await?;
                Ok(Err(super::client::signed_out()))
            }
            // Renewing books nothing, so whatever became of it, the request itself was not sent.
            Err(_) => Ok(Err(Heard::NotSent)),
        }
    }

    async fn say_signed_out(&self, user: &str) -> Result<(), AccountError> {
        let who = if user.is_empty() { "the hub's own account" } else { user };
        let alert = Alert {
            kind: "signed_out".to_owned(),
            subject: user.to_owned(),
            words: format!("ERPNext no longer accepts the sign-in of {who}. Sales wait until somebody signs in again."),
            raised_at_ms: now_ms(),
        };
        tracing::error!(user, "the site does not accept the sign-in");
        self.change(move |change| change.raise(&alert)).await
    }

    pub(super) async fn change(
        &self,
        make: impl FnOnce(&Change<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), AccountError> {
        let store = Arc::clone(&self.store);
        Ok(blocking(move || store.change(make)).await?)
    }

    pub(super) async fn stored<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = Arc::clone(&self.store);
        blocking(move || ask(&store)).await
    }
}

async fn blocking<T: Send + 'static>(ask: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(ask).await.expect("the store does not panic")
}

fn read_tokens(heard: &Heard, client_id: &str) -> Result<Tokens, Trouble> {
    #[derive(Deserialize)]
    struct Pair {
        access_token: String,
        refresh_token: String,
        #[serde(default)]
        expires_in: i64,
    }
    let pair: Pair = serde_json::from_value(heard.read()?).map_err(|_| Trouble::Unclear)?;
    Ok(Tokens {
        access: pair.access_token,
        refresh: pair.refresh_token,
        client_id: client_id.to_owned(),
        until_ms: now_ms().saturating_add(pair.expires_in.clamp(0, 86_400).saturating_mul(1000)),
    })
}
