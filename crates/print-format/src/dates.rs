//! Dates in words and figures: Frappe's patterns (`dd-MM-yyyy`), Python's `strftime`, and steps between days.

use crate::{
    Site,
    moment::{Moment, clock},
    refusal::{Refusal, failure},
};
use holdfast_engine::Date;
use minijinja::Error;
use std::fmt::Write;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Monday is zero.
pub(crate) fn weekday(date: Date) -> i64 {
    // 1 January 1970 was a Thursday.
    (i64::from(date.unix_days()) + 3).rem_euclid(7)
}

/// The weekday's English name.
pub(crate) fn weekday_name(date: Date) -> &'static str {
    DAYS[weekday(date) as usize]
}

/// The month's English name.
pub(crate) fn month_name(date: Date) -> &'static str {
    MONTHS[date.ymd().1 as usize - 1]
}

/// A date by the site's `date_format`, or by a pattern.
pub(crate) fn format_date(site: &Site, moment: Moment, pattern: Option<&str>) -> Result<String, Error> {
    let pattern = pattern.unwrap_or(&site.settings.date_format).replace("mm", "MM").replace('Y', "y");
    by_pattern(site, moment, &pattern)
}

/// A time by the site's `time_format`, or by a pattern.
pub(crate) fn format_time(site: &Site, moment: Moment, pattern: Option<&str>) -> Result<String, Error> {
    by_pattern(site, moment, pattern.unwrap_or(&site.settings.time_format))
}

/// Date and time by the site's formats, or by a pattern.
pub(crate) fn format_datetime(site: &Site, moment: Moment, pattern: Option<&str>) -> Result<String, Error> {
    let settings = &site.settings;
    let own = || format!("{} {}", settings.date_format.replace("mm", "MM"), settings.time_format);
    by_pattern(site, moment, &pattern.map_or_else(own, str::to_owned))
}

/// `November 23, 2026`.
pub(crate) fn long_date(site: &Site, moment: Moment) -> Result<String, Error> {
    by_pattern(site, moment, "MMMM d, y")
}

/// A pattern of the Unicode locale data: runs of a letter are fields, text in quotes stands for itself.
fn by_pattern(site: &Site, moment: Moment, pattern: &str) -> Result<String, Error> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let text = &rest[1..];
            let end = text.find('\'').ok_or_else(|| failure(format!("the pattern {pattern} has an open quote")))?;
            out.push_str(if end == 0 { "'" } else { &text[..end] });
            rest = &text[end + 1..];
            continue;
        }
        let end = rest.find(|c| c != first).unwrap_or(rest.len());
        if first.is_ascii_alphabetic() {
            out.push_str(&pattern_field(site, moment, first, end)?);
        } else {
            out.push_str(&rest[..end]);
        }
        rest = &rest[end..];
    }
    Ok(out)
}

fn pattern_field(site: &Site, moment: Moment, letter: char, width: usize) -> Result<String, Error> {
    let (hours, minutes, seconds, _) = clock(moment.time());
    let hours = hours % 24;
    let date = || moment.date().ok_or_else(|| failure("a time has no date"));
    let names_known = || {
        let language = &site.settings.language;
        if site.is_english() { Ok(()) } else { Err(Refusal::not_held(format!("the names of months in {language}"))) }
    };
    let padded = |number: i64| format!("{number:0width$}");
    Ok(match (letter, width) {
        ('y', 2) => format!("{:02}", date()?.ymd().0.rem_euclid(100)),
        ('y', _) => padded(i64::from(date()?.ymd().0)),
        ('M' | 'L', 1 | 2) => padded(i64::from(date()?.ymd().1)),
        ('M' | 'L', 3 | 4) => {
            names_known()?;
            let name = month_name(date()?);
            if width == 3 { name[..3].to_owned() } else { name.to_owned() }
        }
        ('d', 1 | 2) => padded(i64::from(date()?.ymd().2)),
        ('E', 1..=4) => {
            names_known()?;
            let name = weekday_name(date()?);
            if width == 4 { name.to_owned() } else { name[..3].to_owned() }
        }
        ('H', 1 | 2) => padded(hours),
        ('h', 1 | 2) => padded((hours + 11) % 12 + 1),
        ('m', 1 | 2) => padded(minutes),
        ('s', 1 | 2) => padded(seconds),
        ('a', 1..=3) => {
            names_known()?;
            (if hours < 12 { "AM" } else { "PM" }).to_owned()
        }
        _ => return Err(Refusal::server_only(format!("the date pattern “{}”", letter.to_string().repeat(width)))),
    })
}

/// Python's `strftime` in the C locale.
pub(crate) fn strftime(moment: Moment, format: &str) -> Result<String, Error> {
    let mut out = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let mut directive = letters.next();
        let is_bare = directive == Some('-');
        if is_bare {
            directive = letters.next();
        }
        let text = directive.and_then(|directive| strftime_field(moment, directive));
        let text = text.ok_or_else(|| failure(format!("strftime does not know the format {format}")))?;
        out.push_str(if is_bare { text.trim_start_matches('0') } else { &text });
    }
    Ok(out)
}

fn strftime_field(moment: Moment, directive: char) -> Option<String> {
    let (hours, minutes, seconds, micros) = clock(moment.time());
    // Python gives a time without a date the first day of 1900.
    let date = moment.date().or_else(|| Date::new(1900, 1, 1))?;
    let (year, month, day) = date.ymd();
    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ = match directive {
        'Y' => write!(out, "{year:04}"),
        'y' => write!(out, "{:02}", year.rem_euclid(100)),
        'm' => write!(out, "{month:02}"),
        'd' => write!(out, "{day:02}"),
        'e' => write!(out, "{day:2}"),
        'H' => write!(out, "{hours:02}"),
        'I' => write!(out, "{:02}", (hours + 11) % 12 + 1),
        'M' => write!(out, "{minutes:02}"),
        'S' => write!(out, "{seconds:02}"),
        'f' => write!(out, "{micros:06}"),
        'p' => write!(out, "{}", if hours < 12 { "AM" } else { "PM" }),
        'A' => write!(out, "{}", weekday_name(date)),
        'a' => write!(out, "{}", &weekday_name(date)[..3]),
        'B' => write!(out, "{}", month_name(date)),
        'b' | 'h' => write!(out, "{}", &month_name(date)[..3]),
        'j' => write!(out, "{:03}", date.unix_days() - Date::new(year, 1, 1)?.unix_days() + 1),
        'F' => write!(out, "{year:04}-{month:02}-{day:02}"),
        'T' => write!(out, "{hours:02}:{minutes:02}:{seconds:02}"),
        'D' => write!(out, "{month:02}/{day:02}/{:02}", year.rem_euclid(100)),
        'R' => write!(out, "{hours:02}:{minutes:02}"),
        'w' => write!(out, "{}", (weekday(date) + 1) % 7),
        '%' => write!(out, "%"),
        _ => return None,
    };
    Some(out)
}

/// A day so many months on; the last of the month where the month is too short.
pub(crate) fn plus_months(date: Date, months: i64) -> Option<Date> {
    let (year, month, day) = date.ymd();
    let total = i64::from(year) * 12 + i64::from(month) - 1 + months;
    let year = i32::try_from(total.div_euclid(12)).ok()?;
    let month = u32::try_from(total.rem_euclid(12)).ok()? + 1;
    (1..=day).rev().take(4).find_map(|day| Date::new(year, month, day))
}

#[cfg(test)]
mod tests {
    use super::{Moment, format_date, format_datetime, format_time, long_date, plus_months, strftime};
    use crate::Site;
    use holdfast_engine::Date;

    fn noon() -> Moment {
        Moment::parse("2026-11-03 15:04:05").expect("a moment")
    }

    #[test]
    fn patterns_give_what_the_locale_data_gives() {
        let site = Site::default();
        let date = |pattern| format_date(&site, noon(), Some(pattern)).expect("a known pattern");

        assert_eq!(date("dd-mm-yyyy"), "03-11-2026");
        assert_eq!(date("d/M/yy"), "3/11/26");
        assert_eq!(date("EEEE, d. MMMM y"), "Tuesday, 3. November 2026");
        assert_eq!(date("MMM d 'at' yyyy"), "Nov 3 at 2026");
        assert_eq!(format_time(&site, noon(), Some("hh:mm a")).expect("a known pattern"), "03:04 PM");
        assert_eq!(format_datetime(&site, noon(), None).expect("a known pattern"), "2026-11-03 15:04:05");
        assert_eq!(long_date(&site, noon()).expect("a known pattern"), "November 3, 2026");
        assert!(format_date(&site, noon(), Some("QQQ")).is_err());
    }

    #[test]
    fn other_languages_keep_figures_and_refuse_names() {
        let mut site = Site::default();
        site.settings.language = "de".to_owned();

        assert_eq!(format_date(&site, noon(), Some("dd.mm.yyyy")).expect("figures"), "03.11.2026");
        assert!(format_date(&site, noon(), Some("d. MMMM y")).is_err());
    }

    #[test]
    fn strftime_is_pythons() {
        let text = strftime(noon(), "%d/%m/%y %I:%M %p, %-d %b, %A %j %%").expect("known directives");

        assert_eq!(text, "03/11/26 03:04 PM, 3 Nov, Tuesday 307 %");
        assert!(strftime(noon(), "%Q").is_err());
    }

    #[test]
    fn a_month_on_from_the_last_day_is_the_last_day() {
        let date = |text| Date::parse(text).expect("a date");

        assert_eq!(plus_months(date("2026-01-31"), 1), Some(date("2026-02-28")));
        assert_eq!(plus_months(date("2024-01-31"), 1), Some(date("2024-02-29")));
        assert_eq!(plus_months(date("2026-01-15"), -2), Some(date("2025-11-15")));
    }
}
