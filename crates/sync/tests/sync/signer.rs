//! A terminal with a real key.

use holdfast_sync::{
    Body, Entry, Position, PublicKey, ShiftId, Signature, TerminalId, entry::Key, terminal::Journal, wire::Introduction,
};
use p256::ecdsa::{SigningKey, signature::Signer};

pub(crate) const TERMINAL: TerminalId = TerminalId([7; 16]);

pub(crate) fn public_key() -> PublicKey {
    PublicKey(signing_key().verifying_key().to_encoded_point(false).as_bytes().to_vec())
}

pub(crate) fn key() -> Key {
    Key::new(&public_key()).expect("on the curve")
}

pub(crate) fn introduction() -> Introduction {
    Introduction {
        terminal: TERMINAL,
        name: "Till by the door".into(),
        code: "A01".into(),
        pos_profile: "Main Till".into(),
        public_key: public_key(),
    }
}

fn signing_key() -> SigningKey {
    SigningKey::from_slice(&[1; 32]).expect("a valid scalar")
}

pub(crate) fn sign(message: &[u8]) -> Signature {
    let signature: p256::ecdsa::Signature = signing_key().sign(message);
    Signature(signature.to_bytes().into())
}

/// Entries of one journal, from the first.
pub(crate) fn journal(shift: Option<ShiftId>, bodies: Vec<Body>) -> Vec<Entry> {
    let mut journal = Journal::new(TERMINAL, Position::default(), 0, Position::default());
    let mut entries = Vec::new();
    for body in bodies {
        let unsigned = journal.prepare(1_764_000_000_000, None, shift, Some("EMP-1".into()), body);
        let signature = sign(unsigned.to_sign());
        let entry = unsigned.seal(signature);
        journal.committed(&entry);
        entries.push(entry);
    }
    entries
}
