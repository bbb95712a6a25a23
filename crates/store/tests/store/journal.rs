//! Journals: stored once, kept whole.

use crate::{Directory, TERMINAL, enrolled, terminal};
use holdfast_store::{Store, StoreError};
use holdfast_sync::{Body, Entry, Position, Seq, Signature, TerminalId, terminal::Journal, wire::PushAnswer};

fn entries(count: usize) -> Vec<Entry> {
    let mut journal = Journal::new(TERMINAL, Position::default(), 0, Position::default());
    (0..count)
        .map(|_| {
            let entry = journal.prepare(1, None, None, None, Body::SignedIn).seal(Signature([0; 64]));
            journal.committed(&entry);
            entry
        })
        .collect()
}

#[test]
fn what_was_acknowledged_is_there_after_reopening() {
    let directory = Directory::new("reopen");
    let entries = entries(7);
    let store = enrolled(&directory);
    let pushed = store.push(TERMINAL, entries.clone(), 5).expect("stored");
    assert_eq!(pushed.answer, PushAnswer::Acknowledged(entries[6].position()));
    drop(store);

    let store = Store::open(&directory.0).expect("reopened");

    let stored = store.journal(TERMINAL).expect("read");
    let seqs: Vec<Seq> = stored.iter().map(|line| line.seq).collect();
    assert_eq!(seqs, (1..=7).map(Seq).collect::<Vec<_>>());
    assert_eq!(store.terminal(TERMINAL).expect("read").expect("enrolled").head, entries[6].position());
}

#[test]
fn a_repeated_push_is_stored_once() {
    let directory = Directory::new("repeat");
    let store = enrolled(&directory);
    let entries = entries(5);
    store.push(TERMINAL, entries[..3].to_vec(), 1).expect("stored");

    let again = store.push(TERMINAL, entries.clone(), 2).expect("stored");

    assert_eq!((again.stored, again.forked), (2, 0));
    assert_eq!(store.journal(TERMINAL).expect("read").len(), 5);
}

#[test]
fn a_fork_is_kept_beside_the_line() {
    let directory = Directory::new("fork");
    let store = enrolled(&directory);
    let entries = entries(3);
    store.push(TERMINAL, entries.clone(), 1).expect("stored");
    let clone = Journal::new(TERMINAL, entries[0].position(), 0, Position::default());
    let other = clone.prepare(9, None, None, None, Body::SignedOut).seal(Signature([0; 64]));

    let pushed = store.push(TERMINAL, vec![other], 2).expect("kept");

    assert_eq!(pushed.answer, PushAnswer::Fork { hub: entries[2].position() });
    assert_eq!(store.forks(TERMINAL).expect("read"), 1);
    assert_eq!(store.alerts().expect("read")[0].kind, "fork");
    assert_eq!(store.journal(TERMINAL).expect("read").len(), 3);
}

#[test]
fn two_hubs_never_share_a_directory() {
    let directory = Directory::new("lock");
    let _store = Store::open(&directory.0).expect("an empty directory");

    assert!(matches!(Store::open(&directory.0), Err(StoreError::InUse(_))));
    assert!(Store::open_read_only(&directory.0).is_ok());
}

#[test]
fn terminals_get_codes_of_their_own() {
    let directory = Directory::new("codes");
    let store = enrolled(&directory);
    let second = terminal(TerminalId([4; 16]));

    assert_eq!(store.enrol(&second, 0).expect("enrolled").code, "A02");
}
