//! Bytes that were written once are read for ever, and today's bytes do not change by accident.
//!
//! A failing comparison means that a type of the journal changed its shape: make a new format and keep the old types, as
//! `body/v1.rs` does. With `HOLDFAST_BLESS=1` files that are missing are written; those that are there never change.

use crate::samples::{header, of_format_1, of_format_2};
use holdfast_sync::{Body, Broken, Entry, Sealed, Signature, Unsigned, entry::FORMAT};
use std::{fs, path::PathBuf};

fn file(format: u8, name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/sync/golden/v{format}_{name}.hex"))
}

fn golden(format: u8, name: &str) -> Vec<u8> {
    let path = file(format, name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    hex::decode(text.trim()).expect("golden files hold hex digits")
}

fn read(payload: Vec<u8>) -> Result<Entry, Broken> {
    Entry::read(Sealed { payload, signature: Signature([1; 64]) })
}

fn written(body: Body) -> Vec<u8> {
    Unsigned::new(header(), body).seal(Signature([1; 64])).sealed.payload
}

#[test]
fn entries_of_format_1_are_read() {
    for (name, body) in of_format_1() {
        let entry = read(golden(1, name)).unwrap_or_else(|broken| panic!("{name}: {broken}"));

        assert_eq!((entry.header, entry.body), (header(), body), "{name}");
    }
}

#[test]
fn entries_of_the_current_format_have_the_bytes_they_always_had() {
    for (name, body) in of_format_2() {
        let bytes = written(body.clone());
        if std::env::var_os("HOLDFAST_BLESS").is_some() && !file(FORMAT, name).exists() {
            fs::write(file(FORMAT, name), hex::encode(&bytes) + "\n").expect("the folder is there");
        }

        assert_eq!(hex::encode(&bytes), hex::encode(golden(FORMAT, name)), "{name}");
        assert_eq!(read(bytes).map(|entry| entry.body), Ok(body), "{name}");
    }
}

#[test]
fn an_entry_of_a_later_version_is_named_as_such() {
    let mut payload = written(Body::SignedIn);
    payload[0] = FORMAT + 1;

    assert_eq!(read(payload), Err(Broken::TooNew(FORMAT + 1)));
}
