//! Tells a barcode scanner from a person typing.
//!
//! A keyboard wedge types a code within a few milliseconds a key and ends it with Enter. Every key press is offered here with its
//! time; a finished scan comes back as a code, however fast one follows the other.

/// Keys further apart than this are a person's, in milliseconds.
const GAP_MS_MAX: f64 = 50.0;

/// Shorter codes are not told from typing.
const LENGTH_MIN: usize = 4;

/// Longer ones are no barcodes.
const LENGTH_MAX: usize = 128;

/// What a key press led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Part of something; nothing to do yet.
    Pending,
    /// A scanner finished this code.
    Scanned(String),
    /// Enter, pressed by a person.
    Enter,
}

/// Watches key presses.
#[derive(Clone, Debug, Default)]
pub struct Scanner {
    code: String,
    last_at_ms: f64,
}

impl Scanner {
    /// Takes a printable character in.
    pub fn character(&mut self, character: char, at_ms: f64) -> Key {
        if at_ms - self.last_at_ms > GAP_MS_MAX || self.code.len() >= LENGTH_MAX {
            self.code.clear();
        }
        self.last_at_ms = at_ms;
        self.code.push(character);
        Key::Pending
    }

    /// Takes Enter in.
    pub fn enter(&mut self, at_ms: f64) -> Key {
        let is_scan = at_ms - self.last_at_ms <= GAP_MS_MAX && self.code.chars().count() >= LENGTH_MIN;
        let code = std::mem::take(&mut self.code);
        if is_scan { Key::Scanned(code) } else { Key::Enter }
    }

    /// Whether keys come so fast that they are a scanner's.
    pub fn is_scanning(&self) -> bool {
        self.code.chars().count() >= LENGTH_MIN
    }
}
