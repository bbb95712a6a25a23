//! Figures against the budgets: a table to read, and `bench/figures.json` in the target folder.

use crate::{
    app,
    shell::{self, cargo},
    test,
};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{fs, path::Path, process::Command};

/// A figure; `is_floor` where more is better.
#[derive(Serialize, Deserialize)]
struct Figure {
    name: String,
    value: f64,
    unit: String,
    /// What was promised, in the figure's unit; nothing where nothing was.
    budget: Option<f64>,
    is_floor: bool,
}

/// Benchmarks of the crates that have a promise to keep, in microseconds.
const CRITERION_BUDGETS: [(&str, f64); 2] = [("price/50 lines, 200 rules, 5 taxes", 1000.0), ("price/1 line", 50.0)];

/// Measures everything.
pub(crate) fn run() -> Result<()> {
    let folder = app::build_app()?;
    let size = app::total(&folder, true)? as f64 / 1000.0;
    let mut figures = vec![Figure {
        name: "first visit: the app, compressed".into(),
        value: size,
        unit: "kB".into(),
        budget: Some(app::BYTES_MAX as f64 / 1000.0),
        is_floor: false,
    }];
    let hub = app::build_hub()?;
    let browser = test::prepare_browser()?;
    let mut in_browser = Command::new("node");
    in_browser.current_dir(browser).arg("bench.mjs").env("HOLDFAST", hub).env("HOLDFAST_ENGINE", app::build_engine()?);
    figures.extend(printed(&mut in_browser)?);
    figures.extend(printed(shell::program("holdfast-hub").args(["--example", "load"]))?);
    figures.extend(criterion()?);
    println!("{:<72} {:>12} {:>14}", "figure", "measured", "budget");
    for figure in &figures {
        println!("{}", line(figure));
    }
    let file = shell::target().join("bench/figures.json");
    fs::create_dir_all(file.parent().context("a folder")?)?;
    fs::write(&file, serde_json::to_string_pretty(&figures)?)?;
    println!("written to {}", file.display());
    Ok(())
}

fn line(figure: &Figure) -> String {
    let Figure { name, value, unit, budget, is_floor } = figure;
    let Some(budget) = budget else {
        return format!("{name:<72} {value:>9.1} {unit:<3}");
    };
    let is_kept = if *is_floor { value >= budget } else { value <= budget };
    let mark = if is_kept { "" } else { "  MISSED" };
    let sign = if *is_floor { '>' } else { '<' };
    format!("{name:<72} {value:>9.1} {unit:<3} {sign} {budget:>7.0} {unit:<3}{mark}")
}

/// The figures that a program prints as its last line.
fn printed(command: &mut Command) -> Result<Vec<Figure>> {
    let text = shell::output(command)?;
    serde_json::from_str(text.lines().last().unwrap_or_default()).context("its last line is a list of figures")
}

/// Runs the crates' own benchmarks and reads what Criterion leaves behind: medians, in microseconds.
fn criterion() -> Result<Vec<Figure>> {
    let results = shell::target().join("criterion");
    if results.exists() {
        fs::remove_dir_all(&results).context("figures of earlier runs cannot be removed")?;
    }
    for entry in fs::read_dir(shell::root().join("crates"))? {
        let folder = entry?.path();
        if folder.join("benches").is_dir() {
            let package = format!("holdfast-{}", folder.file_name().context("a name")?.to_string_lossy());
            shell::output(cargo().args([
                "bench", "--locked", "--quiet",
                // Not `--benches`: that runs the library's own tests, which do not know Criterion's options.
                "--bench", "*", "-p", &package, "--", "--noplot",
            ]))?;
        }
    }
    let mut figures = Vec::new();
    collect(&results, &mut figures)?;
    figures.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(figures)
}

/// Criterion keeps each benchmark's latest figures in a folder `new`, somewhere below.
fn collect(folder: &Path, figures: &mut Vec<Figure>) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() && path.ends_with("new") {
            let read = |name: &str| -> Result<Value> { Ok(serde_json::from_slice(&fs::read(path.join(name))?)?) };
            let name = read("benchmark.json")?["full_id"].as_str().context("a benchmark has an id")?.to_owned();
            let median = read("estimates.json")?["median"]["point_estimate"].as_f64().context("a median")?;
            let budget = CRITERION_BUDGETS.iter().find(|(id, _)| *id == name).map(|(_, budget)| *budget);
            figures.push(Figure { name, value: median / 1000.0, unit: "µs".into(), budget, is_floor: false });
        } else if path.is_dir() {
            collect(&path, figures)?;
        }
    }
    Ok(())
}
