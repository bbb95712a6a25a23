//! `holdfast-fuzz [SECONDS] [TARGET]`: goes on where the tests stop, and keeps what a parser did not survive.

use anyhow::{Context, bail};
use holdfast_fuzz::{TARGETS, Target, run};
use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// How long one input may take.
const SLOW: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1);
    let seconds: u64 = arguments.next().map_or(Ok(60), |text| text.parse()).context("SECONDS is a number")?;
    let wanted = arguments.next();
    let targets: Vec<&Target> =
        TARGETS.iter().filter(|target| wanted.as_ref().is_none_or(|name| target.name == name)).collect();
    if targets.is_empty() {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        bail!("there are these targets: {}", names.join(", "));
    }
    let first = match env::var("HOLDFAST_FUZZ_SEED") {
        Ok(seed) => seed.parse().context("HOLDFAST_FUZZ_SEED is a number")?,
        // Other inputs each time; what failed says its number.
        Err(_) => u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())? << 20,
    };
    let share = Duration::from_secs(seconds) / u32::try_from(targets.len())?;
    let mut failed = Vec::new();
    for target in targets {
        if !holds(target, first, share)? {
            failed.push(target.name);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
}

/// Gives a target inputs for a while; says whether it took all of them.
fn holds(target: &Target, first: u64, share: Duration) -> anyhow::Result<bool> {
    let started = Instant::now();
    let mut last = (0, Vec::new(), started);
    let mut count = 0_u64;
    let mut slowest = Duration::ZERO;
    let numbers = (first..).take_while(|_| started.elapsed() < share);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        run(target, numbers, |number, input| {
            let now = Instant::now();
            slowest = slowest.max(now - last.2);
            assert!(slowest < SLOW, "an input took {slowest:?}");
            last = (number, input.to_vec(), now);
            count += 1;
        });
    }));
    println!("{:<16} {count:>9} inputs, slowest {:>6.1} ms", target.name, slowest.as_secs_f64() * 1000.0);
    if outcome.is_ok() {
        return Ok(true);
    }
    let file = format!("fuzz-{}-{}.bin", target.name, last.0);
    std::fs::write(Path::new(&file), &last.1).context("the input cannot be kept")?;
    println!("    input {} is kept in {file}; HOLDFAST_FUZZ_SEED={} repeats it", last.0, last.0);
    Ok(false)
}
