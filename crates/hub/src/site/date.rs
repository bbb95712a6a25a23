//! The `Date` and `Retry-After` headers.

/// Days from 1970-01-01 to a day of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that the leap day is their last.
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

/// Reads `Tue, 24 Nov 2026 22:49:42 GMT` as Unix milliseconds; `None` for anything else.
pub(super) fn http_date_ms(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let rest = text.split_once(", ")?.1.strip_suffix(" GMT")?;
    let mut parts = rest.split(' ');
    let day: i64 = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let month = i64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()? + 1;
    let year: i64 = parts.next()?.parse().ok()?;
    let mut clock = parts.next()?.split(':').map(str::parse::<i64>);
    let mut next = || clock.next()?.ok();
    let (hour, minute, second) = (next()?, next()?, next()?);
    let is_day = (1..=31).contains(&day) && (1970..=9999).contains(&year);
    let is_time = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    (is_day && is_time && parts.next().is_none())
        .then(|| (((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000)
}

/// Reads `Retry-After`: seconds, or a date that is compared with now.
pub(super) fn retry_after_ms(text: &str, now_ms: i64) -> Option<u64> {
    match text.trim().parse::<u64>() {
        Ok(seconds) => Some(seconds.saturating_mul(1000)),
        Err(_) => Some(u64::try_from(http_date_ms(text)? - now_ms).unwrap_or(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::{http_date_ms, retry_after_ms};

    #[test]
    fn dates_are_read_to_the_second() {
        assert_eq!(http_date_ms("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(http_date_ms("Tue, 29 Feb 2000 23:59:59 GMT"), Some(951_868_799_000));
        assert_eq!(http_date_ms("Tue, 24 Nov 2026 22:49:42 GMT"), Some(1_795_560_582_000));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in
            ["", "now", "Tue, 24 Nov 2026 22:49:42", "Tue, 99 Nov 2026 22:49:42 GMT", "Tue, 24 Nov 2026 22:49 GMT"]
        {
            assert_eq!(http_date_ms(text), None, "{text}");
        }
    }

    #[test]
    fn a_wait_comes_in_seconds_or_as_a_date() {
        assert_eq!(retry_after_ms("120", 0), Some(120_000));
        assert_eq!(retry_after_ms("Thu, 01 Jan 1970 00:01:00 GMT", 45_000), Some(15_000));
        assert_eq!(retry_after_ms("Thu, 01 Jan 1970 00:01:00 GMT", 90_000), Some(0));
        assert_eq!(retry_after_ms("soon", 0), None);
    }
}
