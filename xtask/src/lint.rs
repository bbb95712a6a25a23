//! What can be checked without running the product: formatting, lints and documentation.

use crate::{
    command::{cargo, run},
    places::Places,
};
use std::process::Command;

/// A check by name.
pub(crate) struct Check {
    /// What a person calls it.
    pub(crate) name: &'static str,
    arguments: &'static [&'static str],
}

/// All checks, quickest first.
pub(crate) const CHECKS: [Check; 3] = [
    Check { name: "formatting", arguments: &["fmt", "--all", "--check"] },
    Check {
        name: "lints",
        arguments: &["clippy", "--locked", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"],
    },
    Check { name: "documentation", arguments: &["doc", "--locked", "--quiet", "--no-deps", "--document-private-items"] },
];

impl Check {
    /// The command that makes the check.
    pub(crate) fn command(&self, places: &Places) -> Command {
        let mut command = cargo(&places.root);
        command.args(self.arguments);
        if self.name == "documentation" {
            command.env("RUSTDOCFLAGS", "--deny=warnings");
        }
        command
    }
}

/// Makes all checks, and stops at the first that finds something.
pub(crate) fn run_all(places: &Places) -> anyhow::Result<()> {
    CHECKS.iter().try_for_each(|check| run(&mut check.command(places)))
}
