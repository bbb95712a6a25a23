//! Counters: the list, one counter's journal, and switching one off.

use super::{
    page::page,
    problem::Problem,
    session::{Posted, Visitor},
    words::{ago, when},
};
use crate::{
    Hub,
    completeness::{ensure_key, signed, statement},
    state::now_ms,
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use holdfast_store::{PostingLine, Role, Store, StoreError, TerminalRow};
use holdfast_sync::{audit::Statement, posting::State as PostingState};
use maud::{Markup, html};
use serde::Deserialize;

pub(crate) async fn list(State(hub): State<Hub>, visitor: Visitor) -> Result<Response, Problem> {
    let terminals = hub.ask(Store::terminals).await?;
    let content = html! {
        @if terminals.is_empty() {
            p.quiet { "No counter has been set up yet. Open /pos in a counter's browser." }
        } @else {
            div.wide {
                table {
                    thead { tr { th { "Code" } th { "Name" } th { "Sells under" } th { "Posts as" } th { "Last heard" } th.number { "Entries" } } }
                    tbody {
                        @for terminal in &terminals {
                            tr {
                                td { a href={ "/pos/console/terminals/" (terminal.code) } { (terminal.code) } }
                                td { (terminal.name) @if terminal.is_revoked { " " span.tag.bad { "switched off" } } }
                                td { (terminal.pos_profile) }
                                td { (terminal.account) }
                                td { (ago(terminal.heard_at_ms)) }
                                td.number { (terminal.head.seq) }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(page(&visitor, "terminals", "Counters", &content))
}

struct Journal {
    terminal: TerminalRow,
    lines: Vec<PostingLine>,
    forks: u64,
    statement: Statement,
}

fn journal(store: &Store, code: &str) -> Result<Option<Journal>, StoreError> {
    let Some(terminal) = store.terminals()?.into_iter().find(|terminal| terminal.code == code) else {
        return Ok(None);
    };
    let (lines, forks) = (store.postings_of(terminal.id)?, store.forks(terminal.id)?);
    let statement = statement(store, &terminal, now_ms())?;
    Ok(Some(Journal { terminal, lines, forks, statement }))
}

pub(crate) async fn show(
    State(hub): State<Hub>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let found = hub.ask(move |store| journal(store, &code)).await?.ok_or_else(missing)?;
    let Journal { terminal, lines, forks, statement } = found;
    let content = html! {
        dl {
            dt { "Name" } dd { (terminal.name) }
            dt { "Sells under" } dd { (terminal.pos_profile) }
            dt { "Posts as" } dd { (terminal.account) }
            dt { "Last heard" } dd { (ago(terminal.heard_at_ms)) }
            dt { "Entries here" } dd { "1 to " (terminal.head.seq) }
            @if forks > 0 {
                dt { "Second line" }
                dd { span.tag.bad { "exists twice" } " " (forks) " entries of another line are kept." }
            }
        }
        (completeness(&terminal, &statement))
        (switch(&visitor, &terminal))
        section {
            h2 { "On their way into the books" }
            (postings(&lines))
        }
    };
    let title = format!("{} {}", terminal.code, terminal.name);
    Ok(page(&visitor, "terminals", &title, &content))
}

fn completeness(terminal: &TerminalRow, statement: &Statement) -> Markup {
    let (waiting, to_decide) = statement.waiting();
    html! {
        section {
            h2 { "Completeness" }
            @if statement.is_whole() {
                p.notice {
                    "Every entry from 1 to " (statement.head.seq) " is here, once, in one unbroken chain, signed by this counter. "
                    (waiting) " are on their way into the books, " (to_decide) " need a decision."
                }
            } @else {
                div.notice.bad { "This journal is not whole." ul { @for fault in &statement.faults { li { (fault) } } } }
            }
            p { a href={ "/pos/console/terminals/" (terminal.code) "/statement" } { "Download the signed statement" } }
        }
    }
}

/// The signed statement of a counter's completeness, as a file.
pub(crate) async fn signed_statement(
    State(hub): State<Hub>,
    _visitor: Visitor,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let vault = hub.vault.clone();
    let made = hub.ask(move |store| {
        let Some(Journal { terminal, statement, .. }) = journal(store, &code)? else {
            return Ok(None);
        };
        ensure_key(store, &vault, now_ms())?;
        Ok(Some((terminal.code.clone(), signed(store, &vault, &terminal, &statement))))
    });
    let (code, file) = made.await?.ok_or_else(missing)?;
    let file = file.map_err(|error| Problem::new(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()))?;
    let name = format!("attachment; filename=\"holdfast-{code}.json\"");
    let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, file.to_string()).into_response())
}

fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is no such counter.")
}

fn switch(visitor: &Visitor, terminal: &TerminalRow) -> Markup {
    let (button, revoke) = if terminal.is_revoked { ("Switch on again", "no") } else { ("Switch off", "yes") };
    html! {
        @if visitor.role >= Role::Manager {
            form.inline method="post" action={ "/pos/console/terminals/" (terminal.code) "/revoke" } {
                (visitor.key())
                input type="hidden" name="revoke" value=(revoke);
                button type="submit" { (button) }
                span.quiet {
                    @if terminal.is_revoked { "It gets no catalogue and no employees now. Its sales still come in." }
                    @else { "For a counter that was lost or stolen. What it sold still comes in." }
                }
            }
        }
    }
}

fn postings(lines: &[PostingLine]) -> Markup {
    if lines.is_empty() {
        return html! { p.quiet { "Nothing for the books has come from this counter yet." } };
    }
    html! {
        div.wide {
            table {
                thead { tr { th.number { "Entry" } th { "What" } th { "Came (UTC)" } th { "Where it stands" } } }
                tbody {
                    @for line in lines.iter().rev().take(500) {
                        tr {
                            td.number { (line.row.id.seq) }
                            td { (format!("{:?}", line.row.kind)) }
                            td { (when(line.received_at_ms)) }
                            td { (standing(&line.row.state)) }
                        }
                    }
                }
            }
        }
        @if lines.len() > 500 { p.quiet { "The last 500 of " (lines.len()) "." } }
    }
}

/// Where an entry stands, in words.
pub(super) fn standing(state: &PostingState) -> Markup {
    html! {
        @match state {
            PostingState::Received => { span.tag { "waits" } }
            PostingState::Posting { attempts, .. } => { span.tag { "on its way" } span.quiet { " try " (attempts) } }
            PostingState::Posted { documents } => {
                span.tag.good { "booked" }
                @for document in documents { " " (document.name) }
            }
            PostingState::Discrepancy { documents, differences } => {
                span.tag.bad { "differs" }
                @for document in documents { " " (document.name) }
                span.quiet { " in " (differences.len()) " fields" }
            }
            PostingState::Rejected { refusal, .. } => { span.tag.bad { "refused" } " " (refusal.message) }
            PostingState::Resolved { resolution, .. } => {
                span.tag { "settled" } " " (resolution.reason) span.quiet { " by " (resolution.by) }
            }
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Revoke {
    revoke: String,
}

pub(crate) async fn revoke(
    State(hub): State<Hub>,
    Path(code): Path<String>,
    Posted { visitor, form }: Posted<Revoke>,
) -> Result<Response, Problem> {
    visitor.must_be(Role::Manager)?;
    let is_revoked = form.revoke == "yes";
    let action = if is_revoked { "terminal.revoked" } else { "terminal.allowed" };
    let (line, to) = (visitor.line(action, &code, ""), format!("/pos/console/terminals/{code}"));
    let switch = move |store: &Store| {
        let Some(terminal) = store.terminals()?.into_iter().find(|terminal| terminal.code == code) else {
            return Ok(false);
        };
        store.change(|change| {
            change.set_revoked(terminal.id, is_revoked)?;
            change.audit(&line)
        })?;
        Ok(true)
    };
    if hub.ask(switch).await? { Ok(Redirect::to(&to).into_response()) } else { Err(missing()) }
}
