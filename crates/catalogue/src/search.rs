//! How texts become words, and how words find items.

use crate::{
    Catalogue, ItemId,
    index::{Index, Places, key},
    similar::Similar,
};
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

/// Digits of a barcode after which its items are found while it is typed.
const BARCODE_DIGITS_MIN: usize = 5;

/// A word of a query, and how it is looked for.
enum Wanted {
    /// As the beginning of a word.
    Beginning(String),
    /// As the beginning of a word or of a barcode.
    Digits(String),
    /// With errors.
    Like(Similar),
}

impl Wanted {
    fn new(word: String) -> Self {
        let is_digits = word.len() >= BARCODE_DIGITS_MIN && word.bytes().all(|byte| byte.is_ascii_digit());
        if is_digits { Self::Digits(word) } else { Self::Beginning(word) }
    }

    fn find(&self, index: &Index) -> Places {
        let mut found = Places::none_of(index.count);
        match self {
            Self::Beginning(word) => index.add_prefixed(key::WORD, word, &mut found),
            Self::Digits(digits) => {
                index.add_prefixed(key::WORD, digits, &mut found);
                index.add_prefixed(key::BARCODE, digits, &mut found);
            }
            Self::Like(similar) => index.add_matching(similar, &mut found),
        }
        found
    }

    fn is_in(&self, index: &Index) -> bool {
        match self {
            Self::Beginning(word) => index.has_prefixed(key::WORD, word),
            Self::Digits(digits) => index.has_prefixed(key::WORD, digits) || index.has_prefixed(key::BARCODE, digits),
            Self::Like(_) => !self.find(index).is_empty(),
        }
    }
}

impl Catalogue {
    /// Finds items whose name, brand or code has a word beginning with each word of the query, or a barcode that begins with
    /// it; where nothing does, words with a typing error or two. Exact codes and barcodes come first, then items whose name begins
    /// with the query's first word, then the rest in their order.
    pub fn search(&self, query: &str, limit: usize) -> Vec<ItemId> {
        let words: Vec<String> = words(query).collect();
        let Some(first) = words.first().cloned() else {
            return Vec::new();
        };
        let exact = self.first(key::BARCODE, query.trim()).or_else(|| self.first(key::CODE, query.trim()));
        let mut wanted: Vec<Wanted> = words.into_iter().map(Wanted::new).collect();
        let mut found = self.matching(&wanted, &first, limit);
        if found.is_empty() && exact.is_none() && self.forgive(&mut wanted) {
            found = self.matching(&wanted, &first, limit);
        }
        let others = found.into_iter().filter(|id| Some(*id) != exact);
        exact.into_iter().chain(others).take(limit).collect()
    }

    /// The items that have every word: those whose name begins with the first one before the others.
    fn matching(&self, wanted: &[Wanted], first: &str, limit: usize) -> Vec<ItemId> {
        let (mut named, mut others) = (Vec::new(), Vec::new());
        for (start, index) in self.indexes() {
            let mut beginning = Places::none_of(index.count);
            index.add_prefixed(key::NAME, first, &mut beginning);
            // With enough of the others, only better ones are still looked for.
            if others.len() >= limit && beginning.is_empty() {
                continue;
            }
            let mut words = wanted.iter();
            let mut matches = words.next().map_or_else(|| Places::none_of(index.count), |word| word.find(index));
            for word in words {
                if matches.is_empty() {
                    break;
                }
                matches.keep(&word.find(index));
            }
            let id = |place: u32| ItemId(start + place);
            named.extend(matches.common(&beginning).iter().take(limit - named.len()).map(id));
            if named.len() >= limit {
                return named;
            }
            others.extend(matches.without(&beginning).iter().take(limit.saturating_sub(others.len())).map(id));
        }
        named.extend(others);
        named.truncate(limit);
        named
    }

    /// Lets the words that nothing begins with be misspelt, with as few errors as find something. Says whether there were any.
    fn forgive(&self, wanted: &mut [Wanted]) -> bool {
        let mut is_changed = false;
        for wanted in wanted {
            let Wanted::Beginning(word) = &*wanted else { continue };
            if self.indexes().any(|(_, index)| wanted.is_in(index)) {
                continue;
            }
            let like = (1..=2).filter_map(|errors| Similar::to(key::WORD, word, errors)).map(Wanted::Like);
            let like = like.into_iter().find(|like| self.indexes().any(|(_, index)| like.is_in(index)));
            if let Some(like) = like {
                *wanted = like;
                is_changed = true;
            }
        }
        is_changed
    }
}

#[cfg(test)]
mod tests {
    use super::{fold, words};

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(fold("Gruyère SPÄT"), "gruyere spat");
        assert_eq!(words("T-Shirt (Navy), 0.5 l").collect::<Vec<_>>(), ["t", "shirt", "navy", "0", "5", "l"]);
    }
}
