//! What is said of a journal, and what of one that is not whole.

use crate::{
    samples::{SHIFT, sale, shift_opened},
    signer::{TERMINAL, journal, key},
};
use holdfast_sync::{
    Body, Entry, Sealed, Seq, Signature,
    audit::{Fault, Standing, Statement, examine},
    posting::{BookedDocument, PostingId, Row, State, Task},
};
use std::collections::BTreeMap;

fn entries() -> Vec<Entry> {
    let sale = Body::Sale(Box::new(sale()));
    journal(Some(SHIFT), vec![Body::SignedIn, Body::ShiftOpened(shift_opened()), sale.clone(), sale])
}

fn rows(entries: &[Entry]) -> BTreeMap<PostingId, Row> {
    entries.iter().filter_map(Task::of).map(|task| (task.id, Row::from(task))).collect()
}

fn say(line: Vec<Sealed>, beside: Vec<Sealed>, rows: &BTreeMap<PostingId, Row>) -> Statement {
    examine(TERMINAL, &key(), 5, line, beside, |id| rows.get(&id).cloned())
}

fn sealed(entries: &[Entry]) -> Vec<Sealed> {
    entries.iter().map(|entry| entry.sealed.clone()).collect()
}

#[test]
fn a_whole_journal_is_said_to_be_whole_with_what_became_of_each_entry() {
    let entries = entries();
    let mut rows = rows(&entries);
    let document = BookedDocument { doctype: "POS Invoice".into(), name: "PSINV-1".into() };
    rows.get_mut(&PostingId::of(&entries[2])).expect("a sale has a row").state =
        State::Posted { documents: vec![document] };

    let statement = say(sealed(&entries), Vec::new(), &rows);

    let standings: Vec<_> = statement.lines.iter().map(|line| line.standing.clone()).collect();
    let booked = Standing::Booked(vec!["POS Invoice PSINV-1".into()]);
    assert_eq!(standings, [Standing::NotForTheBooks, Standing::Waiting, booked, Standing::Waiting]);
    assert!(statement.is_whole());
    assert_eq!((statement.head, statement.waiting()), (entries[3].position(), (2, 0)));
}

#[test]
fn a_statement_reads_back_from_its_bytes() {
    let entries = entries();
    let statement = say(sealed(&entries), Vec::new(), &rows(&entries));

    assert_eq!(Statement::from_bytes(&statement.to_bytes()), Some(statement.clone()));
    assert_eq!(Statement::from_bytes(&statement.to_bytes()[1..]), None);
}

#[test]
fn whatever_is_wrong_is_named() {
    let entries = entries();
    let rows = rows(&entries);
    let line = sealed(&entries);
    let mut forged = line.clone();
    forged[1].signature = Signature([1; 64]);

    let missing = say(vec![line[0].clone(), line[3].clone()], Vec::new(), &rows);
    let not_genuine = say(forged, Vec::new(), &rows);
    let forgotten = say(line.clone(), Vec::new(), &BTreeMap::new());
    let forked = say(line[..3].to_vec(), vec![line[3].clone()], &rows);

    assert_eq!(missing.faults, [Fault::Missing(Seq(2), Seq(3))]);
    assert!(matches!(not_genuine.faults[..], [Fault::NotGenuine(Seq(2), _), Fault::Chain(Seq(3))]), "{not_genuine:?}");
    assert_eq!(forgotten.faults, [2, 3, 4].map(|seq| Fault::Forgotten(Seq(seq))));
    assert_eq!(forked.faults, [Fault::Forked(1)]);
}
