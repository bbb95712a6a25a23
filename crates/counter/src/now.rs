//! The moment in which an action arrives: the only clock and the only randomness that the counter knows.

use holdfast_engine::Date;

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// When an action happens, with fresh randomness. Made by the host for every action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// The terminal's clock: Unix milliseconds. May jump; somebody can set it.
    pub ms: i64,
    /// Minutes that the wall clock is ahead of UTC.
    pub offset_min: i32,
    /// Milliseconds since the app was loaded, by a clock that nobody can set (`performance.now()`).
    pub uptime_ms: u64,
    /// Sixteen bytes that nobody can guess, new for every action.
    pub random: [u8; 16],
}

impl Now {
    /// A number from 0 to 1 for jitter.
    pub(crate) fn jitter(&self) -> f64 {
        f64::from(self.random[0]) / 255.0
    }
}

/// A moment of the shop's wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wall {
    /// The day.
    pub date: Date,
    /// Seconds since midnight.
    pub second: u32,
}

impl Wall {
    /// The wall clock at a moment, `offset_min` minutes ahead of UTC.
    pub fn at(ms: i64, offset_min: i32) -> Self {
        let local = ms.saturating_add(i64::from(offset_min) * MINUTE_MS);
        let days = local.div_euclid(DAY_MS).clamp(i64::from(i32::MIN), i64::from(i32::MAX));
        let second = local.rem_euclid(DAY_MS) / 1_000;
        Self {
            date: Date::from_unix_days(i32::try_from(days).expect("it was clamped to that range")),
            second: u32::try_from(second).expect("a day has 86,400 seconds"),
        }
    }

    /// `14:05`.
    pub fn time(self) -> String {
        format!("{:02}:{:02}", self.second / 3_600, self.second / 60 % 60)
    }

    /// ERPNext's form: `2026-11-23 14:05:09`.
    pub fn posted(self) -> String {
        format!("{} {}:{:02}", self.date, self.time(), self.second % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::Wall;

    #[test]
    fn the_wall_clock_follows_the_offset_over_midnight() {
        // 2026-11-23 23:30:09 UTC
        let ms = 1_795_476_609_000;

        assert_eq!(Wall::at(ms, 0).posted(), "2026-11-23 23:30:09");
        assert_eq!(Wall::at(ms, 390).posted(), "2026-11-24 06:00:09");
        assert_eq!(Wall::at(ms, -600).posted(), "2026-11-23 13:30:09");
    }

    #[test]
    fn no_clock_value_is_too_strange() {
        for ms in [i64::MIN, -1, 0, i64::MAX] {
            assert!(Wall::at(ms, 840).second < 86_400);
        }
    }
}
