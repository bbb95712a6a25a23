//! A browser and the means to drive it: node, npm, Chromium, and the packages of `tests/browser`.

use crate::{
    command::{command, find, output, run},
    debian,
    places::Places,
};
use anyhow::{Context as _, bail};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The oldest node that runs the tests; Debian 12's own.
const NODE_MAJOR_MIN: u32 = 18;

/// Names a browser that the tests can drive may have.
const BROWSERS: [&str; 4] = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];

/// Lets the tests use a browser that is in none of the usual places.
const BROWSER_VARIABLE: &str = "HOLDFAST_BROWSER";

/// What browser tests need, ready to use.
pub(crate) struct Browser {
    folder: PathBuf,
    program: PathBuf,
}

impl Browser {
    /// Finds it all, and installs what is missing.
    pub(crate) fn set_up(places: &Places) -> anyhow::Result<Self> {
        let folder = places.root.join("tests/browser");
        ensure_node(&places.root)?;
        let program = find_browser()?;
        install_packages(&folder)?;
        Ok(Self { folder, program })
    }

    /// Node, started in the folder of the browser tests, told where the browser and the built product are.
    pub(crate) fn node(&self, places: &Places) -> Command {
        let mut node = command("node", &self.folder);
        node.env(BROWSER_VARIABLE, &self.program);
        node.env("HOLDFAST_HUB", places.hub());
        node.env("HOLDFAST_APP", places.app());
        node
    }
}

fn ensure_node(root: &Path) -> anyhow::Result<()> {
    let missing: Vec<&str> = ["node", "npm"].into_iter().filter(|program| find(program).is_none()).collect();
    if !missing.is_empty() {
        let packages: Vec<&str> = missing.iter().map(|&program| if program == "node" { "nodejs" } else { program }).collect();
        debian::install(&packages, "which drives the browser in tests, is")?;
    }
    let version = output(command("node", root).arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.context("node's version is a number")? < NODE_MAJOR_MIN {
        bail!("node {} is too old for the browser tests: {NODE_MAJOR_MIN} or later, please", version.trim());
    }
    Ok(())
}

fn find_browser() -> anyhow::Result<PathBuf> {
    if let Some(program) = std::env::var_os(BROWSER_VARIABLE) {
        return Ok(program.into());
    }
    let installed = || BROWSERS.into_iter().find_map(find);
    if let Some(program) = installed() {
        return Ok(program);
    }
    debian::install(&["chromium"], "which the tests run in, is")?;
    installed().context("chromium was installed, but is not on the path")
}

/// Installs exactly what the lock file says, unless that is what is there.
fn install_packages(folder: &Path) -> anyhow::Result<()> {
    let locked = std::fs::read(folder.join("package-lock.json")).context("tests/browser has a lock file")?;
    let stamp = folder.join("node_modules/.holdfast-lock");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == locked) {
        return Ok(());
    }
    run(command("npm", folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    std::fs::write(stamp, locked).context("npm made the folder")
}
