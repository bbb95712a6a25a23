//! What a compiler does not check: who may import whom, how long files are, what must not be written down.

use crate::shell::{cargo, output, root};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{fs, path::Path};

/// Which of our crates may import which. The table of `docs/architecture.md`.
const ARROWS: &[(&str, &[&str])] = &[
    ("engine", &[]),
    ("catalogue", &["engine"]),
    ("sync", &["engine"]),
    ("receipt", &["engine"]),
    ("print-format", &["engine"]),
    ("print-format-wasm", &["print-format"]),
    ("demo", &["engine"]),
    ("oracle", &["engine", "erpnext"]),
    ("engine-wasm", &["engine", "oracle"]),
    ("counter", &["engine", "catalogue", "sync", "receipt"]),
    ("erpnext", &["engine", "sync"]),
    ("erpnext-standin", &["engine", "erpnext", "oracle", "demo"]),
    ("store", &["sync", "catalogue"]),
    ("hub", &["store", "sync", "erpnext", "catalogue", "receipt", "demo", "engine"]),
    ("fuzz", &["engine", "catalogue", "sync", "receipt", "print-format", "erpnext", "demo"]),
    ("live", &["engine", "catalogue", "sync", "counter", "erpnext"]),
    ("simulator", &["engine", "sync"]),
    ("terminal", &["counter", "engine", "catalogue", "sync", "receipt"]),
];

/// Longest file that needs no reason.
const LINES_MAX: usize = 600;

/// Longer files, each with its reason.
const LONG: &[(&str, &str)] = &[];

/// Checks all of it.
pub(crate) fn check() -> Result<()> {
    let mut found = arrows()?;
    found.extend(crate::supply::check()?);
    let files = output(std::process::Command::new("git").current_dir(root()).args(["ls-files"]))?;
    for file in files.lines() {
        found.extend(look_at(&root(), file));
    }
    if found.is_empty() { Ok(()) } else { bail!("{}", found.join("\n")) }
}

fn arrows() -> Result<Vec<String>> {
    let metadata = output(cargo().args(["metadata", "--format-version", "1", "--no-deps", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let mut found = Vec::new();
    for package in metadata["packages"].as_array().context("packages")? {
        let Some(name) = package["name"].as_str().and_then(|name| name.strip_prefix("holdfast-")) else {
            continue;
        };
        let allowed = ARROWS.iter().find(|(from, _)| *from == name).map(|(_, to)| *to);
        for dependency in package["dependencies"].as_array().context("dependencies")? {
            // What only tests need may come from anywhere.
            if dependency["kind"] == "dev" {
                continue;
            }
            let Some(to) = dependency["name"].as_str().and_then(|name| name.strip_prefix("holdfast-")) else {
                continue;
            };
            if !allowed.is_some_and(|allowed| allowed.contains(&to)) {
                found.push(format!("{name} must not import {to}"));
            }
        }
    }
    Ok(found)
}

fn look_at(root: &Path, file: &str) -> Vec<String> {
    let Ok(text) = fs::read_to_string(root.join(file)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let lines = text.lines().count();
    let is_source = [".rs", ".js", ".mjs", ".css"].iter().any(|end| file.ends_with(end));
    if is_source && lines > LINES_MAX && !LONG.iter().any(|(long, _)| *long == file) {
        found.push(format!("{file} has {lines} lines"));
    }
    // Put together, so that this file does not contain them.
    for word in [concat!("/wo", "rk/"), concat!("../sha", "red"), concat!("regis", "try.npmjs")] {
        if text.contains(word) {
            found.push(format!("{file} mentions {word}"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #[test]
    fn nobody_imports_what_they_must_not() {
        assert_eq!(super::arrows().expect("cargo can read the workspace"), Vec::<String>::new());
    }

    #[test]
    fn the_architecture_page_has_the_same_arrows() {
        let page =
            std::fs::read_to_string(crate::shell::root().join("docs/architecture.md")).expect("the page is there");
        for (name, to) in super::ARROWS {
            let row =
                page.lines().find(|line| line.starts_with(&format!("| `{name}` |"))).expect("each part has a row");
            let cell = row.rsplit('|').nth(1).expect("the last cell");
            for other in *to {
                assert!(cell.contains(&format!("`{other}`")), "{name} may import {other}, the page does not say so");
            }
            assert_eq!(cell.matches('`').count() / 2, to.len(), "{name}");
        }
    }
}
