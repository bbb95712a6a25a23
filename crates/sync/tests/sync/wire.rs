//! Messages that were released are understood for ever. With `HOLDFAST_BLESS=1` golden files that are missing are written.

use crate::{samples::header, signer::introduction};
use holdfast_sync::{
    Body, Hash, Position, Sealed, Seq, Signature, Unsigned,
    wire::{PROTOCOL, PushAnswer, PushRequest, RelayAnswer, RelayRequest, Unreadable, decode, encode},
};
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt::Debug, fs, path::PathBuf};

fn golden(name: &str, bytes: &[u8]) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/sync/golden/wire_v1_{name}.hex"));
    if std::env::var_os("HOLDFAST_BLESS").is_some() && !path.exists() {
        fs::write(&path, hex::encode(bytes) + "\n").expect("the folder is there");
    }
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    hex::decode(text.trim()).expect("golden files hold hex digits")
}

fn is_kept<T: Serialize + DeserializeOwned + Debug + PartialEq>(name: &str, message: &T) {
    let bytes = golden(name, &encode(message));

    assert_eq!(decode::<T>(&bytes).as_ref(), Ok(message), "{name} is read");
    assert_eq!(hex::encode(encode(message)), hex::encode(bytes), "{name} is written as it was");
}

fn sealed() -> Sealed {
    Unsigned::new(header(), Body::SignedIn).seal(Signature([1; 64])).sealed
}

#[test]
fn messages_of_version_1_are_understood_and_written_as_they_were() {
    let position = Position { seq: Seq(7), hash: Hash([9; 32]) };

    is_kept("push", &PushRequest { entries: vec![sealed()] });
    is_kept("acknowledged", &PushAnswer::Acknowledged(position));
    is_kept("gap", &PushAnswer::Gap(position));
    is_kept("fork", &PushAnswer::Fork { hub: position });
    is_kept("too_new", &PushAnswer::TooNew);
    is_kept("broken", &PushAnswer::Broken("entry 3".into()));
    is_kept("relay", &RelayRequest { terminal: introduction(), entries: vec![sealed()] });
    is_kept("relayed", &RelayAnswer::Push(PushAnswer::Acknowledged(position)));
    is_kept("other_key", &RelayAnswer::OtherKey);
}

#[test]
fn a_message_of_a_later_version_is_named_as_such() {
    let mut bytes = encode(&PushAnswer::TooNew);
    bytes[0] = PROTOCOL + 1;

    assert_eq!(decode::<PushAnswer>(&bytes), Err(Unreadable::TooNew(PROTOCOL + 1)));
}

#[test]
fn half_a_message_is_none() {
    let bytes = encode(&PushRequest { entries: vec![sealed()] });

    for end in 0..bytes.len() {
        assert_eq!(decode::<PushRequest>(&bytes[..end]), Err(Unreadable::Malformed));
    }
}
