//! `holdfast serve` and `holdfast demo`.

use super::{
    Connection,
    tls::{TlsOptions, look_after},
};
use anyhow::Context;
use holdfast_hub::{Hub, audit_line, completeness::ensure_key, router, serve as serve_at, vault::Vault};
use holdfast_store::Store;
use std::{
    io::IsTerminal as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Where everything is.
#[derive(clap::Args)]
pub(crate) struct Place {
    /// The directory that holds everything; made if it isn't there.
    #[arg(long, env = "HOLDFAST_DATA")]
    data: PathBuf,
    /// The address and port to listen on.
    #[arg(long, env = "HOLDFAST_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// How to write the log.
    #[arg(long, value_enum, default_value_t)]
    log_format: LogFormat,
    /// A proxy of the shop's own stands in front, and its X-Forwarded-For is to be believed.
    #[arg(long, env = "HOLDFAST_BEHIND_PROXY")]
    behind_proxy: bool,
    #[command(flatten)]
    tls: TlsOptions,
    #[command(flatten)]
    key: KeySource,
}

/// Where the key is that seals secrets.
#[derive(clap::Args)]
pub(crate) struct KeySource {
    /// The key that seals secrets: 64 hex digits. Rather in the environment than here, where others can read it.
    #[arg(long = "seal-key", env = "HOLDFAST_KEY", hide_env_values = true, hide = true)]
    seal_key: Option<String>,
    /// A file with the key that seals secrets; without it, `key` in the data directory, made at the first start.
    #[arg(long, env = "HOLDFAST_KEY_FILE")]
    key_file: Option<PathBuf>,
}

impl KeySource {
    /// The vault of a data directory.
    pub(crate) fn vault(&self, data: &Path) -> anyhow::Result<Vault> {
        Ok(match (&self.seal_key, &self.key_file) {
            (Some(digits), _) => Vault::from_hex(digits)?,
            (None, Some(file)) => Vault::from_file(file)?,
            (None, None) => Vault::of_directory(data)?,
        })
    }
}

#[derive(Clone, Copy, Default, clap::ValueEnum)]
enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs, one object a line.
    Json,
}

/// Serves until it is asked to stop.
pub(crate) fn serve(
    place: &Place,
    shop: &str,
    connection: Option<&Connection>,
    prepare: impl FnOnce(&Store) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    start_log(place.log_format);
    let store = Arc::new(Store::open(&place.data)?);
    prepare(&store)?;
    let vault = place.key.vault(&place.data)?;
    ensure_key(&store, &vault, audit_line("", "").at_ms)?;
    let tls = place.tls.open(&place.data)?.map(Arc::new);
    let site = connection.map(|connection| connection.site(&store, &vault)).transpose()?.flatten();
    let has_no_account = store.accounts()?.is_empty();
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(place.listen)
            .await
            .with_context(|| format!("{} is taken or not ours to listen on", place.listen))?;
        let address = listener.local_addr()?;
        let hub = Hub::start(store, shop, vault).behind_proxy(place.behind_proxy).secured(tls.as_deref());
        if let Some(site) = &site {
            tracing::info!(site = %site.client().url(), "connected with ERPNext");
        }
        hub.connect(site);
        let scheme = if tls.is_some() { "https" } else { "http" };
        if has_no_account {
            let code = hub.set_up_code();
            tracing::warn!("no account yet: open {scheme}://{address}/pos/console and enter the code {code}");
        }
        tracing::info!(%address, data = %place.data.display(), "open for business at {scheme}://{address}/pos");
        if let Some(tls) = &tls {
            place.tls.open_plain(tls, address.port()).await?;
            look_after(Arc::clone(tls));
        }
        serve_at(listener, tls.as_ref().map(|tls| tls.config()), router(hub), asked_to_stop()).await;
        tracing::info!("stopped");
        Ok(())
    })
}

fn start_log(format: LogFormat) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match format {
        LogFormat::Text => log.with_target(false).init(),
        LogFormat::Json => log.json().init(),
    }
}

/// Ends on Ctrl-C or when the service manager asks.
async fn asked_to_stop() {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .expect("signal handlers can be installed");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
