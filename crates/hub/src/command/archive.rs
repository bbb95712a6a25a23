//! `holdfast export` and `holdfast import`: journals in a file, for when no network will ever come.

use anyhow::{Context, bail};
use holdfast_hub::{archive, audit_line};
use holdfast_store::Store;
use holdfast_sync::archive::Archive;
use std::path::PathBuf;

/// What is to be written.
#[derive(clap::Args)]
pub(crate) struct Export {
    /// The data directory. A hub may be running on it.
    #[arg(long, env = "HOLDFAST_DATA")]
    data: PathBuf,
    /// The file to write; it must not be there yet.
    #[arg(long)]
    out: PathBuf,
    /// Only the counter with this code.
    #[arg(long)]
    terminal: Option<String>,
}

impl Export {
    /// Runs the command.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let store = Store::open_read_only(&self.data)?;
        let now_ms = audit_line("", "").at_ms;
        let archive = archive::export(&store, now_ms, |terminal| {
            self.terminal.as_ref().is_none_or(|code| terminal.code == *code)
        })?;
        if archive.journals.is_empty() {
            bail!("there is no such counter");
        }
        let mut file = std::fs::File::create_new(&self.out).context("the file is there already, or cannot be made")?;
        std::io::Write::write_all(&mut file, &archive.to_bytes())?;
        file.sync_all()?;
        let entries: usize = archive.journals.iter().map(|journal| journal.entries.len() + journal.beside.len()).sum();
        println!("{} journals with {entries} entries are in {}", archive.journals.len(), self.out.display());
        Ok(())
    }
}

/// What is to be read.
#[derive(clap::Args)]
pub(crate) struct Import {
    /// The data directory. Stop the hub first.
    #[arg(long, env = "HOLDFAST_DATA")]
    data: PathBuf,
    /// Files that a counter or a hub wrote.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Import {
    /// Runs the command. What is there already changes nothing.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let store = Store::open(&self.data)?;
        for path in &self.files {
            let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
            let archive = Archive::from_bytes(&bytes).with_context(|| path.display().to_string())?;
            let line = audit_line("journals.imported", &path.display().to_string());
            let imported = archive::import(&store, archive, &line)?;
            for journal in imported {
                println!(
                    "{}: {} entries are new, {} belong to a second line, {} were here already",
                    journal.name, journal.stored, journal.forked, journal.known
                );
                if journal.has_gap {
                    println!("    Entries before these are missing here; import the earlier file first.");
                }
            }
        }
        Ok(())
    }
}
