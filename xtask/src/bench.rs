//! Measures the product against its budgets. Figures, not tests: a slow machine fails nothing here but its budget.

mod browser;
mod criterion;
mod figure;
mod size;

use crate::{app, places::Places};
use anyhow::bail;
use figure::{Figure, Report};

type Measure = fn(&Places) -> anyhow::Result<Vec<Figure>>;

const GROUPS: [(&str, Measure); 3] = [("size", size::measure), ("browser", browser::measure), ("criterion", criterion::measure)];

/// Measures the groups whose name contains one of `only`, all if there is none.
pub(crate) fn run(places: &Places, only: &[String]) -> anyhow::Result<()> {
    app::build(places, false)?;
    let mut report = Report::default();
    for (group, measure) in GROUPS {
        if only.is_empty() || only.iter().any(|part| group.contains(part.as_str())) {
            println!("Measuring: {group}");
            report.add(group, measure(places)?);
        }
    }
    report.print();
    let path = places.target.join("bench/figures.json");
    report.write(&path)?;
    println!("\nAlso written to {}.", path.display());
    Ok(())
}

/// Fails if the app, which must have been built, is larger than its budget.
pub(crate) fn check_app_size(places: &Places) -> anyhow::Result<()> {
    for figure in size::measure(places)? {
        println!("{figure}");
        if !figure.is_within_budget() {
            bail!("{figure}");
        }
    }
    Ok(())
}
