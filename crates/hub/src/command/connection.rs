//! Which `ERPNext`, and as whom: from the command line, from the environment, or as the console left it in the store.

use anyhow::{Context, bail};
use holdfast_hub::{
    site::{Client, Credential, SERVICE, Setting, Site},
    vault::Vault,
};
use holdfast_store::Store;
use std::{path::PathBuf, sync::Arc};

/// The options that say it.
#[derive(clap::Args, Debug, Default)]
pub(crate) struct Connection {
    /// The address of the `ERPNext` site: https://erp.example.com. Kept for the next start.
    #[arg(long, env = "HOLDFAST_ERPNEXT")]
    erpnext: Option<String>,
    /// API key of the hub's own user in `ERPNext`.
    #[arg(long, env = "HOLDFAST_ERPNEXT_KEY", requires = "erpnext")]
    key: Option<String>,
    /// API secret of that user.
    #[arg(long, env = "HOLDFAST_ERPNEXT_SECRET", hide_env_values = true, requires = "key")]
    secret: Option<String>,
    /// A certificate authority in PEM, where the site's certificate is the shop's own.
    #[arg(long, env = "HOLDFAST_ERPNEXT_CA")]
    erpnext_ca: Option<PathBuf>,
}

impl Connection {
    /// The site that is meant, if any. What the command line says is kept in the store for the next start, but the key.
    pub(crate) fn site(&self, store: &Arc<Store>, vault: &Vault) -> anyhow::Result<Option<Site>> {
        let known = store.fact(holdfast_hub::SITE_URL_FACT)?;
        let Some(address) = self.erpnext.clone().or(known.clone()) else {
            return Ok(None);
        };
        let mut setting = Setting::of(&address).with_context(|| format!("{address} is no address of a site"))?;
        setting.authority =
            self.erpnext_ca.as_deref().map(std::fs::read).transpose().context("the authority's file")?;
        let url = setting.url.to_string();
        if known.as_ref().is_some_and(|known| *known != url) && !store.mirror_counts()?.is_empty() {
            bail!("this data directory belongs to another site; a new site needs a data directory of its own");
        }
        store.change(|change| change.set_fact(holdfast_hub::SITE_URL_FACT, &url))?;
        let given = match (&self.key, &self.secret) {
            (Some(key), Some(secret)) => Some(Credential::Key { key: key.clone(), secret: secret.clone() }),
            (Some(_), None) => bail!("the API key needs its secret: --secret or HOLDFAST_ERPNEXT_SECRET"),
            _ => None,
        };
        if given.is_none() && store.secret(SERVICE)?.is_none() {
            tracing::warn!("no account for ERPNext yet: give --key and --secret, or sign in on the console");
        }
        let client = Client::new(&setting).context("the HTTP client cannot be made")?;
        Ok(Some(Site::new(client, Arc::clone(store), vault.clone(), given)))
    }
}
