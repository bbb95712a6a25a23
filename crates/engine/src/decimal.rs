//! The form in which amounts leave the engine: decimal strings, shortest round trip.
//!
//! Use as `#[serde(with = "holdfast_engine::decimal")]` on an `f64` field. `19.689999999999998` stays exactly that double,
//! `47.4` is written `"47.4"`, and a program that reads the string with any correct parser gets the same bits. Amounts are
//! finite by construction; a text that isn't a finite number is refused when read.

use serde::{Deserialize, Deserializer, Serializer, de::Error};
use std::borrow::Cow;

/// Writes an amount as a decimal string.
pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{}", to_text(*value)))
}

/// Reads an amount from a decimal string.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let text = Cow::<str>::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| D::Error::custom("not a decimal number"))
}

/// The shortest decimal text that reads back as the same double; never an exponent, never `-0`.
pub fn to_text(value: f64) -> String {
    // Adding zero turns a negative zero into a plain one.
    format!("{}", value + 0.0)
}

/// The same as Python shows it in a sentence: with a point also where there are no decimals.
pub fn to_python(value: f64) -> String {
    let text = to_text(value);
    if text.contains('.') || !value.is_finite() { text } else { text + ".0" }
}

/// Reads a plain decimal number; `None` for anything that isn't one or isn't finite.
pub fn parse(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
    text.parse::<f64>().ok().filter(|v| plain && v.is_finite())
}

/// The same for amounts that may be absent: use as `#[serde(with = "holdfast_engine::decimal::option")]`.
pub mod option {
    use super::{Cow, Deserialize, Deserializer, Error, Serializer};

    /// Writes an amount that may be absent.
    pub fn serialize<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.serialize_some(&super::to_text(*value)),
            None => serializer.serialize_none(),
        }
    }

    /// Reads an amount that may be absent.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
        let Some(text) = Option::<Cow<str>>::deserialize(deserializer)? else {
            return Ok(None);
        };
        super::parse(&text).map(Some).ok_or_else(|| D::Error::custom("not a decimal number"))
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, to_python, to_text};

    #[test]
    fn text_reads_back_as_the_same_double() {
        for value in [0.0, 0.1, 47.4, 19.689_999_999_999_998, -5.010_000_000_000_002, 1e21, 5e-324] {
            assert_eq!(parse(&to_text(value)).map(f64::to_bits), Some(value.to_bits()));
        }
    }

    #[test]
    fn pythons_text_always_has_a_point() {
        assert_eq!([1.0, 0.1, -20.0].map(to_python), ["1.0", "0.1", "-20.0"]);
    }

    #[test]
    fn negative_zero_is_written_as_zero() {
        assert_eq!(to_text(-0.0), "0");
    }

    #[test]
    fn what_is_no_plain_number_is_refused() {
        for text in ["", "NaN", "inf", "1e3", "1,5", "0x10"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
