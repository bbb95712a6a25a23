//! `ERPNext`'s rounding: three methods, chosen in System Settings (`rounding_method`), and the smallest currency fraction.
//!
//! Each method reproduces the doubles that the server gets. The shortcuts taken before the exact path are proven equal to
//! it by a property below: they only skip decimal formatting where it cannot change the answer.

use serde::{Deserialize, Serialize};

/// System Settings `rounding_method`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoundingMethod {
    /// Half to even, forgiving about one unit in the last place; the default of new sites.
    #[default]
    Bankers,
    /// Half toward positive infinity (half to even at zero decimals); the default of sites from before version 14.
    BankersLegacy,
    /// Half away from zero.
    Commercial,
}

impl RoundingMethod {
    /// Reads System Settings' text; an empty one means the legacy method, as on the server.
    pub fn from_erpnext(text: &str) -> Option<Self> {
        match text {
            "Banker's Rounding" => Some(Self::Bankers),
            "" | "Banker's Rounding (legacy)" => Some(Self::BankersLegacy),
            "Commercial Rounding" => Some(Self::Commercial),
            _ => None,
        }
    }

    /// Rounds to `places` decimals. What isn't finite becomes zero, as Frappe's `flt` makes it.
    pub fn round(self, value: f64, places: u8) -> f64 {
        if !value.is_finite() {
            return 0.0;
        }
        if let Some(rounded) = away_from_half(value, places) {
            return rounded;
        }
        let rounded = match self {
            Self::Bankers => bankers(value, places),
            Self::BankersLegacy => bankers_legacy(value, places),
            Self::Commercial => commercial(value, places),
        };
        if rounded.is_finite() { rounded + 0.0 } else { 0.0 }
    }
}

/// The common case: far enough from a half that every method agrees on the nearest multiple.
fn away_from_half(value: f64, places: u8) -> Option<f64> {
    if places > 9 {
        return None;
    }
    let multiplier = power_of_ten(places);
    let scaled = value * multiplier;
    let clear = scaled.abs() < 1e9 && (scaled - scaled.floor() - 0.5).abs() > 1e-6;
    clear.then(|| scaled.round_ties_even() / multiplier + 0.0)
}

fn bankers(value: f64, places: u8) -> f64 {
    let multiplier = power_of_ten(places);
    let scaled = decimal_round(value * multiplier, 12);
    if scaled == 0.0 {
        return 0.0;
    }
    let floor = scaled.floor();
    let is_half = (scaled - floor - 0.5).abs() < epsilon(scaled);
    let whole = match is_half {
        true if floor % 2.0 == 0.0 => floor,
        true => floor + 1.0,
        false => scaled.round_ties_even(),
    };
    whole / multiplier
}

fn bankers_legacy(value: f64, places: u8) -> f64 {
    let multiplier = power_of_ten(places);
    let scaled = decimal_round(if places == 0 { value } else { value * multiplier }, 8);
    let floor = scaled.floor();
    let is_half = scaled - floor == 0.5;
    let whole = match is_half {
        true if places == 0 && floor % 2.0 == 0.0 => floor,
        true => floor + 1.0,
        false => scaled.round_ties_even(),
    };
    if places == 0 { whole } else { whole / multiplier }
}

fn commercial(value: f64, places: u8) -> f64 {
    if value == 0.0 {
        return 0.0;
    }
    decimal_round(value + epsilon(value).copysign(value), places)
}

/// One to two units in the last place. Frappe takes the power of two of a logarithm, whose last bit depends on the machine's
/// library of functions; this is what it stands for, and the same everywhere.
fn epsilon(value: f64) -> f64 {
    value.abs() * f64::EPSILON
}

/// Python's `round`: the exact binary value, half to even, at a number of decimals.
pub fn decimal_round(value: f64, places: u8) -> f64 {
    let places = usize::from(places);
    format!("{value:.places$}").parse().expect("a formatted double reads back")
}

fn power_of_ten(places: u8) -> f64 {
    10.0_f64.powi(i32::from(places))
}

/// Rounds to the smallest fraction of the document's currency (Currency `smallest_currency_fraction_value`), or to
/// whole units where that is zero. Exactly half goes toward negative infinity.
pub fn round_to_fraction(method: RoundingMethod, value: f64, fraction: f64, places: u8) -> f64 {
    if fraction == 0.0 {
        return method.round(method.round(value, 0), places);
    }
    let multiplier = power_of_ten(places);
    let remainder = if places == 0 {
        value.rem_euclid(fraction)
    } else {
        floored_mod(value * multiplier, fraction * multiplier) / multiplier
    };
    let remainder = method.round(remainder, places);
    let rounded = if remainder > fraction / 2.0 { value + (fraction - remainder) } else { value - remainder };
    method.round(rounded, places)
}

/// Python's `%` on floats: the result has the sign of the divisor.
fn floored_mod(a: f64, b: f64) -> f64 {
    let remainder = a % b;
    if remainder != 0.0 && (remainder < 0.0) != (b < 0.0) { remainder + b } else { remainder }
}

#[cfg(test)]
mod tests {
    use super::{RoundingMethod, bankers, bankers_legacy, commercial, decimal_round, round_to_fraction};
    use proptest::prelude::*;

    const METHODS: [RoundingMethod; 3] =
        [RoundingMethod::BankersLegacy, RoundingMethod::Bankers, RoundingMethod::Commercial];

    #[test]
    fn reference_values_come_out_as_on_the_server() {
        let cases = [
            (0.285, 2, [0.29, 0.28, 0.29]),
            (1.005, 2, [1.01, 1.0, 1.01]),
            (-1.005, 2, [-1.0, -1.0, -1.01]),
            (2.675, 2, [2.68, 2.68, 2.68]),
            (2.5, 0, [2.0, 2.0, 3.0]),
            (3.5, 0, [4.0, 4.0, 4.0]),
            (-155.425, 2, [-155.42, -155.42, -155.43]),
            (-1418.555, 2, [-1418.55, -1418.56, -1418.56]),
            (1475.085, 2, [1475.09, 1475.08, 1475.09]),
        ];
        for (value, places, expected) in cases {
            let got = METHODS.map(|method| method.round(value, places));
            assert_eq!(got, expected, "{value} at {places}");
        }
    }

    #[test]
    fn half_a_fraction_goes_down_also_for_a_return() {
        assert_eq!(round_to_fraction(RoundingMethod::Bankers, 10.25, 0.5, 2), 10.0);
        assert_eq!(round_to_fraction(RoundingMethod::Bankers, -10.25, 0.5, 2), -10.5);
        assert_eq!(round_to_fraction(RoundingMethod::Bankers, 10.49, 0.0, 2), 10.0);
    }

    /// Frappe's own words for [`super::epsilon`].
    fn by_logarithm(value: f64) -> f64 {
        2.0_f64.powf(value.abs().ln() / 2.0_f64.ln() - 52.0)
    }

    proptest! {
        #[test]
        fn the_nudge_decides_as_frappes_does(halves in -2_000_000_000_i64..2_000_000_000, ulps in -3_i64..=3, places in 0_u8..4) {
            let half = (halves as f64 + 0.5) / 10.0_f64.powi(i32::from(places));
            let value = f64::from_bits((half.to_bits().cast_signed() + ulps).cast_unsigned());
            let nudged = decimal_round(value + by_logarithm(value).copysign(value), places);
            prop_assert_eq!(commercial(value, places), nudged);
            let scaled = decimal_round(value * 10.0_f64.powi(i32::from(places)), 12);
            let distance = (scaled - scaled.floor() - 0.5).abs();
            prop_assert_eq!(distance < super::epsilon(scaled), distance < by_logarithm(scaled));
        }

        #[test]
        fn the_shortcut_changes_nothing(value in -1e7..1e7_f64, cents in -100_000_000_i64..100_000_000, places in 0_u8..5) {
            for value in [value, cents as f64 / 1000.0, cents as f64 * 0.005] {
                prop_assert_eq!(RoundingMethod::Bankers.round(value, places), bankers(value, places) + 0.0);
                prop_assert_eq!(RoundingMethod::BankersLegacy.round(value, places), bankers_legacy(value, places) + 0.0);
                prop_assert_eq!(RoundingMethod::Commercial.round(value, places), commercial(value, places) + 0.0);
            }
        }
    }
}
