//! Journals under fire: altered bytes, lost and repeated messages, forks, restored hubs.

use holdfast_sync::{
    Body, Broken, Entry, Hash, Position, PublicKey, Seq, Signature, TerminalId,
    entry::Key,
    hub::{accept, verify},
    terminal::{Journal, Next, Trouble},
    wire::PushAnswer,
};
use p256::ecdsa::{SigningKey, signature::Signer};
use proptest::prelude::*;

const TERMINAL: TerminalId = TerminalId([7; 16]);

fn signing_key() -> SigningKey {
    SigningKey::from_slice(&[1; 32]).expect("a valid scalar")
}

fn key() -> Key {
    Key::new(&PublicKey(signing_key().verifying_key().to_encoded_point(false).as_bytes().to_vec()))
        .expect("on the curve")
}

fn append(journal: &mut Journal, employee: &str) -> Entry {
    let unsigned = journal.prepare(1_000, None, None, Some(employee.to_owned()), Body::SignedIn);
    let signature: p256::ecdsa::Signature = signing_key().sign(unsigned.to_sign());
    let entry = unsigned.seal(Signature(signature.to_bytes().into()));
    journal.committed(&entry);
    entry
}

fn journal() -> Journal {
    Journal::new(TERMINAL, Position::default(), 0, Position::default())
}

fn entries(count: usize) -> (Journal, Vec<Entry>) {
    let mut journal = journal();
    let entries = (0..count).map(|index| append(&mut journal, &format!("employee {index}"))).collect();
    (journal, entries)
}

fn line(entries: &[Entry]) -> impl Fn(Seq) -> Option<Hash> {
    let hashes: Vec<Hash> = entries.iter().map(|entry| entry.hash).collect();
    move |seq| hashes.get(usize::try_from(seq.0).ok()?.checked_sub(1)?).copied()
}

#[test]
fn an_entry_reads_back_from_its_bytes() {
    let (_, entries) = entries(2);

    let read = Entry::from_bytes(&entries[1].to_bytes()).expect("it was just written");

    assert_eq!(read, entries[1]);
    assert_eq!(read.verify(TERMINAL, &key()), Ok(()));
}

#[test]
fn a_repeated_push_stores_nothing_twice() {
    let (_, entries) = entries(5);
    let head = entries[4].position();

    let again = accept(head, line(&entries), entries.clone());

    assert!(again.append.is_empty() && again.forked.is_empty());
    assert_eq!(again.answer, PushAnswer::Acknowledged(head));
}

#[test]
fn a_gap_is_answered_with_what_the_hub_has() {
    let (_, entries) = entries(5);

    let accepted = accept(entries[1].position(), line(&entries[..2]), entries[3..].to_vec());

    assert!(accepted.append.is_empty());
    assert_eq!(accepted.answer, PushAnswer::Gap(entries[1].position()));
}

#[test]
fn a_second_line_of_the_same_journal_is_kept_and_named() {
    let (_, first) = entries(3);
    let mut clone = Journal::new(TERMINAL, first[1].position(), 0, Position::default());
    let other = append(&mut clone, "somebody else");

    let accepted = accept(first[2].position(), line(&first), vec![other.clone()]);

    assert_eq!(accepted.forked, vec![other]);
    assert_eq!(accepted.answer, PushAnswer::Fork { hub: first[2].position() });
}

#[test]
fn a_hub_restored_from_a_backup_gets_the_rest_again() {
    let (mut journal, entries) = entries(5);
    journal.answered(&PushAnswer::Acknowledged(entries[4].position()), line(&entries));
    assert_eq!(journal.next(), Next::Idle);

    journal.answered(&PushAnswer::Gap(entries[1].position()), line(&entries));

    assert_eq!(journal.next(), Next::Send(Seq(2)));
}

#[test]
fn a_hub_with_another_line_stops_the_push() {
    let (mut journal, entries) = entries(3);
    let stranger = Position { seq: Seq(2), hash: Hash([9; 32]) };

    let next = journal.answered(&PushAnswer::Acknowledged(stranger), line(&entries));

    assert_eq!(next, Next::Stop(Trouble::Fork));
}

#[test]
fn a_clock_set_back_never_dates_an_entry_before_the_last() {
    let journal = Journal::new(TERMINAL, Position::default(), 5_000, Position::default());

    assert_eq!(journal.time_for(1_000), 5_000);
    assert_eq!(journal.time_for(6_000), 6_000);
}

#[test]
fn waiting_grows_up_to_a_minute_and_never_beyond() {
    let mut journal = journal();

    let waits: Vec<u64> = (0..40).map(|_| journal.failed(1.0)).collect();

    assert_eq!(&waits[..4], &[1_000, 2_000, 4_000, 8_000]);
    assert!(waits.iter().all(|wait| *wait <= 60_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_altered_entry_is_never_accepted(at in 0_usize..10_000, flip in 1_u8..=255) {
        let (_, entries) = entries(1);
        let mut bytes = entries[0].to_bytes();
        let at = at % bytes.len();
        bytes[at] ^= flip;

        let read = Entry::from_bytes(&bytes).and_then(|entry| entry.verify(TERMINAL, &key()).map(|()| entry));

        prop_assert!(read.is_err() || read == Ok(entries[0].clone()), "{read:?}");
    }

    #[test]
    fn the_hub_ends_up_with_every_entry_once(
        fates in proptest::collection::vec((0_usize..8, any::<bool>(), any::<bool>()), 1..60),
        count in 1_usize..20,
    ) {
        let (mut journal, all) = entries(count);
        let mut stored: Vec<Entry> = Vec::new();
        let push = |stored: &mut Vec<Entry>, from: Seq, size: usize| {
            let from = usize::try_from(from.0).expect("small");
            let sent = all[from..(from + size.max(1)).min(count)].iter().map(|entry| entry.sealed.clone()).collect();
            let verified = verify(TERMINAL, &key(), sent).expect("they are genuine");
            let head = stored.last().map_or_else(Position::default, Entry::position);
            let accepted = accept(head, line(stored), verified);
            stored.extend(accepted.append);
            accepted.answer
        };
        // Some requests and some answers are lost, some requests come twice.
        for (size, is_lost, is_answer_lost) in fates {
            let Next::Send(from) = journal.next() else { break };
            if is_lost { continue; }
            let answer = push(&mut stored, from, size);
            if !is_answer_lost { journal.answered(&answer, line(&all)); }
        }
        while let Next::Send(from) = journal.next() {
            let answer = push(&mut stored, from, 3);
            journal.answered(&answer, line(&all));
        }
        prop_assert_eq!(stored, all);
    }
}

#[test]
fn a_foreign_entry_is_refused() {
    let (_, entries) = entries(1);

    let refused = verify(TerminalId([8; 16]), &key(), vec![entries[0].sealed.clone()]);

    assert_eq!(refused, Err(Broken::OtherTerminal(TERMINAL)));
}
