//! A short report on receipt paper: the end of a shift.

use crate::{
    Paper,
    document::is_right_to_left,
    html::{direction, element, escape, pair},
    strip, text,
};
use std::fmt::Write;

/// A title, some lines under it, and rows of labels and amounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slip {
    /// The language of the texts, such as `en`.
    pub language: String,
    /// The shop.
    pub shop: String,
    /// What it reports.
    pub title: String,
    /// Who and when, one line each.
    pub lines: Vec<String>,
    /// What it says.
    pub rows: Vec<SlipRow>,
}

/// A row of a slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlipRow {
    /// A heading over the rows that follow.
    Heading(String),
    /// A label and an amount.
    Amount(String, String),
    /// The same, where it sums up those above.
    Total(String, String),
    /// Words under a row: why, by whom.
    Note(String),
    /// Room to sign in, over a line with these words under it.
    Signature(String),
}

impl Slip {
    /// An `<article>` for the same stylesheet as a receipt's.
    pub fn html(&self, paper: Paper) -> String {
        let mut out = format!(
            "<article class=\"receipt receipt-slip {}\" lang=\"{}\"{}><header>",
            paper.class(),
            escape(&self.language),
            direction(is_right_to_left(&self.language)),
        );
        element(&mut out, "h1", "receipt-shop", &self.shop);
        element(&mut out, "h2", "receipt-title", &self.title);
        for line in &self.lines {
            element(&mut out, "p", "receipt-address", line);
        }
        out.push_str("</header><table class=\"receipt-totals\"><tbody>");
        for row in &self.rows {
            match row {
                SlipRow::Heading(text) => spanning(&mut out, "receipt-heading", text),
                SlipRow::Amount(label, amount) => pair(&mut out, "receipt-row", label, amount),
                SlipRow::Total(label, amount) => pair(&mut out, "receipt-row receipt-sum-up", label, amount),
                SlipRow::Note(text) => spanning(&mut out, "receipt-note", text),
                SlipRow::Signature(label) => spanning(&mut out, "receipt-signature", label),
            }
        }
        out.push_str("</tbody></table></article>");
        out
    }

    /// Plain text.
    pub fn text(&self, paper: Paper) -> String {
        text::join(&strip::slip(self), paper)
    }
}

/// A row of the table with one cell.
fn spanning(out: &mut String, class: &str, text: &str) {
    // Writing into a string cannot fail.
    let _ = write!(out, "<tr><th class=\"{class}\" colspan=\"2\">{}</th></tr>", escape(text));
}
