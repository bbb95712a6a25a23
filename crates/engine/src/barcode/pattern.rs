//! Codes with a weight or a price inside, as scales print them: every shop and scale has its own layout.

use super::check_digit;
use serde::{Deserialize, Serialize};

/// How a weight- or price-embedded code is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BarcodePattern {
    /// A letter or digit for each character of the code: a digit stands for itself, `I` for the item's number, `W` for a
    /// weight or quantity, `P` for a price, `C` for the check digit at the end, `V` for a character that is not looked at.
    pub layout: String,
    /// How many of the digits of weight or price are decimals.
    pub decimals: u8,
}

/// What a code with something inside says.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedded {
    /// The item's number.
    pub item: String,
    /// The code as it would be with a weight or price of zero, check digit included.
    pub empty_code: String,
    /// The weight or quantity.
    pub qty: Option<f64>,
    /// The price, currency of the profile.
    pub amount: Option<f64>,
}

impl BarcodePattern {
    /// Reads a code; `None` if it doesn't have this layout or its check digit is wrong.
    pub fn read(&self, code: &str) -> Option<Embedded> {
        if code.len() != self.layout.len() || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (mut item, mut weight, mut price, mut empty) =
            (String::new(), String::new(), String::new(), String::with_capacity(code.len()));
        for (place, digit) in self.layout.chars().zip(code.chars()) {
            match place {
                'I' => item.push(digit),
                'W' => weight.push(digit),
                'P' => price.push(digit),
                'C' if check_digit(&code[..code.len() - 1]) != Some(digit) => return None,
                'C' | 'V' => {}
                literal if literal != digit => return None,
                _ => {}
            }
            empty.push(if matches!(place, 'W' | 'P' | 'V') { '0' } else { digit });
        }
        if self.layout.ends_with('C') {
            empty.pop();
            empty.push(check_digit(&empty)?);
        }
        let (qty, amount) = (self.value(&weight), self.value(&price));
        if item.is_empty() || (qty.is_none() && amount.is_none()) {
            return None;
        }
        Some(Embedded { item, empty_code: empty, qty, amount })
    }

    /// Digits with decimals, read as one number so that no cent is lost.
    fn value(&self, digits: &str) -> Option<f64> {
        let whole = digits.len().checked_sub(usize::from(self.decimals)).filter(|_| !digits.is_empty())?;
        format!("{}.{}", &digits[..whole], &digits[whole..]).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_takes_a_code_apart() {
        let pattern = BarcodePattern { layout: "21IIIIIWWWWWC".into(), decimals: 3 };

        let read = pattern.read("2112345012506").expect("it fits");

        assert_eq!(read.item, "12345");
        assert_eq!(read.qty, Some(1.25));
        assert_eq!(read.empty_code, "2112345000008");
        assert_eq!(pattern.read("2012345012506"), None);
        assert_eq!(pattern.read("211234501250"), None);
        assert_eq!(pattern.read("21123450125é9"), None);
    }

    #[test]
    fn a_layout_that_makes_no_sense_reads_nothing() {
        for layout in ["", "C", "IIII", "WWWW", "IWC"] {
            let pattern = BarcodePattern { layout: layout.into(), decimals: 9 };
            assert_eq!(pattern.read("123"), None);
            assert_eq!(pattern.read("1234"), None);
        }
    }
}
