//! What a terminal and a hub say to each other about journals. The first byte is a version.

use crate::{
    entry::Sealed,
    ids::{Position, PublicKey, TerminalId},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The version that this build speaks; all earlier ones are understood.
pub const PROTOCOL: u8 = 1;

/// Most entries in one push.
pub const PUSH_ENTRIES_MAX: usize = 500;

/// Most bytes in one push.
pub const PUSH_BYTES_MAX: usize = 4 << 20;

/// Entries going up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushRequest {
    /// In order, without gaps.
    pub entries: Vec<Sealed>,
}

/// What became of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PushAnswer {
    /// Everything up to here is durable at the hub.
    Acknowledged(Position),
    /// The first entry sent does not follow what the hub has, which is this.
    Gap(Position),
    /// The hub has another entry at a place that was sent: this journal exists twice.
    Fork {
        /// How far the hub's own line goes.
        hub: Position,
    },
    /// The hub cannot read a format: it is older than the terminal.
    TooNew,
    /// A signature is wrong or an entry unreadable; nothing was stored.
    Broken(String),
}

/// Who a terminal is, in the words of the hub that it was enrolled at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// The journal.
    pub terminal: TerminalId,
    /// Its name.
    pub name: String,
    /// The short code that its receipts carry.
    pub code: String,
    /// POS Profile.
    pub pos_profile: String,
    /// What its signatures are checked with.
    pub public_key: PublicKey,
}

/// Entries of one terminal going from a hub to the hub above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayRequest {
    /// Whose.
    pub terminal: Introduction,
    /// In order, without gaps; none asks where the line above ends.
    pub entries: Vec<Sealed>,
}

/// What became of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelayAnswer {
    /// As the terminal would be answered.
    Push(PushAnswer),
    /// The hub above knows this terminal with another key; nothing was stored.
    OtherKey,
}

/// Why a message cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// A later version's.
    #[error("the message has version {0}, which this version cannot read")]
    TooNew(u8),
    /// Not a message.
    #[error("the bytes are no message")]
    Malformed,
}

/// Writes a message.
pub fn encode(message: &impl Serialize) -> Vec<u8> {
    let mut bytes = vec![PROTOCOL];
    bytes.extend(postcard::to_allocvec(message).expect("messages hold nothing that cannot be written"));
    bytes
}

/// Reads a message.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    match bytes.split_first() {
        Some((&PROTOCOL, rest)) => match postcard::take_from_bytes(rest) {
            Ok((message, [])) => Ok(message),
            _ => Err(Unreadable::Malformed),
        },
        Some((&version, _)) if version > PROTOCOL => Err(Unreadable::TooNew(version)),
        _ => Err(Unreadable::Malformed),
    }
}
