//! The mirror of ERPNext's masters.

use crate::Directory;
use holdfast_store::{Change, MirrorBatch, MirrorRow};

fn row(name: &str, modified: &str) -> MirrorRow {
    MirrorRow { name: name.into(), modified: modified.into(), row: format!("{{\"name\":\"{name}\"}}").into_bytes() }
}

#[test]
fn rows_and_cursor_move_together() {
    let directory = Directory::new("mirror");
    let store = directory.open();
    let first = MirrorBatch {
        doctype: "Item".into(),
        changed: vec![row("A", "1"), row("B", "1")],
        gone: vec![],
        cursor: Some("page 1".into()),
    };
    let second = MirrorBatch {
        doctype: "Item".into(),
        changed: vec![row("B", "2")],
        gone: vec!["A".into()],
        cursor: Some("page 2".into()),
    };

    store.change(|change| change.mirror(&first)).expect("stored");
    store.change(|change| change.mirror(&second)).expect("stored");
    drop(store);
    let store = directory.open();

    assert_eq!(store.mirror_rows("Item").expect("read"), [row("B", "2")]);
    assert_eq!(store.mirror_cursor("Item").expect("read").as_deref(), Some("page 2"));
    assert_eq!(store.mirror_counts().expect("read"), [("Item".to_owned(), 1)]);
}

#[test]
fn a_forgotten_mirror_begins_again() {
    let directory = Directory::new("forget");
    let store = directory.open();
    let batch = MirrorBatch {
        doctype: "Item".into(),
        changed: vec![row("A", "1")],
        gone: vec![],
        cursor: Some("page 1".into()),
    };
    store.change(|change| change.mirror(&batch)).expect("stored");

    let forget = |change: &Change<'_>| {
        change.forget_mirror()?;
        change.forget_fact("mirror")
    };
    store.change(forget).expect("stored");

    assert_eq!(store.mirror_counts().expect("read"), []);
    assert_eq!(store.mirror_cursor("Item").expect("read"), None);
}

#[test]
fn what_reads_the_same_is_no_change() {
    let directory = Directory::new("same");
    let store = directory.open();
    let batch = |rows, gone| MirrorBatch { doctype: "Item".into(), changed: rows, gone, cursor: None };
    let mut changed = row("A", "2");
    changed.row = b"{}".to_vec();

    let counts = [
        batch(vec![row("A", "1"), row("B", "1")], vec![]),
        batch(vec![row("A", "2")], vec![]),
        batch(vec![changed], vec!["B".into(), "C".into()]),
    ]
    .map(|batch| store.change(|change| change.mirror(&batch)).expect("stored"));

    assert_eq!(counts, [2, 0, 2]);
    assert_eq!(store.mirror_stamps("Item").expect("read"), [("A".to_owned(), "2".to_owned())]);
}
