//! How many tests passed and failed, read from what test runners write.

/// Tests passed and failed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: u32,
    pub(super) failed: u32,
}

impl Count {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what a line of output reports, if it is a summary by cargo test, nextest or node.
    pub(super) fn read(&mut self, line: &str) {
        let line = without_colours(line);
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            // Also libtest's and nextest's: "N passed", "N failed" among other counts.
            ["test", "result:", ..] | ["Summary", ..] => {
                self.passed += before(&words, "passed");
                self.failed += before(&words, "failed");
            }
            // Node's, in its two dialects.
            ["#" | "ℹ", "pass", number] => self.passed += number.parse().unwrap_or(0),
            ["#" | "ℹ", "fail", number] => self.failed += number.parse().unwrap_or(0),
            _ => {}
        }
    }
}

/// The number before a word, 0 if there is none.
fn before(words: &[&str], word: &str) -> u32 {
    words
        .windows(2)
        .find(|pair| pair[1].trim_end_matches([',', ';']) == word)
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or(0)
}

fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Count {
        let mut count = Count::default();
        lines.iter().for_each(|line| count.read(line));
        count
    }

    #[test]
    fn cargo_test_is_understood() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s";

        assert_eq!(read(&[line, line]), Count { passed: 24, failed: 6 });
    }

    #[test]
    fn nextest_is_understood_in_colour() {
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.2s] 9 tests run: 7 passed (1 slow), 2 failed, 0 skipped";

        assert_eq!(read(&[line]), Count { passed: 7, failed: 2 });
    }

    #[test]
    fn node_is_understood_in_both_dialects() {
        assert_eq!(read(&["# pass 4", "# fail 1", "ℹ pass 2", "ℹ fail 0"]), Count { passed: 6, failed: 1 });
    }

    #[test]
    fn other_lines_count_nothing() {
        assert!(read(&["test money::adds ... ok", "5 passed"]).is_empty());
    }
}
