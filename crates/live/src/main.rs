//! Tries a whole hub out against a real ERPNext.
//!
//! It makes a test company of its own on the site, lets a real hub provision and pull, sells at terminals while the hub is away,
//! loses answers on purpose while the hub posts, kills it on the way, and then compares what ERPNext has in its books with what
//! the receipts say. At the end it clears away what it made.

mod books;
mod checks;
mod clear;
mod day;
mod faults;
mod hub;
mod run;
mod setup;
mod shop;
mod site;
mod terminal;

use anyhow::Result;
use clap::Parser;
use site::Site;
use std::{path::PathBuf, process::ExitCode};

/// Sells a day long through a real hub into a real ERPNext site, and checks what it booked.
#[derive(Parser)]
struct Arguments {
    /// The site's address.
    #[arg(long)]
    erpnext: String,
    /// The API key of a System Manager.
    #[arg(long)]
    key: String,
    /// Its secret.
    #[arg(long, env = "HOLDFAST_LIVE_SECRET", hide_env_values = true)]
    secret: String,
    /// The hub's program.
    #[arg(long, env = "HOLDFAST")]
    hub: Option<PathBuf>,
    /// How many small sales come on top, to measure with.
    #[arg(long, default_value_t = 24)]
    sales: u32,
    /// Leave everything on the site and the hub's data on the disk.
    #[arg(long)]
    keep: bool,
    /// Only clear away what a run with this mark left behind.
    #[arg(long)]
    clear: Option<String>,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let site = Site::new(&arguments.erpnext, &arguments.key, &arguments.secret)?;
    if let Some(mark) = &arguments.clear {
        clear::clear(&site, mark).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let mark = format!("HFL{}", random_text(4).to_uppercase());
    println!("Everything that this run makes begins with {mark}.");
    let outcome = run::run(&site, &mark, &arguments).await;
    if arguments.keep {
        println!("It stays on the site; --clear {mark} takes it away.");
    } else {
        clear::clear(&site, &mark).await?;
    }
    let (passed, failed) = outcome?.count();
    println!("\nlive: {passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// So many random letters and digits.
fn random_text(length: usize) -> String {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes.iter().map(|byte| char::from(b"abcdefghijkmnpqrstuvwxyz23456789"[usize::from(byte % 32)])).collect()
}
