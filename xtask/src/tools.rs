//! The project's other programs, built in release and run with the arguments given.

use crate::{
    command::{cargo, run},
    places::Places,
};
use std::process::Command;

/// Replays oracle files.
pub(crate) fn oracle(places: &Places, files: &[String]) -> anyhow::Result<()> {
    run(program(places, "holdfast-oracle").args(files))
}

/// Simulates shops under faults.
pub(crate) fn simulate(places: &Places, arguments: &[String]) -> anyhow::Result<()> {
    run(program(places, "holdfast-simulator").args(arguments))
}

/// The command that builds and runs one of the project's programs; its arguments follow.
pub(crate) fn program(places: &Places, package: &str) -> Command {
    let mut command = cargo(&places.root);
    command.args(["run", "--locked", "--quiet", "--release", "--package", package, "--"]);
    command
}

/// Whether a package has a program to run.
pub(crate) fn exists(places: &Places, package: &str) -> bool {
    let folder = places.root.join("crates").join(package.trim_start_matches("holdfast-")).join("src");
    folder.join("main.rs").is_file()
}
