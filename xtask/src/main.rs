//! The project's own commands. Each does all of its own set-up and says what it installs.

mod app;
mod bench;
mod browser;
mod command;
mod debian;
mod lint;
mod places;
mod tests;
mod tools;
mod wasm;

use clap::{Parser, Subcommand};
use places::Places;

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the app and, with the app inside, the hub: target/release/holdfast.
    Build {
        /// A quick, unoptimised app.
        #[arg(long)]
        dev: bool,
    },
    /// Build, then open a demo shop on <http://localhost:8080/pos>.
    Run {
        /// A quick, unoptimised app.
        #[arg(long)]
        dev: bool,
        /// How many items the demo shop should have at least.
        #[arg(long)]
        items: Option<usize>,
    },
    /// Run every test there is.
    Test {
        /// Only the steps whose name contains one of these.
        only: Vec<String>,
    },
    /// Measure against the budgets; prints a table, writes target/bench/figures.json.
    Bench {
        /// Only the groups whose name contains one of these: size, hub, browser, criterion.
        only: Vec<String>,
    },
    /// Check formatting, lints and documentation.
    Lint,
    /// Replay invoices that a real ERPNext computed, and count the fields that differ.
    Oracle {
        /// Oracle files; without any, the project's own.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        files: Vec<String>,
    },
    /// Simulate shops under faults.
    Simulate {
        /// What the simulator takes, such as `--seeds 1000 --from 1`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> anyhow::Result<()> {
    let places = Places::find()?;
    match Arguments::parse().task {
        Task::Build { dev } => app::build(&places, dev).map(|_| ()),
        Task::Run { dev, items } => app::run(&places, dev, items),
        Task::Test { only } => tests::run(&places, &only),
        Task::Bench { only } => bench::run(&places, &only),
        Task::Lint => lint::run_all(&places),
        Task::Oracle { files } => tools::oracle(&places, &files),
        Task::Simulate { arguments } => tools::simulate(&places, &arguments),
    }
}
