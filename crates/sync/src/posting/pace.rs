//! How hard a site is worked: as many at once as it bears, and nothing while it cannot answer.
//!
//! Additive increase, multiplicative decrease. After a failure a single try goes first.

use crate::backoff::{is_to_come, wait_ms};

/// Most documents in the making at once.
const LIMIT_MAX: f64 = 8.0;

/// A try that takes longer, in milliseconds, says that the site has enough to do.
const SLOW_MS: u64 = 4_000;

/// First wait after the site did not answer, in milliseconds.
pub const RETRY_MS_MIN: u64 = 2_000;

/// Longest wait, in milliseconds.
pub const RETRY_MS_MAX: u64 = 300_000;

/// A site's pace.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    limit: f64,
    failures: u32,
    resume_at_ms: i64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { limit: 2.0, failures: 0, resume_at_ms: i64::MIN }
    }
}

impl Pace {
    /// How many may be in the making now.
    pub fn allowed(&self, now_ms: i64) -> usize {
        if is_to_come(now_ms, self.resume_at_ms, RETRY_MS_MAX) {
            0
        } else if self.failures > 0 {
            1
        } else {
            self.limit as usize
        }
    }

    /// When to look again, if the site is left alone until then.
    pub fn resume_at_ms(&self, now_ms: i64) -> Option<i64> {
        is_to_come(now_ms, self.resume_at_ms, RETRY_MS_MAX).then_some(self.resume_at_ms)
    }

    /// The site answered, after so many milliseconds.
    #[must_use]
    pub fn answered(&self, took_ms: u64) -> Self {
        let limit = if took_ms > SLOW_MS { self.limit * 0.7 } else { self.limit + 1.0 / self.limit };
        Self { limit: limit.clamp(1.0, LIMIT_MAX), ..Self::default() }
    }

    /// The site did not answer, or asked to be left alone.
    #[must_use]
    pub fn failed(&self, now_ms: i64, random: f64, after_ms: Option<u64>) -> Self {
        let wait =
            wait_ms(self.failures, RETRY_MS_MIN, RETRY_MS_MAX, random).max(after_ms.unwrap_or(0).min(RETRY_MS_MAX));
        let resume_at_ms = now_ms.saturating_add_unsigned(wait);
        Self { limit: (self.limit / 2.0).max(1.0), failures: self.failures.saturating_add(1), resume_at_ms }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_that_answers_gets_more_up_to_the_limit() {
        let pace = (0..1_000).fold(Pace::default(), |pace, _| pace.answered(100));

        assert_eq!(pace.allowed(0), LIMIT_MAX as usize);
    }

    #[test]
    fn a_slow_site_gets_one_at_a_time() {
        let pace = (0..20).fold(Pace::default(), |pace, _| pace.answered(SLOW_MS + 1));

        assert_eq!(pace.allowed(0), 1);
    }

    #[test]
    fn a_silent_site_is_left_alone_then_tried_by_one() {
        let pace = Pace::default().failed(1_000, 1.0, None);

        assert_eq!(pace.allowed(1_000), 0);
        assert_eq!(pace.allowed(1_000 + 2_000), 1);
    }

    #[test]
    fn a_site_that_names_a_time_is_left_alone_that_long() {
        let pace = Pace::default().failed(0, 0.0, Some(60_000));

        assert_eq!((pace.allowed(59_999), pace.allowed(60_000)), (0, 1));
    }

    #[test]
    fn a_clock_that_was_a_year_ahead_does_not_stop_the_work_for_a_year() {
        let pace = Pace::default().failed(365 * 86_400_000, 1.0, None);

        assert_eq!((pace.allowed(0), pace.resume_at_ms(0)), (1, None));
    }

    #[test]
    fn days_without_an_answer_never_make_a_wait_longer_than_five_minutes() {
        let pace = (0..500).fold(Pace::default(), |pace, _| pace.failed(0, 1.0, None));

        assert_eq!(pace.resume_at_ms(0), Some(300_000));
    }
}
