//! A receipt as a strip of paper: parts from top to bottom, before they become text or a printer's bytes.

use crate::{Document, Line, Row, Slip, SlipRow};

/// What stands on the paper, one below the other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// The shop's picture, if it has one.
    Logo,
    /// Words that are wrapped.
    Words {
        text: String,
        look: Look,
        /// Columns that each line is set in by.
        indent: usize,
    },
    /// A label from the left and a value at the right edge.
    Pair { label: String, value: String, look: Look, indent: usize },
    /// Three columns, the last two at their right edges.
    Triple([String; 3]),
    /// A line across the paper.
    Rule,
    /// An empty line.
    Blank,
    /// A QR code.
    Qr(String),
}

/// How a line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is one of a printer's switches, and all combine")]
pub(crate) struct Look {
    pub(crate) is_centred: bool,
    pub(crate) is_bold: bool,
    /// Twice as high.
    pub(crate) is_tall: bool,
    /// Twice as wide.
    pub(crate) is_wide: bool,
    /// Light on dark.
    pub(crate) is_reversed: bool,
}

pub(crate) const PLAIN: Look =
    Look { is_centred: false, is_bold: false, is_tall: false, is_wide: false, is_reversed: false };
const CENTRED: Look = Look { is_centred: true, ..PLAIN };
const BOLD: Look = Look { is_bold: true, ..PLAIN };
const HEADING: Look = Look { is_bold: true, is_tall: true, is_wide: true, ..CENTRED };
const MARK: Look = Look { is_bold: true, is_reversed: true, ..CENTRED };
const TOTAL: Look = Look { is_bold: true, is_tall: true, is_wide: true, ..PLAIN };

impl Part {
    fn words(text: &str, look: Look, indent: usize) -> Self {
        Self::Words { text: text.to_owned(), look, indent }
    }

    fn centred(text: &str) -> Self {
        Self::words(text, CENTRED, 0)
    }

    fn row(row: &Row) -> Self {
        Self::Pair { label: row.label.clone(), value: row.amount.clone(), look: PLAIN, indent: 0 }
    }

    fn mark(text: &str) -> Self {
        Self::words(&format!("*** {text} ***"), MARK, 0)
    }
}

/// A receipt's parts.
pub(crate) fn receipt(document: &Document) -> Vec<Part> {
    let mut parts = head(document);
    for line in &document.lines {
        parts.extend(item(document, line));
    }
    parts.push(Part::Rule);
    if !document.is_gift {
        parts.extend(sums(document));
    }
    parts.extend(foot(document));
    parts
}

fn head(document: &Document) -> Vec<Part> {
    let mut parts = vec![Part::Logo, Part::words(&document.shop, HEADING, 0)];
    parts.extend(document.address.iter().map(|line| Part::centred(line)));
    parts.push(Part::Blank);
    parts.extend(document.copy_mark.iter().map(|mark| Part::mark(mark)));
    parts.push(Part::words(&document.title, Look { is_centred: true, ..BOLD }, 0));
    parts.extend(document.head_rows().iter().map(Part::row));
    parts.push(Part::Rule);
    parts
}

fn item(document: &Document, line: &Line) -> Vec<Part> {
    let (sum, amount) = document.sum(line);
    let mut parts =
        vec![Part::words(&line.name, BOLD, 0), Part::Pair { label: sum, value: amount, look: PLAIN, indent: 2 }];
    parts.extend(line.notes.iter().map(|note| Part::words(note, PLAIN, 2)));
    parts
}

fn sums(document: &Document) -> Vec<Part> {
    let mut parts: Vec<Part> = document.totals.iter().map(Part::row).collect();
    let label = document.labels.total.to_uppercase();
    parts.push(Part::Pair { label, value: document.total.clone(), look: TOTAL, indent: 0 });
    parts.push(Part::Rule);
    parts.extend(document.payment_rows().iter().map(Part::row));
    if let Some(saved) = &document.saved {
        let label = document.labels.saved.clone();
        parts.push(Part::Pair { label, value: saved.clone(), look: BOLD, indent: 0 });
    }
    if !document.taxes.is_empty() {
        let labels = &document.labels;
        parts.push(Part::Rule);
        parts.push(Part::Triple([labels.tax.clone(), labels.net.clone(), labels.amount.clone()]));
        parts.extend(
            document.taxes.iter().map(|row| Part::Triple([row.label.clone(), row.net.clone(), row.tax.clone()])),
        );
    }
    if !document.account.is_empty() {
        parts.push(Part::Rule);
        parts.extend(document.account.iter().map(Part::row));
    }
    parts
}

fn foot(document: &Document) -> Vec<Part> {
    let mut parts = Vec::new();
    if !document.footer.is_empty() {
        parts.push(Part::Blank);
    }
    parts.extend(document.footer.iter().map(|line| Part::centred(line)));
    if let Some(code) = &document.qr {
        parts.push(Part::Qr(code.clone()));
    }
    if let Some(mark) = &document.copy_mark {
        parts.extend([Part::Blank, Part::mark(mark)]);
    }
    parts
}

/// A report's parts.
pub(crate) fn slip(slip: &Slip) -> Vec<Part> {
    let mut parts =
        vec![Part::words(&slip.shop, HEADING, 0), Part::words(&slip.title, Look { is_centred: true, ..BOLD }, 0)];
    parts.extend(slip.lines.iter().map(|line| Part::centred(line)));
    for row in &slip.rows {
        match row {
            SlipRow::Heading(text) => parts.extend([Part::Rule, Part::words(text, BOLD, 0)]),
            SlipRow::Amount(label, amount) => parts.push(Part::row(&Row::new(label, amount))),
            SlipRow::Total(label, amount) => {
                parts.push(Part::Pair { label: label.clone(), value: amount.clone(), look: BOLD, indent: 0 });
            }
            SlipRow::Note(text) => parts.push(Part::words(text, PLAIN, 2)),
            SlipRow::Signature(label) => {
                parts.extend([Part::Blank, Part::Blank, Part::Rule, Part::words(label, PLAIN, 0)]);
            }
        }
    }
    parts
}

/// The lines of a part on paper of so many columns. A QR code and a picture have none.
pub(crate) fn lines(part: &Part, columns: usize) -> Vec<String> {
    let mut out = crate::columns::Columns::new(columns);
    match part {
        Part::Logo | Part::Qr(_) => {}
        Part::Words { text, look, .. } if look.is_centred => out.centre(text),
        Part::Words { text, indent, .. } => out.left(text, *indent),
        Part::Pair { label, value, indent, .. } => out.pair(label, value, *indent),
        Part::Triple([first, second, third]) => out.triple(first, second, third),
        Part::Rule => out.rule(),
        Part::Blank => out.blank(),
    }
    out.into_lines()
}
