//! A short report on receipt paper: the end of a shift.

use crate::{
    Paper,
    columns::Columns,
    html::{element, escape, pair},
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
}

impl Slip {
    /// An `<article>` for the same stylesheet as a receipt's.
    pub fn html(&self, paper: Paper) -> String {
        let mut out = format!(
            "<article class=\"receipt receipt-slip {}\" lang=\"{}\"><header>",
            paper.class(),
            escape(&self.language)
        );
        element(&mut out, "h1", "receipt-shop", &self.shop);
        element(&mut out, "h2", "receipt-title", &self.title);
        for line in &self.lines {
            element(&mut out, "p", "receipt-address", line);
        }
        out.push_str("</header><table class=\"receipt-totals\"><tbody>");
        for row in &self.rows {
            match row {
                // Writing into a string cannot fail.
                SlipRow::Heading(text) => {
                    let _ = write!(out, "<tr><th class=\"receipt-heading\" colspan=\"2\">{}</th></tr>", escape(text));
                }
                SlipRow::Amount(label, amount) => pair(&mut out, "receipt-row", label, amount),
            }
        }
        out.push_str("</tbody></table></article>");
        out
    }

    /// Plain text.
    pub fn text(&self, paper: Paper) -> String {
        let mut columns = Columns::new(paper.columns());
        columns.centre(&self.shop);
        columns.centre(&self.title);
        for line in &self.lines {
            columns.centre(line);
        }
        for row in &self.rows {
            match row {
                SlipRow::Heading(text) => {
                    columns.rule();
                    columns.left(text, 0);
                }
                SlipRow::Amount(label, amount) => columns.pair(label, amount, 0),
            }
        }
        columns.finish()
    }
}
