//! One try to book one entry: gathers what the connector needs, and holds its conversation as the terminal's account.

use crate::{
    SITE_FACT,
    site::Site,
    state::{Hub, now_ms},
};
use holdfast_erpnext::{
    Conversation, Heard, Step,
    post::{Job, Post},
};
use holdfast_store::{Store, StoreError};
use holdfast_sync::{
    Entry, EntryRef, ShiftId, TerminalId,
    posting::{BookedDocument, Outcome, PostingId, Refusal, RefusalKind, Row, TaskKind},
};
use std::time::Instant;

/// Tries to book an entry. Gives what came of it and how long the site took for a request, in milliseconds.
pub(super) async fn book(hub: &Hub, site: &Site, id: PostingId, is_first: bool) -> (Outcome, u64) {
    let gathered = match hub.stored(move |store| gather(store, id, is_first)).await {
        Ok(Some(gathered)) => gathered,
        Ok(None) => return (unreadable(), 0),
        Err(error) => {
            tracing::error!(%id, %error, "the store failed before ERPNext was asked");
            return (Outcome::NotNow { after_ms: None }, 0);
        }
    };
    let Gathered { job, account } = gathered;
    let started = Instant::now();
    let mut counted = Counted { post: Post::new(job), requests: 0 };
    let outcome = site.hold_as(&account, &mut counted).await;
    let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX) / counted.requests.max(1);
    match outcome {
        Ok(outcome) => (outcome, took_ms),
        Err(error) => {
            tracing::error!(%id, account, %error, "the account cannot act");
            // Whatever went out before had its answer: a conversation stops here only between two requests.
            (Outcome::Unclear, took_ms)
        }
    }
}

/// A conversation that counts its requests.
struct Counted {
    post: Post,
    requests: u64,
}

impl Conversation for &mut Counted {
    type Outcome = Outcome;

    fn next(&mut self, heard: Option<Heard>) -> Step<Outcome> {
        let step = self.post.next(heard);
        if let Step::Ask(_) = step {
            self.requests += 1;
        }
        step
    }
}

struct Gathered {
    job: Job,
    account: String,
}

fn gather(store: &Store, id: PostingId, is_first: bool) -> Result<Option<Gathered>, StoreError> {
    let (Some(line), Some(entry)) = (store.posting(id)?, store.entry(id)?) else {
        return Ok(None);
    };
    let site: Option<holdfast_erpnext::Site> = store.fact(SITE_FACT)?.and_then(|json| serde_json::from_str(&json).ok());
    let terminal = store.terminal(id.terminal)?;
    let (Some(site), Some(terminal)) = (site, terminal) else {
        return Ok(None);
    };
    let row = line.row;
    let needs =
        row.needs.iter().map(|need| Ok((*need, documents_of(store, *need)?))).collect::<Result<_, StoreError>>()?;
    let shift = match (row.kind, row.shift) {
        (TaskKind::Closing | TaskKind::CashMovement, Some(shift)) => others(store, id, id.terminal, shift)?,
        _ => Vec::new(),
    };
    // A terminal that an account of the hub's own enrolled posts as the hub's user.
    let is_known = store.secret(&format!("{}{}", crate::site::ACCOUNT, terminal.account))?.is_some();
    let user = if is_known { terminal.account.clone() } else { site.user.clone() };
    let job = Job { entry, row, is_first, site, user, now_ms: now_ms(), needs, shift };
    Ok(Some(Gathered { job, account: terminal.account }))
}

/// What the entry at a place became; all of them where the journal exists twice.
fn documents_of(store: &Store, at: EntryRef) -> Result<Vec<BookedDocument>, StoreError> {
    Ok(store.postings_at(at)?.iter().flat_map(|line| line.row.documents().to_vec()).collect())
}

/// The other entries of a shift with their rows.
fn others(store: &Store, id: PostingId, terminal: TerminalId, shift: ShiftId) -> Result<Vec<(Entry, Row)>, StoreError> {
    let mut others = Vec::new();
    for line in store.postings_of_shift(terminal, shift)?.into_iter().filter(|line| line.row.id != id) {
        if let Some(entry) = store.entry(line.row.id)? {
            others.push((entry, line.row));
        }
    }
    Ok(others)
}

fn unreadable() -> Outcome {
    let message = "The hub cannot read this entry, its counter, or what the site is.".to_owned();
    Outcome::Refused(Refusal { kind: RefusalKind::Other, exc_type: String::new(), message })
}
