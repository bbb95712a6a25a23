//! How amounts look: `ERPNext`'s `fmt_money` and the plain number beside it.

use crate::{masters::Currency, rounding::decimal_round};

/// Formats an amount with its currency's symbol in a System Settings `number_format`, as `ERPNext` prints it.
pub fn format_money(value: f64, currency: Option<&Currency>, number_format: &str, places: u8) -> String {
    let number = format_number(value, number_format, places);
    match currency {
        Some(currency) if currency.symbol_on_right => format!("{number} {}", symbol(currency)),
        Some(currency) => format!("{} {number}", symbol(currency)),
        None => number,
    }
}

fn symbol(currency: &Currency) -> &str {
    if currency.symbol.is_empty() { &currency.name } else { &currency.symbol }
}

/// Formats a number: decimal mark, grouping and sign by `number_format`, half to even on the binary value.
pub fn format_number(value: f64, number_format: &str, places: u8) -> String {
    let rounded = decimal_round(value, places) + 0.0;
    let text = format!("{:.*}", usize::from(places), rounded.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (decimal_mark, group_mark, has_indian_groups) = marks(number_format);
    let mut number = group(whole, group_mark, has_indian_groups);
    if !fraction.is_empty() {
        number.push_str(decimal_mark);
        number.push_str(fraction);
    }
    if rounded < 0.0 { format!("-{number}") } else { number }
}

/// The decimals that a `number_format` shows; two for an unknown one.
pub fn places_of(number_format: &str) -> u8 {
    match number_format {
        "#,###.###" => 3,
        "#.###" | "#,###" => 0,
        "#.########" => 8,
        _ => 2,
    }
}

/// Decimal mark, group mark, and whether groups after the first have two digits.
fn marks(number_format: &str) -> (&'static str, &'static str, bool) {
    match number_format {
        "#.###,##" => (",", ".", false),
        "# ###.##" => (".", " ", false),
        "# ###,##" => (",", " ", false),
        "#'###.##" => (".", "'", false),
        "#, ###.##" => (".", ", ", false),
        "#,##,###.##" => (".", ",", true),
        "#.###" => ("", ".", false),
        "#.########" => (".", "", false),
        _ => (".", ",", false),
    }
}

fn group(digits: &str, mark: &str, has_indian_groups: bool) -> String {
    let mut grouped = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.char_indices() {
        let left = digits.len() - index;
        let starts_group =
            left == 3 || (left > 3 && if has_indian_groups { left % 2 == 1 } else { left.is_multiple_of(3) });
        if index > 0 && starts_group {
            grouped.push_str(mark);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{format_money, format_number};
    use crate::masters::Currency;

    #[test]
    fn numbers_look_as_erpnext_prints_them() {
        assert_eq!(format_number(1_234_567.89, "#,###.##", 2), "1,234,567.89");
        assert_eq!(format_number(1_234_567.5, "#.###,##", 2), "1.234.567,50");
        assert_eq!(format_number(1_234_567.5, "#,##,###.##", 2), "12,34,567.50");
        assert_eq!(format_number(2.675, "#,###.##", 2), "2.67");
        assert_eq!(format_number(-0.001, "#,###.##", 2), "0.00");
    }

    #[test]
    fn the_minus_stands_before_the_digits() {
        let dollar = Currency { name: "USD".into(), symbol: "$".into(), ..Currency::default() };
        assert_eq!(format_money(-5.0, Some(&dollar), "#,###.##", 2), "$ -5.00");
    }
}
