//! The crates' own benchmarks, run by Criterion and summarised from what it leaves behind.

use super::figure::{Budget, Figure};
use crate::{
    command::{cargo, run},
    places::Places,
};
use anyhow::Context as _;
use serde::Deserialize;
use std::{
    fs,
    path::{Path, PathBuf},
};

const NANOSECONDS_IN_MICROSECOND: f64 = 1000.0;

/// Promised times by benchmark, in microseconds. A benchmark that isn't here is reported without a budget.
const BUDGETS_US: [(&str, f64); 2] = [("price/50 lines, 200 rules, 5 taxes", 1000.0), ("price/1 line", 50.0)];

#[derive(Deserialize)]
struct Benchmark {
    full_id: String,
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

/// Runs the benchmarks of every crate that has some.
pub(crate) fn measure(places: &Places) -> anyhow::Result<Vec<Figure>> {
    let results = places.target.join("criterion");
    if results.exists() {
        fs::remove_dir_all(&results).context("figures of earlier runs cannot be removed")?;
    }
    for package in packages_with_benches(&places.root)? {
        run(cargo(&places.root).args(["bench", "--locked", "--quiet", "--benches", "--package", &package, "--", "--noplot"]))?;
    }
    let mut figures = Vec::new();
    collect(&results, &mut figures)?;
    figures.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(figures)
}

fn packages_with_benches(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut packages = Vec::new();
    for entry in fs::read_dir(root.join("crates"))? {
        let folder = entry?.path();
        if folder.join("benches").is_dir() {
            let name = folder.file_name().context("a folder has a name")?.to_string_lossy();
            packages.push(format!("holdfast-{name}"));
        }
    }
    packages.sort();
    Ok(packages)
}

/// Criterion keeps each benchmark's latest figures in a folder `new`, somewhere below.
fn collect(folder: &Path, figures: &mut Vec<Figure>) -> anyhow::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path: PathBuf = entry?.path();
        if path.is_dir() && path.ends_with("new") {
            figures.push(read(&path)?);
        } else if path.is_dir() {
            collect(&path, figures)?;
        }
    }
    Ok(())
}

fn read(folder: &Path) -> anyhow::Result<Figure> {
    let benchmark: Benchmark = serde_json::from_slice(&fs::read(folder.join("benchmark.json"))?)?;
    let estimates: Estimates = serde_json::from_slice(&fs::read(folder.join("estimates.json"))?)?;
    let budget = BUDGETS_US.iter().find(|(id, _)| *id == benchmark.full_id).map(|&(_, us)| Budget::AtMost(us));
    Ok(Figure::new(benchmark.full_id, estimates.median.point_estimate / NANOSECONDS_IN_MICROSECOND, "µs", budget))
}
