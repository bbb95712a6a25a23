//! Dates and times as templates see them: Python's `date`, `time`, `datetime` and `timedelta`.

use crate::{arguments::Arguments, dates, refusal::failure};
use holdfast_engine::Date;
use minijinja::{
    Error, ErrorKind, State, Value,
    value::{DynObject, Object, ObjectRepr},
};
use std::{cmp::Ordering, fmt, sync::Arc};

const SECOND: i64 = 1_000_000;
pub(crate) const DAY: i64 = 86_400 * SECOND;

/// A date, a time, both, or a span. Times and spans are in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moment {
    /// `datetime.date`.
    Date(Date),
    /// `datetime.datetime`.
    DateTime(Date, i64),
    /// `datetime.time`.
    Time(i64),
    /// `datetime.timedelta`, as which Frappe reads Time fields.
    Span(i64),
}

impl Moment {
    /// Reads `2026-11-23`, with or without a time behind a space or a `T`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.split_once([' ', 'T']) {
            None => Date::parse(text).map(Self::Date),
            Some((date, time)) => Some(Self::DateTime(Date::parse(date)?, micros(time)?)),
        }
    }

    /// Reads `9:05:00`, as a span.
    pub(crate) fn parse_span(text: &str) -> Option<Self> {
        micros(text).map(Self::Span)
    }

    /// The moment in a value: itself, or read from its text.
    pub(crate) fn from_value(value: &Value) -> Option<Self> {
        match value.downcast_object_ref::<Self>() {
            Some(moment) => Some(*moment),
            None => value.as_str().and_then(|text| Self::parse(text).or_else(|| Self::parse_span(text))),
        }
    }

    pub(crate) fn into_value(self) -> Value {
        Value::from_object(self)
    }

    /// Its day, if it has one.
    pub(crate) fn date(self) -> Option<Date> {
        match self {
            Self::Date(date) | Self::DateTime(date, _) => Some(date),
            Self::Time(_) | Self::Span(_) => None,
        }
    }

    /// Its time of day in microseconds.
    pub(crate) fn time(self) -> i64 {
        match self {
            Self::Date(_) => 0,
            Self::DateTime(_, time) | Self::Time(time) | Self::Span(time) => time,
        }
    }

    /// Microseconds since 1970 by the wall clock.
    pub(crate) fn micros(self) -> i64 {
        self.date().map_or(0, |date| i64::from(date.unix_days()) * DAY) + self.time()
    }
}

/// `12:00`, `12:00:00`, `12:00:00.5`.
fn micros(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let hours: i64 = parts.next()?.trim().parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok()?;
    let (seconds, fraction) = match parts.next() {
        Some(seconds) => seconds.split_once('.').unwrap_or((seconds, "")),
        None => ("0", ""),
    };
    let seconds: i64 = seconds.parse().ok()?;
    let fraction: i64 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    let is_time = (0..1000).contains(&hours) && (0..60).contains(&minutes) && (0..60).contains(&seconds);
    (is_time && parts.next().is_none()).then_some(((hours * 60 + minutes) * 60 + seconds) * SECOND + fraction)
}

/// Hours, minutes, seconds and microseconds of a day.
pub(crate) fn clock(micros: i64) -> (i64, i64, i64, i64) {
    let seconds = micros.div_euclid(SECOND);
    (seconds / 3600, seconds / 60 % 60, seconds % 60, micros.rem_euclid(SECOND))
}

fn write_clock(f: &mut fmt::Formatter<'_>, micros: i64, is_padded: bool) -> fmt::Result {
    let (hours, minutes, seconds, rest) = clock(micros);
    if is_padded {
        write!(f, "{hours:02}:{minutes:02}:{seconds:02}")?;
    } else {
        write!(f, "{hours}:{minutes:02}:{seconds:02}")?;
    }
    if rest != 0 { write!(f, ".{rest:06}") } else { Ok(()) }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(date) = self.date() {
            let (year, month, day) = date.ymd();
            write!(f, "{year:04}-{month:02}-{day:02}")?;
        }
        match *self {
            Self::Date(_) => Ok(()),
            Self::DateTime(_, time) => {
                f.write_str(" ")?;
                write_clock(f, time, true)
            }
            Self::Time(time) => write_clock(f, time, true),
            Self::Span(span) => {
                let days = span.div_euclid(DAY);
                match days {
                    0 => {}
                    1 | -1 => write!(f, "{days} day, ")?,
                    _ => write!(f, "{days} days, ")?,
                }
                write_clock(f, span.rem_euclid(DAY), false)
            }
        }
    }
}

impl Object for Moment {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        other.downcast_ref::<Self>().map(|other| (**self).cmp(other))
    }

    fn is_true(self: &Arc<Self>) -> bool {
        **self != Self::Span(0)
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let (hours, minutes, seconds, rest) = clock(self.time());
        let date = self.date().map(Date::ymd);
        let name = key.as_str()?;
        let number = match (name, **self) {
            ("days", Self::Span(span)) => span.div_euclid(DAY),
            ("seconds", Self::Span(span)) => span.rem_euclid(DAY) / SECOND,
            ("hour", Self::DateTime(..) | Self::Time(_)) => hours,
            ("minute", Self::DateTime(..) | Self::Time(_)) => minutes,
            ("second", Self::DateTime(..) | Self::Time(_)) => seconds,
            ("microsecond", Self::DateTime(..) | Self::Time(_)) => rest,
            ("year", _) => i64::from(date?.0),
            ("month", _) => i64::from(date?.1),
            ("day", _) => i64::from(date?.2),
            _ => return None,
        };
        Some(Value::from(number))
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let arguments = Arguments::new(args);
        match (method, **self) {
            ("strftime", moment) => {
                let format = arguments.text(0, "format").ok_or_else(|| failure("strftime needs a format"))?;
                dates::strftime(moment, &format).map(Value::from)
            }
            ("isoformat", _) => Ok(Value::from(self.to_string().replacen(' ', "T", 1))),
            ("weekday", moment) => moment
                .date()
                .map(|date| Value::from(dates::weekday(date)))
                .ok_or_else(|| Error::from(ErrorKind::UnknownMethod)),
            ("date", Self::DateTime(date, _)) => Ok(Self::Date(date).into_value()),
            ("time", Self::DateTime(_, time)) => Ok(Self::Time(time).into_value()),
            ("total_seconds", Self::Span(span)) => Ok(Value::from(span as f64 / SECOND as f64)),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn dates_and_times_print_as_python_prints_them() {
        for (text, printed) in [("2026-11-23", "2026-11-23"), ("2026-11-23T09:05:00", "2026-11-23 09:05:00")] {
            assert_eq!(Moment::parse(text).expect("a moment").to_string(), printed);
        }
        for (text, printed) in [("09:05:00", "9:05:00"), ("12:00", "12:00:00"), ("23:59:59.25", "23:59:59.250000")] {
            assert_eq!(Moment::parse_span(text).expect("a time").to_string(), printed);
        }
        for text in ["", "2026-13-01", "yesterday", "12", "1:2:3:4", "25:61:00"] {
            assert_eq!(Moment::parse(text).or_else(|| Moment::parse_span(text)), None, "{text}");
        }
    }
}
