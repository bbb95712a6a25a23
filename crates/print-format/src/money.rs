//! Amounts as Frappe writes them: `fmt_money`.

use crate::{Site, numbers};
use holdfast_engine::money::{format_number, places_of};

/// How an amount is to look.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look<'a> {
    /// Decimals; the site's where none are said.
    pub(crate) places: Option<u8>,
    /// Whose symbol it carries; none without.
    pub(crate) currency: Option<&'a str>,
    /// A number format other than the site's.
    pub(crate) number_format: Option<&'a str>,
}

/// An amount with its symbol.
pub(crate) fn fmt_money(site: &Site, amount: f64, look: Look<'_>) -> String {
    let settings = &site.settings;
    let number_format = look.number_format.unwrap_or(&settings.number_format);
    let places = look.places.unwrap_or(match settings.currency_precision {
        0 => places_of(number_format),
        places => places,
    });
    let currency = look.currency.filter(|currency| !currency.is_empty());
    let places = shown_places(site, amount, places, currency, number_format);
    let number = format_number(amount, number_format, places);
    match currency {
        Some(currency) if !settings.hide_currency_symbol => with_symbol(site, &number, currency),
        _ => number,
    }
}

fn with_symbol(site: &Site, number: &str, currency: &str) -> String {
    let symbol = site.translate(site.text_of("Currency", currency, "symbol").unwrap_or(currency), None);
    let is_right = site
        .field_of("Currency", currency, "symbol_on_right")
        .is_some_and(|value| value.as_bool().unwrap_or_else(|| value.as_i64() == Some(1)));
    if is_right { format!("{number} {symbol}") } else { format!("{symbol} {number}") }
}

/// More than two decimals are only shown where the amount has more than two; else as many as the currency's fraction has.
fn shown_places(site: &Site, amount: f64, places: u8, currency: Option<&str>, number_format: &str) -> u8 {
    let has_decimals = !matches!(number_format, "#.###" | "#,###");
    if places <= 2 || !has_decimals {
        return places;
    }
    let fraction = holdfast_engine::rounding::decimal_round(amount.rem_euclid(1.0), places);
    let text = numbers::float_text(fraction);
    let significant = text.split('.').nth(1).map_or(1, str::len);
    if significant < 3 {
        currency.map_or_else(|| places_of(number_format), |currency| fraction_places(site, currency))
    } else {
        places.min(u8::try_from(significant).unwrap_or(places))
    }
}

/// The decimals that a currency's `fraction_units` need: 2 for 100, 3 for 1000.
fn fraction_places(site: &Site, currency: &str) -> u8 {
    let units = site.field_of("Currency", currency, "fraction_units").and_then(serde_json::Value::as_u64);
    let units = units.filter(|units| *units != 0).unwrap_or(100);
    u8::try_from(units.ilog10()).unwrap_or(2)
}

#[cfg(test)]
mod tests {
    use super::{Look, fmt_money};
    use crate::Site;
    use serde_json::json;

    fn site(number_format: &str) -> Site {
        let currencies = json!({
            "USD": { "symbol": "$", "fraction_units": 100 },
            "KWD": { "symbol": "KD", "symbol_on_right": 1, "fraction_units": 1000 },
        });
        let mut site = Site::default();
        site.settings.number_format = number_format.to_owned();
        site.records.insert("Currency".to_owned(), serde_json::from_value(currencies).expect("records"));
        site
    }

    #[test]
    fn amounts_look_as_the_server_writes_them() {
        let look = |currency, places| Look { currency: Some(currency), places, ..Look::default() };
        let us = site("#,###.##");

        assert_eq!(fmt_money(&us, 1_234_567.89, look("USD", None)), "$ 1,234,567.89");
        assert_eq!(fmt_money(&us, -5.0, look("USD", None)), "$ -5.00");
        assert_eq!(fmt_money(&us, 1.5, look("KWD", Some(3))), "1.500 KD");
        assert_eq!(fmt_money(&us, 1.5, look("USD", Some(3))), "$ 1.50");
        assert_eq!(fmt_money(&us, 1.2345, look("USD", Some(3))), "$ 1.234");
        assert_eq!(fmt_money(&us, 1.5, look("ZZZ", None)), "ZZZ 1.50");
        assert_eq!(fmt_money(&site("#.###,##"), 1234.5, Look::default()), "1.234,50");
        assert_eq!(fmt_money(&site("#,##,###.##"), 1_234_567.5, Look::default()), "12,34,567.50");
        assert_eq!(fmt_money(&site("#,###"), 999.5, look("USD", None)), "$ 1,000");
    }
}
