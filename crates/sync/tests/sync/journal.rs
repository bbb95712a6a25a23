//! Journals under fire: altered bytes, lost and repeated messages, forks, restored hubs.

use holdfast_sync::{
    Body, Broken, Entry, Hash, Header, Position, PublicKey, Seq, Signature, TerminalId, Unsigned,
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

/// A hub with nothing beside its line.
fn nothing(_: Hash) -> bool {
    false
}

fn index(after: Seq) -> usize {
    usize::try_from(after.0).expect("small")
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

    let again = accept(head, line(&entries), nothing, entries.clone());

    assert!(again.append.is_empty() && again.forked.is_empty());
    assert_eq!(again.answer, PushAnswer::Acknowledged(head));
}

#[test]
fn a_gap_is_answered_with_what_the_hub_has() {
    let (_, entries) = entries(5);

    let accepted = accept(entries[1].position(), line(&entries[..2]), nothing, entries[3..].to_vec());

    assert!(accepted.append.is_empty());
    assert_eq!(accepted.answer, PushAnswer::Gap(entries[1].position()));
}

#[test]
fn a_second_line_of_the_same_journal_is_kept_and_named() {
    let (_, first) = entries(3);
    let mut clone = Journal::new(TERMINAL, first[1].position(), 0, Position::default());
    let other = append(&mut clone, "somebody else");

    let accepted = accept(first[2].position(), line(&first), nothing, vec![other.clone()]);

    assert_eq!(accepted.forked, vec![other]);
    assert_eq!(accepted.answer, PushAnswer::Fork { hub: first[2].position() });
}

#[test]
fn a_hub_restored_from_a_backup_gets_the_rest_again() {
    let (mut journal, entries) = entries(5);
    journal.answered(Seq(5), &PushAnswer::Acknowledged(entries[4].position()), line(&entries));
    assert_eq!(journal.next(), Next::Idle);

    journal.answered(Seq(5), &PushAnswer::Gap(entries[1].position()), line(&entries));

    assert_eq!(journal.next(), Next::Send(Seq(2)));
}

#[test]
fn a_hub_restored_while_nothing_waits_is_noticed_by_asking() {
    let (mut journal, entries) = entries(5);
    journal.answered(Seq(5), &PushAnswer::Acknowledged(entries[4].position()), line(&entries));
    let from = journal.probe();
    let restored = accept(entries[1].position(), line(&entries[..2]), nothing, entries[index(from)..].to_vec());

    let next = journal.answered(from, &restored.answer, line(&entries));

    assert_eq!(next, Next::Acknowledged(entries[1].position()));
    assert_eq!(journal.next(), Next::Send(Seq(2)));
}

#[test]
fn a_hub_with_another_line_gets_all_of_this_one_too() {
    let (mut journal, entries) = entries(3);
    let stranger = Position { seq: Seq(2), hash: Hash([9; 32]) };

    let next = journal.answered(Seq(3), &PushAnswer::Acknowledged(stranger), line(&entries));

    assert_eq!(next, Next::Send(Seq(0)));
    assert_eq!(journal.trouble(), Some(&Trouble::Fork));
}

#[test]
fn a_copy_that_was_restored_says_so_and_goes_on() {
    let (_, all) = entries(5);
    let mut copy = Journal::new(TERMINAL, all[2].position(), 0, all[2].position());

    copy.answered(copy.probe(), &PushAnswer::Acknowledged(all[4].position()), line(&all[..3]));

    assert_eq!(copy.trouble(), Some(&Trouble::HubAhead(all[4].position())));
}

#[test]
fn what_is_beside_is_taken_only_with_its_forerunner() {
    let (_, main) = entries(3);
    let mut clone = Journal::new(TERMINAL, main[0].position(), 0, Position::default());
    let second: Vec<Entry> = (0..3).map(|_| append(&mut clone, "somebody else")).collect();
    let head = main[2].position();

    let without = accept(head, line(&main), nothing, second[1..].to_vec());
    let with = accept(head, line(&main), |hash| hash == second[0].hash, second[1..].to_vec());

    assert_eq!((without.forked, without.answer), (Vec::new(), PushAnswer::Gap(head)));
    assert_eq!((with.forked, with.answer), (second[1..].to_vec(), PushAnswer::Fork { hub: head }));
}

#[test]
fn an_entry_at_place_zero_is_never_stored() {
    let header = Header { terminal: TERMINAL, ..Header::default() };
    let entry = Unsigned::new(header, Body::SignedIn).seal(Signature([1; 64]));

    let accepted = accept(Position::default(), |_| None, nothing, vec![entry]);

    assert!(accepted.append.is_empty() && accepted.forked.is_empty());
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
            let batch = &all[index(from)..(index(from) + size.max(1)).min(count)];
            let sent = batch.iter().map(|entry| entry.sealed.clone()).collect();
            let verified = verify(TERMINAL, &key(), sent).expect("they are genuine");
            let head = stored.last().map_or_else(Position::default, Entry::position);
            let accepted = accept(head, line(stored), nothing, verified);
            stored.extend(accepted.append);
            (batch.last().expect("something was sent").header.seq, accepted.answer)
        };
        // Some requests and some answers are lost, some requests come twice.
        for (size, is_lost, is_answer_lost) in fates {
            let Next::Send(from) = journal.next() else { break };
            if is_lost { continue; }
            let (sent, answer) = push(&mut stored, from, size);
            if !is_answer_lost { journal.answered(sent, &answer, line(&all)); }
        }
        while let Next::Send(from) = journal.next() {
            let (sent, answer) = push(&mut stored, from, 3);
            journal.answered(sent, &answer, line(&all));
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

/// A hub in memory: its line, and what is beside.
#[derive(Default)]
struct Hub {
    line: Vec<Entry>,
    beside: Vec<Entry>,
}

impl Hub {
    fn push(&mut self, entries: Vec<Entry>) -> PushAnswer {
        let head = self.line.last().map_or_else(Position::default, Entry::position);
        let is_beside = |hash: Hash| self.beside.iter().any(|entry| entry.hash == hash);
        let accepted = accept(head, line(&self.line), is_beside, entries);
        self.line.extend(accepted.append);
        for entry in accepted.forked {
            if !self.beside.contains(&entry) {
                self.beside.push(entry);
            }
        }
        accepted.answer
    }

    fn has(&self, entry: &Entry) -> bool {
        self.line.contains(entry) || self.beside.contains(entry)
    }
}

/// Sends one batch, as a terminal would, from a copy of a journal. Says whether there was anything to do.
fn send(hub: &mut Hub, copy: &mut Journal, own: &[Entry], batch: usize) -> bool {
    let (after, is_waiting) = match copy.next() {
        Next::Send(after) => (after, true),
        _ => (copy.probe(), false),
    };
    let entries: Vec<Entry> = own[index(after)..].iter().take(batch).cloned().collect();
    let sent = entries.last().map_or(after, |entry| entry.header.seq);
    let before = copy.clone();
    let answer = hub.push(entries);
    copy.answered(sent, &answer, line(own));
    is_waiting || *copy != before
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn two_copies_of_a_journal_and_a_hub_restored_between_lose_nothing(
        shared in 0_usize..4, lengths in (0_usize..6, 0_usize..6), order in proptest::collection::vec(0_u8..4, 0..30), batch in 1_usize..4,
    ) {
        let (first, base) = entries(shared);
        let mut copies = [first.clone(), first];
        let own: [Vec<Entry>; 2] = [(lengths.0, "one"), (lengths.1, "two")].map(|(length, name)| {
            let copy = &mut copies[usize::from(name == "two")];
            base.iter().cloned().chain((0..length).map(|_| append(copy, name)).collect::<Vec<_>>()).collect()
        });
        let (mut hub, mut backup) = (Hub::default(), (0, 0));
        for act in order {
            match act {
                0 | 1 => { send(&mut hub, &mut copies[usize::from(act)], &own[usize::from(act)], batch); }
                2 => backup = (hub.line.len(), hub.beside.len()),
                _ => { hub.line.truncate(backup.0); hub.beside.truncate(backup.1); }
            }
        }
        let mut rounds = 0;
        while (0..2).any(|at| send(&mut hub, &mut copies[at], &own[at], batch)) {
            rounds += 1;
            prop_assert!(rounds < 200, "it never comes to rest");
        }
        prop_assert!(own.iter().flatten().all(|entry| hub.has(entry)));
        let chain = hub.line.windows(2).all(|pair| pair[1].follows(pair[0].position()));
        prop_assert!(chain && hub.line.first().is_none_or(|entry| entry.follows(Position::default())));
    }
}
