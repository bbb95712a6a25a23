//! How long to wait before trying again.

/// Exponential from `min_ms` to `max_ms` by the number of failures before this one, with `random` (0 to 1) as jitter over the
/// upper half, so that a thousand terminals do not come back in the same instant.
pub fn wait_ms(failures: u32, min_ms: u64, max_ms: u64, random: f64) -> u64 {
    let ceiling = min_ms.saturating_mul(1 << failures.min(20)).min(max_ms);
    let half = ceiling / 2;
    // The product is at most `half`, so it fits.
    half + (half as f64 * random.clamp(0.0, 1.0)) as u64
}
