//! A segment of records: an offset table and the records, so that one can be read without the others.
//!
//! `count: u32, offsets: count + 1 times u32 from the end of the table, records` - little-endian, records in postcard.

use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

/// What a record that cannot be read is called in messages.
pub const CORRUPT: &str = "the catalogue is damaged";

/// The content address of some bytes.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Writes records.
pub(crate) fn write<T: Serialize>(records: &[T]) -> Vec<u8> {
    let mut offsets = vec![0_u32];
    let mut body = Vec::new();
    for record in records {
        body.extend(postcard::to_allocvec(record).expect("records can be written"));
        offsets.push(u32::try_from(body.len()).expect("a segment stays far below 4 GiB"));
    }
    let count = u32::try_from(records.len()).expect("a segment has few records");
    let mut bytes = count.to_le_bytes().to_vec();
    bytes.extend(offsets.iter().flat_map(|offset| offset.to_le_bytes()));
    bytes.extend(body);
    bytes
}

/// How many records there are.
pub(crate) fn count(bytes: &[u8]) -> Option<usize> {
    let count = usize::try_from(word(bytes, 0)?).ok()?;
    (bytes.len() >= count.checked_add(2)?.checked_mul(4)?).then_some(count)
}

/// Reads one record.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8], at: usize) -> Option<T> {
    let count = count(bytes).filter(|count| at < *count)?;
    let body = bytes.get((count + 2) * 4..)?;
    let start = usize::try_from(word(bytes, at + 1)?).ok()?;
    let end = usize::try_from(word(bytes, at + 2)?).ok()?;
    postcard::from_bytes(body.get(start..end)?).ok()
}

/// The little-endian word with this number.
pub(crate) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at * 4..at * 4 + 4)?.try_into().ok()?))
}
