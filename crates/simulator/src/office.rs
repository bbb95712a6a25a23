//! The way into the books: `sync`'s poster decides, a connector looks and makes, ERPNext answers or does not.

use crate::{
    books::{self, Document, Made},
    hub::{Failure, Hub, Rows},
    invariants,
    mutant::Mutant,
    world::{Event, World},
};
use holdfast_sync::posting::{
    BookedDocument, Decision, Effect, Event as PosterEvent, Outcome, Poster, PostingId, Row, State, TaskKind,
};

/// How long the connector waits, milliseconds.
const PATIENCE_MS: u64 = 30_000;

/// One question to the books.
#[derive(Clone, Debug)]
pub struct Job {
    hub: usize,
    life: u64,
    id: PostingId,
    attempt: u32,
    begun_ms: u64,
    /// What should be there.
    wanted: Document,
    is_look: bool,
    /// How many questions were asked before in this try.
    step: u64,
}

/// What was heard.
#[derive(Clone, Debug)]
pub enum Heard {
    /// There is none of that id.
    Nothing,
    /// There is this one.
    Found(Document),
    /// It came to this.
    End(Outcome),
    /// One of that id is there: look.
    Duplicate,
}

impl World<'_> {
    /// Something happens to a hub's poster; then whatever is due begins.
    pub fn post(&mut self, hub: usize, event: PosterEvent) {
        let is_tick = event == PosterEvent::Tick;
        self.take(hub, event);
        if !is_tick {
            self.take(hub, PosterEvent::Tick);
        }
        self.plan_tick(hub);
    }

    fn take(&mut self, hub: usize, event: PosterEvent) {
        let now = self.hub_clock_ms(hub);
        let (fate, random) = {
            let commits = self.hubs[hub].durable.commits;
            (self.fate(&[7, hub as u64, commits]), self.jitter(&[10, hub as u64, commits, self.now_ms]))
        };
        let answered = match &event {
            PosterEvent::Answered { id, .. } => Some(*id),
            _ => None,
        };
        let Hub { durable, up: Some(up), .. } = &mut self.hubs[hub] else { return };
        let taken = up.poster.take(now, random, event, &mut Rows { durable, fate });
        let row = answered.and_then(|id| durable.disk.rows.get(&id));
        if let Some(row) = row.filter(|row| matches!(row.state, State::Rejected { .. }) || !row.needs.is_empty()) {
            self.out_of_order.insert(row.id);
        }
        match taken {
            Ok(Ok(effects)) => {
                for effect in effects {
                    match effect {
                        Effect::Post { id, attempt } => self.begin(hub, id, attempt),
                        // The row's state is what a person sees.
                        Effect::Alert(_) => self.fire("person_alerted"),
                    }
                }
            }
            Ok(Err(_)) => {}
            Err(Failure::Refused) => {
                self.fire("hub_write_refused");
                self.restart_poster(hub);
                self.tick_in(hub, 1_000);
            }
            Err(Failure::Died) => {
                self.fire("hub_died_at_a_commit");
                self.kill_hub(hub);
            }
        }
        invariants::bounded::office(self, hub);
    }

    fn restart_poster(&mut self, hub: usize) {
        let Hub { durable, up: Some(up), .. } = &mut self.hubs[hub] else { return };
        up.poster = Poster::new(durable.disk.rows.values().cloned());
    }

    /// A try begins: look first, unless it is the first.
    fn begin(&mut self, hub: usize, id: PostingId, attempt: u32) {
        let it = &self.hubs[hub];
        let Some(row) = it.durable.disk.rows.get(&id) else { return };
        let wanted = match (it.durable.disk.entry(id), it.durable.disk.rebuilt.get(&id)) {
            (Some(entry), _) => books::document(entry, row.kind),
            (None, Some(rebuilt)) => books::rebuilt(rebuilt),
            (None, None) => return,
        };
        let is_look = attempt > 1 && !self.is_mutant(Mutant::RetryWithoutLooking);
        let job = Job { hub, life: it.life, id, attempt, begun_ms: self.now_ms, wanted, is_look, step: 0 };
        self.books.under_way += 1;
        self.send(job);
    }

    fn send(&mut self, job: Job) {
        let identity = self.job_fate(&job, 1);
        let delay = self.books_delay(identity);
        if self.now_ms < self.books.down_until_ms {
            // Either nobody listens, which is known at once, or nobody answers, which is not.
            let is_known = identity.is_multiple_of(2);
            self.fire(if is_known { "books_refused_the_line" } else { "books_never_answered" });
            let (outcome, wait) =
                if is_known { (Outcome::NotNow { after_ms: None }, 50) } else { (Outcome::Unclear, PATIENCE_MS) };
            return self.after(wait, Event::FromBooks(job, Heard::End(outcome)));
        }
        self.after(delay, Event::ToBooks(job));
    }

    /// A question arrives at the books.
    pub fn at_books(&mut self, job: Job) {
        let heard = if job.is_look {
            self.books.find(job.id).map_or(Heard::Nothing, |document| Heard::Found(document.clone()))
        } else {
            let mut document = job.wanted.clone();
            if self.is_mutant(Mutant::WrongMoney) && job.id.seq.0.is_multiple_of(5) {
                document.taken[0] += 1;
                document.total += 1;
            }
            let is_unique = !self.is_mutant(Mutant::RetryWithoutLooking);
            match self.books.make(self.now_ms, document, is_unique) {
                Made::Done => self.books.find(job.id).map_or(Heard::Nothing, |made| Heard::Found(made.clone())),
                Made::Duplicate => {
                    self.fire("books_duplicate_refused");
                    Heard::Duplicate
                }
                Made::Refused(refusal) => {
                    self.fire("books_refused");
                    Heard::End(Outcome::Refused(refusal))
                }
            }
        };
        let identity = self.job_fate(&job, 2);
        let is_mute = self.now_ms < self.books.mute_until_ms && !identity.is_multiple_of(3);
        let is_lost = !self.is_healed && identity % 1_000 < self.scenario.network.loss_permille / 2;
        if is_mute || is_lost {
            self.fire("books_answer_lost");
            return self.after(PATIENCE_MS, Event::FromBooks(job, Heard::End(Outcome::Unclear)));
        }
        let delay = self.books_delay(identity);
        self.after(delay, Event::FromBooks(job, heard));
    }

    /// What was heard arrives at the hub, if it is still the one that asked.
    pub fn heard_from_books(&mut self, job: &Job, heard: Heard) {
        if self.hubs[job.hub].life != job.life {
            self.books.under_way -= 1;
            return;
        }
        let outcome = match heard {
            Heard::Nothing => {
                return self.send(Job { is_look: false, step: job.step + 1, ..job.clone() });
            }
            Heard::Duplicate => {
                return self.send(Job { is_look: true, step: job.step + 1, ..job.clone() });
            }
            Heard::Found(document) if self.now_ms < document.ready_at_ms => Outcome::Underway { after_ms: 10_000 },
            Heard::Found(document) => {
                let is_blind = self.is_mutant(Mutant::WrongMoney);
                let differences = if is_blind { Vec::new() } else { books::differences(&document, &job.wanted) };
                if !differences.is_empty() {
                    self.fire("books_differed");
                }
                let made = BookedDocument { doctype: doctype(document.kind).into(), name: document.id.to_string() };
                Outcome::Booked { documents: vec![made], differences }
            }
            Heard::End(outcome) => outcome,
        };
        self.books.under_way -= 1;
        if self.is_mutant(Mutant::DropOnRefusal) && matches!(outcome, Outcome::Refused(_)) {
            self.hubs[job.hub].durable.disk.rows.remove(&job.id);
            return self.restart_poster(job.hub);
        }
        let took_ms = self.now_ms - job.begun_ms;
        self.post(job.hub, PosterEvent::Answered { id: job.id, attempt: job.attempt, outcome, took_ms });
    }

    /// The mutant that does not wait with closings.
    pub fn post_early(&mut self, hub: usize, rows: &[Row]) {
        if self.is_mutant(Mutant::CloseEarly) {
            for row in rows.iter().filter(|row| row.kind == TaskKind::Closing) {
                self.begin(hub, row.id, 1);
            }
        }
    }

    /// Somebody decides about everything that waits for a person.
    pub fn person(&mut self, settles: bool) {
        let rows: Vec<Row> =
            self.hubs[0].durable.disk.rows.values().filter(|row| row.waits_for_person()).cloned().collect();
        for row in rows {
            let is_settled = settles && self.fate(&[11, row.id.seq.0]).is_multiple_of(2);
            let decision = match row.state {
                State::Discrepancy { .. } => Decision::Settle { reason: "a cent".into() },
                _ if is_settled => Decision::Settle { reason: "booked by hand".into() },
                _ => Decision::TryAgain,
            };
            self.fire("person_decided");
            self.post(0, PosterEvent::Decided { row: Box::new(row), decision, by: "owner".into() });
        }
    }

    fn job_fate(&self, job: &Job, leg: u64) -> u64 {
        let mark = u64::from(u32::from_be_bytes(job.id.mark));
        self.fate(&[12, mark, job.id.seq.0, u64::from(job.attempt), job.step, leg])
    }

    fn books_delay(&mut self, identity: u64) -> u64 {
        if self.now_ms < self.books.slow_until_ms {
            self.fire("books_slow_answer");
            return 6_000 + identity % 15_000;
        }
        100 + identity % 400
    }
}

fn doctype(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Opening => "POS Opening Entry",
        TaskKind::Customer => "Customer",
        TaskKind::Invoice => "POS Invoice",
        TaskKind::CashMovement => "Journal Entry",
        TaskKind::Closing => "POS Closing Entry",
    }
}
