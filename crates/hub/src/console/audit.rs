//! The audit log: pages of it, and all of it as a table for a spreadsheet.

use super::{page::page, problem::Problem, session::Visitor, words::when};
use crate::Hub;
use axum::{
    extract::{Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use holdfast_store::AuditLine;
use maud::html;
use serde::Deserialize;
use std::fmt::Write as _;

const PAGE: u32 = 200;

/// Lines that are read at once for the export.
const CHUNK: u32 = 5_000;

#[derive(Deserialize)]
pub(crate) struct Before {
    before: Option<i64>,
}

pub(crate) async fn show(
    State(hub): State<Hub>,
    visitor: Visitor,
    Query(Before { before }): Query<Before>,
) -> Result<Response, Problem> {
    let before = before.unwrap_or(i64::MAX);
    let lines = hub.ask(move |store| store.audit_lines(before, PAGE)).await?;
    let next = lines.last().filter(|_| lines.len() == PAGE as usize).map(|line| line.id);
    let content = html! {
        p { "Who did what, on this console and by command. Lines are only ever added. "
            a href="/pos/console/audit.csv" { "Download all as CSV" } }
        div.wide {
            table {
                thead { tr { th { "Time (UTC)" } th { "Who" } th { "From" } th { "What" } th { "To what" } th { "Details" } } }
                tbody {
                    @for AuditLine { line, .. } in &lines {
                        tr {
                            td { (when(line.at_ms)) }
                            td { (line.who) }
                            td { (line.address) }
                            td { (line.action) }
                            td { (line.subject) }
                            td { (line.details) }
                        }
                    }
                }
            }
        }
        @if let Some(next) = next { p { a href={ "/pos/console/audit?before=" (next) } { "Older lines" } } }
    };
    Ok(page(&visitor, "audit", "Audit log", &content))
}

pub(crate) async fn csv(State(hub): State<Hub>, _visitor: Visitor) -> Result<Response, Problem> {
    let mut text = String::from("number,time_utc,who,from,what,to_what,details\r\n");
    let mut before = i64::MAX;
    loop {
        let lines = hub.ask(move |store| store.audit_lines(before, CHUNK)).await?;
        for AuditLine { id, line } in &lines {
            let cells = [&line.who, &line.address, &line.action, &line.subject, &line.details].map(|text| cell(text));
            write!(text, "{id},{},{}\r\n", when(line.at_ms), cells.join(",")).expect("written to a string");
        }
        match lines.last() {
            Some(last) if lines.len() == CHUNK as usize => before = last.id,
            _ => break,
        }
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"holdfast-audit.csv\""),
    ];
    Ok((headers, text).into_response())
}

/// A cell that a spreadsheet takes for a text, whatever is in it: one that begins like a formula gets an apostrophe.
fn cell(text: &str) -> String {
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%'])
        || text.starts_with(['\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        assert_eq!(cell(" @SUM(A1)"), "\"' @SUM(A1)\"");
        assert_eq!(cell("\t=1"), "\"'\t=1\"");
        assert_eq!(cell("a \"quoted\", text"), "\"a \"\"quoted\"\", text\"");
        assert_eq!(cell("A01"), "\"A01\"");
    }
}
