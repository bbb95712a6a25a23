//! Who may enrol a terminal: an account of the hub's own, or a user of the ERPNext site.

use crate::{
    Hub,
    address::Address,
    error::ApiError,
    limits, secrets,
    site::{ACCOUNT, Credential, OAUTH_CLIENT_FACT, Site},
};
use holdfast_erpnext::{Request, Trouble};
use holdfast_store::Role;
use serde::Deserialize;
use serde_json::Value;

/// What somebody typed.
#[derive(Clone, Deserialize)]
pub(crate) struct Credentials {
    pub(crate) account: String,
    pub(crate) password: String,
}

/// Whoever that was.
pub(crate) struct Enroller {
    /// The account that terminals will be noted with.
    pub(crate) account: String,
    /// What a terminal posts with, where this is a user of ERPNext.
    credential: Option<Credential>,
}

impl Enroller {
    /// Keeps the credential for the terminals of this account.
    pub(crate) async fn keep(&self, hub: &Hub) -> Result<(), ApiError> {
        let (Some(credential), Some(site)) = (&self.credential, hub.site()) else {
            return Ok(());
        };
        site.keep(&format!("{ACCOUNT}{}", self.account), credential).await.map_err(|error| {
            tracing::error!(%error, "a credential cannot be kept");
            ApiError::SiteAway
        })
    }

    /// Whether this account may sell under a profile, as the mirror has it.
    pub(crate) fn may_use(&self, profile: &Value) -> bool {
        let users = profile["applicable_for_users"].as_array().map_or(&[][..], Vec::as_slice);
        self.credential.is_none() || users.is_empty() || users.iter().any(|row| row["user"] == self.account.as_str())
    }
}

/// Checks account and password, each try counted by address and by account.
pub(crate) async fn sign_in(hub: &Hub, address: &Address, typed: Credentials) -> Result<Enroller, ApiError> {
    hub.limits.take(&format!("address {}", address.0), limits::ENROLMENT_BY_ADDRESS)?;
    hub.limits.take(&format!("account {}", typed.account), limits::ENROLMENT_BY_ACCOUNT)?;
    let name = typed.account.clone();
    let known = hub.ask(move |store| store.account(&name)).await?;
    match (known, hub.site()) {
        (None, Some(site)) => user_of(hub, &site, typed).await,
        (known, _) => {
            let is_allowed = known.as_ref().is_some_and(|known| known.role >= Role::Manager && !known.is_disabled);
            let password = typed.password;
            // An unknown account takes as long as a wrong password.
            let check = move || {
                let expected = known.map_or_else(|| secrets::verifier("no such account"), |known| known.password);
                secrets::matches(&password, &expected)
            };
            let is_right = tokio::task::spawn_blocking(check).await.expect("a password can be checked");
            let enroller = Enroller { account: typed.account, credential: None };
            if is_right && is_allowed { Ok(enroller) } else { Err(ApiError::WrongCredentials) }
        }
    }
}

/// Signs in at the site: for tokens where it has an OAuth Client for us, else for a session.
async fn user_of(hub: &Hub, site: &Site, typed: Credentials) -> Result<Enroller, ApiError> {
    let client_id = hub.ask(|store| store.fact(OAUTH_CLIENT_FACT)).await?;
    let tokens = match client_id {
        Some(client_id) => match site.tokens_for(&client_id, &typed.account, &typed.password).await {
            Ok(tokens) => Some(Credential::Tokens(tokens)),
            Err(Trouble::Unclear | Trouble::NotNow { .. }) => return Err(ApiError::SiteAway),
            Err(Trouble::SignedOut | Trouble::Refused { .. }) => None,
        },
        None => None,
    };
    let credential = tokens
        .unwrap_or_else(|| Credential::Password { user: typed.account.clone(), password: typed.password.clone() });
    let who = Request::look("frappe.auth.get_logged_user", Vec::new());
    match site.client().send(&credential, &who).await.data() {
        Ok(Value::String(account)) if account != "Guest" => Ok(Enroller { account, credential: Some(credential) }),
        Ok(_) | Err(Trouble::SignedOut | Trouble::Refused { .. }) => Err(ApiError::WrongCredentials),
        Err(Trouble::Unclear | Trouble::NotNow { .. }) => Err(ApiError::SiteAway),
    }
}
