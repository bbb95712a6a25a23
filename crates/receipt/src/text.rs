//! A receipt as plain text.

use crate::{Document, Line, Paper, Row, columns::Columns};

/// Lays a receipt out in lines of as many columns as the paper has.
pub fn text(document: &Document, paper: Paper) -> String {
    let mut columns = Columns::new(paper.columns());
    head(&mut columns, document);
    for line in &document.lines {
        item(&mut columns, document, line);
    }
    sums(&mut columns, document);
    if !document.taxes.is_empty() {
        columns.rule();
        let labels = &document.labels;
        columns.triple(&labels.tax, &labels.net, &labels.amount);
        for row in &document.taxes {
            columns.triple(&row.label, &row.net, &row.tax);
        }
    }
    foot(&mut columns, document);
    columns.finish()
}

fn head(columns: &mut Columns, document: &Document) {
    columns.centre(&document.shop);
    for line in &document.address {
        columns.centre(line);
    }
    columns.blank();
    if let Some(mark) = &document.copy_mark {
        columns.centre(&format!("*** {mark} ***"));
    }
    columns.centre(&document.title);
    for row in document.head_rows() {
        columns.pair(&row.label, &row.amount, 0);
    }
    columns.rule();
}

fn item(columns: &mut Columns, document: &Document, line: &Line) {
    let (sum, amount) = line.sum(&document.labels);
    columns.left(&line.name, 0);
    columns.pair(&sum, &amount, 2);
    for note in &line.notes {
        columns.left(note, 2);
    }
}

fn sums(columns: &mut Columns, document: &Document) {
    columns.rule();
    rows(columns, &document.totals);
    columns.pair(&document.labels.total.to_uppercase(), &document.total, 0);
    columns.rule();
    rows(columns, &document.payment_rows());
}

fn rows(columns: &mut Columns, rows: &[Row]) {
    for row in rows {
        columns.pair(&row.label, &row.amount, 0);
    }
}

fn foot(columns: &mut Columns, document: &Document) {
    if !document.footer.is_empty() {
        columns.blank();
    }
    for line in &document.footer {
        columns.centre(line);
    }
    if let Some(mark) = &document.copy_mark {
        columns.blank();
        columns.centre(&format!("*** {mark} ***"));
    }
}
