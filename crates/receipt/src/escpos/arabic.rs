//! Right to left: Arabic letters as they join, and lines in the order in which a printer puts them down.
//!
//! A printer knows nothing of either. It prints from left to right what it is given, so letters must come in the shape that
//! their neighbours ask for, and a line in the order of the eye.

use std::{collections::HashMap, sync::LazyLock};

/// `letter, alone, at the end, at the beginning, in the middle`; `-` where the letter has no such shape.
const TABLE: &str = include_str!("arabic.txt");

/// Alone, at the end, at the beginning, in the middle.
type Shapes = [Option<char>; 4];

static LETTERS: LazyLock<HashMap<char, Shapes>> = LazyLock::new(|| {
    let line = |line: &str| {
        let mut characters = line.chars();
        let letter = characters.next()?;
        let mut shape = || characters.next().filter(|shape| *shape != '-');
        Some((letter, [shape(), shape(), shape(), shape()]))
    };
    TABLE.lines().filter_map(line).collect()
});

/// Lam and alef become one letter: the alef, and the pair alone and at an end.
const LAM_ALEF: [(char, char, char); 4] = [
    ('آ', '\u{fef5}', '\u{fef6}'),
    ('أ', '\u{fef7}', '\u{fef8}'),
    ('إ', '\u{fef9}', '\u{fefa}'),
    ('ا', '\u{fefb}', '\u{fefc}'),
];

const LAM: char = 'ل';
const TATWEEL: char = 'ـ';

/// Vowel signs, which change no shape and which printers have no room for.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}')
}

fn joins_next(character: char) -> bool {
    character == TATWEEL || LETTERS.get(&character).is_some_and(|shapes| shapes[2].is_some())
}

fn joins_previous(character: char) -> bool {
    character == TATWEEL || LETTERS.get(&character).is_some_and(|shapes| shapes[1].is_some())
}

/// A text with each Arabic letter in the shape that it has there, in the order in which it is read. `has` says which shapes
/// the printer has; a similar one is taken where the right one is missing.
pub(crate) fn joined(text: &str, has: impl Fn(char) -> bool) -> String {
    if !text.chars().any(|character| LETTERS.contains_key(&character)) {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().filter(|character| !is_mark(*character)).collect();
    let mut out = String::with_capacity(text.len());
    let mut place = 0;
    while let Some(letter) = letters.get(place).copied() {
        let previous = place.checked_sub(1).map(|before| letters[before]);
        let is_joined_before = previous.is_some_and(joins_next) && joins_previous(letter);
        let next = letters.get(place + 1).copied();
        place += 1;
        let pair = next.and_then(|next| LAM_ALEF.iter().find(|(alef, ..)| *alef == next)).filter(|_| letter == LAM);
        if let Some((_, alone, at_end)) = pair {
            let (wanted, other) = if is_joined_before { (*at_end, *alone) } else { (*alone, *at_end) };
            out.push(if has(wanted) || !has(other) { wanted } else { other });
            place += 1;
            continue;
        }
        let Some(shapes) = LETTERS.get(&letter) else {
            out.push(letter);
            continue;
        };
        let is_joined_after = joins_next(letter) && next.is_some_and(joins_previous);
        // What looks most alike where the right shape is missing.
        let order = match (is_joined_before, is_joined_after) {
            (false, false) => [0, 1, 2, 3],
            (true, false) => [1, 0, 3, 2],
            (false, true) => [2, 3, 0, 1],
            (true, true) => [3, 2, 1, 0],
        };
        let shape = order.iter().filter_map(|index| shapes[*index]).find(|shape| has(*shape));
        out.push(shape.unwrap_or(letter));
    }
    out
}

fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        && !matches!(character, '٠'..='٩' | '۰'..='۹')
}

/// A line in the order of the eye. `is_right_to_left` says from where the line itself is read.
pub(crate) fn visual(line: &str, is_line_right_to_left: bool) -> String {
    if !is_line_right_to_left && !line.chars().any(is_right_to_left) {
        return line.to_owned();
    }
    let characters: Vec<char> = line.chars().collect();
    let levels = levels(&characters, is_line_right_to_left);
    // Runs of odd levels are turned around, then the runs themselves where the line is read from the right.
    let mut runs: Vec<(bool, String)> = Vec::new();
    for (character, is_turned) in characters.into_iter().zip(levels) {
        match runs.last_mut() {
            Some((turned, run)) if *turned == is_turned => run.push(character),
            _ => runs.push((is_turned, character.to_string())),
        }
    }
    let turned = |(is_turned, run): (bool, String)| -> String {
        if is_turned { run.chars().rev().map(mirrored).collect() } else { run }
    };
    if is_line_right_to_left {
        runs.into_iter().rev().map(turned).collect()
    } else {
        runs.into_iter().map(turned).collect()
    }
}

/// Whether each character belongs to a run from right to left. Letters decide; what stands between two of one kind goes
/// with them, all else with the line. Numbers keep their order, with their marks and signs.
fn levels(characters: &[char], is_line_right_to_left: bool) -> Vec<bool> {
    let strong: Vec<Option<bool>> = characters
        .iter()
        .enumerate()
        .map(|(place, character)| {
            let beside_digit = |place: Option<&char>| place.is_some_and(char::is_ascii_digit);
            let before = place.checked_sub(1).and_then(|before| characters.get(before));
            let is_gap = *character == ' ' && (before == Some(&' ') || characters.get(place + 1) == Some(&' '));
            if is_gap {
                // Columns keep their sides, whatever stands in them.
                Some(is_line_right_to_left)
            } else if is_right_to_left(*character) {
                Some(true)
            } else if character.is_alphanumeric() {
                Some(false)
            } else if matches!(character, '.' | ',' | ':' | '/' | '-' | '+' | '%') {
                let is_within = beside_digit(before) && beside_digit(characters.get(place + 1));
                let is_sign = matches!(character, '-' | '+') && beside_digit(characters.get(place + 1));
                let is_percent = *character == '%' && beside_digit(before);
                (is_within || is_sign || is_percent).then_some(false)
            } else {
                None
            }
        })
        .collect();
    let before = |place: usize| strong[..place].iter().rev().find_map(|kind| *kind);
    let after = |place: usize| strong[place..].iter().find_map(|kind| *kind);
    (0..characters.len())
        .map(|place| match strong[place] {
            Some(kind) => kind,
            None => match (before(place), after(place)) {
                (Some(before), Some(after)) if before == after => before,
                _ => is_line_right_to_left,
            },
        })
        .collect()
}

fn mirrored(character: char) -> char {
    match character {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{joined, visual};

    #[test]
    fn letters_join_as_they_are_written() {
        // Beh at the beginning, yeh in the middle, teh at the end.
        assert_eq!(joined("بيت", |_| true), "\u{fe91}\u{fef4}\u{fe96}");
        // Reh does not join what follows: the next letter stands alone.
        assert_eq!(joined("رز", |_| true), "\u{fead}\u{feaf}");
        // Seen, lam with alef as one letter that ends the word's first part, meem alone.
        assert_eq!(joined("سلام", |_| true), "\u{feb3}\u{fefc}\u{fee1}");
        assert_eq!(joined("Tea", |_| true), "Tea");
    }

    #[test]
    fn a_missing_shape_gives_way_to_the_one_most_alike() {
        assert_eq!(joined("بت", |shape| shape != '\u{fe96}'), "\u{fe91}\u{fe95}");
    }

    #[test]
    fn lines_come_in_the_order_of_the_eye() {
        assert_eq!(visual("abc 12.50", false), "abc 12.50");
        assert_eq!(visual("שלום 12.50", true), "12.50 םולש");
        assert_eq!(visual("Tea שלום (2) x", false), "Tea םולש (2) x");
        assert_eq!(visual("(שלום)", true), "(םולש)");
        assert_eq!(visual("אב K7-000042 גד", true), "דג K7-000042 בא");
        assert_eq!(visual("סהכ      -5.00", true), "-5.00      כהס");
        assert_eq!(visual("2 x 2.40   4.80", true), "4.80   2 x 2.40");
        assert_eq!(visual("אב   גד", false), "בא   דג");
    }
}
