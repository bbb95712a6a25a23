//! Which TLS the hub serves with.

use anyhow::Context;
use holdfast_hub::tls::{Name, Tls, plain_router};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

/// The options that say it.
#[derive(clap::Args)]
pub(crate) struct TlsOptions {
    /// Serve HTTPS with this certificate and its chain (PEM). Read again when it changes.
    #[arg(long = "tls-cert", env = "HOLDFAST_TLS_CERT", requires = "private_key", conflicts_with = "local_names")]
    certificate: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long = "tls-key", env = "HOLDFAST_TLS_KEY", requires = "certificate")]
    private_key: Option<PathBuf>,
    /// Serve HTTPS with a certificate of the shop's own authority for these names and addresses: till-hub.lan,192.168.1.5
    #[arg(long = "tls-local", env = "HOLDFAST_TLS_LOCAL", value_delimiter = ',', value_name = "NAME")]
    local_names: Vec<Name>,
    /// Answer here without TLS, too: only the page that helps to trust the authority, and the way to HTTPS.
    #[arg(long = "tls-plain", env = "HOLDFAST_TLS_PLAIN", value_name = "ADDRESS")]
    plain_address: Option<SocketAddr>,
}

impl TlsOptions {
    /// What is asked for, if anything.
    pub(crate) fn open(&self, data: &Path) -> anyhow::Result<Option<Tls>> {
        let tls = match (&self.certificate, &self.private_key) {
            (Some(certificate), Some(key)) => Tls::from_files(certificate, key)?,
            _ if self.local_names.is_empty() => {
                anyhow::ensure!(self.plain_address.is_none(), "--tls-plain needs --tls-cert or --tls-local");
                return Ok(None);
            }
            _ => Tls::local(data, self.local_names.clone(), SystemTime::now())?,
        };
        Ok(Some(tls))
    }

    /// Opens the door without TLS, if it is asked for, beside the one at `port`.
    pub(crate) async fn open_plain(&self, tls: &Tls, port: u16) -> anyhow::Result<()> {
        let Some(address) = self.plain_address else {
            return Ok(());
        };
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .with_context(|| format!("{address} is taken or not ours to listen on"))?;
        let router = plain_router(tls.trust(), port);
        // It ends with the program: there is nothing in it that could be left half done.
        tokio::spawn(holdfast_hub::serve(listener, None, router, std::future::pending()));
        Ok(())
    }
}

/// Starts what keeps the certificate fresh, and says what counters must trust.
pub(crate) fn look_after(tls: Arc<Tls>) {
    if let Some(trust) = tls.trust() {
        tracing::info!(authority = trust.title, sha256 = trust.fingerprint, "counters must trust it, see /pos/trust");
    }
    tokio::spawn(tls.keep_fresh());
}
