//! Setting the site up, and remembering at the hub what came of it.

use super::{AccountError, Site};
use crate::state::now_ms;
use holdfast_erpnext::{
    Trouble,
    provision::{Applied, Apply, LEVEL, Order, Plan, Survey, TakeBack, Webhooks},
};
use holdfast_store::{NewAuditLine, StoreError};

/// The secret of the store that webhooks are signed with.
pub(crate) const WEBHOOK_SECRET: &str = "site/webhook";

/// The fact of the store that holds the id of the site's OAuth Client.
pub(crate) const OAUTH_CLIENT_FACT: &str = "oauth_client";

/// The fact of the store that says how far the site is provisioned.
pub(crate) const PROVISIONED_FACT: &str = "provisioned";

/// Where ERPNext sends a browser back to, under the hub's address.
const OAUTH_PATH: &str = "/pos/api/v1/enrolment/oauth";

/// Where webhooks go, under the hub's address.
const WEBHOOK_PATH: &str = "/pos/api/v1/webhooks";

/// Why a site is not set up.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// The account cannot act.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The site says no, or nothing.
    #[error("{}", words(.0))]
    Site(#[from] Trouble),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What the vault says.
    #[error(transparent)]
    Vault(#[from] crate::vault::VaultError),
}

fn words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Refused { status: 403, message, .. } => {
            format!(
                "ERPNext does not let this account do it; it takes the role System Manager. ERPNext says: {message}"
            )
        }
        Trouble::Refused { message, .. } => format!("ERPNext refuses: {message}"),
        Trouble::SignedOut => "ERPNext does not accept this account's key or password.".to_owned(),
        Trouble::NotNow { .. } => "ERPNext cannot be reached right now.".to_owned(),
        Trouble::Unclear => "No clear answer came from ERPNext; please try again.".to_owned(),
    }
}

/// What is wanted beside the role, its rights and the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Users who get the role.
    pub users: Vec<String>,
    /// The hub's own address as ERPNext and browsers reach it.
    pub hub_url: Option<String>,
    /// An OAuth client, so that no password is kept.
    pub oauth: bool,
    /// Webhooks, so that changes arrive at once.
    pub webhooks: bool,
}

impl Site {
    /// What setting the site up would do. Changes nothing there.
    pub async fn survey(&self, wishes: &Wishes) -> Result<Plan, ProvisionError> {
        let url = wishes.hub_url.as_deref().map(|url| url.trim_end_matches('/'));
        let webhooks = match url.filter(|_| wishes.webhooks) {
            Some(url) => Some(Webhooks { url: format!("{url}{WEBHOOK_PATH}"), secret: self.webhook_secret().await? }),
            None => None,
        };
        let redirect_uri = url.filter(|_| wishes.oauth).map(|url| format!("{url}{OAUTH_PATH}"));
        let order = Order { users: wishes.users.clone(), redirect_uri, webhooks };
        Ok(self.hold(Survey::new(order, now_ms())).await??)
    }

    /// Does what a plan says, and notes at the hub what is there then. `line` goes into the audit log.
    pub async fn provision(&self, plan: &Plan, line: NewAuditLine) -> Result<Applied, ProvisionError> {
        let applied = self.hold(Apply::new(plan, now_ms())).await??;
        let client_id = applied.plan.client_id.clone();
        let is_done = applied.refused.is_empty();
        self.change(move |change| {
            if let Some(client_id) = &client_id {
                change.set_fact(OAUTH_CLIENT_FACT, client_id)?;
            }
            if is_done {
                change.set_fact(PROVISIONED_FACT, &LEVEL.to_string())?;
            }
            change.audit(&line)
        })
        .await?;
        Ok(applied)
    }

    /// Takes everything back that a plan finds.
    pub async fn take_back(&self, plan: &Plan, line: NewAuditLine) -> Result<Applied, ProvisionError> {
        let applied = self.hold(TakeBack::new(plan, now_ms())).await??;
        self.change(move |change| {
            change.forget_fact(OAUTH_CLIENT_FACT)?;
            change.forget_fact(PROVISIONED_FACT)?;
            change.forget_secret(WEBHOOK_SECRET)?;
            change.audit(&line)
        })
        .await?;
        Ok(applied)
    }

    /// The webhooks' secret, made at the first time.
    async fn webhook_secret(&self) -> Result<String, ProvisionError> {
        let known = self.stored(|store| store.secret(WEBHOOK_SECRET)).await?;
        if let Some(sealed) = known {
            let secret = self.vault.open(WEBHOOK_SECRET, &sealed)?;
            return Ok(String::from_utf8_lossy(&secret).into_owned());
        }
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        let secret = hex::encode(bytes);
        let sealed = self.vault.seal(WEBHOOK_SECRET, secret.as_bytes());
        self.change(move |change| change.set_secret(WEBHOOK_SECRET, &sealed, now_ms())).await?;
        Ok(secret)
    }
}
