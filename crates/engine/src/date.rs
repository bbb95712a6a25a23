//! A calendar day, as `ERPNext`'s Date fields hold it: no time, no zone.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;

/// A day, ordered by the calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Days since 1970-01-01.
    days: i32,
}

impl Date {
    /// The day of a year, month (1 to 12) and day of month; `None` where the calendar has no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 {
            return None;
        }
        let date = Self { days: days_from_civil(year, month, day) };
        (date.ymd() == (year, month, day)).then_some(date)
    }

    /// The day that is `days` days after 1970-01-01.
    pub fn from_unix_days(days: i32) -> Self {
        Self { days: days.clamp(-719_162, 2_932_896) }
    }

    /// Days since 1970-01-01.
    pub fn unix_days(self) -> i32 {
        self.days
    }

    /// Reads `YYYY-MM-DD`; anything after the tenth character (a time) is ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.get(..10)?.splitn(3, '-');
        let year = parts.next()?.parse().ok()?;
        let month = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        Self::new(year, month, day)
    }

    /// Whether the day lies from one day to another, both included; without either there is no limit on that side.
    pub fn is_within(self, from: Option<Self>, upto: Option<Self>) -> bool {
        from.is_none_or(|from| from <= self) && upto.is_none_or(|upto| self <= upto)
    }

    /// The day `days` days later, earlier if negative.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self::from_unix_days(self.days.saturating_add(days))
    }

    /// Year, month (1 to 12), day of month.
    pub fn ymd(self) -> (i32, u32, u32) {
        civil_from_days(self.days)
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar; eras of 400 years keep it free of loops.
fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = (month.cast_signed() + 9) % 12;
    let day_of_year = (153 * shifted_month + 2) / 5 + day.cast_signed() - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month.unsigned_abs(), day.unsigned_abs())
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.days.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
            Self::parse(&text).ok_or_else(|| D::Error::custom("not a date of the form YYYY-MM-DD"))
        } else {
            i32::deserialize(deserializer).map(Self::from_unix_days)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn every_day_of_four_centuries_survives_the_round_trip() {
        for days in -80_000..80_000 {
            let date = Date::from_unix_days(days);
            let (year, month, day) = date.ymd();
            assert_eq!(Date::new(year, month, day), Some(date));
            assert_eq!(Date::parse(&date.to_string()), Some(date));
        }
    }

    #[test]
    fn days_the_calendar_lacks_are_refused() {
        assert_eq!(Date::new(2026, 2, 29), None);
        assert_eq!(Date::parse("2026-13-01"), None);
        assert_eq!(Date::parse("soon"), None);
        assert!(Date::parse("2024-02-29 11:00:00").is_some());
    }
}
