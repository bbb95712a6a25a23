//! What is up: what waits and since when, what needs a person, how the hub's parts are.

use super::{page::page, problem::Problem, session::Visitor, words::ago};
use crate::{Hub, worker::Activity};
use axum::{extract::State, response::Response};
use holdfast_store::{Alert, PostingCount, Store, StoreError, TerminalRow};
use maud::{Markup, html};

struct Facts {
    alerts: Vec<Alert>,
    counts: Vec<PostingCount>,
    terminals: Vec<TerminalRow>,
}

fn facts(store: &Store) -> Result<Facts, StoreError> {
    Ok(Facts { alerts: store.alerts()?, counts: store.posting_counts()?, terminals: store.terminals()? })
}

pub(crate) async fn show(State(hub): State<Hub>, visitor: Visitor) -> Result<Response, Problem> {
    let facts = hub.ask(facts).await?;
    let content = html! {
        (cards(&facts.counts))
        @if !facts.alerts.is_empty() {
            section {
                h2 { "Needs a look" }
                ul.alerts {
                    @for alert in &facts.alerts {
                        li.notice.bad {
                            strong { (alert.subject) } " " (alert.words)
                            span.quiet { " " (ago(alert.raised_at_ms)) }
                        }
                    }
                }
            }
        }
        section {
            h2 { "Counters" }
            (terminals(&facts.terminals, &facts.counts))
        }
        section {
            h2 { "The hub" }
            (workers(&hub))
        }
    };
    Ok(page(&visitor, "", "Overview", &content))
}

fn sum<'a>(counts: impl Iterator<Item = &'a PostingCount>) -> (u64, Option<i64>) {
    counts.fold((0, None), |(sum, oldest), count| {
        (sum + count.count, Some(oldest.map_or(count.oldest_ms, |at: i64| at.min(count.oldest_ms))))
    })
}

fn is_waiting(count: &PostingCount) -> bool {
    matches!(count.word.as_str(), "received" | "posting")
}

fn is_stuck(count: &PostingCount) -> bool {
    matches!(count.word.as_str(), "rejected" | "discrepancy")
}

fn cards(counts: &[PostingCount]) -> Markup {
    let (waiting, since) = sum(counts.iter().filter(|count| is_waiting(count)));
    let (stuck, stuck_since) = sum(counts.iter().filter(|count| is_stuck(count)));
    let (booked, _) = sum(counts.iter().filter(|count| matches!(count.word.as_str(), "posted" | "resolved")));
    html! {
        div.cards {
            div.card {
                span.figure { (waiting) }
                span { "on the way into the books" }
                span.quiet { @if let Some(since) = since { "the first came " (ago(since)) } @else { "nothing waits" } }
            }
            div.card.bad[stuck > 0] {
                span.figure { (stuck) }
                span { a href="/pos/console/exceptions" { "need a decision" } }
                span.quiet { @if let Some(since) = stuck_since { "the first since " (ago(since)) } @else { "nothing to decide" } }
            }
            div.card {
                span.figure { (booked) }
                span { "in the books" }
                span.quiet { "of all that was ever received" }
            }
        }
    }
}

fn terminals(terminals: &[TerminalRow], counts: &[PostingCount]) -> Markup {
    if terminals.is_empty() {
        return html! { p.quiet { "No counter has been set up yet. Open /pos in a counter's browser." } };
    }
    html! {
        div.wide {
            table {
                thead { tr { th { "Counter" } th { "Sells under" } th { "Last heard" } th.number { "Entries" } th.number { "Waiting" } } }
                tbody {
                    @for terminal in terminals {
                        @let own = || counts.iter().filter(|count| count.terminal == terminal.id);
                        @let waiting = sum(own().filter(|count| is_waiting(count))).0;
                        @let stuck = sum(own().filter(|count| is_stuck(count))).0;
                        tr {
                            td {
                                a href={ "/pos/console/terminals/" (terminal.code) } { (terminal.code) " " (terminal.name) }
                                @if terminal.is_revoked { " " span.tag.bad { "switched off" } }
                            }
                            td { (terminal.pos_profile) }
                            td { (ago(terminal.heard_at_ms)) }
                            td.number { (terminal.head.seq) }
                            td.number {
                                (waiting)
                                @if stuck > 0 { " " span.tag.bad { (stuck) " to decide" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn workers(hub: &Hub) -> Markup {
    html! {
        dl {
            dt { "Version" }
            dd { (env!("CARGO_PKG_VERSION")) }
            @if let Some(site) = hub.site() {
                dt { "ERPNext" }
                dd { (site.client().url()) }
            }
            @for (name, status) in hub.watch.all() {
                dt { (name) }
                dd {
                    (tag(status.activity)) " " (status.words)
                    span.quiet { " since " (ago(status.since_ms).trim_end_matches(" ago")) }
                }
            }
        }
    }
}

fn tag(activity: Activity) -> Markup {
    match activity {
        Activity::Off => html! { span.tag { "off" } },
        Activity::Working => html! { span.tag.good { "working" } },
        Activity::Idle => html! { span.tag.good { "done" } },
        Activity::Waiting => html! { span.tag.warn { "waiting" } },
    }
}
