//! The project's own commands. `cargo xtask` lists them.

mod app;
mod bench;
mod shell;
mod supply;
mod test;
mod tidy;
mod wasm;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask run              build everything and open the demo shop at http://localhost:8080/pos
cargo xtask build            make target/release/holdfast with the app inside
cargo xtask test             run every test there is, the browser's included
cargo xtask test --erpnext URL --key KEY --secret SECRET
                             sell into a real ERPNext site and check its books (docs/testing.md)
cargo xtask oracle [FILES]   replay what a real ERPNext computed, by default the project's own files
cargo xtask fuzz [SECONDS] [TARGET]
                             give every parser what nobody would write
cargo xtask simulate --seeds N [--from S]
                             run N scenarios of everything failing (docs/simulation.md)
cargo xtask lint             formatting, clippy, tidiness
cargo xtask sbom             write the list of what is built in (CycloneDX)
cargo xtask bench            measure against the budgets
cargo xtask scenarios [FILE] run the browser tests only, or one file of them
cargo xtask screens          take the pictures in docs/screens again
";

fn main() -> Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("run") => run(),
        Some("build") => app::build_hub().map(|_| ()),
        Some("test") if std::env::args().nth(2).is_some() => test::live(),
        Some("test") => test::everything(),
        Some("oracle") => oracle(),
        Some("fuzz") => shell::run(shell::program("holdfast-fuzz").arg("--").args(std::env::args_os().skip(2))),
        Some("simulate") => {
            shell::run(shell::program("holdfast-simulator").arg("--").args(std::env::args_os().skip(2)))
        }
        Some("lint") => test::lint(),
        Some("sbom") => supply::write_bill().map(|file| println!("written to {}", file.display())),
        Some("bench") => bench::run(),
        Some("screens") => test::screens(),
        Some("scenarios") => test::scenarios(&std::env::args().nth(2).unwrap_or_else(|| "scenarios/".into())),
        None | Some("help" | "--help" | "-h") => {
            print!("{USAGE}");
            Ok(())
        }
        Some(other) => bail!("there is no command {other}\n{USAGE}"),
    }
}

/// Replays oracle files; fails if a field differs.
fn oracle() -> Result<()> {
    // Files are named from where the command is given; it runs in the project's root.
    let arguments = std::env::args_os().skip(2).map(|name| std::fs::canonicalize(&name).map_or(name, Into::into));
    shell::run(shell::program("holdfast-oracle").arg("--").args(arguments))
}

fn run() -> Result<()> {
    let hub = app::build_hub()?;
    println!(
        "The demo shop opens at http://localhost:8080/pos (account manager, password holdfast). Ctrl-C closes it."
    );
    shell::run(std::process::Command::new(hub).args(["demo", "--data", "target/demo", "--listen", "127.0.0.1:8080"]))
}
