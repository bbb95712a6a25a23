//! Numbers that look random and are not: a hash of what they are about.
//!
//! What becomes of a message follows from the message's identity, not from how many were drawn before it. So a scenario that lost
//! one fault or one sale still treats all other messages as before, and shrinking works.

/// Mixes numbers into one.
pub fn mix(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9E37_79B9_7F4A_7C15, |state, part| finish(state ^ finish(*part)))
}

/// A number from zero to one.
pub fn fraction(parts: &[u64]) -> f64 {
    (mix(parts) >> 11) as f64 / (1_u64 << 53) as f64
}

fn finish(value: u64) -> u64 {
    // The finisher of SplitMix64.
    let mut value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// A stream of numbers, for making scenarios from a seed.
pub struct Stream(pub u64);

impl Stream {
    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(1);
        mix(&[self.0])
    }

    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: u64) -> u64 {
        self.draw() % end
    }

    /// Whether it is one of so many.
    pub fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }
}
