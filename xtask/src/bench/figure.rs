//! Measured figures with their budgets, as a table for people and as JSON for programs.

use serde::{Deserialize, Serialize};
use std::{fmt, fs, path::Path};

/// One measured figure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: String,
    /// What it should keep to, if anything was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) budget: Option<Budget>,
}

/// A promise about a figure, in the figure's unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Budget {
    /// Smaller is better.
    AtMost(f64),
    /// Larger is better.
    AtLeast(f64),
}

impl Figure {
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &str, budget: Option<Budget>) -> Self {
        Self { name: name.into(), value, unit: unit.to_owned(), budget }
    }

    /// Whether it keeps to what was promised; true if nothing was.
    pub(crate) fn is_within_budget(&self) -> bool {
        match self.budget {
            None => true,
            Some(Budget::AtMost(limit)) => self.value <= limit,
            Some(Budget::AtLeast(limit)) => self.value >= limit,
        }
    }

    fn verdict(&self) -> String {
        let (words, limit) = match self.budget {
            None => return String::new(),
            Some(Budget::AtMost(limit)) => ("at most", limit),
            Some(Budget::AtLeast(limit)) => ("at least", limit),
        };
        let verdict = if self.is_within_budget() { "kept" } else { "BROKEN" };
        format!("{words} {} {}: {verdict}", number(limit), self.unit)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:<52} {:>10} {:<5} {}", self.name, number(self.value), self.unit, self.verdict())
    }
}

/// As many digits as a person compares.
fn number(value: f64) -> String {
    let decimals = match value.abs() {
        magnitude if magnitude >= 100.0 || value.fract() == 0.0 => 0,
        magnitude if magnitude >= 1.0 => 1,
        _ => 3,
    };
    format!("{value:.decimals$}")
}

/// All figures of a run, by group.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    name: &'static str,
    figures: Vec<Figure>,
}

impl Report {
    pub(crate) fn add(&mut self, name: &'static str, figures: Vec<Figure>) {
        self.groups.push(Group { name, figures });
    }

    pub(crate) fn print(&self) {
        for Group { name, figures } in &self.groups {
            println!("\n{name}");
            for figure in figures {
                println!("  {figure}");
            }
        }
    }

    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, serde_json::to_vec_pretty(self)?)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_beyond_its_budget_says_so() {
        let figure = Figure::new("app", 700.0, "kB", Some(Budget::AtMost(600.0)));

        assert!(!figure.is_within_budget());
        assert!(figure.to_string().ends_with("at most 600 kB: BROKEN"));
    }

    #[test]
    fn more_is_better_where_the_budget_says_at_least() {
        assert!(Figure::new("hub", 2_500.0, "/s", Some(Budget::AtLeast(2_000.0))).is_within_budget());
        assert!(!Figure::new("hub", 1_500.0, "/s", Some(Budget::AtLeast(2_000.0))).is_within_budget());
    }
}
