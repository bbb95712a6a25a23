//! The hub: one program, one data directory.

use anyhow::Context;
use clap::{Parser, Subcommand};
use holdfast_hub::{Hub, demo, report, router};
use holdfast_store::Store;
use std::{net::SocketAddr, path::PathBuf, sync::Arc};

/// A truly offline point of sale for `ERPNext`.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the counters of a shop whose data is in the data directory.
    Serve(Place),
    /// Serve a made-up shop, to try everything without `ERPNext`.
    Demo {
        #[command(flatten)]
        place: Place,
        /// How many items the shop should have at least.
        #[arg(long, default_value_t = 0)]
        items: usize,
    },
    /// Show what the hub holds of each counter's journal. A hub may be running.
    Journal {
        /// The data directory.
        #[arg(long)]
        data: PathBuf,
        /// Only this terminal.
        #[arg(long)]
        terminal: Option<String>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(clap::Args)]
struct Place {
    /// The directory that holds everything; made if it isn't there.
    #[arg(long, env = "HOLDFAST_DATA")]
    data: PathBuf,
    /// The address and port to listen on.
    #[arg(long, env = "HOLDFAST_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// How to write the log.
    #[arg(long, value_enum, default_value_t)]
    log_format: LogFormat,
}

#[derive(Clone, Copy, Default, clap::ValueEnum)]
enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs, one object a line.
    Json,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Serve(place) => serve(&place, "Holdfast", |_| Ok(())),
        Command::Demo { place, items } => serve(&place, holdfast_demo::SHOP, |store| demo::publish(store, items)),
        Command::Journal { data, terminal, json } => show_journals(&data, terminal.as_deref(), json),
    }
}

fn serve(place: &Place, shop: &str, prepare: impl FnOnce(&Store) -> anyhow::Result<()>) -> anyhow::Result<()> {
    start_log(place.log_format);
    let store = Store::open(&place.data)?;
    prepare(&store)?;
    let hub = Hub::new(Arc::new(store), shop);
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(place.listen)
            .await
            .with_context(|| format!("{} is taken or not ours to listen on", place.listen))?;
        let address = listener.local_addr()?;
        tracing::info!(%address, data = %place.data.display(), "open for business at http://{address}/pos");
        axum::serve(listener, router(hub)).with_graceful_shutdown(asked_to_stop()).await?;
        tracing::info!("stopped");
        Ok(())
    })
}

fn start_log(format: LogFormat) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
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

fn show_journals(data: &std::path::Path, terminal: Option<&str>, json: bool) -> anyhow::Result<()> {
    let store = Store::open_read_only(data)?;
    let mut journals = report::journals(&store)?;
    journals.retain(|journal| terminal.is_none_or(|code| journal.code == code));
    if json {
        println!("{}", serde_json::to_string_pretty(&journals)?);
        return Ok(());
    }
    for journal in journals {
        let state = if journal.is_intact { "intact" } else { "DAMAGED" };
        println!("{}  {}  {} entries, {state}", journal.code, journal.name, journal.entries);
        if journal.forked > 0 {
            println!("    This journal exists twice: {} entries of the second line are kept.", journal.forked);
        }
        for sale in journal.sales {
            println!("    {:>6}  {}  {}  {:>10.2}", sale.seq, sale.posted_local, sale.receipt_number, sale.payable);
        }
    }
    Ok(())
}
