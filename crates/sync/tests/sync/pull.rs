//! From one catalogue to the next, with lines that break and power that goes.

use holdfast_sync::{
    Hash,
    pull::{IN_FLIGHT_MAX, Pull, Step, is_genuine},
};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn segment(number: u8) -> Hash {
    Hash::of(&[number])
}

fn segments(numbers: std::ops::Range<u8>) -> Vec<Hash> {
    numbers.map(segment).collect()
}

#[test]
fn only_what_is_missing_is_fetched_and_only_then_it_is_switched() {
    let mut pull = Pull::new(segments(1..4), segments(0..3), false);

    assert_eq!(pull.step(), Step::Fetch(segment(3)));
    assert_eq!(pull.step(), Step::Wait);
    pull.stored(segment(3));
    assert_eq!(pull.step(), Step::Switch);
    pull.switched();
    assert_eq!(pull.step(), Step::Drop(vec![segment(0)]));
    pull.dropped(&[segment(0)]);
    assert_eq!(pull.step(), Step::Done);
}

#[test]
fn a_few_at_once_and_one_that_failed_again() {
    let mut pull = Pull::new(segments(0..50), [], false);
    let mut fetched = Vec::new();
    while let Step::Fetch(hash) = pull.step() {
        fetched.push(hash);
    }

    pull.failed(fetched[0]);

    assert_eq!(fetched.len(), IN_FLIGHT_MAX);
    assert_eq!(pull.step(), Step::Fetch(fetched[0]));
}

#[test]
#[should_panic(expected = "when all of its segments are there")]
fn nothing_is_switched_to_by_halves() {
    Pull::new(segments(0..1), [], false).switched();
}

#[test]
fn altered_bytes_are_no_segment() {
    assert!(is_genuine(segment(1), &[1]) && !is_genuine(segment(1), &[2]));
}

proptest! {
    /// The power goes after any step; the manifest in force is whole at every instant and in the end it is the last one.
    #[test]
    fn what_is_in_force_is_whole_at_every_instant(
        manifests in proptest::collection::vec((0_u8..12, 1_u8..8), 1..5),
        fates in proptest::collection::vec(0_u8..8, 0..80),
    ) {
        let manifests: Vec<Vec<Hash>> = manifests.into_iter().map(|(from, count)| segments(from..from + count)).collect();
        let mut disk: BTreeSet<Hash> = BTreeSet::new();
        let mut in_force: Option<usize> = None;
        let mut fates = fates.into_iter();
        for (number, manifest) in manifests.iter().enumerate() {
            let begin = |disk: &BTreeSet<Hash>, in_force| Pull::new(manifest.clone(), disk.clone(), in_force == Some(number));
            let mut pull = begin(&disk, in_force);
            loop {
                let step = pull.step();
                match (fates.next().unwrap_or(7), &step) {
                    (0, _) => { pull = begin(&disk, in_force); continue; }
                    (1, Step::Fetch(hash)) => { pull.failed(*hash); continue; }
                    _ => {}
                }
                match step {
                    Step::Fetch(hash) => { disk.insert(hash); pull.stored(hash); }
                    Step::Wait => prop_assert!(false, "nothing is under way"),
                    Step::Switch => { in_force = Some(number); pull.switched(); }
                    Step::Drop(old) => { disk.retain(|hash| !old.contains(hash)); pull.dropped(&old); }
                    Step::Done => break,
                }
                prop_assert!(in_force.is_none_or(|at| manifests[at].iter().all(|hash| disk.contains(hash))));
            }
            prop_assert_eq!(in_force, Some(number));
            prop_assert_eq!(disk.len(), manifest.len());
        }
    }
}
