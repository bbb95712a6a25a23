//! `cargo xtask simulate --seeds N [--from S]`: many scenarios, one line each that fails.

use holdfast_simulator::{Mutant, Report, Scenario, generate, run, run_with, shrink::shrink};
use std::{
    collections::BTreeMap,
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

const USAGE: &str = "\
cargo xtask simulate --seeds N [--from S] [--threads T]   run N scenarios
cargo xtask simulate --replay SEED                        run one and shrink it if it fails
cargo xtask simulate --file FILE                          run one that was kept
cargo xtask simulate --mutants [--seeds N] [--keep DIR]   find every planted defect, keep what found it
";

/// Runs while a scenario is made smaller.
const SHRINK_RUNS_MAX: usize = 2_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| arguments.iter().position(|it| it == name).and_then(|at| arguments.get(at + 1));
    let number = |name: &str| value(name).and_then(|text| text.replace(',', "").parse::<u64>().ok());
    if arguments.iter().any(|it| it == "--mutants") {
        return mutants(number("--seeds").unwrap_or(2_000), value("--keep"));
    }
    if let Some(file) = value("--file") {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        return match serde_json::from_str::<Scenario>(&text) {
            Ok(scenario) => told(file, &run(&scenario)),
            Err(error) => fail(&format!("{file}: {error}")),
        };
    }
    if let Some(seed) = number("--replay") {
        return replay(seed);
    }
    match number("--seeds") {
        Some(seeds) => many(number("--from").unwrap_or(0), seeds, number("--threads").unwrap_or(1)),
        None => fail(USAGE),
    }
}

fn fail(why: &str) -> ExitCode {
    eprint!("{why}");
    ExitCode::FAILURE
}

fn told(name: &str, report: &Report) -> ExitCode {
    println!("{name}: {} events, {} sales, {} documents", report.events, report.sales, report.documents);
    match &report.violation {
        Some(violation) => fail(&format!("{violation}\n")),
        None => ExitCode::SUCCESS,
    }
}

/// One seed; if it fails, as small as it gets, ready to be kept as a file.
fn replay(seed: u64) -> ExitCode {
    let scenario = generate::scenario(seed);
    let report = run(&scenario);
    if report.violation.is_some() {
        let small = shrink(&scenario, None, SHRINK_RUNS_MAX);
        println!("{}", serde_json::to_string_pretty(&small).expect("a scenario can be written"));
        let same = run(&small).violation.map(|violation| violation.to_string());
        println!("size {} instead of {}: {}", small.size(), scenario.size(), same.unwrap_or_default());
    }
    told(&format!("seed {seed}"), &report)
}

#[derive(Default)]
struct Sum {
    events: u64,
    sales: u64,
    documents: u64,
    simulated_ms: u64,
    fired: BTreeMap<&'static str, u64>,
    violations: u64,
}

impl Sum {
    fn add(&mut self, report: Report) {
        self.events += report.events;
        self.sales += report.sales;
        self.documents += report.documents;
        self.simulated_ms += report.simulated_ms;
        for (class, count) in report.fired {
            *self.fired.entry(class).or_default() += count;
        }
        self.violations += u64::from(report.violation.is_some());
    }
}

fn many(from: u64, seeds: u64, threads: u64) -> ExitCode {
    let begun = Instant::now();
    let (next, sum) = (AtomicU64::new(from), Mutex::new(Sum::default()));
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= from + seeds {
                        break;
                    }
                    let report = run(&generate::scenario(seed));
                    if let Some(violation) = &report.violation {
                        println!("seed {seed}: {violation}");
                        println!("  cargo xtask simulate --replay {seed}");
                    }
                    sum.lock().unwrap_or_else(PoisonError::into_inner).add(report);
                }
            });
        }
    });
    let sum = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!("{seeds} scenarios from seed {from} in {:.0} s", begun.elapsed().as_secs_f64());
    println!("{} events, {} simulated hours", sum.events, sum.simulated_ms / 3_600_000);
    println!("{} sales, {} documents in the books", sum.sales, sum.documents);
    println!("what failed, and how often it took effect:");
    for (class, count) in &sum.fired {
        println!("  {class:32}{count:>12}");
    }
    println!("{} violations", sum.violations);
    if sum.violations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Every planted defect, how many seeds it took to find it, and how small the scenario gets.
fn mutants(seeds: u64, folder: Option<&String>) -> ExitCode {
    println!("| mutant | found by | seeds | size | shrunk to |");
    println!("| --- | --- | --- | --- | --- |");
    let mut is_any_missing = false;
    for mutant in Mutant::ALL {
        let found = (0..seeds).find_map(|seed| {
            let scenario = generate::scenario(seed);
            let violation = run_with(&scenario, Some(mutant)).violation?;
            Some((seed, scenario, violation))
        });
        let Some((seed, scenario, violation)) = found else {
            is_any_missing = true;
            println!("| {mutant:?} | **not found** | {seeds} | | |");
            continue;
        };
        let small = shrink(&scenario, Some(mutant), SHRINK_RUNS_MAX);
        if let Some(folder) = folder {
            let text = serde_json::to_string_pretty(&small).expect("a scenario can be written");
            if let Err(error) = std::fs::write(format!("{folder}/{mutant:?}.json"), text + "\n") {
                return fail(&format!("{folder}: {error}\n"));
            }
        }
        let (before, after) = (scenario.size(), small.size());
        println!("| {mutant:?} | {} | {} | {before} | {after} |", violation.invariant, seed + 1);
    }
    if is_any_missing { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
