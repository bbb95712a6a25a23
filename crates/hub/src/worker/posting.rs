//! Posts what terminals sent: runs the [`Poster`], one for the whole hub.
//!
//! Whatever it decides is in the store before anything is asked of ERPNext. Tries that were under way when the hub stopped are
//! begun again from their rows; the unique field in ERPNext keeps them from being booked twice.

mod book;

use super::{Activity, Hindrance};
use crate::{
    SITE_FACT,
    site::Site,
    state::{Hub, Inbox, now_ms, random},
};
use holdfast_store::{PostingCommit, Store, StoreError};
use holdfast_sync::posting::{
    Decision, Effect, Event, Outcome, Poster, PostingId, Refusal, RefusalKind, Rejection, Row,
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    sync::{Mutex, oneshot},
    task::{Id, JoinError, JoinSet},
    time::Instant,
};

const NAME: &str = "posting";

/// Longest sleep: clocks may be set, and a wait must not depend on them for long.
const SLEEP_MS_MAX: i64 = 60_000;

/// What the worker should know.
#[derive(Debug)]
pub(crate) enum Input {
    /// Entries came and are stored with these rows.
    Received(Vec<Row>),
    /// A person decided.
    Decided {
        /// About this entry.
        id: PostingId,
        /// What.
        decision: Decision,
        /// Who: the console account.
        by: String,
        /// Tells what became of it.
        answer: oneshot::Sender<Result<(), Rejection>>,
    },
}

/// Tries that are under way.
#[derive(Default)]
struct Tries {
    tasks: JoinSet<(Outcome, u64)>,
    /// Which entry and which try each task is about.
    about: HashMap<Id, (PostingId, u32)>,
}

impl Tries {
    fn start(&mut self, hub: &Hub, site: &Arc<Site>, id: PostingId, attempt: u32, is_first: bool) {
        let (hub, site) = (hub.clone(), Arc::clone(site));
        let task = self.tasks.spawn(async move { book::book(&hub, &site, id, is_first).await });
        self.about.insert(task.id(), (id, attempt));
    }

    /// Waits for the next that ends; for ever where none is under way.
    async fn next(&mut self) -> Event {
        let ended = match self.tasks.join_next_with_id().await {
            Some(ended) => ended,
            None => std::future::pending().await,
        };
        let (task, (outcome, took_ms)) = match ended {
            Ok(ended) => ended,
            Err(error) => (error.id(), (broken(&error), 0)),
        };
        let (id, attempt) = self.about.remove(&task).expect("each task was noted when it was started");
        tracing::info!(%id, attempt, took_ms, ?outcome, "tried");
        Event::Answered { id, attempt, outcome, took_ms }
    }
}

/// A try that panicked is a defect of ours. The entry goes before a person; the others go on.
fn broken(error: &JoinError) -> Outcome {
    tracing::error!(%error, "a try broke");
    let message = "The hub failed over this entry. Please report it with the hub's log.".to_owned();
    Outcome::Refused(Refusal { kind: RefusalKind::Other, exc_type: String::new(), message })
}

/// Posts for ever.
pub(super) async fn run(hub: Hub, inbox: Arc<Mutex<Inbox>>) {
    let mut inbox = inbox.lock().await;
    let mut sites = hub.site.subscribe();
    let mut failures = 0;
    loop {
        let site = sites.borrow_and_update().clone();
        let result = if let Some(site) = site {
            tokio::select! {
                result = post(&hub, site, &mut inbox) => result,
                _ = sites.changed() => Ok(()),
            }
        } else {
            hub.watch.say(NAME, Activity::Off, "Sales wait here until the hub is connected with ERPNext.".to_owned());
            tokio::select! {
                () = refuse_decisions(&mut inbox) => Ok(()),
                _ = sites.changed() => Ok(()),
            }
        };
        match result {
            Ok(()) => failures = 0,
            Err(error) => {
                let hindrance = Hindrance::from(error);
                let pause = hindrance.wait(failures);
                failures = failures.saturating_add(1);
                tracing::error!(%hindrance, seconds = pause.as_secs(), "posting waits");
                hub.watch.say(NAME, Activity::Waiting, hindrance.to_string());
                tokio::time::sleep(pause).await;
            }
        }
    }
}

/// Without a site nobody can decide anything. What was received is read from the store later.
async fn refuse_decisions(inbox: &mut Inbox) {
    while let Some(input) = inbox.recv().await {
        if let Input::Decided { answer, .. } = input {
            let _ = answer.send(Err(Rejection::NotWaiting));
        }
    }
}

/// Posts until the store fails. Dropped at any point, it begins again from the store.
async fn post(hub: &Hub, site: Arc<Site>, inbox: &mut Inbox) -> Result<(), StoreError> {
    while hub.stored(|store| store.fact(SITE_FACT)).await?.is_none() {
        hub.watch.say(NAME, Activity::Waiting, "Waits until the site was looked at.".to_owned());
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let mut poster = Poster::new(hub.stored(Store::unsettled_postings).await?);
    let mut tries = Tries::default();
    loop {
        let effects = take(hub, &mut poster, Event::Tick).await?.unwrap_or_default();
        do_all(hub, &site, effects, &mut tries);
        say(hub, &poster);
        let now = now_ms();
        let sleep_ms = poster.wake_at_ms(now).map_or(SLEEP_MS_MAX, |at| (at - now).clamp(0, SLEEP_MS_MAX));
        let wake = Instant::now() + Duration::from_millis(sleep_ms.unsigned_abs());
        tokio::select! {
            input = inbox.recv() => match input {
                Some(input) => hear(hub, &mut poster, input).await?,
                None => std::future::pending().await,
            },
            answered = tries.next() => {
                let effects = take(hub, &mut poster, answered).await?.unwrap_or_default();
                do_all(hub, &site, effects, &mut tries);
            },
            () = tokio::time::sleep_until(wake) => {}
        }
    }
}

async fn hear(hub: &Hub, poster: &mut Poster, input: Input) -> Result<(), StoreError> {
    match input {
        Input::Received(rows) => {
            take(hub, poster, Event::Received(rows)).await?.ok();
        }
        Input::Decided { id, decision, by, answer } => {
            let line = hub.stored(move |store| store.posting(id)).await?;
            let decided = match line {
                Some(line) => {
                    take(hub, poster, Event::Decided { row: Box::new(line.row), decision, by }).await?.map(drop)
                }
                None => Err(Rejection::NotWaiting),
            };
            let _ = answer.send(decided);
        }
    }
    Ok(())
}

/// Prepares, commits and applies on a thread that may block.
async fn take(hub: &Hub, poster: &mut Poster, event: Event) -> Result<Result<Vec<Effect>, Rejection>, StoreError> {
    let mut moved = std::mem::take(poster);
    let store = Arc::clone(&hub.store);
    let taken = tokio::task::spawn_blocking(move || {
        let now_ms = now_ms();
        let result = moved.take(now_ms, random(), event, &mut PostingCommit { store: &store, now_ms });
        (moved, result)
    });
    let (moved, result) = taken.await.expect("the poster does not panic");
    *poster = moved;
    result
}

fn do_all(hub: &Hub, site: &Arc<Site>, effects: Vec<Effect>, tries: &mut Tries) {
    for effect in effects {
        let is_first = effect.is_first();
        match effect {
            Effect::Post { id, attempt } => tries.start(hub, site, id, attempt, is_first),
            Effect::Alert(id) => tracing::error!(%id, "an entry waits for a person"),
        }
    }
}

fn say(hub: &Hub, poster: &Poster) {
    let to_decide = poster.rows().filter(|row| row.waits_for_person()).count();
    let waiting = poster.rows().count() - to_decide;
    let (activity, words) = match (waiting, poster.in_flight()) {
        (0, _) if to_decide > 0 => (Activity::Idle, format!("{to_decide} entries need a decision.")),
        (0, _) => (Activity::Idle, "Everything is in the books.".to_owned()),
        (_, 0) => (Activity::Waiting, format!("{waiting} entries wait.")),
        (_, at_once) => (Activity::Working, format!("{waiting} entries wait, {at_once} are being posted.")),
    };
    hub.watch.say(NAME, activity, words);
}
