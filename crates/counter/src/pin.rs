//! How long to wait after wrong PINs.
//!
//! The count is stored before a PIN is tried, so neither a reload nor a kill forgives. Only time counts
//! that the app was open and that the clock moved forward: a clock set forward shortens no wait, one set back makes it longer,
//! and closing the app stops it.

use serde::{Deserialize, Serialize};

/// Wrong tries that cost nothing.
const FREE_TRIES: u32 = 3;

/// The longest wait, in milliseconds.
const WAIT_MS_MAX: i64 = 15 * 60 * 1000;

/// What is remembered of an employee's tries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// Wrong ones since the last right one.
    pub count: u32,
    /// When the last one was made.
    pub last_at_ms: i64,
}

impl Tries {
    /// How long to wait before the next try, in milliseconds. `watched_ms`: for how long the app has been open since the last
    /// try, by a clock that nobody sets.
    pub fn wait_ms(self, now_ms: i64, watched_ms: i64) -> i64 {
        let Some(steps) = self.count.checked_sub(FREE_TRIES) else {
            return 0;
        };
        let wait = (5_000_i64 << steps.min(20)).min(WAIT_MS_MAX);
        let passed = (now_ms - self.last_at_ms).min(watched_ms).max(0);
        (wait - passed).max(0)
    }

    /// Counts a try that is about to be made.
    #[must_use]
    pub fn begin(self, now_ms: i64) -> Self {
        Self { count: self.count.saturating_add(1), last_at_ms: now_ms.max(self.last_at_ms) }
    }
}

/// Whether a PIN has the right form: 4 to 8 digits.
pub fn is_pin(text: &str) -> bool {
    (4..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}
