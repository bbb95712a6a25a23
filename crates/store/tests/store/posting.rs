//! Postings: born with their entry, changed only together with what they say.

use crate::{Directory, TERMINAL, enrolled};
use holdfast_store::PostingCommit;
use holdfast_sync::{
    Body, Entry, Position, ShiftId, Signature,
    body::{Sale, ShiftOpened},
    posting::{BookedDocument, Commit, Row, State, TaskKind},
    terminal::Journal,
};

const SHIFT: ShiftId = ShiftId([5; 16]);

fn add(journal: &mut Journal, made_at_ms: i64, body: Body) -> Entry {
    let entry = journal.prepare(made_at_ms, None, Some(SHIFT), None, body).seal(Signature([0; 64]));
    journal.committed(&entry);
    entry
}

fn day() -> Vec<Entry> {
    let mut journal = Journal::new(TERMINAL, Position::default(), 0, Position::default());
    let opened = ShiftOpened { shift: SHIFT, ..ShiftOpened::default() };
    let bodies = [Body::SignedIn, Body::ShiftOpened(opened), Body::Sale(Box::default()), Body::Sale(Box::default())];
    bodies.into_iter().map(|body| add(&mut journal, 1, body)).collect()
}

fn posted(row: &Row) -> Row {
    let documents = vec![BookedDocument { doctype: "POS Invoice".into(), name: "PSINV-1".into() }];
    Row { state: State::Posted { documents }, ..row.clone() }
}

#[test]
fn entries_for_the_books_are_waiting_as_soon_as_they_are_stored() {
    let directory = Directory::new("born");
    let store = enrolled(&directory);

    let pushed = store.push(TERMINAL, day(), 7).expect("stored");
    drop(store);
    let store = directory.open();

    let kinds: Vec<_> = pushed.rows.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [TaskKind::Opening, TaskKind::Invoice, TaskKind::Invoice]);
    assert_eq!(store.unsettled_postings().expect("read"), pushed.rows);
    assert_eq!(store.entry(pushed.rows[1].id).expect("read").as_ref(), Some(&day()[2]));
}

#[test]
fn a_repeated_push_does_not_touch_what_was_posted() {
    let directory = Directory::new("repeated-posting");
    let store = enrolled(&directory);
    let rows = store.push(TERMINAL, day(), 7).expect("stored").rows;
    PostingCommit { store: &store, now_ms: 8 }.commit(&[posted(&rows[1])]).expect("stored");

    let again = store.push(TERMINAL, day(), 9).expect("stored");

    assert_eq!(again.rows, []);
    let line = store.posting(rows[1].id).expect("read").expect("there");
    assert_eq!((line.row, line.received_at_ms, line.changed_at_ms), (posted(&rows[1]), 7, 8));
    assert_eq!(store.unsettled_postings().expect("read").len(), 2);
    assert_eq!(store.postings_of_shift(TERMINAL, SHIFT).expect("read").len(), 3);
}

#[test]
fn a_second_line_of_a_journal_is_posted_too_and_once() {
    let directory = Directory::new("second-line");
    let store = enrolled(&directory);
    let line = day();
    store.push(TERMINAL, line.clone(), 7).expect("stored");
    let mut clone = Journal::new(TERMINAL, line[1].position(), 0, Position::default());
    let sale = Sale { receipt_number: "other".into(), ..Sale::default() };
    let other = add(&mut clone, 2, Body::Sale(Box::new(sale)));

    let first = store.push(TERMINAL, vec![other.clone()], 8).expect("kept");
    let second = store.push(TERMINAL, vec![other.clone()], 9).expect("kept");

    assert_eq!((first.rows.len(), second.rows.len()), (1, 0));
    assert_eq!(store.postings_at(first.rows[0].id.entry()).expect("read").len(), 2);
    assert_eq!(store.entry(first.rows[0].id).expect("read"), Some(other));
}

#[test]
fn counts_say_how_much_waits_and_since_when() {
    let directory = Directory::new("counts");
    let store = enrolled(&directory);
    let rows = store.push(TERMINAL, day(), 7).expect("stored").rows;
    store.change(|change| change.put_postings(&[posted(&rows[0])], 8)).expect("stored");

    let counts = store.posting_counts().expect("read");

    let found: Vec<_> = counts.iter().map(|count| (count.word.as_str(), count.count, count.oldest_ms)).collect();
    assert_eq!(found, [("posted", 1, 7), ("received", 2, 7)]);
}

#[test]
fn a_database_from_before_there_were_postings_gets_them() {
    let directory = Directory::new("before");
    let store = enrolled(&directory);
    let rows = store.push(TERMINAL, day(), 7).expect("stored").rows;
    drop(store);
    let raw = rusqlite::Connection::open(directory.0.join("holdfast.sqlite")).expect("a database");
    raw.execute_batch("DROP TABLE postings; ALTER TABLE employees DROP COLUMN pin_digits; PRAGMA user_version = 2;")
        .expect("as it was before");
    drop(raw);

    let store = directory.open();

    assert_eq!(store.unsettled_postings().expect("read"), rows);
    assert_eq!(store.posting(rows[0].id).expect("read").expect("there").received_at_ms, 7);
}

#[test]
fn whoever_asks_what_changed_since_misses_nothing_and_a_millisecond_is_never_cut() {
    let directory = Directory::new("changed");
    let store = enrolled(&directory);
    let rows = store.push(TERMINAL, day(), 7).expect("stored").rows;
    PostingCommit { store: &store, now_ms: 8 }.commit(&[posted(&rows[0])]).expect("stored");

    let seqs = |since_ms: i64, limit: usize| {
        let lines = store.postings_changed(TERMINAL, since_ms, limit).expect("read");
        lines.iter().map(|line| (line.row.id.seq.0, line.changed_at_ms)).collect::<Vec<_>>()
    };

    assert_eq!(seqs(0, 10), [(3, 7), (4, 7), (2, 8)]);
    assert_eq!(seqs(0, 1), [(3, 7), (4, 7)], "both of that millisecond");
    assert_eq!(seqs(8, 10), [(2, 8)]);
    assert_eq!(seqs(9, 10), []);
    assert_eq!(seqs(7, 1), [(3, 7), (4, 7), (2, 8)], "on from a millisecond with more than the limit");
}
