//! One step of the tests: something to run, and how it went.

use super::count::Count;
use anyhow::Context as _;
use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
    time::Instant,
};

/// Something to run.
pub(super) struct Step<'a> {
    pub(super) name: &'static str,
    work: Work<'a>,
}

enum Work<'a> {
    /// A program whose output says how many tests there were.
    Command(Box<dyn FnOnce() -> anyhow::Result<Command> + 'a>),
    /// Something of our own that holds or does not.
    Check(Box<dyn FnOnce() -> anyhow::Result<()> + 'a>),
}

/// How it went.
pub(super) struct Outcome {
    pub(super) name: &'static str,
    pub(super) count: Count,
    pub(super) seconds: f64,
    pub(super) problem: Option<String>,
}

impl<'a> Step<'a> {
    pub(super) fn command(name: &'static str, command: impl FnOnce() -> anyhow::Result<Command> + 'a) -> Self {
        Self { name, work: Work::Command(Box::new(command)) }
    }

    pub(super) fn check(name: &'static str, check: impl FnOnce() -> anyhow::Result<()> + 'a) -> Self {
        Self { name, work: Work::Check(Box::new(check)) }
    }

    /// Runs it. A step that fails without naming a failed test counts as one failed test.
    pub(super) fn run(self) -> Outcome {
        let started = Instant::now();
        let (mut count, result) = match self.work {
            Work::Command(command) => {
                let mut count = Count::default();
                let result = command().and_then(|mut command| run_counting(&mut command, &mut count));
                (count, result)
            }
            Work::Check(check) => (Count::default(), check()),
        };
        match &result {
            Ok(()) if count.is_empty() => count.passed = 1,
            Err(_) if count.failed == 0 => count.failed = 1,
            _ => {}
        }
        let problem = result.err().map(|error| format!("{error:#}"));
        Outcome { name: self.name, count, seconds: started.elapsed().as_secs_f64(), problem }
    }
}

/// Runs a program, shows what it writes and counts the tests it reports.
fn run_counting(command: &mut Command, count: &mut Count) -> anyhow::Result<()> {
    let (reader, writer) = std::io::pipe()?;
    // Both of the program's outputs in one pipe: runners differ in where they report.
    command.stdout(writer.try_clone()?).stderr(writer).stdin(Stdio::null());
    let mut child = command.spawn().context("the step's program cannot be started")?;
    // The command still holds the pipe's writing ends; the reading below ends when they are all closed.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        print!("{text}");
        count.read(&text);
        line.clear();
    }
    let status = child.wait()?;
    anyhow::ensure!(status.success(), "ended with {status}");
    Ok(())
}
