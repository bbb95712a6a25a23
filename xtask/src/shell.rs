//! Running other programs, from the project's root.

use anyhow::{Context, Result, bail};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The project's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the project").to_owned()
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The cargo that runs this.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// A program of ours, optimised. What it is to be told follows after `--`.
pub(crate) fn program(package: &str) -> Command {
    let mut command = cargo();
    command.args(["run", "--release", "--quiet", "--locked", "--package", package]);
    command
}

/// Runs a command; what it prints is seen.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{} cannot be started", name(command)))?;
    if !status.success() {
        bail!("{} failed", name(command));
    }
    Ok(())
}

/// Runs a command and gives what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{} cannot be started", name(command)))?;
    if !output.status.success() {
        bail!("{} failed: {}", name(command), String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn name(command: &Command) -> String {
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    format!("{} {}", command.get_program().to_string_lossy(), arguments.join(" "))
}

/// Whether a program can be found.
pub(crate) fn has(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Installs Debian packages, saying so; needs root or sudo.
pub(crate) fn install(packages: &[&str], why: &str) -> Result<()> {
    println!("Installing {} from Debian: {why}.", packages.join(", "));
    let is_root = output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    let apt = |arguments: &[&str]| {
        let mut command = if is_root { Command::new("apt-get") } else { Command::new("sudo") };
        if !is_root {
            command.args(["-n", "apt-get"]);
        }
        run(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(std::process::Stdio::null()))
    };
    // The lists first: what an old list names may be too old, or gone. Without a network the lists there are must do.
    if let Err(error) = apt(&["update"]) {
        println!("The package lists stay as they are: {error:#}");
    }
    let all = [&["install", "-y", "--no-install-recommends"], packages].concat();
    apt(&all).with_context(|| format!("please install them by hand: apt-get install {}", packages.join(" ")))
}
