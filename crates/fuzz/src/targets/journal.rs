//! What a terminal writes and sends.

use super::{Target, files};
use holdfast_sync::{
    Entry, Hash, Position, Sealed, Seq, Signature,
    archive::Archive,
    audit::Statement,
    wire::{self, PushAnswer, PushRequest},
};

pub(super) const ENTRY: Target = Target { name: "entry", tested: 20_000, seeds: payloads, check: entry };
pub(super) const PUSH: Target = Target { name: "push", tested: 10_000, seeds: pushes, check: push };
pub(super) const ANSWER: Target = Target { name: "push-answer", tested: 10_000, seeds: answers, check: answer };
pub(super) const ARCHIVE: Target = Target { name: "archive", tested: 10_000, seeds: archives, check: archive };
pub(super) const STATEMENT: Target = Target { name: "statement", tested: 10_000, seeds: statements, check: statement };

/// Payloads of every kind and format, as they were written once.
fn payloads() -> Vec<Vec<u8>> {
    let golden =
        files("crates/sync/tests/sync/golden").into_iter().filter(|(name, _)| !name.starts_with("receipt_code"));
    golden.filter_map(|(_, text)| hex::decode(text.trim_ascii()).ok()).collect()
}

fn sealed(payload: &[u8]) -> Sealed {
    Sealed { payload: payload.to_vec(), signature: Signature([1; 64]) }
}

fn entry(input: &[u8]) {
    if let Ok(entry) = Entry::read(sealed(input)) {
        let again = Entry::from_bytes(&entry.to_bytes()).expect("what was read once is read again");
        // Compared by what is written, for a number that is none differs from itself.
        assert_eq!(again.to_bytes(), entry.to_bytes());
    }
}

fn pushes() -> Vec<Vec<u8>> {
    let entries: Vec<Sealed> = payloads().iter().map(|payload| sealed(payload)).collect();
    vec![
        wire::encode(&PushRequest { entries: Vec::new() }),
        wire::encode(&PushRequest { entries: entries[..2].to_vec() }),
        wire::encode(&PushRequest { entries }),
    ]
}

fn push(input: &[u8]) {
    if let Ok(request) = wire::decode::<PushRequest>(input) {
        assert_eq!(wire::decode::<PushRequest>(&wire::encode(&request)).ok().as_ref(), Some(&request));
        for sealed in request.entries {
            drop(Entry::read(sealed));
        }
    }
}

fn answers() -> Vec<Vec<u8>> {
    let position = Position { seq: Seq(7), hash: Hash([9; 32]) };
    [
        PushAnswer::Acknowledged(position),
        PushAnswer::Gap(position),
        PushAnswer::Fork { hub: position },
        PushAnswer::TooNew,
        PushAnswer::Broken("why".into()),
    ]
    .iter()
    .map(wire::encode)
    .collect()
}

fn answer(input: &[u8]) {
    if let Ok(answer) = wire::decode::<PushAnswer>(input) {
        assert_eq!(wire::decode::<PushAnswer>(&wire::encode(&answer)).ok(), Some(answer));
    }
}

/// Without the hash at the end: each input gets its own, so that more than the hash is tried.
fn archives() -> Vec<Vec<u8>> {
    let whole = Archive::default().to_bytes();
    let bare = whole[..whole.len() - 32].to_vec();
    // An archive is a list of journals; the golden payloads make it long enough to go wrong inside.
    let mut longer = bare.clone();
    longer.extend(payloads().concat());
    vec![bare, longer]
}

fn archive(input: &[u8]) {
    let whole = [input, &Hash::of(input).0].concat();
    for bytes in [input, &whole] {
        if let Ok(archive) = Archive::from_bytes(bytes) {
            assert_eq!(Archive::from_bytes(&archive.to_bytes()).ok().as_ref(), Some(&archive));
        }
    }
}

fn statements() -> Vec<Vec<u8>> {
    let mut seeds = answers();
    seeds.extend(payloads());
    seeds
}

fn statement(input: &[u8]) {
    if let Some(statement) = Statement::from_bytes(input) {
        assert_eq!(Statement::from_bytes(&statement.to_bytes()).as_ref(), Some(&statement));
    }
}
