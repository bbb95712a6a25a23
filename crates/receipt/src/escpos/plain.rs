//! Plain letters for what a printer has no letter for.

use unicode_normalization::UnicodeNormalization;

/// A character in ASCII, where readers take it for the same; none where they would not.
pub(crate) fn letters(character: char) -> Option<String> {
    let known = match character {
        '€' => "EUR",
        '£' => "GBP",
        '¥' => "JPY",
        '₹' => "Rs",
        '₽' => "RUB",
        '₺' => "TL",
        '₦' => "NGN",
        '₫' => "VND",
        '₱' => "PHP",
        '₩' => "KRW",
        '₴' => "UAH",
        '฿' => "THB",
        '“' | '”' | '„' | '«' | '»' | '″' => "\"",
        '‘' | '’' | '‚' | '‹' | '›' | '′' | 'ʼ' => "'",
        '–' | '—' | '‐' | '‑' | '−' | '‒' | '―' => "-",
        '…' => "...",
        '•' | '·' | '●' | '∙' => "*",
        '×' => "x",
        '÷' => "/",
        '№' => "No",
        '™' => "(TM)",
        '®' => "(R)",
        '©' => "(C)",
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        'ß' => "ss",
        'ẞ' => "SS",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ø' | '°' => "o",
        'Ø' => "O",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'ł' => "l",
        'Ł' => "L",
        'ı' => "i",
        'þ' => "th",
        'Þ' => "Th",
        '٪' => "%",
        '٫' => ".",
        '٬' | '،' => ",",
        '؛' => ";",
        '؟' => "?",
        // Marks of direction and joining, and what has no width, say nothing on paper.
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}' => "",
        character if character.is_whitespace() => " ",
        // A control character would be an order to the printer.
        character if character.is_control() => " ",
        '٠'..='٩' => return Some(char::from(b'0' + (character as u32 - 0x660) as u8).to_string()),
        '۰'..='۹' => return Some(char::from(b'0' + (character as u32 - 0x6f0) as u8).to_string()),
        _ => return without_accents(character),
    };
    Some(known.to_owned())
}

/// `é` as `e`, `ﬁ` as `fi`.
fn without_accents(character: char) -> Option<String> {
    let parts: String = character.nfkd().filter(|part| !is_accent(*part)).collect();
    let is_plain = parts.chars().all(|part| matches!(part, ' '..='~'));
    // An accent alone, which did not join its letter, is left out; but nothing else may vanish.
    (is_plain && (!parts.is_empty() || is_accent(character))).then_some(parts)
}

fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn accents_fall_off_and_other_scripts_are_not_guessed() {
        for (character, plain) in
            [('é', "e"), ('Ž', "Z"), ('ﬁ', "fi"), ('€', "EUR"), ('\n', " "), ('٣', "3"), ('ế', "e")]
        {
            assert_eq!(letters(character).as_deref(), Some(plain), "{character}");
        }
        for character in ['茶', 'ш', 'က', 'ह', 'ش'] {
            assert_eq!(letters(character), None, "{character}");
        }
    }
}
