//! Numbers in English words, as ERPNext's `in_words` writes them; with millions or with lakhs and crores.

use crate::{Site, refusal::Refusal};
use minijinja::Error;

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SHORT_SCALE: [(u64, &str); 6] = [
    (1_000_000_000_000_000_000, "quintillion"),
    (1_000_000_000_000_000, "quadrillion"),
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
];
const INDIAN_SCALE: [(u64, &str); 3] = [(10_000_000, "crore"), (100_000, "lakh"), (1_000, "thousand")];

/// `1234`: `one thousand, two hundred and thirty four`.
pub fn in_words(number: u64) -> String {
    by_scale(number, &SHORT_SCALE)
}

/// `1234567`: `twelve lakh, thirty four thousand, five hundred and sixty seven`.
pub fn in_words_indian(number: u64) -> String {
    by_scale(number, &INDIAN_SCALE)
}

fn by_scale(number: u64, scale: &[(u64, &str)]) -> String {
    if number == 0 {
        return SMALL[0].to_owned();
    }
    let mut parts = Vec::new();
    let mut rest = number;
    for (unit, name) in scale {
        if rest >= *unit {
            parts.push(format!("{} {name}", by_scale(rest / unit, scale)));
            rest %= unit;
        }
    }
    match (rest, parts.is_empty()) {
        (0, _) => parts.join(", "),
        (1..100, false) => format!("{} and {}", parts.join(", "), below_thousand(rest)),
        _ => {
            parts.push(below_thousand(rest));
            parts.join(", ")
        }
    }
}

fn below_thousand(number: u64) -> String {
    let (hundreds, rest) = (number / 100, number % 100);
    let small = match rest {
        0 => String::new(),
        1..20 => SMALL[rest as usize].to_owned(),
        _ if rest % 10 == 0 => TENS[rest as usize / 10].to_owned(),
        _ => format!("{} {}", TENS[rest as usize / 10], SMALL[rest as usize % 10]),
    };
    match (hundreds, rest) {
        (0, _) => small,
        (_, 0) => format!("{} hundred", SMALL[hundreds as usize]),
        _ => format!("{} hundred and {small}", SMALL[hundreds as usize]),
    }
}

/// Python's `title`: a capital after everything that is no letter.
pub(crate) fn title(text: &str) -> String {
    let mut after_letter = false;
    let mut titled = String::with_capacity(text.len());
    for c in text.chars() {
        if after_letter {
            titled.extend(c.to_lowercase());
        } else {
            titled.extend(c.to_uppercase());
        }
        after_letter = c.is_alphabetic();
    }
    titled
}

/// `in_words` in the user's language.
pub(crate) fn words(site: &Site, number: u64, is_indian: bool) -> Result<String, Error> {
    if is_indian {
        return Ok(in_words_indian(number));
    }
    if site.is_english() {
        return Ok(in_words(number));
    }
    Err(Refusal::not_held(format!("numbers in words in {}", site.settings.language)))
}

/// `USD Fifty Two and Ninety Eight Cent only.`
pub(crate) fn money_in_words(
    site: &Site,
    amount: f64,
    currency: Option<&str>,
    fraction: Option<&str>,
) -> Result<String, Error> {
    if amount < 0.0 || !amount.is_finite() || amount >= 1e18 {
        return Ok(String::new());
    }
    let currency = currency.filter(|name| !name.is_empty()).unwrap_or(&site.settings.default_currency);
    let own = || site.text_of("Currency", currency, "fraction").map(str::to_owned);
    let fraction = fraction.map(str::to_owned).or_else(own).unwrap_or_else(|| site.translate("Cent", None));
    let number_format =
        site.text_of("Currency", currency, "number_format").unwrap_or(&site.settings.number_format).to_owned();
    let places = usize::from(holdfast_engine::money::places_of(&number_format));
    let is_indian = number_format == "#,##,###.##";
    let figures = format!("{amount:.places$}");
    let (whole, cents) = figures.split_once('.').unwrap_or((&figures, "00"));
    let digits = |text: &str| text.parse::<u64>().unwrap_or_default();
    let spell = |text: &str| words(site, digits(text), is_indian).map(|text| title(&text));
    let name = site.translate(currency, Some("Currency"));
    let sentence = if whole != "0" && digits(cents) == 0 {
        format!("{name} {}", spell(whole)?)
    } else if whole != "0" {
        format!("{name} {} {} {} {fraction}", spell(whole)?, site.translate("and", None), spell(cents)?)
    } else if matches!(cents, "00" | "000") {
        format!("{name} {}", site.translate("Zero", None))
    } else {
        format!("{} {fraction}", spell(cents)?)
    };
    Ok(format!("{sentence} {}", site.translate("only.", None)))
}

#[cfg(test)]
mod tests {
    use super::money_in_words;
    use crate::Site;

    #[test]
    fn amounts_read_as_on_the_server() {
        let mut site = Site::default();
        site.settings.default_currency = "USD".to_owned();
        let words = |amount| money_in_words(&site, amount, None, None).expect("English is known");

        assert_eq!(words(52.98), "USD Fifty Two and Ninety Eight Cent only.");
        assert_eq!(words(0.5), "Fifty Cent only.");
        assert_eq!(words(0.0), "USD Zero only.");
        assert_eq!(words(1123.0), "USD One Thousand, One Hundred And Twenty Three only.");
        assert_eq!(words(-1.0), "");
    }

    #[test]
    fn other_languages_are_refused_rather_than_mixed() {
        let mut site = Site::default();
        site.settings.language = "fr".to_owned();

        assert!(money_in_words(&site, 1.0, None, None).is_err());
    }
}
