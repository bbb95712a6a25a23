//! Nothing is lost, doubled or altered in any of these scenarios.

use holdfast_simulator::{Mutant, generate, run, run_with, shrink::shrink};

/// About half a minute in the development profile.
const SEEDS: u64 = 1_000;

#[test]
fn no_seed_breaks_an_invariant() {
    for seed in 0..SEEDS {
        let violation = run(&generate::scenario(seed)).violation;

        assert!(violation.is_none(), "{violation:?}\nreplay with: cargo xtask simulate --replay {seed}");
    }
}

#[test]
fn a_run_is_a_function_of_its_scenario() {
    for seed in [1, 38, 80] {
        let scenario = generate::scenario(seed);

        assert_eq!(run(&scenario), run(&scenario));
    }
}

#[test]
fn a_seed_only_makes_a_scenario_and_a_scenario_is_data() {
    let scenario = generate::scenario(7);

    let text = serde_json::to_string(&scenario).expect("it can be written");

    assert_eq!(serde_json::from_str::<holdfast_simulator::Scenario>(&text).expect("it was just written"), scenario);
}

#[test]
fn a_failing_scenario_gets_smaller_and_fails_in_the_same_way() {
    let mutant = Some(Mutant::DropFork);
    let failing = (0..200).map(generate::scenario).find(|scenario| run_with(scenario, mutant).violation.is_some());
    let failing = failing.expect("some seed finds it");

    let small = shrink(&failing, mutant, 300);

    let invariant = |scenario| run_with(scenario, mutant).violation.map(|violation| violation.invariant);
    assert!(small.size() < failing.size(), "{} of {}", small.size(), failing.size());
    assert_eq!(invariant(&small), invariant(&failing));
}
