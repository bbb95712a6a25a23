//! Every test there is, one step after the other; a failing step does not keep the next from running.

mod count;
mod step;

use crate::{
    app,
    browser::Browser,
    command::{cargo, find},
    lint, places::Places,
    tools,
};
use anyhow::bail;
use step::{Outcome, Step};
use std::{fs, process::Command, time::Instant};

/// How long the simulator is given, in seconds.
const SIMULATION_S: u32 = 60;

/// Runs the steps whose name contains one of `only`, all if there is none; prints what passed and what failed.
pub(crate) fn run(places: &Places, only: &[String]) -> anyhow::Result<()> {
    let started = Instant::now();
    let mut outcomes = Vec::new();
    for step in steps(places) {
        if only.is_empty() || only.iter().any(|part| step.name.contains(part.as_str())) {
            println!("\n== {} ==", step.name);
            outcomes.push(step.run());
        }
    }
    println!();
    for Outcome { name, count, seconds, problem } in &outcomes {
        let verdict = if count.failed == 0 { "ok    " } else { "FAILED" };
        println!("{verdict} {name:<28} {:>5} passed {:>3} failed {seconds:>6.0} s", count.passed, count.failed);
        if let Some(problem) = problem {
            println!("       {problem}");
        }
    }
    let passed: u32 = outcomes.iter().map(|outcome| outcome.count.passed).sum();
    let failed: u32 = outcomes.iter().map(|outcome| outcome.count.failed).sum();
    println!("\nAll of it took {:.0} s.", started.elapsed().as_secs_f64());
    println!("{passed} passed, {failed} failed");
    if failed > 0 || passed == 0 {
        bail!("not everything passed");
    }
    Ok(())
}

fn steps(places: &Places) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> =
        lint::CHECKS.iter().map(|check| Step::command(check.name, move || Ok(check.command(places)))).collect();
    steps.push(Step::command("native tests", || Ok(native_tests(places))));
    steps.push(Step::command("examples in documentation", || {
        let mut tests = cargo(&places.root);
        tests.args(["test", "--locked", "--quiet", "--doc"]);
        Ok(tests)
    }));
    if tools::exists(places, "holdfast-oracle") {
        steps.push(Step::command("oracle", || Ok(tools::program(places, "holdfast-oracle"))));
    }
    if tools::exists(places, "holdfast-simulator") {
        steps.push(Step::command("simulation", || {
            let mut simulator = tools::program(places, "holdfast-simulator");
            simulator.args(["--seconds", &SIMULATION_S.to_string()]);
            Ok(simulator)
        }));
    }
    steps.push(Step::check("the product builds", || app::build(places, false).map(|_| ())));
    steps.push(Step::check("the app is small enough", || crate::bench::check_app_size(places)));
    steps.push(Step::command("shell logic", || node_tests(places, "unit")));
    steps.push(Step::command("browser", || node_tests(places, "browser")));
    steps
}

/// The tests of every crate, by nextest where it is installed.
fn native_tests(places: &Places) -> Command {
    let mut tests = cargo(&places.root);
    if find("cargo-nextest").is_some() {
        tests.args(["nextest", "run", "--locked", "--no-fail-fast", "--workspace", "--exclude", "holdfast-terminal"]);
    } else {
        tests.args(["test", "--locked", "--no-fail-fast", "--workspace", "--exclude", "holdfast-terminal", "--all-targets"]);
    }
    tests
}

/// The tests of one folder of `tests/browser`, by node's own runner.
fn node_tests(places: &Places, folder: &str) -> anyhow::Result<Command> {
    let mut node = Browser::set_up(places)?.node(places);
    node.args(["--test", "--test-reporter=spec"]);
    let mut files = fs::read_dir(places.root.join("tests/browser").join(folder))?
        .map(|entry| Ok(entry?.path()))
        .collect::<anyhow::Result<Vec<_>>>()?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    node.args(files);
    Ok(node)
}
