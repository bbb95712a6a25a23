//! How texts become search terms, and how terms are looked up in an ordered index.
//!
//! A term is a folded word, a zero byte and the item's number (big-endian, four bytes): all items with a word lie side by
//! side, and a prefix is a range.

use fst::{IntoStreamer, Set, Streamer};
use std::collections::BTreeSet;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Lower case without accents: how texts are compared.
pub fn fold(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// The words of a text, folded.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let words: Vec<String> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.into_iter()
}

/// A term in the index.
pub(crate) fn term(word: &str, number: u32) -> Vec<u8> {
    let mut term = word.as_bytes().to_vec();
    term.push(0);
    term.extend(number.to_be_bytes());
    term
}

/// Adds the numbers of all terms whose word is `prefix`, or begins with it; at most `limit`, in the terms' order.
pub(crate) fn with_prefix(index: &Set<&[u8]>, prefix: &str, is_whole: bool, limit: usize, found: &mut Vec<u32>) {
    let mut start = prefix.as_bytes().to_vec();
    if is_whole {
        start.push(0);
    }
    let most = found.len().saturating_add(limit);
    let mut stream = index.range().ge(&start).into_stream();
    while let Some(term) = stream.next() {
        if !term.starts_with(&start) || found.len() >= most {
            break;
        }
        if let Some(number) = term.len().checked_sub(4).and_then(|at| term.get(at..)) {
            found.push(u32::from_be_bytes(number.try_into().expect("four bytes")));
        }
    }
}

/// Words one typing error away from `word`: one letter wrong, missing, doubled or swapped with its neighbour.
/// Returned as prefixes to look up; the first letter is taken to be right.
pub(crate) fn misspellings(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    // Codes and sizes are right or wrong, never nearly right.
    if letters.len() < 4 || letters.iter().any(char::is_ascii_digit) {
        return Vec::new();
    }
    let mut variants = BTreeSet::new();
    for at in 1..letters.len() {
        let mut without = letters.clone();
        without.remove(at);
        variants.insert(without.into_iter().collect::<String>());
        if at + 1 < letters.len() {
            let mut swapped = letters.clone();
            swapped.swap(at, at + 1);
            variants.insert(swapped.into_iter().collect());
        }
        for letter in 'a'..='z' {
            let mut replaced = letters.clone();
            replaced[at] = letter;
            variants.insert(replaced.iter().collect());
            replaced[at] = letters[at];
            replaced.insert(at, letter);
            variants.insert(replaced.into_iter().collect());
        }
    }
    variants.remove(word);
    variants.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::{fold, misspellings, words};

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(fold("Gruyère SPÄT"), "gruyere spat");
        assert_eq!(words("T-Shirt (Navy), 0.5 l").collect::<Vec<_>>(), ["t", "shirt", "navy", "0", "5", "l"]);
    }

    #[test]
    fn one_typing_error_is_among_the_misspellings() {
        let variants = misspellings("chocolte");
        assert!(variants.iter().any(|word| word == "chocolate"));
        assert!(misspellings("riseling").iter().any(|word| word == "riesling"));
        assert!(misspellings("tea").is_empty());
        assert!(misspellings("400110").is_empty());
    }
}
