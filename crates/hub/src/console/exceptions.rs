//! What ERPNext refused, and what it booked differently: with its own words, what they mean, and what can be done.

use super::{
    page::page,
    problem::Problem,
    session::{Posted, Visitor},
    words::{ago, when},
};
use crate::{Hub, worker::Input};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use holdfast_store::{PostingLine, Role, Store, StoreError, TerminalRow};
use holdfast_sync::{
    Body, Entry,
    posting::{Decision, PostingId, RefusalKind, Rename, State as PostingState},
};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use tokio::sync::oneshot;

/// What can be mapped to something else.
const MAPPED: [&str; 3] = ["Item", "Customer", "Batch"];

/// An exception with its entry.
struct Exception {
    line: PostingLine,
    entry: Option<Entry>,
    counter: String,
}

fn exception(store: &Store, line: PostingLine, counters: &HashMap<[u8; 16], String>) -> Result<Exception, StoreError> {
    let entry = store.entry(line.row.id)?;
    let counter = counters.get(&line.row.id.terminal.0).cloned().unwrap_or_default();
    Ok(Exception { line, entry, counter })
}

fn counters(store: &Store) -> Result<HashMap<[u8; 16], String>, StoreError> {
    let name = |terminal: TerminalRow| (terminal.id.0, format!("{} {}", terminal.code, terminal.name));
    Ok(store.terminals()?.into_iter().map(name).collect())
}

pub(crate) async fn list(State(hub): State<Hub>, visitor: Visitor) -> Result<Response, Problem> {
    let all = |store: &Store| {
        let counters = counters(store)?;
        store.exceptions()?.into_iter().map(|line| exception(store, line, &counters)).collect::<Result<Vec<_>, _>>()
    };
    let exceptions = hub.ask(all).await?;
    let content = html! {
        p.quiet {
            "A refused entry holds back only its own shift's closing; everything else goes on. Nothing is dropped: each stays here until \
             it is in the books or somebody has settled it."
        }
        @if exceptions.is_empty() { p.notice { "There is nothing to decide." } }
        @for exception in &exceptions { (card(exception)) }
    };
    Ok(page(&visitor, "exceptions", "To decide", &content))
}

fn card(exception: &Exception) -> Markup {
    let id = exception.line.row.id.to_string();
    html! {
        section.card.row {
            div {
                a href={ "/pos/console/exceptions/" (id) } { strong { (title(exception)) } }
                div { (said(&exception.line.row.state)) }
                div.quiet { (exception.counter) " · came " (ago(exception.line.received_at_ms)) }
            }
        }
    }
}

fn title(exception: &Exception) -> String {
    match exception.entry.as_ref().map(|entry| &entry.body) {
        Some(Body::Sale(sale)) => {
            let what = if sale.invoice.is_return { "Return" } else { "Sale" };
            format!("{what} {} of {}, {:.2}", sale.receipt_number, sale.posted_local, sale.invoice.payable())
        }
        Some(Body::ShiftOpened(opened)) => format!("Shift opened under {}", opened.pos_profile),
        Some(Body::ShiftClosed(closed)) => format!("Shift closed with {} sales, {:.2}", closed.sales, closed.total),
        Some(Body::CustomerSaved(customer)) => format!("Customer {}", customer.customer_name),
        Some(Body::CashMoved(moved)) => format!("Cash moved: {:.2}", moved.amount),
        Some(_) | None => format!("Entry {}", exception.line.row.id.seq),
    }
}

fn said(state: &PostingState) -> Markup {
    html! {
        @match state {
            PostingState::Rejected { refusal, .. } => { span.tag.bad { "refused" } " “" (refusal.message) "”" }
            PostingState::Discrepancy { differences, .. } => {
                span.tag.warn { "differs" } " "
                @for (at, difference) in differences.iter().take(3).enumerate() {
                    @if at > 0 { ", " }
                    (difference.field) ": receipt " (difference.receipt) ", booked " (difference.booked)
                }
            }
            _ => { span.tag { (state.word()) } }
        }
    }
}

/// What a refusal means, and what usually helps.
fn explanation(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::Permission => {
            "The account that this counter posts as lacks a right. Run the set-up on the page ERPNext again for this user, then try again."
        }
        RefusalKind::Stock => {
            "ERPNext has less stock than was sold. The goods are gone all the same: book what is missing into stock, then try again."
        }
        RefusalKind::ClosedPeriod => {
            "The books are closed for the day of this sale. Open the period for the hub's account, or leave a draft for the bookkeeper."
        }
        RefusalKind::Item => {
            "An item is disabled, deleted or not for sale any more. Put it right, or book another item in its place."
        }
        RefusalKind::Customer => "The customer is disabled, frozen or deleted. Put it right, or book another customer.",
        RefusalKind::Batch => "A batch is expired, disabled or gone. Put it right, or book another batch.",
        RefusalKind::Opening => {
            "There is no open POS Opening Entry that takes this sale. The shift's own opening must be in the books first."
        }
        RefusalKind::Limit => {
            "A price, discount, coupon or payment is outside what ERPNext allows. What was sold cannot be changed any more."
        }
        RefusalKind::Mandatory => {
            "ERPNext wants a field that the receipt does not have. Give it a default, or take the obligation off."
        }
        RefusalKind::Original => {
            "The sale that is returned is not in the books yet. Settle that one first, then try again."
        }
        RefusalKind::Consolidation => {
            "ERPNext could not put the shift's invoices together. Its own message says which one is in the way."
        }
        RefusalKind::NoAnswer => "The site answers, but never for this entry. Its error log may say why.",
        RefusalKind::Other => "ERPNext's own message is all that is known.",
    }
}

pub(crate) async fn show(
    State(hub): State<Hub>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    let one = move |store: &Store| {
        let counters = counters(store)?;
        store.posting(id)?.map(|line| exception(store, line, &counters)).transpose()
    };
    let exception = hub.ask(one).await?.ok_or_else(missing)?;
    let row = &exception.line.row;
    let content = html! {
        dl {
            dt { "Counter" } dd { (exception.counter) }
            dt { "Entry" } dd { (row.id.seq) " · " (row.id) }
            dt { "Came (UTC)" } dd { (when(exception.line.received_at_ms)) }
            @if let Some(employee) = exception.entry.as_ref().and_then(|entry| entry.header.employee.as_deref()) {
                dt { "Employee" } dd { (employee) }
            }
            @for document in row.documents() { dt { (document.doctype) } dd { (document.name) } }
            @for rename in &row.amendments.renames { dt { "Booked as" } dd { (rename.doctype) ": " (rename.to) " for " (rename.from) } }
        }
        (what_is_wrong(&row.state))
        @if let Some(Body::Sale(sale)) = exception.entry.as_ref().map(|entry| &entry.body) {
            section {
                h2 { "The receipt" }
                div.wide { table {
                    thead { tr { th { "Item" } th.number { "Quantity" } th.number { "Rate" } th.number { "Amount" } } }
                    tbody {
                        @for item in &sale.invoice.items {
                            tr {
                                td { (item.item_name) " " span.quiet { (item.item_code) } }
                                td.number { (item.qty) " " (item.uom) }
                                td.number { (format!("{:.2}", item.rate)) }
                                td.number { (format!("{:.2}", item.amount)) }
                            }
                        }
                        tr { td { strong { "To pay" } } td {} td {} td.number { strong { (format!("{:.2}", sale.invoice.payable())) } } }
                    }
                } }
            }
        }
        @if visitor.role >= Role::Manager && row.waits_for_person() { (actions(&visitor, &exception)) }
    };
    Ok(page(&visitor, "exceptions", &title(&exception), &content))
}

fn what_is_wrong(state: &PostingState) -> Markup {
    html! {
        @match state {
            PostingState::Rejected { attempts, refusal } => {
                p.notice.bad { "ERPNext says: “" (refusal.message) "”" @if !refusal.exc_type.is_empty() { span.quiet { " " (refusal.exc_type) } } }
                p { (explanation(refusal.kind)) span.quiet { " Tried " (attempts) " times." } }
            }
            PostingState::Discrepancy { differences, .. } => {
                p.notice.bad { "This is in the books, but ERPNext computed something else than the receipt says." }
                div.wide { table {
                    thead { tr { th { "Field" } th.number { "Receipt" } th.number { "Booked" } } }
                    tbody { @for difference in differences {
                        tr { td { (difference.field) } td.number { (difference.receipt) } td.number { (difference.booked) } }
                    } }
                } }
            }
            PostingState::Resolved { resolution, .. } => {
                p.notice { "Settled by " (resolution.by) " at " (when(resolution.at_ms)) ": " (resolution.reason) }
            }
            PostingState::Posted { .. } => p.notice { "This is in the books, as the receipt says." }
            PostingState::Received | PostingState::Posting { .. } => p.notice { "This is on its way into the books." }
        }
    }
}

fn actions(visitor: &Visitor, exception: &Exception) -> Markup {
    let id = exception.line.row.id.to_string();
    let to = format!("/pos/console/exceptions/{id}/decide");
    let is_refused = matches!(exception.line.row.state, PostingState::Rejected { .. });
    let names = names(exception.entry.as_ref());
    html! {
        section {
            h2 { "What to do" }
            @if is_refused {
                form.inline.card method="post" action=(to) {
                    (visitor.key())
                    input type="hidden" name="decision" value="try_again";
                    button.primary type="submit" { "Try again" }
                    span.quiet { "After the cause was put right in ERPNext." }
                }
                @if !names.is_empty() {
                    form.inline.card method="post" action=(to) {
                        (visitor.key())
                        input type="hidden" name="decision" value="map";
                        label {
                            "Instead of"
                            select name="from" { @for (doctype, name) in &names { option value={ (doctype) "/" (name) } { (doctype) ": " (name) } } }
                        }
                        label { "book" input name="to" required maxlength="140" autocomplete="off"; }
                        button type="submit" { "Map and try again" }
                    }
                }
                form.inline.card method="post" action=(to) {
                    (visitor.key())
                    input type="hidden" name="decision" value="draft";
                    button type="submit" { "Leave a draft in ERPNext" }
                    span.quiet { "For the bookkeeper to complete and submit." }
                }
            }
            form.inline.card method="post" action=(to) {
                (visitor.key())
                input type="hidden" name="decision" value="settle";
                label { "Reason" input name="reason" required maxlength="500" autocomplete="off"; }
                button type="submit" { @if is_refused { "Mark as settled" } @else { "Accept the difference" } }
                span.quiet { @if is_refused { "It will not be booked by Holdfast." } @else { "The books stay as they are." } }
            }
        }
    }
}

/// What in an entry can be mapped.
fn names(entry: Option<&Entry>) -> BTreeSet<(&'static str, String)> {
    let Some(Body::Sale(sale)) = entry.map(|entry| &entry.body) else {
        return BTreeSet::new();
    };
    let [item, customer, batch] = MAPPED;
    let items = sale.invoice.items.iter();
    let rows = items.flat_map(|row| [(item, row.item_code.clone()), (batch, row.batch_no.clone())]);
    rows.chain([(customer, sale.invoice.customer.clone())]).filter(|(_, name)| !name.is_empty()).collect()
}

#[derive(Deserialize)]
pub(crate) struct Decided {
    #[serde(default)]
    decision: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    reason: String,
}

impl Decided {
    fn read(&self) -> Option<Decision> {
        match self.decision.as_str() {
            "try_again" => Some(Decision::TryAgain),
            "draft" => Some(Decision::PostAsDraft),
            "settle" => Some(Decision::Settle { reason: self.reason.trim().to_owned() }),
            "map" => {
                let (doctype, from) = self.from.split_once('/')?;
                let doctype = MAPPED.into_iter().find(|known| *known == doctype)?.to_owned();
                let to = self.to.trim().to_owned();
                (!to.is_empty()).then(|| Decision::Map(Rename { doctype, from: from.to_owned(), to }))
            }
            _ => None,
        }
    }
}

pub(crate) async fn decide(
    State(hub): State<Hub>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<Decided>,
) -> Result<Response, Problem> {
    visitor.must_be(Role::Manager)?;
    let parsed = parse(&id)?;
    let bad = |words: &str| Problem::new(StatusCode::BAD_REQUEST, words);
    let decision = form.read().ok_or_else(|| bad("Please say what is to be done."))?;
    let details = format!("{} {} {} {}", form.decision, form.from, form.to, form.reason);
    let line = visitor.line("posting.decided", &id, details.trim());
    let (answer, told) = oneshot::channel();
    let input = Input::Decided { id: parsed, decision, by: visitor.account.clone(), answer };
    hub.posting.send(input).map_err(|_| bad("Posting is not running."))?;
    match told.await {
        Ok(Ok(())) => {
            hub.ask(move |store| store.change(|change| change.audit(&line))).await?;
            Ok(Redirect::to(&format!("/pos/console/exceptions/{parsed}")).into_response())
        }
        Ok(Err(rejection)) => Err(Problem::new(StatusCode::CONFLICT, &format!("Nothing was changed: {rejection}."))),
        Err(_) => Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "Posting was interrupted; please look again.")),
    }
}

fn parse(id: &str) -> Result<PostingId, Problem> {
    PostingId::parse(id).ok_or_else(missing)
}

fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is no such entry.")
}
