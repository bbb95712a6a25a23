//! `holdfast audit`: is every entry of every counter here, and where does each stand?

use super::serve::KeySource;
use anyhow::{Context, bail};
use holdfast_hub::completeness::{details, plain, signed, statement, word};
use holdfast_store::Store;
use holdfast_sync::audit::{Standing, Statement};
use std::{
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

/// What is wanted.
#[derive(clap::Args)]
pub(crate) struct Audit {
    /// The data directory. A hub may be running on it.
    #[arg(long, env = "HOLDFAST_DATA")]
    data: PathBuf,
    /// Only the counter with this code.
    #[arg(long)]
    terminal: Option<String>,
    /// As JSON, every entry.
    #[arg(long)]
    json: bool,
    /// Write a signed statement of each counter into this folder.
    #[arg(long, value_name = "FOLDER")]
    signed: Option<PathBuf>,
    #[command(flatten)]
    key: KeySource,
}

impl Audit {
    /// Runs the command; an error if a journal is not whole.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let store = Store::open_read_only(&self.data)?;
        let now_ms = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
        let mut terminals = store.terminals()?;
        terminals.retain(|terminal| self.terminal.as_ref().is_none_or(|code| terminal.code == *code));
        let (mut faulty, mut all) = (0, Vec::new());
        for terminal in &terminals {
            let statement = statement(&store, terminal, now_ms)?;
            faulty += usize::from(!statement.is_whole());
            if let Some(folder) = &self.signed {
                std::fs::create_dir_all(folder)?;
                let file = signed(&store, &self.key.vault(&self.data)?, terminal, &statement)?;
                let path = folder.join(format!("holdfast-{}-{now_ms}.json", terminal.code));
                std::fs::write(&path, serde_json::to_string_pretty(&file)?).context("the statement's file")?;
                println!("{}", path.display());
            } else if self.json {
                all.push(plain(terminal, &statement));
            } else {
                show(&format!("{} {}", terminal.code, terminal.name), &statement);
            }
        }
        if self.json && self.signed.is_none() {
            println!("{}", serde_json::to_string_pretty(&all)?);
        }
        if faulty > 0 {
            bail!("{faulty} of {} journals are not whole", terminals.len());
        }
        Ok(())
    }
}

fn show(name: &str, statement: &Statement) {
    let booked = statement.lines.iter().filter(|line| matches!(line.standing, Standing::Booked(_))).count();
    let (waiting, to_decide) = statement.waiting();
    let state = if statement.is_whole() { "all there, the chain intact" } else { "NOT WHOLE" };
    println!(
        "{name}: entries 1 to {}, {state}. {booked} in the books, {waiting} waiting, {to_decide} to decide.",
        statement.head.seq
    );
    for fault in &statement.faults {
        println!("    {fault}");
    }
    let open = |standing: &Standing| matches!(standing, Standing::Waiting | Standing::Person(_) | Standing::Forgotten);
    for line in statement.lines.iter().chain(&statement.beside).filter(|line| open(&line.standing)) {
        println!("    {:>6}  {}  {}  {}", line.seq, line.kind, word(&line.standing), details(&line.standing));
    }
}
