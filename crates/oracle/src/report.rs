//! What a replay says: cases, fields, differences by field and by feature.

use crate::replay::{Difference, Replayed, Skipped};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::Path,
};

/// What came of all cases.
#[derive(Clone, Debug, Default)]
pub struct Report {
    files: BTreeMap<String, Counts>,
    fields: BTreeMap<String, usize>,
    features: BTreeMap<String, Counts>,
    skipped: BTreeMap<Skipped, Vec<String>>,
    examples: Vec<(String, Difference)>,
}

/// How many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Cases that were compared.
    pub cases: usize,
    /// Cases with a difference.
    pub cases_that_differ: usize,
    /// Fields that were compared.
    pub fields: usize,
    /// Fields that differ.
    pub fields_that_differ: usize,
}

impl Counts {
    fn add(&mut self, fields: usize, differences: usize) {
        self.cases += 1;
        self.cases_that_differ += usize::from(differences > 0);
        self.fields += fields;
        self.fields_that_differ += differences;
    }
}

impl Report {
    /// Takes a case in.
    pub fn add(&mut self, file: &Path, case: &Value, replayed: Replayed) {
        let id = case["id"].as_str().unwrap_or("?").to_owned();
        let (fields, differences) = match replayed {
            Replayed::Skipped(skipped) => {
                self.skipped.entry(skipped).or_default().push(id);
                return;
            }
            Replayed::Compared { fields, differences } => (fields, differences),
        };
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.files.entry(name).or_default().add(fields, differences.len());
        let features: BTreeSet<&str> =
            case["features"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for feature in features {
            self.features.entry(feature.to_owned()).or_default().add(fields, differences.len());
        }
        for difference in &differences {
            *self.fields.entry(difference.field.clone()).or_default() += 1;
        }
        self.examples.extend(differences.into_iter().map(|difference| (id.clone(), difference)));
    }

    /// The counts over all files.
    pub fn total(&self) -> Counts {
        self.files.values().fold(Counts::default(), |sum, counts| Counts {
            cases: sum.cases + counts.cases,
            cases_that_differ: sum.cases_that_differ + counts.cases_that_differ,
            fields: sum.fields + counts.fields,
            fields_that_differ: sum.fields_that_differ + counts.fields_that_differ,
        })
    }

    /// Whether something was compared and nothing differs.
    pub fn agrees(&self) -> bool {
        let total = self.total();
        total.cases > 0 && total.fields_that_differ == 0
    }

    /// The report as a person reads it, with so many single differences.
    pub fn text(&self, examples: usize) -> String {
        let mut text = String::new();
        self.write(&mut text, examples).expect("a string takes everything");
        text
    }

    fn write(&self, out: &mut String, examples: usize) -> std::fmt::Result {
        for (file, counts) in &self.files {
            writeln!(out, "{file}: {}", line(*counts))?;
        }
        for (skipped, ids) in &self.skipped {
            writeln!(out, "{} not replayed ({}): {}", ids.len(), skipped.reason(), ids.join(", "))?;
        }
        if !self.fields.is_empty() {
            writeln!(out, "\nBy field:")?;
            let mut fields: Vec<(&String, &usize)> = self.fields.iter().collect();
            fields.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            for (field, count) in fields {
                writeln!(out, "{count:>8}  {field}")?;
            }
            writeln!(out, "\nBy feature, of all cases that use it:")?;
            let mut features: Vec<(&String, &Counts)> = self.features.iter().collect();
            features.retain(|(_, counts)| counts.cases_that_differ > 0);
            features.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.cases_that_differ));
            for (feature, counts) in features {
                let (differ, cases) = (counts.cases_that_differ, counts.cases);
                writeln!(out, "{differ:>8} of {cases:<6} {:>6} fields  {feature}", counts.fields_that_differ)?;
            }
            writeln!(out)?;
            for (id, difference) in self.examples.iter().take(examples) {
                let Difference { place, expected, computed, .. } = difference;
                writeln!(out, "{id}: {place}: ERPNext {expected}, engine {computed}")?;
            }
            writeln!(out)?;
        }
        writeln!(out, "{}", line(self.total()))
    }
}

fn line(counts: Counts) -> String {
    format!(
        "{} cases, {} fields compared, {} differing fields in {} cases",
        counts.cases, counts.fields, counts.fields_that_differ, counts.cases_that_differ
    )
}
