//! What is built in: where it comes from, under which licence, why, and the list of it.
//!
//! Works from `Cargo.lock` alone, without a network. Advisories need one: `cargo deny check` reads `deny.toml`.

use crate::shell::{cargo, output, root, target};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::PathBuf};

/// Licences that go with GPL-3.0-or-later. One of those that a package offers has to be here.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "GPL-3.0-or-later",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Says what of the dependencies must not be so.
pub(crate) fn check() -> Result<Vec<String>> {
    let mut found = unexplained(&fs::read_to_string(root().join("Cargo.toml"))?);
    for package in packages()? {
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or_default();
        if !is_allowed(licence) {
            found
                .push(format!("{name} has the licence \"{licence}\", which is not on the list in xtask/src/supply.rs"));
        }
        let source = package["source"].as_str();
        if source.is_some_and(|source| !source.starts_with("registry+")) {
            found.push(format!("{name} comes from {}, not from a registry", source.unwrap_or_default()));
        }
    }
    Ok(found)
}

/// Writes the software bill of materials (CycloneDX 1.5) and says where.
pub(crate) fn write_bill() -> Result<PathBuf> {
    let sums = checksums(&fs::read_to_string(root().join("Cargo.lock"))?);
    let components: Vec<Value> = packages()?.iter().map(|package| component(package, &sums)).collect();
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": { "type": "application", "name": "holdfast", "version": env!("CARGO_PKG_VERSION") } },
        "components": components,
    });
    let file = target().join("holdfast.cdx.json");
    fs::create_dir_all(target())?;
    fs::write(&file, serde_json::to_string_pretty(&bill)?)?;
    Ok(file)
}

/// Every package that the lock file names, ours left out.
fn packages() -> Result<Vec<Value>> {
    let metadata = output(cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().context("cargo lists packages")?;
    Ok(packages.iter().filter(|package| !package["source"].is_null()).cloned().collect())
}

/// Dependencies of the workspace that nobody says a word about.
fn unexplained(manifest: &str) -> Vec<String> {
    let lines = manifest.lines().skip_while(|line| *line != "[workspace.dependencies]").skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    let is_bare = |line: &&str| {
        line.contains(" = ") && !line.starts_with("holdfast-") && !line.contains("} # ") && !line.contains("\" # ")
    };
    lines.filter(is_bare).map(|line| format!("Cargo.toml gives no reason for: {line}")).collect()
}

/// Whether an SPDX expression, as packages write it, can be met: of each `AND` one choice is on the list.
fn is_allowed(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], "");
    !plain.is_empty()
        && plain
            .split(" AND ")
            .all(|part| part.split(" OR ").flat_map(|part| part.split('/')).any(|one| LICENCES.contains(&one.trim())))
}

/// The SHA-256 of each package's archive, from the lock file.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let mut sums = BTreeMap::new();
    for block in lock.split("[[package]]") {
        let field = |name: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(&format!("{name} = \"")))?;
            Some(line.trim_end_matches('"').to_owned())
        };
        if let (Some(name), Some(version), Some(sum)) = (field("name"), field("version"), field("checksum")) {
            sums.insert((name, version), sum);
        }
    }
    sums
}

fn component(package: &Value, sums: &BTreeMap<(String, String), String>) -> Value {
    let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let (name, version) = (text("name"), text("version"));
    let sum = sums.get(&(name.clone(), version.clone()));
    json!({
        "type": "library",
        "purl": format!("pkg:cargo/{name}@{version}"),
        "hashes": sum.map(|sum| vec![json!({ "alg": "SHA-256", "content": sum })]).unwrap_or_default(),
        "licenses": [{ "expression": text("license").replace('/', " OR ") }],
        "name": name,
        "version": version,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_of_licences_is_allowed_by_one_of_them_and_a_sum_by_all() {
        for allowed in ["MIT", "MIT/Apache-2.0", "LGPL-2.1-or-later OR MIT", "(MIT OR Apache-2.0) AND Unicode-3.0"] {
            assert!(is_allowed(allowed), "{allowed}");
        }
        for refused in ["", "SSPL-1.0", "MIT AND AGPL-1.0-only"] {
            assert!(!is_allowed(refused), "{refused}");
        }
    }

    #[test]
    fn a_dependency_without_a_reason_is_named() {
        let manifest = "[workspace.dependencies]\nholdfast-engine = { path = \"x\" }\na = \"1\" # why\nb = \"1\"\n[lints]\nc = \"1\"\n";

        assert_eq!(unexplained(manifest), ["Cargo.toml gives no reason for: b = \"1\""]);
    }

    #[test]
    fn everything_that_is_built_in_may_be() {
        assert_eq!(check().expect("cargo can read the workspace"), Vec::<String>::new());
    }

    #[test]
    fn checksums_are_found_by_name_and_version() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"r\"\nchecksum = \"ab\"\n";

        assert_eq!(checksums(lock).get(&("a".into(), "1.0.0".into())).map(String::as_str), Some("ab"));
    }
}
