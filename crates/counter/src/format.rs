//! How numbers look at this counter, and how typed numbers are read: System Settings' number format and the currency.

use crate::now::Wall;
use holdfast_engine::{
    masters::{Currency, Tables},
    money::{format_money, format_number},
};

/// The shop's way to write numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Format {
    number_format: String,
    /// Decimals of money.
    pub(crate) places: u8,
    float_places: u8,
    currency: Option<Currency>,
}

impl Format {
    /// As the tables say, for amounts in a currency.
    pub(crate) fn new(tables: &Tables, currency: &str) -> Self {
        Self {
            number_format: tables.settings.number_format.clone(),
            places: tables.settings.currency_precision,
            float_places: tables.settings.float_precision,
            currency: tables.currency(currency).cloned(),
        }
    }

    /// An amount with its currency.
    pub(crate) fn money(&self, amount: f64) -> String {
        format_money(amount, self.currency.as_ref(), &self.number_format, self.places)
    }

    /// An amount without its currency.
    pub(crate) fn amount(&self, amount: f64) -> String {
        format_number(amount, &self.number_format, self.places)
    }

    /// A note or coin: no decimals where it has none.
    pub(crate) fn face_value(&self, value: f64) -> String {
        let places = if value.fract() == 0.0 { 0 } else { self.places };
        format_money(value, self.currency.as_ref(), &self.number_format, places)
    }

    /// A quantity or a percentage: as many decimals as it has, grouped.
    pub(crate) fn quantity(&self, value: f64) -> String {
        self.trimmed(value, self.float_places)
    }

    fn trimmed(&self, value: f64, places: u8) -> String {
        let needed = (0..places).find(|places| {
            let scale = 10_f64.powi(i32::from(*places));
            ((value * scale).round() - value * scale).abs() < 1e-6
        });
        format_number(value, &self.number_format, needed.unwrap_or(places))
    }

    /// As it would be typed: no grouping.
    pub(crate) fn typed(&self, value: f64) -> String {
        holdfast_engine::decimal::to_text(value).replace('.', self.mark())
    }

    /// The decimal mark; empty where the number format has none.
    pub(crate) fn mark(&self) -> &'static str {
        match self.number_format.as_str() {
            "#.###,##" | "# ###,##" => ",",
            "#.###" | "#,###" => "",
            _ => ".",
        }
    }

    /// Reads what somebody typed: group marks and spaces are skipped; the other decimal mark is understood where it
    /// cannot be a group mark. `None` for anything that isn't a number.
    pub(crate) fn read(&self, text: &str) -> Option<f64> {
        let text = text.trim();
        let mark = if self.mark() == "," { ',' } else { '.' };
        let other = if mark == ',' { '.' } else { ',' };
        let is_group = |at: usize| {
            // A mark before exactly three digits, or one of several, groups.
            let after = text[at + 1..].chars().take_while(char::is_ascii_digit).count();
            after == 3 || text.matches(other).count() > 1 || text.contains(mark)
        };
        let mut plain = String::with_capacity(text.len());
        for (at, c) in text.char_indices() {
            match c {
                '0'..='9' | '-' => plain.push(c),
                c if c == mark => plain.push('.'),
                c if c == other && is_group(at) => {}
                c if c == other => plain.push('.'),
                ' ' | '\u{a0}' | '\u{202f}' | '\'' => {}
                _ => return None,
            }
        }
        holdfast_engine::decimal::parse(&plain)
    }

    /// A size in storage.
    pub(crate) fn bytes(bytes: u64) -> String {
        let tenths = bytes / 100_000;
        if bytes < 1_000_000 {
            format!("{} kB", bytes.div_ceil(1_000))
        } else {
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

/// A moment in words: the time today, else with its day.
pub(crate) fn moment(at: Wall, today: Wall) -> String {
    if at.date == today.date { at.time() } else { format!("{} {}", at.date, at.time()) }
}

#[cfg(test)]
mod tests {
    use super::Format;
    use holdfast_engine::Tables;

    fn format(number_format: &str) -> Format {
        let mut tables = Tables::default();
        tables.settings.number_format = number_format.to_owned();
        Format::new(&tables, "EUR")
    }

    #[test]
    fn typed_numbers_are_read_in_the_shops_own_format() {
        let german = format("#.###,##");
        assert_eq!(german.read("1.234,5"), Some(1234.5));
        assert_eq!(german.read("2,5"), Some(2.5));
        assert_eq!(german.read("2.5"), Some(2.5));
        let english = format("#,###.##");
        assert_eq!(english.read("1,234.5"), Some(1234.5));
        assert_eq!(english.read("2,5"), Some(2.5));
        assert_eq!(english.read(".5"), Some(0.5));
        assert_eq!(english.read("1 234"), Some(1234.0));
    }

    #[test]
    fn what_is_no_number_is_no_number() {
        for text in ["", "abc", "1.2.3", "--1", "1e5", "∞", ".", "-"] {
            assert_eq!(format("#,###.##").read(text), None, "{text}");
        }
    }

    #[test]
    fn quantities_show_the_decimals_that_they_have() {
        let format = format("#,###.##");
        assert_eq!(format.quantity(3.0), "3");
        assert_eq!(format.quantity(0.125), "0.125");
        assert_eq!(format.quantity(1_200.5), "1,200.5");
    }

    #[test]
    fn what_is_shown_for_typing_reads_back() {
        for number_format in ["#,###.##", "#.###,##", "# ###,##", "#'###.##"] {
            let format = format(number_format);
            for value in [0.0, 1.5, 1234.25, 0.001] {
                assert_eq!(format.read(&format.typed(value)), Some(value), "{number_format}");
            }
        }
    }
}
