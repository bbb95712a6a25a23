//! Installs what is missing from Debian's own packages, where that is possible, and otherwise says how to.

use crate::command::{command, find, output, run};
use anyhow::bail;
use std::path::Path;

/// Installs these packages; `why` ends the sentence "Installing PACKAGES from Debian ...".
pub(crate) fn install(packages: &[&str], why: &str) -> anyhow::Result<()> {
    let by_hand = format!("apt-get install --no-install-recommends {}", packages.join(" "));
    if find("apt-get").is_none() {
        bail!("{} {why} missing here, and this is not Debian: please install the like yourself", packages.join(", "));
    }
    let Some(prefix) = root_prefix() else {
        bail!("{} {why} missing here; please run: sudo {by_hand}", packages.join(", "));
    };
    println!("Installing {} from Debian: {why} missing here.", packages.join(", "));
    let apt = |arguments: &[&str]| {
        let words: Vec<&str> = prefix.iter().chain(&["apt-get", "-qq"]).chain(arguments).copied().collect();
        let mut apt = command(words[0], Path::new("/"));
        run(apt.args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
    if apt(&install).is_err() {
        // The lists of packages may be missing or older than the mirror.
        apt(&["update"])?;
        apt(&install)?;
    }
    Ok(())
}

/// What to put before a command so that it runs as root; nothing if we are root.
fn root_prefix() -> Option<Vec<&'static str>> {
    let user = output(command("id", Path::new("/")).arg("-u")).ok()?;
    if user.trim() == "0" {
        return Some(Vec::new());
    }
    find("sudo")?;
    output(command("sudo", Path::new("/")).args(["-n", "true"])).ok()?;
    Some(vec!["sudo", "-n"])
}
