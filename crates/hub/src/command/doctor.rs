//! `holdfast doctor`: what is wrong with the connection, the account or the profiles, and what to do about it.

use super::{Connection, serve::KeySource};
use anyhow::{Context, bail};
use holdfast_erpnext::doctor::{Examine, Severity};
use holdfast_store::Store;
use std::{path::PathBuf, sync::Arc};

/// What is wanted.
#[derive(clap::Args)]
pub(crate) struct Doctor {
    /// The hub's data directory. Stop the hub first, or look at the console's page on ERPNext instead.
    #[arg(long, env = "HOLDFAST_DATA")]
    data: PathBuf,
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    key: KeySource,
}

impl Doctor {
    /// Runs the command; an error if something keeps the shop from selling or booking.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let store = Arc::new(Store::open(&self.data)?);
        let vault = self.key.vault(&self.data)?;
        let site = self.connection.site(&store, &vault)?.context("which site? Give --erpnext, --key and --secret")?;
        let now_ms = holdfast_hub::audit_line("", "").at_ms;
        let examined = tokio::runtime::Runtime::new()?.block_on(site.hold(Examine::new(now_ms)))?;
        let findings = examined.map_err(|trouble| anyhow::anyhow!("ERPNext: {trouble}"))?;
        for finding in &findings {
            let mark = match finding.severity {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Error => "ERROR",
            };
            println!("{mark}: {finding}");
        }
        match findings.iter().filter(|finding| finding.severity == Severity::Error).count() {
            0 if findings.is_empty() => println!("Everything is as it should be."),
            0 => {}
            errors => bail!("{errors} findings keep the shop from selling or booking"),
        }
        Ok(())
    }
}
