//! A receipt as HTML: classes only, no inline style and no script, so that it lives under a strict content policy.

use crate::{Document, Line, Paper, Row};
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// The stylesheet of [`html()`], for the screen and for the printer. To be served as a file.
pub const CSS: &str = include_str!("receipt.css");

/// One receipt as an `<article>`.
pub fn html(document: &Document, paper: Paper) -> String {
    let mut out = format!(
        "<article class=\"receipt {}\" lang=\"{}\"{}>",
        paper.class(),
        escape(&document.labels.language),
        direction(document.is_right_to_left()),
    );
    head(&mut out, document);
    lines(&mut out, document);
    if !document.is_gift {
        sums(&mut out, document);
        taxes(&mut out, document);
        account(&mut out, document);
    }
    foot(&mut out, document);
    out.push_str("</article>");
    out
}

/// A complete page around [`html()`] or a slip, with the stylesheet at an address.
pub fn page(title: &str, article: &str, css_href: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{}</title>\
         <link rel=\"stylesheet\" href=\"{}\"></head><body>{article}</body></html>",
        escape(title),
        escape(css_href),
    )
}

/// The attribute that says from where to read, where that is the right.
pub(crate) fn direction(is_right_to_left: bool) -> &'static str {
    if is_right_to_left { " dir=\"rtl\"" } else { "" }
}

/// Makes any text safe between tags and inside quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Control characters have no place on paper, and some are forbidden in HTML.
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// `<tag class="class">text</tag>`.
pub(crate) fn element(out: &mut String, tag: &str, class: &str, text: &str) {
    // Writing into a string cannot fail.
    let _ = write!(out, "<{tag} class=\"{class}\">{}</{tag}>", escape(text));
}

/// A row of a two-column table: label left, amount right.
pub(crate) fn pair(out: &mut String, class: &str, label: &str, amount: &str) {
    let _ = write!(out, "<tr class=\"{class}\">");
    element(out, "th", "receipt-label", label);
    element(out, "td", "receipt-amount", amount);
    out.push_str("</tr>");
}

fn rows(out: &mut String, class: &str, rows: &[Row]) {
    for row in rows {
        pair(out, class, &row.label, &row.amount);
    }
}

fn head(out: &mut String, document: &Document) {
    out.push_str("<header>");
    element(out, "h1", "receipt-shop", &document.shop);
    for line in &document.address {
        element(out, "p", "receipt-address", line);
    }
    if let Some(mark) = &document.copy_mark {
        element(out, "p", "receipt-copy", mark);
    }
    element(out, "h2", "receipt-title", &document.title);
    out.push_str("<table class=\"receipt-head\"><tbody>");
    rows(out, "receipt-row", &document.head_rows());
    out.push_str("</tbody></table></header>");
}

fn lines(out: &mut String, document: &Document) {
    out.push_str("<table class=\"receipt-lines\"><tbody>");
    for line in &document.lines {
        item(out, document, line);
    }
    out.push_str("</tbody></table>");
}

fn item(out: &mut String, document: &Document, line: &Line) {
    let (sum, amount) = document.sum(line);
    let _ = write!(
        out,
        "<tr class=\"receipt-line\"><th class=\"receipt-item\" colspan=\"2\">{}</th></tr>",
        escape(&line.name)
    );
    out.push_str("<tr class=\"receipt-line\">");
    element(out, "td", "receipt-sum", &sum);
    element(out, "td", "receipt-amount", &amount);
    out.push_str("</tr>");
    for note in &line.notes {
        let note = escape(note);
        let _ = write!(out, "<tr class=\"receipt-line\"><td class=\"receipt-note\" colspan=\"2\">{note}</td></tr>");
    }
}

fn sums(out: &mut String, document: &Document) {
    out.push_str("<table class=\"receipt-totals\"><tbody>");
    rows(out, "receipt-row", &document.totals);
    pair(out, "receipt-total", &document.labels.total, &document.total);
    rows(out, "receipt-row receipt-payment", &document.payment_rows());
    if let Some(saved) = &document.saved {
        pair(out, "receipt-row receipt-saved", &document.labels.saved, saved);
    }
    out.push_str("</tbody></table>");
}

fn taxes(out: &mut String, document: &Document) {
    if document.taxes.is_empty() {
        return;
    }
    let labels = &document.labels;
    out.push_str("<table class=\"receipt-taxes\"><thead><tr>");
    for label in [&labels.tax, &labels.net, &labels.amount] {
        element(out, "th", "receipt-label", label);
    }
    out.push_str("</tr></thead><tbody>");
    for row in &document.taxes {
        out.push_str("<tr class=\"receipt-row\">");
        element(out, "th", "receipt-label", &row.label);
        element(out, "td", "receipt-amount", &row.net);
        element(out, "td", "receipt-amount", &row.tax);
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
}

fn account(out: &mut String, document: &Document) {
    if document.account.is_empty() {
        return;
    }
    out.push_str("<table class=\"receipt-account\"><tbody>");
    rows(out, "receipt-row", &document.account);
    out.push_str("</tbody></table>");
}

fn foot(out: &mut String, document: &Document) {
    out.push_str("<footer>");
    for line in &document.footer {
        element(out, "p", "receipt-footer", line);
    }
    // A text too long for a QR code prints without one.
    if let Some(code) = document.qr.as_deref().and_then(|text| QrCode::encode_text(text, QrCodeEcc::Medium).ok()) {
        qr(out, &code);
    }
    if let Some(mark) = &document.copy_mark {
        element(out, "p", "receipt-copy", mark);
    }
    out.push_str("</footer>");
}

/// A QR code as one SVG path, a module a unit, with its quiet zone of four.
fn qr(out: &mut String, code: &QrCode) {
    let size = code.size();
    let _ = write!(
        out,
        "<svg class=\"receipt-qr\" role=\"img\" aria-label=\"QR\" viewBox=\"0 0 {0} {0}\"><path d=\"",
        size + 8
    );
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            let _ = write!(out, "M{} {}h1v1h-1z", x + 4, y + 4);
        }
    }
    out.push_str("\"/></svg>");
}
