//! A fixed number of inputs for every parser, the same ones every time.

use holdfast_fuzz::{TARGETS, run};

#[test]
fn every_parser_reads_or_refuses_whatever_it_is_given() {
    for target in TARGETS {
        let mut last = 0;
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            run(target, 0..target.tested, |number, _| last = number);
        }));
        assert!(
            outcome.is_ok(),
            "{}: HOLDFAST_FUZZ_SEED={last} cargo xtask fuzz 1 {} repeats it",
            target.name,
            target.name
        );
    }
}

#[test]
fn good_inputs_are_what_they_say() {
    for target in TARGETS {
        assert!(!(target.seeds)().is_empty(), "{}", target.name);
    }
    let names: std::collections::BTreeSet<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names.len(), TARGETS.len());
}
