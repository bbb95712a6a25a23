//! An entry's bytes: what is hashed, what is signed, and how both are checked.
//!
//! The payload is a version byte and the postcard bytes of header and body. Its SHA-256 is the entry's hash; the next
//! entry's header carries it. The signature is made over the hash's 32 bytes by a key that never leaves the browser, so
//! signing happens outside: [`Unsigned`] is what is to be signed, [`Unsigned::seal`] puts the two together.

use crate::{
    body::{Body, v1},
    ids::{EntryRef, Hash, Position, PublicKey, Seq, ShiftId, Signature, TerminalId},
};
use p256::ecdsa::{VerifyingKey, signature::Verifier as _};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The format that this version writes; all earlier ones are read.
pub const FORMAT: u8 = 2;

/// Which entry of which journal, and who made it when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The journal.
    pub terminal: TerminalId,
    /// The place in it.
    pub seq: Seq,
    /// The hash of the entry before; zeros before the first.
    pub prev: Hash,
    /// The terminal's clock, Unix milliseconds.
    pub made_at_ms: i64,
    /// What to add to that clock to get the hub's, as last measured; `None` if never.
    pub hub_offset_ms: Option<i64>,
    /// The shift that was open.
    pub shift: Option<ShiftId>,
    /// The employee who was signed in.
    pub employee: Option<String>,
}

/// An entry that still needs its signature.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsigned {
    header: Header,
    body: Body,
    payload: Vec<u8>,
    hash: Hash,
}

impl Unsigned {
    /// Fixes an entry's bytes.
    pub fn new(header: Header, body: Body) -> Self {
        let mut payload = vec![FORMAT];
        payload.extend(postcard::to_allocvec(&(&header, &body)).expect("entries hold nothing that cannot be written"));
        let hash = Hash::of(&payload);
        Self { header, body, payload, hash }
    }

    /// What the terminal's key signs: the hash's 32 bytes.
    pub fn to_sign(&self) -> &[u8; 32] {
        &self.hash.0
    }

    /// Puts the signature to it.
    pub fn seal(self, signature: Signature) -> Entry {
        Entry {
            header: self.header,
            body: self.body,
            hash: self.hash,
            sealed: Sealed { payload: self.payload, signature },
        }
    }
}

/// An entry as it is stored and sent: exact bytes and their signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Version byte, header, body.
    pub payload: Vec<u8>,
    /// By the terminal's key over the payload's SHA-256.
    pub signature: Signature,
}

/// An entry that was read, with its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Which one.
    pub header: Header,
    /// What happened.
    pub body: Body,
    /// The SHA-256 of the payload.
    pub hash: Hash,
    /// The bytes it was read from.
    pub sealed: Sealed,
}

/// Why bytes are no valid entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Written by a later version than this one.
    #[error("the entry has format {0}, which this version cannot read")]
    TooNew(u8),
    /// Not an entry at all.
    #[error("the bytes are no entry")]
    Unreadable,
    /// The signature is not the terminal's.
    #[error("entry {0} does not carry the terminal's signature")]
    BadSignature(Seq),
    /// The entry belongs to another journal.
    #[error("the entry belongs to terminal {0}")]
    OtherTerminal(TerminalId),
}

impl Entry {
    /// Reads an entry; whether its signature is right is [`Entry::verify`]'s question.
    pub fn read(sealed: Sealed) -> Result<Self, Broken> {
        let (header, body) = match sealed.payload.split_first() {
            Some((&FORMAT, rest)) => whole(rest)?,
            Some((&v1::FORMAT, rest)) => {
                let (header, body): (Header, v1::Body) = whole(rest)?;
                (header, body.into())
            }
            Some((&format, _)) if format > FORMAT => return Err(Broken::TooNew(format)),
            _ => return Err(Broken::Unreadable),
        };
        Ok(Self { header, body, hash: Hash::of(&sealed.payload), sealed })
    }

    /// Reads an entry from the bytes that [`Entry::to_bytes`] made.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Broken> {
        Self::read(postcard::from_bytes(bytes).map_err(|_| Broken::Unreadable)?)
    }

    /// The bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(&self.sealed).expect("sealed entries can be written")
    }

    /// Its place.
    pub fn at(&self) -> EntryRef {
        EntryRef { terminal: self.header.terminal, seq: self.header.seq }
    }

    /// Where the journal ends with this entry.
    pub fn position(&self) -> Position {
        Position { seq: self.header.seq, hash: self.hash }
    }

    /// Whether this entry comes right after a position.
    pub fn follows(&self, position: Position) -> bool {
        self.header.seq == position.seq.next() && self.header.prev == position.hash
    }

    /// Checks journal and signature.
    pub fn verify(&self, terminal: TerminalId, key: &impl Verifier) -> Result<(), Broken> {
        if self.header.terminal != terminal {
            return Err(Broken::OtherTerminal(self.header.terminal));
        }
        let is_signed = key.verifies(&self.hash.0, &self.sealed.signature);
        is_signed.then_some(()).ok_or(Broken::BadSignature(self.header.seq))
    }
}

/// Reads postcard bytes to their end.
fn whole<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Broken> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        _ => Err(Broken::Unreadable),
    }
}

/// Tells genuine signatures. A [`Key`] does in production; the simulator makes millions of entries and has a cheap one.
pub trait Verifier {
    /// Whether a signature fits a message.
    fn verifies(&self, message: &[u8], signature: &Signature) -> bool;
}

/// A terminal's public key, ready to verify: ECDSA with SHA-256.
#[derive(Clone, Debug)]
pub struct Key(VerifyingKey);

impl Key {
    /// Reads a point; `None` if it is none on the curve.
    pub fn new(key: &PublicKey) -> Option<Self> {
        VerifyingKey::from_sec1_bytes(&key.0).ok().map(Self)
    }
}

impl Verifier for Key {
    fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        p256::ecdsa::Signature::from_slice(&signature.0)
            .is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}
