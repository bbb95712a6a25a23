//! Lines of a fixed width: what plain text and receipt printers are made of.
//!
//! Widths are in columns: a Chinese character takes two, an accent that combines takes none.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Collects lines.
pub(crate) struct Columns {
    width: usize,
    lines: Vec<String>,
}

impl Columns {
    pub(crate) fn new(width: usize) -> Self {
        Self { width, lines: Vec::new() }
    }

    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines
    }

    /// A line across the paper.
    pub(crate) fn rule(&mut self) {
        self.lines.push("-".repeat(self.width));
    }

    pub(crate) fn blank(&mut self) {
        self.lines.push(String::new());
    }

    /// Text from the left, wrapped, each line after `indent` columns.
    pub(crate) fn left(&mut self, text: &str, indent: usize) {
        for line in wrap(text, self.width.saturating_sub(indent).max(1)) {
            self.lines.push(format!("{}{line}", " ".repeat(indent)));
        }
    }

    /// Text in the middle, wrapped.
    pub(crate) fn centre(&mut self, text: &str) {
        for line in wrap(text, self.width) {
            let space = self.width.saturating_sub(line.width()) / 2;
            self.lines.push(format!("{}{line}", " ".repeat(space)));
        }
    }

    /// A label from the left and a value at the right edge; the value keeps its place, the label is wrapped before it.
    pub(crate) fn pair(&mut self, label: &str, value: &str, indent: usize) {
        let room = self.width.saturating_sub(indent + value.width() + 1);
        // A value that leaves no room for words gets lines of its own.
        if room < 8 && !label.is_empty() {
            self.left(label, indent);
            for line in wrap(value, self.width) {
                self.lines.push(format!("{}{line}", " ".repeat(self.width.saturating_sub(line.width()))));
            }
            return;
        }
        let mut label_lines = wrap(label, room.max(1));
        let last = label_lines.pop().unwrap_or_default();
        for line in label_lines {
            self.lines.push(format!("{}{line}", " ".repeat(indent)));
        }
        let space = self.width.saturating_sub(indent + last.width() + value.width());
        self.lines.push(format!("{}{last}{}{value}", " ".repeat(indent), " ".repeat(space)));
    }

    /// Three columns, the last two at their right edges.
    pub(crate) fn triple(&mut self, first: &str, second: &str, third: &str) {
        let column = self.width * 3 / 10;
        let right = |text: &str| format!("{}{text}", " ".repeat(column.saturating_sub(text.width())));
        self.pair(first, &format!("{}{}", right(second), right(third)), 0);
    }
}

/// Breaks text into lines of at most `width` columns: at spaces, and within words that are longer than a line.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        let gap = usize::from(!line.is_empty());
        if line.width() + gap + word.width() <= width {
            line.push_str(&" ".repeat(gap));
            line.push_str(word);
        } else if word.width() <= width {
            lines.push(word.to_owned());
        } else {
            break_word(&mut lines, word, width);
        }
    }
    lines
}

fn break_word(lines: &mut Vec<String>, word: &str, width: usize) {
    if lines.last().is_some_and(|line| !line.is_empty()) {
        lines.push(String::new());
    }
    for c in word.chars() {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.width() + c.width().unwrap_or(0) > width {
            lines.push(c.to_string());
        } else {
            line.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Columns;
    use unicode_width::UnicodeWidthStr;

    fn laid_out(width: usize, fill: impl Fn(&mut Columns)) -> Vec<String> {
        let mut columns = Columns::new(width);
        fill(&mut columns);
        columns.into_lines()
    }

    #[test]
    fn amounts_end_at_the_right_edge_also_beside_wide_characters() {
        let lines = laid_out(32, |columns| {
            columns.pair("Tea", "3.50", 0);
            columns.pair("綠茶 二百克", "12.00", 0);
            columns.pair("Crème brûlée with a long name that needs two lines", "4.10", 0);
        });

        for line in [&lines[0], &lines[1], &lines[3]] {
            assert_eq!(line.width(), 32, "{line}");
        }
    }

    #[test]
    fn no_line_is_wider_than_the_paper() {
        let lines = laid_out(32, |columns| {
            columns.left("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter", 2);
            columns.centre("A line that is a good deal longer than the paper is wide");
            columns.pair("Grand total of everything", "IDR 123,456,789,012,345.00", 0);
            columns.triple("VAT 19% reduced", "1,234,567.00", "234,567.73");
        });

        assert!(lines.iter().all(|line| line.width() <= 32), "{lines:#?}");
    }
}
