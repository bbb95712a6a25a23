//! A receipt as plain text.

use crate::{
    Document, Paper,
    strip::{self, Part},
};

/// Lays a receipt out in lines of as many columns as the paper has.
pub fn text(document: &Document, paper: Paper) -> String {
    join(&strip::receipt(document), paper)
}

pub(crate) fn join(parts: &[Part], paper: Paper) -> String {
    let mut text = String::new();
    for line in parts.iter().flat_map(|part| strip::lines(part, paper.columns())) {
        text.push_str(&line);
        text.push('\n');
    }
    text
}
