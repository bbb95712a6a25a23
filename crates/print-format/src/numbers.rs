//! Numbers as Python and Frappe read and write them.

use crate::Site;
use minijinja::{Value, value::ValueKind};

/// Python's `repr` of a float: the shortest digits that read back the same, with an exponent for the very large and small.
pub(crate) fn float_text(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return if value.is_nan() { "nan".to_owned() } else { (if value > 0.0 { "inf" } else { "-inf" }).to_owned() };
    }
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').expect("this format has an exponent");
        let (sign, exponent) = exponent.strip_prefix('-').map_or(("+", exponent), |exponent| ("-", exponent));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    format!("{value:?}")
}

/// The double in a value, where it is a float and no integer.
pub(crate) fn as_float(value: &Value) -> Option<f64> {
    if value.kind() == ValueKind::Number && !value.is_integer() { f64::try_from(value.clone()).ok() } else { None }
}

/// Python's `str` of a value.
pub(crate) fn text(value: &Value) -> String {
    as_float(value).map_or_else(|| value.to_string(), float_text)
}

/// Frappe's `cstr`: nothing for `None`.
pub(crate) fn cstr(value: &Value) -> String {
    if value.is_none() { String::new() } else { text(value) }
}

/// Frappe's `flt` without rounding: any number, a text with or without commas, zero for all else.
pub(crate) fn flt(value: &Value) -> f64 {
    match value.kind() {
        ValueKind::Number => f64::try_from(value.clone()).unwrap_or_default(),
        ValueKind::Bool => f64::from(u8::from(value.is_true())),
        ValueKind::String => {
            value.as_str().map_or(0.0, |text| text.replace(',', "").trim().parse().unwrap_or_default())
        }
        _ => 0.0,
    }
}

/// Frappe's `flt` with decimals, by the site's rounding method.
pub(crate) fn rounded(site: &Site, value: f64, places: Option<i64>) -> f64 {
    match places {
        Some(places) => site.settings.rounding_method.round(value, u8::try_from(places.clamp(0, 15)).unwrap_or(0)),
        None => value,
    }
}

/// Frappe's `cint`: cut, not rounded.
pub(crate) fn cint(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| flt(value) as i64)
}

#[cfg(test)]
mod tests {
    use super::float_text;

    #[test]
    fn floats_look_as_python_prints_them() {
        for (value, text) in [
            (1.0, "1.0"),
            (6.25, "6.25"),
            (-0.0, "-0.0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e16, "1e+16"),
            (5.551_115_123_125_783e-17, "5.551115123125783e-17"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (123_456_789.125, "123456789.125"),
        ] {
            assert_eq!(float_text(value), text);
        }
    }
}
