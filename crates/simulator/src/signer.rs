//! A signature that costs nothing: a keyed hash in the place of P-256.
//!
//! A million real signatures take minutes, and none of the faults here forges one; the real ones have their own tests in
//! `sync`. It goes through the same [`Verifier`], so a wrong journal or altered bytes are noticed here as there.

use crate::fate::mix;
use holdfast_sync::{PublicKey, Signature, TerminalId, entry::Verifier};

/// A terminal's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheapKey(u64);

impl CheapKey {
    /// The key of a terminal.
    pub fn of(terminal: TerminalId) -> Self {
        Self(mix(&[read(&terminal.0)]))
    }

    /// Signs.
    pub fn sign(self, message: &[u8]) -> Signature {
        let mut bytes = [0; 64];
        bytes[..8].copy_from_slice(&self.hash(message).to_be_bytes());
        Signature(bytes)
    }

    /// What stands for the public key.
    pub fn public(self) -> PublicKey {
        PublicKey(self.0.to_be_bytes().to_vec())
    }

    fn hash(self, message: &[u8]) -> u64 {
        mix(&[self.0, read(message)])
    }
}

impl Verifier for CheapKey {
    fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        signature.0[..8] == self.hash(message).to_be_bytes()
    }
}

fn read(bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(0, |state, chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        mix(&[state, u64::from_be_bytes(word)])
    })
}
