//! Words a typing error or two away: an automaton that walks the index itself, so that nothing is guessed and looked up.

use fst::Automaton;

/// Letters of the longest word that is looked for with errors.
const LETTERS_MAX: usize = 28;

/// Most errors.
const ERRORS_MAX: usize = 2;

/// All words that begin like a word, but for a number of errors: a letter wrong, missing, too many, or swapped with its
/// neighbour.
#[derive(Clone, Debug)]
pub(crate) struct Similar {
    kind: u8,
    letters: Vec<char>,
    errors: usize,
}

/// How far a term has been read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reading {
    /// Nothing yet.
    Kind,
    /// Another kind of term.
    Other,
    /// Within the word.
    Word(Rows),
    /// The word was there; whatever follows is fine.
    Found,
}

/// For each number of errors, bit `n`: the first `n` letters have been read with so many errors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    read: [u32; ERRORS_MAX + 1],
    /// The same for two letters that may turn out to be swapped.
    swapped: [u32; ERRORS_MAX + 1],
    /// A letter of several bytes, as far as it has been read.
    letter: u32,
    /// How many bytes of it are to come.
    bytes_left: u8,
}

impl Similar {
    /// Words like `word`. None if it is too short to be taken for another, or has digits: codes and sizes are right or wrong,
    /// never nearly right.
    pub(crate) fn to(kind: char, word: &str, errors: usize) -> Option<Self> {
        let letters: Vec<char> = word.chars().collect();
        let shortest = if errors < 2 { 4 } else { 8 };
        let is_word = (shortest..=LETTERS_MAX).contains(&letters.len()) && !letters.iter().any(char::is_ascii_digit);
        is_word.then(|| Self { kind: kind as u8, letters, errors: errors.min(ERRORS_MAX) })
    }

    fn begin(&self) -> Rows {
        let mut read = [0; ERRORS_MAX + 1];
        for (errors, row) in read.iter_mut().enumerate().take(self.errors + 1) {
            // So many letters at the front may be missing.
            *row = (1 << (errors + 1)) - 1;
        }
        Rows { read, swapped: [0; ERRORS_MAX + 1], letter: 0, bytes_left: 0 }
    }

    fn next(&self, rows: &Rows, letter: char) -> Reading {
        let same = self.letters.iter().enumerate().fold(0, |mask, (at, is)| mask | (u32::from(*is == letter) << at));
        let word = (1_u32 << (self.letters.len() + 1)) - 1;
        let (mut read, mut swapped) = ([0; ERRORS_MAX + 1], [0; ERRORS_MAX + 1]);
        for errors in 0..=self.errors {
            read[errors] = (rows.read[errors] & same) << 1;
            if let Some(fewer) = errors.checked_sub(1) {
                let (too_many, wrong) = (rows.read[fewer], rows.read[fewer] << 1);
                let missing = read[fewer] << 1;
                read[errors] |= too_many | wrong | missing | ((rows.swapped[errors] & same) << 2);
                swapped[errors] = rows.read[fewer] & (same >> 1);
            }
            read[errors] &= word;
        }
        if read.iter().any(|row| row >> self.letters.len() != 0) {
            return Reading::Found;
        }
        Reading::Word(Rows { read, swapped, letter: 0, bytes_left: 0 })
    }
}

impl Automaton for &Similar {
    type State = Reading;

    fn start(&self) -> Reading {
        Reading::Kind
    }

    fn is_match(&self, state: &Reading) -> bool {
        matches!(state, Reading::Found)
    }

    fn can_match(&self, state: &Reading) -> bool {
        match state {
            Reading::Kind | Reading::Found => true,
            Reading::Other => false,
            Reading::Word(rows) => rows.read.iter().chain(&rows.swapped).any(|row| *row != 0),
        }
    }

    fn will_always_match(&self, state: &Reading) -> bool {
        matches!(state, Reading::Found)
    }

    fn accept(&self, state: &Reading, byte: u8) -> Reading {
        let rows = match state {
            Reading::Kind if byte == self.kind => return Reading::Word(self.begin()),
            Reading::Kind | Reading::Other => return Reading::Other,
            Reading::Found => return Reading::Found,
            Reading::Word(rows) => rows,
        };
        // UTF-8: the first byte says how many follow.
        let (letter, bytes_left) = match byte {
            0x00..0x80 => (u32::from(byte), 0),
            0x80..0xc0 => (rows.letter << 6 | u32::from(byte & 0x3f), rows.bytes_left.saturating_sub(1)),
            0xc0..0xe0 => (u32::from(byte & 0x1f), 1),
            0xe0..0xf0 => (u32::from(byte & 0x0f), 2),
            0xf0.. => (u32::from(byte & 0x07), 3),
        };
        if bytes_left > 0 {
            return Reading::Word(Rows { letter, bytes_left, ..*rows });
        }
        self.next(rows, char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}

#[cfg(test)]
mod tests {
    use super::Similar;
    use fst::Automaton;

    fn is_similar(typed: &str, word: &str, errors: usize) -> bool {
        let Some(similar) = Similar::to('w', typed, errors) else { return false };
        let automaton = &similar;
        let state = format!("w{word}").bytes().fold(automaton.start(), |state, byte| automaton.accept(&state, byte));
        automaton.is_match(&state)
    }

    #[test]
    fn one_error_of_each_kind_is_forgiven() {
        assert!(is_similar("chocolte", "chocolate", 1), "missing");
        assert!(is_similar("riessling", "riesling", 1), "too many");
        assert!(is_similar("croissnat", "croissant", 1), "swapped");
        assert!(is_similar("buttar", "butter", 1), "wrong");
        assert!(is_similar("vutter", "butter", 1), "wrong at the front");
        assert!(is_similar("bütter", "butter", 1), "another alphabet's letter is one letter");
        assert!(is_similar("кофн", "кофе", 1), "other alphabets count letters, not bytes");
    }

    #[test]
    fn what_was_typed_may_be_the_beginning_only() {
        assert!(is_similar("choclat", "chocolate", 1));
        assert!(is_similar("chicol", "chocolate", 1));
    }

    #[test]
    fn two_errors_need_two() {
        assert!(!is_similar("shocolte", "chocolate", 1));
        assert!(is_similar("shocolte", "chocolate", 2));
        assert!(!is_similar("marmalade", "chocolate", 2));
    }

    #[test]
    fn short_words_and_numbers_are_taken_as_they_are() {
        assert!(!is_similar("tea", "pea", 1));
        assert!(!is_similar("400110", "400111", 1));
        assert!(!is_similar("butter", "batter", 2), "six letters are too few for two errors");
    }

    #[test]
    fn other_kinds_of_terms_are_left_alone() {
        let similar = Similar::to('w', "butter", 1).expect("long enough");
        let automaton = &similar;
        let state = b"nbutter".iter().fold(automaton.start(), |state, byte| automaton.accept(&state, *byte));
        assert!(!automaton.is_match(&state) && !automaton.can_match(&state));
    }
}
