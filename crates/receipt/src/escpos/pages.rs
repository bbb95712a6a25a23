//! Code pages: which byte a printer has for a character.

use super::{Printer, arabic, plain};
use crate::strip::Part;
use std::{collections::HashMap, sync::LazyLock};

/// The upper half of each page: `name|Epson's number|128 characters`, `U+FFFD` where there is none.
const TABLE: &str = include_str!("pages.txt");

static PAGES: LazyLock<Vec<HashMap<char, u8>>> = LazyLock::new(|| {
    let upper = |line: &str| -> HashMap<char, u8> {
        let characters = line.splitn(3, '|').nth(2).unwrap_or_default().chars();
        let pairs = (0x80_u8..=0xff).zip(characters).map(|(byte, character)| (character, byte));
        pairs.filter(|(character, _)| *character != '\u{fffd}').collect()
    };
    TABLE.lines().map(upper).collect()
});

/// A code page. Each has ASCII in its lower half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodePage {
    /// The first PC's: Western Europe in part, lines and boxes.
    Cp437,
    /// Western Europe.
    Cp850,
    /// Central Europe.
    Cp852,
    /// Western Europe with the euro.
    Cp858,
    /// Hebrew.
    Cp862,
    /// Arabic, letters as they are joined.
    Cp864,
    /// Cyrillic.
    Cp866,
    /// Windows: Central Europe.
    Wpc1250,
    /// Windows: Cyrillic.
    Wpc1251,
    /// Windows: Western Europe.
    Wpc1252,
    /// Windows: Greek.
    Wpc1253,
    /// Windows: Turkish.
    Wpc1254,
    /// Windows: the Baltics.
    Wpc1257,
    /// Windows: Vietnamese.
    Wpc1258,
}

impl CodePage {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 14] = [
        Self::Cp437,
        Self::Cp850,
        Self::Cp852,
        Self::Cp858,
        Self::Cp862,
        Self::Cp864,
        Self::Cp866,
        Self::Wpc1250,
        Self::Wpc1251,
        Self::Wpc1252,
        Self::Wpc1253,
        Self::Wpc1254,
        Self::Wpc1257,
        Self::Wpc1258,
    ];

    /// The number by which Epson's printers know it.
    pub fn epson_number(self) -> u8 {
        let line = TABLE.lines().nth(self as usize).unwrap_or_default();
        line.split('|').nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
    }

    /// The byte of a character.
    pub fn byte(self, character: char) -> Option<u8> {
        match u8::try_from(character) {
            Ok(byte @ b' '..=b'~') => Some(byte),
            _ => PAGES[self as usize].get(&character).copied(),
        }
    }

    /// The character of a byte.
    pub fn character(self, byte: u8) -> Option<char> {
        match byte {
            b' '..=b'~' => Some(char::from(byte)),
            _ => PAGES[self as usize].iter().find(|(_, other)| **other == byte).map(|(character, _)| *character),
        }
    }
}

/// Whether one of a printer's pages has a character.
fn has(printer: &Printer, character: char) -> bool {
    matches!(character, ' '..='~') || printer.code_pages.iter().any(|(page, _)| page.byte(character).is_some())
}

/// A text in characters that a printer has: itself, Arabic letters as they are joined, plain letters for what can be written
/// so. None where a character has neither.
pub(crate) fn printable(text: &str, printer: &Printer) -> Option<String> {
    let joined = arabic::joined(text, |character| has(printer, character));
    let mut out = String::with_capacity(joined.len());
    for character in joined.chars() {
        if has(printer, character) {
            out.push(character);
        } else {
            let plain = plain::letters(character)?;
            // An accented letter may be there without one of its accents.
            out.push_str(&plain);
        }
    }
    Some(out)
}

/// The same, with question marks for what the printer has not.
fn printed(text: &str, printer: &Printer) -> String {
    printable(text, printer).unwrap_or_else(|| {
        text.chars().map(|c| printable(&c.to_string(), printer).unwrap_or_else(|| "?".to_owned())).collect()
    })
}

/// A part in characters that a printer has.
pub(crate) fn printable_part(part: &Part, printer: &Printer) -> Part {
    let printed = |text: &String| printed(text, printer);
    match part {
        Part::Words { text, look, indent } => Part::Words { text: printed(text), look: *look, indent: *indent },
        Part::Pair { label, value, look, indent } => {
            Part::Pair { label: printed(label), value: printed(value), look: *look, indent: *indent }
        }
        Part::Triple(cells) => Part::Triple([0, 1, 2].map(|index: usize| printed(&cells[index]))),
        other => other.clone(),
    }
}

/// The page that a printer should switch to for a text, whose first character is not on the present one: the one that has
/// most of what follows.
pub(crate) fn best_page(text: &str, printer: &Printer) -> Option<(CodePage, u8)> {
    let reach = |page: CodePage| text.chars().take_while(|character| page.byte(*character).is_some()).count();
    let mut best: Option<((CodePage, u8), usize)> = None;
    for page in &printer.code_pages {
        let reach = reach(page.0);
        if reach > best.map_or(0, |(_, most)| most) {
            best = Some((*page, reach));
        }
    }
    best.map(|(page, _)| page)
}

#[cfg(test)]
mod tests {
    use super::{CodePage, best_page, printable};
    use crate::escpos::Printer;

    #[test]
    fn pages_have_their_bytes() {
        for (page, character, byte) in [
            (CodePage::Cp437, 'é', 0x82),
            (CodePage::Cp858, '€', 0xd5),
            (CodePage::Wpc1252, '€', 0x80),
            (CodePage::Cp852, 'ł', 0x88),
            (CodePage::Cp866, 'Я', 0x9f),
            (CodePage::Cp862, 'א', 0x80),
            (CodePage::Cp864, '\u{fe8f}', 0xa9),
            (CodePage::Cp437, 'A', 0x41),
        ] {
            assert_eq!(page.byte(character), Some(byte), "{page:?} {character}");
            assert_eq!(page.character(byte), Some(character), "{page:?} {byte:x}");
        }
        assert_eq!(CodePage::Cp866.epson_number(), 17);
        assert_eq!(CodePage::Cp437.byte('€'), None);
    }

    #[test]
    fn the_page_with_most_of_a_text_is_taken() {
        let printer = Printer::mm80();
        let best = |text| best_page(text, &printer).map(|(page, _)| page);

        assert_eq!(best("éàü"), Some(CodePage::Cp437));
        assert_eq!(best("é €"), Some(CodePage::Cp858));
        assert_eq!(best("łódź"), Some(CodePage::Cp852));
        assert_eq!(best("Чай"), Some(CodePage::Cp866));
        assert_eq!(best("茶"), None);
    }

    #[test]
    fn what_no_page_has_is_written_plainly_or_needs_a_picture() {
        let narrow = Printer { code_pages: vec![(CodePage::Cp437, 0)], ..Printer::mm58() };

        assert_eq!(printable("“Łódź” – 2 € …", &narrow).as_deref(), Some("\"Lódz\" - 2 EUR ..."));
        assert_eq!(printable("ကော်ဖီ", &narrow), None);
        assert_eq!(printable("چای", &Printer { code_pages: vec![(CodePage::Cp864, 37)], ..narrow.clone() }), None);
        assert!(printable("شاي", &Printer { code_pages: vec![(CodePage::Cp864, 37)], ..narrow }).is_some());
    }
}
