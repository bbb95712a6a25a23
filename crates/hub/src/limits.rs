//! How often somebody may try. Token buckets by key, in memory: a restart forgives.

use crate::{error::ApiError, state::now_ms};
use holdfast_sync::Hash;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Most keys that are remembered; the oldest go first.
const KEYS_MAX: usize = 10_000;

/// Buckets by key.
#[derive(Default)]
pub(crate) struct Limits {
    /// By the hash of their key: what a caller calls itself may be long.
    buckets: Mutex<HashMap<Hash, Bucket>>,
}

struct Bucket {
    tokens: f64,
    filled_at_ms: i64,
}

/// How many at once, and how many come back a minute.
#[derive(Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) burst: f64,
    pub(crate) per_minute: f64,
}

/// Enrolment tries from one address.
pub(crate) const ENROLMENT_BY_ADDRESS: Rate = Rate { burst: 10.0, per_minute: 10.0 };

/// Enrolment tries for one account.
pub(crate) const ENROLMENT_BY_ACCOUNT: Rate = Rate { burst: 5.0, per_minute: 5.0 };

/// What a site says of its changes, from one address.
pub(crate) const WEBHOOK: Rate = Rate { burst: 600.0, per_minute: 1_200.0 };

/// Requests from one address that claim to be a terminal's and are not.
pub(crate) const FORGED: Rate = Rate { burst: 60.0, per_minute: 60.0 };

/// Signed requests of one terminal.
pub(crate) const SIGNED: Rate = Rate { burst: 400.0, per_minute: 6_000.0 };

impl Limits {
    /// Takes one try; refuses with how long to wait.
    pub(crate) fn take(&self, key: &str, rate: Rate) -> Result<(), ApiError> {
        self.draw(key, rate, 1.0)
    }

    /// Refuses where no try is left, and takes none: for what only counts when it turns out wrong.
    pub(crate) fn look(&self, key: &str, rate: Rate) -> Result<(), ApiError> {
        self.draw(key, rate, 0.0)
    }

    fn draw(&self, key: &str, rate: Rate, count: f64) -> Result<(), ApiError> {
        let key = Hash::of(key.as_bytes());
        let now = now_ms();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= KEYS_MAX && !buckets.contains_key(&key) {
            let oldest = buckets.iter().min_by_key(|(_, bucket)| bucket.filled_at_ms).map(|(key, _)| *key);
            oldest.and_then(|oldest| buckets.remove(&oldest));
        }
        let bucket = buckets.entry(key).or_insert(Bucket { tokens: rate.burst, filled_at_ms: now });
        let per_ms = rate.per_minute / 60_000.0;
        let passed = (now - bucket.filled_at_ms).max(0) as f64;
        bucket.tokens = (bucket.tokens + passed * per_ms).min(rate.burst);
        bucket.filled_at_ms = now;
        if bucket.tokens < 1.0 {
            let retry_after_ms = ((1.0 - bucket.tokens) / per_ms).ceil() as u64;
            return Err(ApiError::TooManyTries { retry_after_ms });
        }
        bucket.tokens -= count;
        Ok(())
    }
}
