//! `holdfast provision`: shows what setting a site up would do, does it, or takes it back.

use super::{Connection, serve::KeySource};
use anyhow::{Context, bail};
use holdfast_hub::{audit_line, site::Wishes};
use holdfast_store::Store;
use std::{path::PathBuf, sync::Arc};

/// What is wanted.
#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Provision {
    /// The hub's data directory. Stop the hub first, or use the console instead.
    #[arg(long, env = "HOLDFAST_DATA")]
    data: PathBuf,
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    key: KeySource,
    /// A user of ERPNext who gets the role: the hub's own, and each who enrols counters. Can be given several times.
    #[arg(long = "user")]
    users: Vec<String>,
    /// The hub's address as ERPNext and browsers reach it: <https://pos.example.com>.
    #[arg(long)]
    hub_url: Option<String>,
    /// Also make an OAuth client, so that the hub keeps tokens instead of passwords. Needs --hub-url.
    #[arg(long, requires = "hub_url")]
    oauth: bool,
    /// Also make webhooks, so that changes arrive within seconds. Needs --hub-url.
    #[arg(long, requires = "hub_url")]
    webhooks: bool,
    /// Do it. Without this, nothing is changed.
    #[arg(long, conflicts_with = "take_back")]
    apply: bool,
    /// Take everything back that was set up, with what the fields hold.
    #[arg(long)]
    take_back: bool,
}

impl Provision {
    /// Runs the command.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let store = Arc::new(Store::open(&self.data)?);
        let vault = self.key.vault(&self.data)?;
        let site = self.connection.site(&store, &vault)?.context("which site? Give --erpnext, --key and --secret")?;
        let wishes = Wishes { users: self.users, hub_url: self.hub_url, oauth: self.oauth, webhooks: self.webhooks };
        tokio::runtime::Runtime::new()?.block_on(async {
            let plan = site.survey(&wishes).await?;
            let version = plan.site.erpnext.map(|version| version.to_string()).unwrap_or_default();
            println!("{} runs ERPNext {version}; you are {}.", site.client().url(), plan.site.user);
            let applied = match (self.apply, self.take_back) {
                (false, false) => {
                    list("This would be done (run again with --apply):", plan.to_do());
                    return Ok(());
                }
                (true, _) => {
                    list("This is being done:", plan.to_do());
                    site.provision(&plan, audit_line("erpnext.provisioned", site.client().url().as_str())).await?
                }
                (false, true) => {
                    list("This is being taken back:", plan.to_undo());
                    site.take_back(&plan, audit_line("erpnext.taken_back", site.client().url().as_str())).await?
                }
            };
            if applied.refused.is_empty() {
                println!("Done.");
                return Ok(());
            }
            for refusal in &applied.refused {
                println!("ERPNext refused: {}\n    {}", refusal.sentence, refusal.message);
            }
            bail!("{} of it could not be done", applied.refused.len())
        })
    }
}

fn list(title: &str, sentences: Vec<String>) {
    if sentences.is_empty() {
        println!("There is nothing to do.");
        return;
    }
    println!("{title}");
    for sentence in sentences {
        println!("  - {sentence}");
    }
}
