//! The site's clock: naive local times, as Frappe writes them.

use holdfast_engine::Date;
use holdfast_erpnext::site::Zone;

/// A moment by the site's own clock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LocalTime(String);

impl LocalTime {
    /// What the clock shows at Unix microseconds.
    pub(crate) fn new(unix_us: i64, zone: &Zone) -> Self {
        let mut text = zone.stamp(unix_us.div_euclid(1000)).to_string();
        text.truncate("2026-11-23 17:52:37.702".len());
        Self(format!("{text}{:03}", unix_us.rem_euclid(1000)))
    }

    /// The day.
    pub(crate) fn date(&self) -> Date {
        Date::parse(&self.0[..10]).unwrap_or_default()
    }

    /// `HH:MM:SS.ffffff`.
    pub(crate) fn time(&self) -> &str {
        &self.0[11..]
    }

    /// `YYYY-MM-DD HH:MM:SS.ffffff`.
    pub(crate) fn stamp(&self) -> &str {
        &self.0
    }
}

/// A time of a day that somebody wrote, as seconds since midnight.
pub(crate) fn seconds(time: &str) -> f64 {
    let mut parts = time.split(':').map(|part| part.trim().parse::<f64>().unwrap_or(0.0));
    let mut part = || parts.next().unwrap_or(0.0);
    part() * 3600.0 + part() * 60.0 + part()
}

/// A date and time that somebody wrote, so that two can be compared.
pub(crate) fn instant(text: &str) -> (Option<Date>, f64) {
    let text = text.trim();
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    (Date::parse(day), seconds(time))
}

#[cfg(test)]
mod tests {
    use super::{LocalTime, instant};
    use holdfast_erpnext::site::Zone;

    #[test]
    fn a_moment_is_written_in_the_sites_own_time() {
        let moment = LocalTime::new(1_795_474_357_702_435, &Zone::named("America/New_York").expect("a zone"));

        assert_eq!(moment.stamp(), "2026-11-23 17:52:37.702435");
    }

    #[test]
    fn moments_are_compared_however_they_are_written() {
        assert!(instant("2026-11-23 9:05:00") < instant("2026-11-23 17:00:00.000001"));
        assert!(instant("2026-11-23") < instant("2026-11-23 00:00:01"));
    }
}
