//! Barcodes: what a scanned code says, beyond the item it is printed on.
//!
//! `ERPNext` looks a code up as Item Barcode, Serial No and Batch, exactly as written ([`Masters::code`]). Two kinds of codes
//! say more than that: those that a scale prints, with a weight or a price inside, and GS1 element strings, with batch,
//! expiry and serial number. Both are taken apart here; what they name is then looked up in the same way.

mod gs1;
mod pattern;

pub use gs1::{ElementString, read as read_gs1};
pub use pattern::{BarcodePattern, Embedded};

use crate::{Date, Masters, masters::CodeHit};

/// What a scan means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scan {
    /// `item_code`.
    pub item_code: String,
    /// The UOM; empty for the item's own choice.
    pub uom: String,
    /// `batch_no`, if the code has one.
    pub batch_no: String,
    /// `serial_no`, if the code has one.
    pub serial_no: String,
    /// The quantity in that UOM, if the code has one: a weight or a count.
    pub qty: Option<f64>,
    /// What the goods cost together, if the code has it; the quantity follows from the rate.
    pub amount: Option<f64>,
    /// The expiry date, if the code has one: expired goods should not be sold.
    pub expiry_date: Option<Date>,
}

impl From<CodeHit> for Scan {
    fn from(hit: CodeHit) -> Self {
        Self {
            item_code: hit.item_code,
            uom: hit.uom,
            batch_no: hit.batch_no,
            serial_no: hit.serial_no,
            ..Self::default()
        }
    }
}

/// Finds out what a code means: as it is, then by the shop's patterns, then as a GS1 element string.
pub fn scan(code: &str, masters: &impl Masters) -> Option<Scan> {
    let code = code.trim();
    if code.is_empty() {
        return None;
    }
    exact(code, masters)
        .or_else(|| {
            let patterns = &masters.tables().barcode_patterns;
            patterns.iter().find_map(|pattern| by_pattern(&pattern.read(code)?, masters))
        })
        .or_else(|| by_elements(&gs1::read(code)?, masters))
}

fn exact(code: &str, masters: &impl Masters) -> Option<Scan> {
    masters.code(code).map(Scan::from).or_else(|| {
        let item = masters.item(code)?;
        Some(Scan { item_code: item.item_code.clone(), ..Scan::default() })
    })
}

/// The quantity of goods that cost `amount` together at a rate, to so many decimals; `None` without a rate.
pub fn qty_for(amount: f64, rate: f64, places: u8) -> Option<f64> {
    let qty = crate::rounding::decimal_round(amount / rate, places);
    (rate > 0.0 && qty.is_finite() && qty != 0.0).then_some(qty)
}

/// An item is known to a scale by its number, or by the code with nothing on the scale.
fn by_pattern(embedded: &Embedded, masters: &impl Masters) -> Option<Scan> {
    let found = exact(&embedded.item, masters).or_else(|| exact(&embedded.empty_code, masters))?;
    Some(Scan { qty: embedded.qty.or(found.qty), amount: embedded.amount, ..found })
}

fn by_elements(elements: &ElementString, masters: &impl Masters) -> Option<Scan> {
    let found = gtin_spellings(&elements.gtin).into_iter().find_map(|gtin| exact(&gtin, masters))?;
    let or_found = |own: &String, found: String| if own.is_empty() { found } else { own.clone() };
    Some(Scan {
        batch_no: or_found(&elements.batch_no, found.batch_no),
        serial_no: or_found(&elements.serial_no, found.serial_no),
        qty: elements.net_weight_kg.or(elements.count),
        amount: elements.amount,
        expiry_date: elements.expiry_date,
        ..found
    })
}

/// A GTIN of 14 digits as it may be written on the item: as it is, as EAN-13, as UPC-A, as EAN-8.
fn gtin_spellings(gtin: &str) -> Vec<String> {
    let mut spellings = vec![gtin.to_owned()];
    for length in [13, 12, 8] {
        let split = gtin.len().checked_sub(length).and_then(|at| gtin.split_at_checked(at));
        if let Some((_, rest)) = split.filter(|(zeros, _)| zeros.bytes().all(|byte| byte == b'0')) {
            spellings.push(rest.to_owned());
        }
    }
    spellings
}

/// The check digit of a GTIN's other digits; `None` for what is no digits.
pub fn check_digit(digits: &str) -> Option<char> {
    let mut sum = 0;
    for (at, byte) in digits.bytes().rev().enumerate() {
        let digit = u32::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
        sum += if at % 2 == 0 { 3 * digit } else { digit };
    }
    char::from_digit((10 - sum % 10) % 10, 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Shop, Tables,
        masters::{Item, ItemBarcode},
    };

    fn shop() -> Shop {
        let item = |code: &str, barcode: &str| Item {
            item_code: code.into(),
            barcodes: vec![ItemBarcode { barcode: barcode.into(), uom: "Box".into() }],
            ..Item::default()
        };
        let tables = Tables {
            barcode_patterns: vec![
                BarcodePattern { layout: "21IIIIIWWWWWC".into(), decimals: 3 },
                BarcodePattern { layout: "22IIIIIPPPPPC".into(), decimals: 2 },
            ],
            ..Tables::default()
        };
        Shop::new("shop", tables, vec![item("CHEESE", "12345"), item("TEA", "4001000000010")], Vec::new())
    }

    #[test]
    fn check_digits_are_those_of_gtins() {
        assert_eq!(check_digit("400638133393"), Some('1'));
        assert_eq!(check_digit("03600029145"), Some('2'));
        assert_eq!(check_digit("abc"), None);
    }

    #[test]
    fn a_scales_code_gives_the_weight_or_the_price() {
        let weight = scan("2112345012506", &shop()).expect("a scale printed it");
        let price = scan("2212345004997", &shop()).expect("a scale printed it");

        assert_eq!((weight.item_code.as_str(), weight.qty), ("CHEESE", Some(1.25)));
        assert_eq!((price.item_code.as_str(), price.amount), ("CHEESE", Some(4.99)));
        assert_eq!(qty_for(4.99, 19.9, 3), Some(0.251));
        assert_eq!(qty_for(4.99, 0.0, 3), None);
    }

    #[test]
    fn a_scales_code_with_a_wrong_check_digit_means_nothing() {
        assert_eq!(scan("2112345012507", &shop()), None);
    }

    #[test]
    fn gs1_gives_batch_expiry_and_weight_of_the_item() {
        let found = scan("(01)04001000000010(10)B-7(17)270131(3103)001250", &shop()).expect("an element string");

        assert_eq!(found.item_code, "TEA");
        assert_eq!(found.uom, "Box");
        assert_eq!(found.batch_no, "B-7");
        assert_eq!(found.qty, Some(1.25));
        assert_eq!(found.expiry_date, Date::new(2027, 1, 31));
    }

    #[test]
    fn what_nothing_has_means_nothing() {
        assert_eq!(scan("9999999999994", &shop()), None);
        assert_eq!(scan("", &shop()), None);
        assert_eq!(scan("(01)09999999999994", &shop()), None);
    }
}
