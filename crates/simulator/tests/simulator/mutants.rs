//! A simulation that finds nothing proves nothing: every planted defect has to be found, and soon.

use holdfast_simulator::{Mutant, generate, run_with};

/// So many seeds at most.
const SEEDS_MAX: u64 = 400;

#[test]
fn every_planted_defect_is_found() {
    for mutant in Mutant::ALL {
        let found = (0..SEEDS_MAX).find(|seed| run_with(&generate::scenario(*seed), Some(mutant)).violation.is_some());

        assert!(found.is_some(), "{mutant:?} was not found by {SEEDS_MAX} seeds");
    }
}
