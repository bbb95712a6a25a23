//! A site's clock: ERPNext writes local times of its own zone, without saying which hour of a repeated one it means.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;

/// A local time as ERPNext writes it (`creation`, `modified`, `period_start_date`), to the microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(DateTime);

impl Stamp {
    /// Reads `YYYY-MM-DD HH:MM:SS`, with or without a fraction.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// `YYYY-MM-DD`, as `posting_date` wants it.
    pub fn date_text(self) -> String {
        self.0.date().to_string()
    }

    /// `HH:MM:SS.ffffff`, as `posting_time` wants it.
    pub fn time_text(self) -> String {
        self.to_string().split_off(11)
    }

    /// The day.
    pub fn date(self) -> holdfast_engine::Date {
        holdfast_engine::Date::parse(&self.date_text()).unwrap_or_default()
    }
}

/// Always with six decimals, so that texts sort as times do.
impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.0.date(), self.0.time());
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        write!(f, "{date} {hour:02}:{minute:02}:{second:02}.{:06}", time.subsec_nanosecond() / 1_000)
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a time of the form YYYY-MM-DD HH:MM:SS"))
    }
}

/// A time zone, System Settings `time_zone`.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of a name such as `America/New_York`; `None` where nobody knows it.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What the site's clocks show at an instant, Unix milliseconds.
    pub fn stamp(&self, at_ms: i64) -> Stamp {
        Stamp(self.0.to_datetime(instant(at_ms)))
    }

    /// The lowest that the site's clocks showed at any time from one instant to another. Where clocks were put back in between,
    /// this lies before what they showed at the start.
    pub fn lowest(&self, from_ms: i64, upto_ms: i64) -> Stamp {
        let (from, upto) = (instant(from_ms), instant(upto_ms));
        self.0
            .following(from)
            .map(|change| change.timestamp())
            .take_while(|at| *at <= upto)
            .map(|at| Stamp(self.0.to_datetime(at)))
            .chain([Stamp(self.0.to_datetime(from))])
            .min()
            .expect("there is the start")
    }

    /// The instants that a local time can mean, the earlier one first: two equal ones but where clocks were put back. A time
    /// that clocks skipped means the instant at which they did.
    pub fn instants(&self, stamp: Stamp) -> (i64, i64) {
        let ambiguous = self.0.to_ambiguous_zoned(stamp.0);
        let ms = |zoned: Result<jiff::Zoned, jiff::Error>| zoned.map_or(0, |zoned| zoned.timestamp().as_millisecond());
        (ms(ambiguous.clone().earlier()), ms(ambiguous.later()))
    }
}

/// An instant; what lies outside the calendar becomes its end.
fn instant(at_ms: i64) -> Timestamp {
    Timestamp::from_millisecond(at_ms).unwrap_or(if at_ms < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

#[cfg(test)]
mod tests {
    use super::{Stamp, Zone};

    /// 2026-11-01 05:30 UTC: half an hour before New York puts its clocks back from 2:00 to 1:00.
    const BEFORE_MS: i64 = 1_793_511_000_000;
    const HOUR_MS: i64 = 3_600_000;

    fn new_york() -> Zone {
        Zone::named("America/New_York").expect("it is in the database")
    }

    #[test]
    fn a_stamp_is_written_as_it_sorts() {
        let whole = Stamp::parse("2026-11-23 17:55:19").expect("a time");
        let part = Stamp::parse("2026-11-23 17:55:19.003920").expect("a time");

        assert_eq!(whole.to_string(), "2026-11-23 17:55:19.000000");
        assert_eq!(part.to_string(), "2026-11-23 17:55:19.003920");
        assert_eq!(part.time_text(), "17:55:19.003920");
        assert!(whole < part && whole.to_string() < part.to_string());
    }

    #[test]
    fn the_repeated_hour_is_shown_twice() {
        assert_eq!(new_york().stamp(BEFORE_MS).to_string(), "2026-11-01 01:30:00.000000");
        assert_eq!(new_york().stamp(BEFORE_MS + HOUR_MS).to_string(), "2026-11-01 01:30:00.000000");

        let (earlier, later) = new_york().instants(new_york().stamp(BEFORE_MS));

        assert_eq!((earlier, later), (BEFORE_MS, BEFORE_MS + HOUR_MS));
    }

    #[test]
    fn after_clocks_were_put_back_the_lowest_time_is_that_of_the_change() {
        let lowest = |from, upto| new_york().lowest(from, upto).to_string();

        assert_eq!(lowest(BEFORE_MS, BEFORE_MS + HOUR_MS), "2026-11-01 01:00:00.000000");
        assert_eq!(lowest(BEFORE_MS, BEFORE_MS + 60_000), "2026-11-01 01:30:00.000000");
        assert_eq!(lowest(BEFORE_MS + HOUR_MS, BEFORE_MS + 2 * HOUR_MS), "2026-11-01 01:30:00.000000");
    }
}
