//! The hub: one program, one data directory.

use clap::{Parser, Subcommand};
use holdfast_hub::demo;
use std::path::PathBuf;

mod command;

use command::{Connection, Place};

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
    Serve {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        connection: Connection,
    },
    /// Serve a made-up shop, to try everything without `ERPNext`.
    Demo {
        #[command(flatten)]
        place: Place,
        /// How many items the shop should have at least.
        #[arg(long, default_value_t = 0)]
        items: usize,
    },
    /// Set an ERPNext site up for the hub: shows the plan, does it with --apply, undoes it with --take-back.
    Provision(Box<command::Provision>),
    /// Say what is wrong with the connection, the account or the profiles, and what to do about it.
    Doctor(Box<command::Doctor>),
    /// Prove that every entry of every counter is here, and say where each stands. A hub may be running.
    Audit(Box<command::Audit>),
    /// Write journals into a file that any hub can import. A hub may be running.
    Export(command::Export),
    /// Take in files that a counter or a hub wrote.
    Import(command::Import),
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

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Serve { place, connection } => command::serve(&place, "Holdfast", Some(&connection), |_| Ok(())),
        Command::Demo { place, items } => {
            command::serve(&place, holdfast_demo::SHOP, None, |store| demo::publish(store, items))
        }
        Command::Provision(provision) => provision.run(),
        Command::Doctor(doctor) => doctor.run(),
        Command::Audit(audit) => audit.run(),
        Command::Export(export) => export.run(),
        Command::Import(import) => import.run(),
        Command::Journal { data, terminal, json } => command::show_journals(&data, terminal.as_deref(), json),
    }
}
