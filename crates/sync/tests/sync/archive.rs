//! Journals in files.

use crate::{
    samples::{SHIFT, sale},
    signer::{introduction, journal, public_key},
};
use holdfast_sync::{
    Body, Entry, Hash, Position, PublicKey, Seq,
    archive::{Archive, FORMAT, Journal, MAGIC, NoArchive},
    hub::accept,
    wire::PushAnswer,
};

fn entries() -> Vec<Entry> {
    journal(Some(SHIFT), vec![Body::SignedIn, Body::Sale(Box::new(sale())), Body::SignedOut])
}

fn archive(entries: &[Entry]) -> Archive {
    let entries = entries.iter().map(|entry| entry.sealed.clone()).collect();
    Archive { made_at_ms: 5, journals: vec![Journal { terminal: introduction(), entries, beside: Vec::new() }] }
}

#[test]
fn a_file_brings_every_entry_to_a_hub_that_never_saw_the_terminal() {
    let entries = entries();
    let file = archive(&entries).to_bytes();

    let [journal] = &Archive::from_bytes(&file).expect("it was just written").journals[..] else { panic!("one") };
    let read = journal.clone().verify(None).expect("it is genuine");

    assert_eq!(read, entries);
}

#[test]
fn importing_what_is_there_changes_nothing() {
    let entries = entries();
    let read = archive(&entries).journals.remove(0).verify(Some(&public_key())).expect("it is genuine");
    let hashes: Vec<Hash> = entries.iter().map(|entry| entry.hash).collect();
    let head = entries[2].position();

    let accepted = accept(head, |seq: Seq| hashes.get(usize::try_from(seq.0).ok()? - 1).copied(), |_| false, read);

    assert!(accepted.append.is_empty() && accepted.forked.is_empty());
    assert_eq!(accepted.answer, PushAnswer::Acknowledged(head));
}

#[test]
fn a_part_of_a_journal_waits_for_what_comes_before() {
    let entries = entries();
    let read = archive(&entries[1..]).journals.remove(0).verify(None).expect("it is genuine");

    let accepted = accept(Position::default(), |_| None, |_| false, read);

    assert_eq!(accepted.answer, PushAnswer::Gap(Position::default()));
}

#[test]
fn a_file_that_was_cut_or_altered_anywhere_is_not_taken() {
    let file = archive(&entries()).to_bytes();

    for at in 0..file.len() {
        let mut altered = file.clone();
        altered[at] ^= 1;
        assert!(Archive::from_bytes(&file[..at]).is_err() && Archive::from_bytes(&altered).is_err(), "byte {at}");
    }
}

#[test]
fn a_file_of_a_later_version_is_named_as_such() {
    let mut file = archive(&entries()).to_bytes();
    file[MAGIC.len()] = FORMAT + 1;

    assert_eq!(Archive::from_bytes(&file), Err(NoArchive::TooNew(FORMAT + 1)));
}

#[test]
fn a_terminal_that_is_known_with_another_key_is_refused() {
    let refused = archive(&entries()).journals.remove(0).verify(Some(&PublicKey(vec![4; 65])));

    assert_eq!(refused, Err(NoArchive::OtherKey("Till by the door".into())));
}
