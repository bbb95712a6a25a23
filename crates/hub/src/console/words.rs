//! Times and amounts as people read them.

use crate::state::now_ms;

/// How long ago something was: `3 min`, `2 h`, `5 days`.
pub(super) fn ago(at_ms: i64) -> String {
    if at_ms <= 0 {
        return "never".to_owned();
    }
    let minutes = (now_ms() - at_ms).max(0) / 60_000;
    match minutes {
        0 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..2_880 => format!("{} h ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1_440),
    }
}

/// A time in UTC: `2026-11-24 22:49`.
pub(super) fn when(at_ms: i64) -> String {
    let (days, rest) = (at_ms.div_euclid(86_400_000), at_ms.rem_euclid(86_400_000));
    let (year, month, day) = date(days);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60)
}

/// The day of the Gregorian calendar that is so many days after 1970-01-01.
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::when;

    #[test]
    fn times_are_written_to_the_second() {
        assert_eq!(when(0), "1970-01-01 00:00:00");
        assert_eq!(when(951_868_799_000), "2000-02-29 23:59:59");
        assert_eq!(when(1_795_560_582_123), "2026-11-24 22:49:42");
    }
}
