//! GS1 element strings: application identifiers with their data, as GS1-128, DataMatrix and QR codes carry them.

use crate::Date;

/// What a GS1 element string says, as far as a counter asks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ElementString {
    /// (01) or (02): GTIN, 14 digits.
    pub gtin: String,
    /// (10): batch or lot.
    pub batch_no: String,
    /// (21): serial number.
    pub serial_no: String,
    /// (17), else (15) or (16): the day until which it may be sold.
    pub expiry_date: Option<Date>,
    /// (310n): net weight in kilograms; (320n) is converted from pounds.
    pub net_weight_kg: Option<f64>,
    /// (30) or (37): how many.
    pub count: Option<f64>,
    /// (392n), (393n), (390n) or (391n): what is to be paid.
    pub amount: Option<f64>,
}

/// What ends a field of variable length.
const SEPARATOR: char = '\u{1d}';

/// Kilograms in a pound.
const KG_PER_LB: f64 = 0.453_592_37;

/// Reads an element string, with or without a symbology identifier in front, with the separators of a scanner or with
/// identifiers in parentheses. `None` for what is none, or has no GTIN.
pub fn read(code: &str) -> Option<ElementString> {
    let plain = ["]C1", "]d2", "]Q3", "]e0", "]J1"].iter().find_map(|prefix| code.strip_prefix(prefix)).unwrap_or(code);
    let mut elements = ElementString::default();
    if plain.starts_with('(') {
        for element in plain.split('(').skip(1) {
            let (identifier, data) = element.split_once(')')?;
            elements.set(identifier, data)?;
        }
    } else {
        read_joined(plain, &mut elements)?;
    }
    (elements.gtin.len() == 14).then_some(elements)
}

fn read_joined(code: &str, elements: &mut ElementString) -> Option<()> {
    let mut rest = code.trim_start_matches(SEPARATOR);
    while !rest.is_empty() {
        let length = identifier_length(rest)?;
        let (identifier, after) = (rest.get(..length)?, rest.get(length..)?);
        let end = match fixed_length(identifier) {
            Some(length) => length,
            None => after.find(SEPARATOR).unwrap_or(after.len()),
        };
        elements.set(identifier, after.get(..end)?)?;
        rest = after.get(end..)?.trim_start_matches(SEPARATOR);
    }
    Some(())
}

/// How many digits the identifier at the start has.
fn identifier_length(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let length = match text.get(..2)? {
        "31" | "32" | "33" | "34" | "35" | "36" | "39" | "70" | "72" | "80" | "81" | "82" | "43" => 4,
        "23" | "24" | "25" | "40" | "41" | "42" | "71" => 3,
        _ => 2,
    };
    (digits >= length).then_some(length)
}

/// The length of data that needs no separator (the identifiers with predefined length); `None` for all others.
fn fixed_length(identifier: &str) -> Option<usize> {
    match identifier.get(..2)? {
        "00" => Some(18),
        "01" | "02" | "03" => Some(14),
        "04" => Some(16),
        "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "31" | "32" | "33" | "34" | "35" | "36" => {
            Some(6)
        }
        "20" => Some(2),
        "41" => Some(13),
        _ => None,
    }
}

impl ElementString {
    /// Takes one element in; `None` if its data is not what its identifier asks for.
    fn set(&mut self, identifier: &str, data: &str) -> Option<()> {
        let data = data.trim_end_matches(SEPARATOR);
        let decimals = || identifier.get(3..4).and_then(|digit| digit.parse::<usize>().ok());
        match identifier {
            "01" | "02" => {
                let (digits, check) = data.split_at_checked(13)?;
                let is_gtin = check.len() == 1 && super::check_digit(digits) == check.chars().next();
                data.clone_into(&mut self.gtin);
                return is_gtin.then_some(());
            }
            "10" => data.clone_into(&mut self.batch_no),
            "21" => data.clone_into(&mut self.serial_no),
            "17" => self.expiry_date = Some(date(data)?),
            "15" | "16" => self.expiry_date = self.expiry_date.or(Some(date(data)?)),
            "30" | "37" => self.count = Some(number(data, 0)?),
            _ if identifier.starts_with("310") => self.net_weight_kg = Some(number(data, decimals()?)?),
            _ if identifier.starts_with("320") => self.net_weight_kg = Some(number(data, decimals()?)? * KG_PER_LB),
            _ if identifier.starts_with("390") || identifier.starts_with("392") => {
                self.amount = Some(number(data, decimals()?)?);
            }
            // The currency's number comes first.
            _ if identifier.starts_with("391") || identifier.starts_with("393") => {
                self.amount = Some(number(data.get(3..)?, decimals()?)?);
            }
            _ => {}
        }
        Some(())
    }
}

/// YYMMDD; a day of 00 is the last of the month, a year is the nearest one within fifty.
fn date(data: &str) -> Option<Date> {
    if data.len() != 6 || !data.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize| data[from..from + 2].parse::<u32>().ok();
    let (year, month, day) = (2000 + part(0)?.cast_signed(), part(2)?, part(4)?);
    if day > 0 {
        return Date::new(year, month, day);
    }
    let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    Some(Date::new(next_year, next_month, 1)?.plus_days(-1))
}

/// Digits with decimals at the end.
fn number(data: &str, decimals: usize) -> Option<f64> {
    if data.is_empty() || data.len() > 15 || !data.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let padded = format!("{data:0>width$}", width = decimals + 1);
    let (whole, fraction) = padded.split_at(padded.len() - decimals);
    format!("{whole}.{fraction}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_end_what_has_no_fixed_length() {
        let read = read("]C10104001000000010 10LOT-1\u{1d}17261100".replace(' ', "").as_str()).expect("it is one");

        assert_eq!(read.gtin, "04001000000010");
        assert_eq!(read.batch_no, "LOT-1");
        assert_eq!(read.expiry_date, Date::new(2026, 11, 30));
    }

    #[test]
    fn weights_prices_and_counts_have_their_decimals() {
        let read = read("(01)04001000000010(3102)000150(3922)1999(37)12(21)S1").expect("it is one");

        assert_eq!(read.net_weight_kg, Some(1.5));
        assert_eq!(read.amount, Some(19.99));
        assert_eq!(read.count, Some(12.0));
        assert_eq!(read.serial_no, "S1");
    }

    #[test]
    fn what_is_no_element_string_is_none() {
        for code in ["", "hello", "4001000000017", "(01)123", "(01)04001000000011", "01", "(10)A", "(17)999999", "0104"]
        {
            assert_eq!(read(code), None, "{code}");
        }
    }
}
