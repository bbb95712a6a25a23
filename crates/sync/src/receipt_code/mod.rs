//! The code on a receipt from which a hub can rebuild the sale, should the terminal burn down before it was in reach of one.
//!
//! It names its journal entry by the very [`PostingId`] that the entry has, so what is rebuilt and what comes later from the
//! journal are one row, and one document: nothing is booked twice. It is signed by the terminal's key. Amounts are exact.
//!
//! A code is a text of letters and digits, which QR codes pack tightest. A long sale takes several codes, each of them printable
//! on paper 58 mm wide; a very long one is told without its lines, for a person to complete from the paper.

pub mod base45;
mod content;

use crate::{
    body::{Body, Sale},
    entry::{Entry, Verifier},
    ids::{Hash, ShiftId, Signature, TerminalId},
    posting::{PostingId, Task, TaskKind},
};
use content::Content;

/// What every code begins with; the digit is the format's version.
pub const PREFIX: &str = "HF1";

/// Most bytes in one code. As Base45 they fit QR version 20 with medium correction: 97 modules, 36 mm at 203 dots an inch.
pub const PART_BYTES_MAX: usize = 600;

/// Most codes on a receipt.
pub const PARTS_MAX: usize = 4;

/// A code that still needs its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned {
    bytes: Vec<u8>,
    digest: Hash,
}

/// Why a code is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCode {
    /// Something else.
    #[error("this is no code of a receipt")]
    Other,
    /// Written by a later version.
    #[error("the code is of a later version: update the hub")]
    TooNew,
    /// Not all of the receipt's codes are there.
    #[error("scan the receipt's other codes too: {0} of {1} are there")]
    Incomplete(usize, usize),
    /// The codes are of different receipts, or damaged.
    #[error("the code does not read as a sale")]
    Damaged,
    /// Another key made it.
    #[error("the code was not signed by terminal {0}")]
    BadSignature(TerminalId),
}

/// A sale that was rebuilt from paper.
#[derive(Clone, Debug, PartialEq)]
pub struct Rebuilt {
    /// The journal entry that it stands for.
    pub id: PostingId,
    /// The shift it was made in.
    pub shift: Option<ShiftId>,
    /// Who made it.
    pub employee: Option<String>,
    /// The terminal's clock, Unix milliseconds.
    pub made_at_ms: i64,
    /// What was sold, without what the catalogue knows.
    pub sale: Sale,
    /// Whether its lines are there.
    pub is_complete: bool,
}

impl Unsigned {
    /// The code of a sale; `None` for an entry that is none.
    pub fn of(entry: &Entry) -> Option<Self> {
        let Body::Sale(sale) = &entry.body else { return None };
        let most = PART_BYTES_MAX * PARTS_MAX - 64;
        let whole = Content::of(entry, sale, true).and_then(|content| Self::new(&content, most));
        whole.or_else(|| Self::new(&Content::of(entry, sale, false)?, most))
    }

    fn new(content: &Content, most: usize) -> Option<Self> {
        let bytes = postcard::to_allocvec(content).expect("contents hold nothing that cannot be written");
        (bytes.len() <= most).then(|| Self { digest: digest(&bytes), bytes })
    }

    /// What the terminal's key signs.
    pub fn to_sign(&self) -> &[u8; 32] {
        &self.digest.0
    }

    /// Puts the signature to it: the texts of the receipt's codes, in order.
    pub fn seal(self, signature: Signature) -> Vec<String> {
        let mut bytes = self.bytes;
        bytes.extend(signature.0);
        let parts = bytes.len().div_ceil(PART_BYTES_MAX);
        // All of about the same size, so that all look alike.
        let chunks = bytes.chunks(bytes.len().div_ceil(parts));
        chunks.enumerate().map(|(at, chunk)| format!("{PREFIX}{}{parts}{}", at + 1, base45::encode(chunk))).collect()
    }
}

/// Rebuilds a sale from the texts of its codes, in any order. `key` gives the key of a terminal that the hub knows.
pub fn rebuild<K: Verifier>(texts: &[&str], key: impl Fn(TerminalId) -> Option<K>) -> Result<Rebuilt, BadCode> {
    let bytes = gather(texts)?;
    let (bytes, signature) = bytes.split_last_chunk::<64>().ok_or(BadCode::Damaged)?;
    let content: Content = match postcard::take_from_bytes(bytes) {
        Ok((content, [])) => content,
        _ => return Err(BadCode::Damaged),
    };
    let is_signed = key(content.terminal).is_some_and(|key| key.verifies(&digest(bytes).0, &Signature(*signature)));
    if !is_signed {
        return Err(BadCode::BadSignature(content.terminal));
    }
    Ok(Rebuilt {
        id: PostingId { terminal: content.terminal, seq: content.seq, mark: content.mark },
        shift: content.shift,
        employee: content.employee(),
        made_at_ms: content.made_at_ms,
        sale: content.sale().ok_or(BadCode::Damaged)?,
        is_complete: content.is_complete,
    })
}

/// Puts the parts together.
fn gather(texts: &[&str]) -> Result<Vec<u8>, BadCode> {
    let mut parts: Vec<Option<&str>> = Vec::new();
    for text in texts {
        let rest = text.strip_prefix("HF").ok_or(BadCode::Other)?;
        let mut digits = rest.chars().map(|digit| digit.to_digit(10));
        let mut digit = || digits.next().flatten().ok_or(BadCode::Other);
        let (version, at, count) = (digit()?, digit()? as usize, digit()? as usize);
        if version > 1 {
            return Err(BadCode::TooNew);
        }
        if parts.is_empty() {
            parts.resize(count, None);
        }
        let is_there = at.checked_sub(1).and_then(|at| parts.get_mut(at)).filter(|_| version == 1);
        *is_there.ok_or(BadCode::Damaged)? = Some(&rest[3..]);
    }
    let there = parts.iter().flatten().count();
    if there < parts.len() || parts.is_empty() {
        return Err(BadCode::Incomplete(there, parts.len()));
    }
    let decoded = parts.into_iter().flatten().map(|part| base45::decode(part).ok_or(BadCode::Damaged));
    Ok(decoded.collect::<Result<Vec<_>, _>>()?.concat())
}

/// What is signed: a code can be taken for nothing else that the terminal signs.
fn digest(bytes: &[u8]) -> Hash {
    Hash::of(&[b"holdfast-receipt-1\n", bytes].concat())
}

impl Rebuilt {
    /// What it asks of the books: the same as its entry would. Kept once for each id, like an entry's.
    pub fn task(&self) -> Task {
        Task { id: self.id, shift: self.shift, kind: TaskKind::Invoice, needs: Vec::new() }
    }

    /// Where the journal's entry, which came later, says something else about the money. Empty where both agree; `None` if it
    /// is another entry. The entry is what counts from then on.
    pub fn differences(&self, entry: &Entry) -> Option<Vec<&'static str>> {
        let Body::Sale(sale) = &entry.body else { return None };
        if PostingId::of(entry) != self.id {
            return None;
        }
        let (ours, theirs) = (&self.sale.invoice, &sale.invoice);
        let paid = |invoice: &holdfast_engine::Invoice| -> Vec<(String, u64)> {
            invoice.payments.iter().map(|it| (it.mode_of_payment.clone(), it.amount.to_bits())).collect()
        };
        let is_same = [
            ("receipt_number", self.sale.receipt_number == sale.receipt_number),
            ("grand_total", ours.grand_total == theirs.grand_total),
            ("rounded_total", ours.rounded_total == theirs.rounded_total),
            ("change_amount", ours.change_amount == theirs.change_amount),
            ("payments", paid(ours) == paid(theirs)),
        ];
        Some(is_same.into_iter().filter(|(_, is_same)| !is_same).map(|(field, _)| field).collect())
    }
}
