//! Every class of fault takes effect, or the proof says less than it seems to.

use holdfast_simulator::{generate, run};
use std::collections::BTreeSet;

/// Those that a scenario orders, and what they and the lines do to single messages and writes.
const CLASSES: [&str; 59] = [
    "books_answer_lost",
    "books_differ",
    "books_differed",
    "books_down",
    "books_duplicate_refused",
    "books_forbid",
    "books_mute",
    "books_never_answered",
    "books_refuse",
    "books_refused",
    "books_refused_the_line",
    "books_slow",
    "books_slow_answer",
    "catalogue_switched",
    "cut_down",
    "cut_hubs",
    "cut_up",
    "died_before_commit",
    "died_inside_commit_without_it",
    "died_with_the_entry_durable",
    "entry_too_new",
    "fork_raised",
    "hub_backup",
    "hub_clock",
    "hub_died_at_a_commit",
    "hub_disk_refuses",
    "hub_killed",
    "hub_killed_after_commit",
    "hub_killed_before_commit",
    "hub_killed_inside_commit",
    "hub_restored",
    "hub_updated",
    "hub_write_refused",
    "last_copy_destroyed",
    "message_cut_down",
    "message_cut_hubs",
    "message_cut_up",
    "message_delayed",
    "message_lost",
    "message_repeated",
    "person",
    "person_decided",
    "published",
    "receipts_brought",
    "segment_damaged",
    "stale_tab_stopped",
    "till_clock",
    "till_cloned",
    "till_copied",
    "till_disk_full",
    "till_disk_refuses",
    "till_evicted",
    "till_killed",
    "till_killed_after_commit",
    "till_killed_before_commit",
    "till_killed_inside_commit",
    "till_put_back",
    "till_updated",
    "two_tabs",
];

#[test]
fn every_class_of_fault_takes_effect() {
    let mut missing: BTreeSet<&str> = CLASSES.into_iter().chain(["write_refused", "write_without_room"]).collect();

    for seed in 0..400 {
        for class in run(&generate::scenario(seed)).fired.keys() {
            missing.remove(class);
        }
    }

    assert_eq!(missing, BTreeSet::new());
}
