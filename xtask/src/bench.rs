//! Figures against the budgets: a table to read, and `bench/figures.json` in the target folder.

use crate::{app, shell, test};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{fs, process::Command};

/// A figure with its budget; `is_floor` where more is better.
struct Figure {
    name: String,
    value: f64,
    unit: String,
    budget: f64,
    is_floor: bool,
}

/// Measures everything.
pub(crate) fn run() -> Result<()> {
    let folder = app::build_app()?;
    let mut figures = vec![Figure {
        name: "app, compressed".into(),
        value: app::total(&folder, true)? as f64 / 1000.0,
        unit: "kB".into(),
        budget: 600.0,
        is_floor: false,
    }];
    let hub = app::build_hub()?;
    let browser = test::prepare_browser()?;
    let printed = shell::output(Command::new("node").current_dir(browser).arg("bench.mjs").env("HOLDFAST", hub))?;
    let measured: Value =
        serde_json::from_str(printed.lines().last().unwrap_or_default()).context("bench.mjs prints JSON")?;
    for row in measured.as_array().context("a list of figures")? {
        figures.push(Figure {
            name: row["name"].as_str().unwrap_or_default().to_owned(),
            value: row["value"].as_f64().unwrap_or(f64::NAN),
            unit: row["unit"].as_str().unwrap_or_default().to_owned(),
            budget: row["budget"].as_f64().unwrap_or(f64::NAN),
            is_floor: row["is_floor"].as_bool().unwrap_or(false),
        });
    }
    println!("{:<52} {:>12} {:>12}", "figure", "measured", "budget");
    for figure in &figures {
        let kept = if figure.is_floor { figure.value >= figure.budget } else { figure.value <= figure.budget };
        let mark = if kept { "" } else { "  OVER" };
        let Figure { name, value, unit, budget, .. } = figure;
        println!("{name:<52} {value:>9.1} {unit:<3} {budget:>8.0} {unit:<3}{mark}");
    }
    let json: Vec<Value> = figures
        .iter()
        .map(
            |f| json!({ "name": f.name, "value": f.value, "unit": f.unit, "budget": f.budget, "is_floor": f.is_floor }),
        )
        .collect();
    let file = shell::target().join("bench/figures.json");
    fs::create_dir_all(file.parent().context("a folder")?)?;
    fs::write(&file, serde_json::to_string_pretty(&json)?)?;
    println!("written to {}", file.display());
    Ok(())
}
