//! How long to wait before trying again.

/// Exponential from `min_ms` to `max_ms` by the number of failures before this one, with `random` (0 to 1) as jitter over the
/// upper half, so that a thousand terminals do not come back in the same instant.
pub fn wait_ms(failures: u32, min_ms: u64, max_ms: u64, random: f64) -> u64 {
    let ceiling = min_ms.saturating_mul(1 << failures.min(20)).min(max_ms);
    let half = ceiling / 2;
    // The product is at most `half`, so it fits.
    half + (half as f64 * random.clamp(0.0, 1.0)) as u64
}

/// Whether a time that was set by a wait is still to come. One further away than any wait was set by a clock that has been put
/// right since: it counts for nothing.
pub fn is_to_come(now_ms: i64, at_ms: i64, wait_ms_max: u64) -> bool {
    now_ms < at_ms && at_ms <= now_ms.saturating_add_unsigned(wait_ms_max)
}
