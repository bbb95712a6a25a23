//! A hub at its door: pushes from terminals and from hubs below, catalogues, and what goes to the hub above.

use crate::{
    hub::{Failure, Hub, Kept, Up},
    invariants,
    mutant::Mutant,
    signer::CheapKey,
    wires::{Answer, Origin, Request},
    world::{EPOCH_MS, Event, World},
};
use holdfast_sync::{
    Entry, Hash, Seq, TerminalId,
    hub::{Accepted, accept, refuse, verify},
    posting::{Event as PosterEvent, Row},
    relay::{Push, may_introduce},
    wire::{self, Introduction, PushAnswer, PushRequest, RelayAnswer, RelayRequest},
};
use std::rc::Rc;

/// Entries in one push to the hub above.
const RELAY_BATCH: usize = 20;

impl World<'_> {
    /// A hub's clock.
    pub fn hub_clock_ms(&self, hub: usize) -> i64 {
        EPOCH_MS + i64::try_from(self.now_ms).unwrap_or_default() + self.hubs[hub].clock_ms
    }

    /// A request arrives.
    pub fn receive(&mut self, origin: Origin, hub: usize, request: &Request) {
        if self.hubs[hub].up.is_none() {
            return self.refuse(origin);
        }
        match request {
            Request::Manifest => {
                let number = self.catalogues.len() - 1;
                let answer = Answer::Manifest(number, self.catalogues[number].clone());
                self.answer(origin, answer);
            }
            Request::Segment(hash) => {
                let numbers = 0..10_000_u64;
                let number = numbers.into_iter().find(|number| crate::world::segment(*number) == *hash);
                let bytes = number.unwrap_or_default().to_be_bytes().to_vec();
                self.answer(origin, Answer::Segment(bytes));
            }
            Request::Push(terminal, bytes) => {
                let Ok(message) = wire::decode::<PushRequest>(bytes) else {
                    return self.answer(origin, Answer::Unavailable);
                };
                let introduction = introduce(*terminal);
                self.take_entries(origin, hub, introduction, message.entries, wire::encode);
            }
            Request::Relay(bytes) => {
                let Ok(message) = wire::decode::<RelayRequest>(bytes) else {
                    return self.answer(origin, Answer::Unavailable);
                };
                let known = self.hubs[hub].durable.disk.journals.get(&message.terminal.terminal);
                let known = known.map(|kept| kept.introduction.public_key.clone());
                if !may_introduce(known.as_ref(), &message.terminal.public_key) {
                    return self.answer(origin, Answer::Wire(wire::encode(&RelayAnswer::OtherKey)));
                }
                let encode = |answer: &PushAnswer| wire::encode(&RelayAnswer::Push(answer.clone()));
                self.take_entries(origin, hub, message.terminal, message.entries, encode);
            }
        }
    }

    fn take_entries(
        &mut self,
        origin: Origin,
        hub: usize,
        introduction: Introduction,
        entries: Vec<holdfast_sync::Sealed>,
        encode: impl Fn(&PushAnswer) -> Vec<u8>,
    ) {
        invariants::bounded::push(self, &entries);
        let terminal = introduction.terminal;
        if entries.iter().any(|entry| entry.payload.first().is_some_and(|format| *format > self.hubs[hub].format)) {
            self.fire("entry_too_new");
            return self.answer(origin, Answer::Wire(encode(&PushAnswer::TooNew)));
        }
        let verified = match verify(terminal, &CheapKey::of(terminal), entries) {
            Ok(verified) => verified,
            Err(broken) => {
                invariants::nothing_silent::refused(self, &broken);
                return self.answer(origin, Answer::Wire(encode(&refuse(&broken))));
            }
        };
        let sent: Vec<(Seq, Hash)> = verified.iter().map(|entry| (entry.header.seq, entry.hash)).collect();
        let accepted = self.decide(hub, terminal, verified);
        let answer = Answer::Wire(encode(&accepted.answer));
        if self.is_mutant(Mutant::AcknowledgeBeforeCommit) {
            self.answer(origin, answer);
            let _ = self.keep(hub, introduction, &accepted);
            invariants::ack_truthful::answered(self, hub, terminal, &accepted.answer, &sent);
            return;
        }
        match self.keep(hub, introduction, &accepted) {
            Ok(()) => {
                invariants::ack_truthful::answered(self, hub, terminal, &accepted.answer, &sent);
                self.answer(origin, answer);
            }
            Err(Failure::Refused) => self.answer(origin, Answer::Unavailable),
            Err(Failure::Died) => self.after(crate::wires::PATIENCE_MS, Event::NoAnswer(origin)),
        }
    }

    fn decide(&self, hub: usize, terminal: TerminalId, entries: Vec<Entry>) -> Accepted {
        let kept = self.hubs[hub].durable.disk.journals.get(&terminal);
        let head = kept.map(Kept::head).unwrap_or_default();
        let stored = |seq| kept.and_then(|kept| kept.hash_at(seq));
        let is_beside = |hash| kept.is_some_and(|kept| kept.beside.contains_key(&hash));
        if self.is_mutant(Mutant::AcceptGap) {
            let append: Vec<Entry> = entries.iter().filter(|it| it.header.seq > head.seq).cloned().collect();
            let end = append.last().map_or(head, Entry::position);
            return Accepted { append, forked: Vec::new(), answer: PushAnswer::Acknowledged(end) };
        }
        let last = entries.last().map(Entry::position);
        let mut accepted = accept(head, stored, is_beside, entries);
        if self.is_mutant(Mutant::DropFork) && !accepted.forked.is_empty() {
            accepted.forked.clear();
            accepted.answer = PushAnswer::Acknowledged(last.unwrap_or(head));
        }
        accepted
    }

    /// One transaction: entries, what is beside, and their rows. Then what follows from it.
    fn keep(&mut self, hub: usize, introduction: Introduction, accepted: &Accepted) -> Result<(), Failure> {
        let terminal = introduction.terminal;
        let is_last = hub == 0;
        let append: Vec<Rc<Entry>> = accepted.append.iter().cloned().map(Rc::new).collect();
        let forked: Vec<Rc<Entry>> = accepted.forked.iter().cloned().map(Rc::new).collect();
        let rows: Vec<Row> = if is_last { accepted.rows().collect() } else { Vec::new() };
        let is_nothing = append.is_empty() && forked.is_empty();
        let fate = self.fate(&[5, hub as u64, self.hubs[hub].durable.commits]);
        let is_new_fork = {
            let kept = self.hubs[hub].durable.disk.journals.get(&terminal);
            forked.iter().any(|entry| !kept.is_some_and(|kept| kept.beside.contains_key(&entry.hash)))
        };
        if !is_nothing {
            let done = self.hubs[hub].durable.commit(fate, |disk| {
                let kept = disk.journals.entry(terminal).or_insert_with(|| Kept {
                    introduction,
                    line: Vec::new(),
                    beside: std::collections::BTreeMap::new(),
                });
                disk.forks_raised += u64::from(is_new_fork);
                kept.line.extend(append.iter().cloned());
                kept.beside.extend(forked.iter().map(|entry| (entry.hash, Rc::clone(entry))));
                for row in &rows {
                    disk.rows.entry(row.id).or_insert_with(|| row.clone());
                }
            });
            match done {
                Ok(()) => {}
                Err(Failure::Refused) => {
                    self.fire("hub_write_refused");
                    return Err(Failure::Refused);
                }
                Err(Failure::Died) => {
                    self.fire("hub_died_at_a_commit");
                    self.kill_hub(hub);
                    return Err(Failure::Died);
                }
            }
        }
        if is_new_fork {
            self.fire("fork_raised");
        }
        let disk = &self.hubs[hub].durable.disk;
        let rows: Vec<Row> = rows.iter().filter_map(|row| disk.rows.get(&row.id).cloned()).collect();
        if let (Some(up), true) = (&mut self.hubs[hub].up, hub > 0) {
            for entry in append.iter().chain(&forked) {
                up.relay.stored(terminal, entry.position(), entry.header.prev);
            }
            self.relay(hub);
        }
        if is_last && !rows.is_empty() {
            self.post_early(hub, &rows);
            self.post(hub, PosterEvent::Received(rows));
        }
        Ok(())
    }

    /// Sends to the hub above what is due.
    pub fn relay(&mut self, hub: usize) {
        let now = self.hub_clock_ms(hub);
        loop {
            let Hub { durable, up: Some(up), life, requests, .. } = &mut self.hubs[hub] else { return };
            let Some(push) = up.relay.next(now) else { break };
            let Some(kept) = durable.disk.journals.get(&push.line.terminal) else { break };
            let trace = kept.trace(push.head);
            let entries = kept.after(&trace, push.head, push.after, RELAY_BATCH);
            let sent = Seq(push.after.0 + entries.len() as u64);
            let message = wire::encode(&RelayRequest { terminal: kept.introduction.clone(), entries });
            *requests += 1;
            let (number, origin) = (*requests, Origin::Relay { hub, life: *life, push, sent });
            self.ask(origin, number, hub - 1, Request::Relay(message));
        }
        self.plan_tick(hub);
        invariants::bounded::relay(self, hub);
    }

    /// The hub above answered.
    pub fn relay_answered(&mut self, hub: usize, life: u64, push: Push, sent: Seq, answer: &Answer) {
        let now = self.hub_clock_ms(hub);
        if self.hubs[hub].life != life {
            return;
        }
        let message = match answer {
            Answer::Wire(bytes) => wire::decode::<RelayAnswer>(bytes).ok(),
            _ => None,
        };
        let Some(message) = message else { return self.relay_failed(hub, life, push) };
        let Hub { durable, up: Some(up), .. } = &mut self.hubs[hub] else { return };
        if let Some(kept) = durable.disk.journals.get(&push.line.terminal) {
            let trace = kept.trace(push.head);
            let hash_at = |seq| trace.hash_at(seq).or_else(|| kept.hash_at(seq));
            up.relay.answered(now, push, sent, &message, hash_at);
        }
        self.relay(hub);
    }

    /// It did not.
    pub fn relay_failed(&mut self, hub: usize, life: u64, push: Push) {
        let now = self.hub_clock_ms(hub);
        let random = self.jitter(&[9, hub as u64, self.now_ms]);
        if self.hubs[hub].life != life {
            return;
        }
        if let Some(up) = &mut self.hubs[hub].up {
            up.relay.failed(now, push, random);
        }
        self.plan_tick(hub);
    }

    /// A hub is killed, and started again by whoever watches over it.
    pub fn kill_hub(&mut self, hub: usize) {
        let it = &mut self.hubs[hub];
        it.up = None;
        it.life += 1;
        it.durable.kill_at = None;
        let wait = 2_000 + self.fate(&[6, hub as u64, self.now_ms]) % 120_000;
        self.after(if self.is_healed { 1_000 } else { wait }, Event::StartHub(hub));
    }

    /// A hub starts from what is durable.
    pub fn start_hub(&mut self, hub: usize) {
        let (forgets_rows, from_now) = (self.is_mutant(Mutant::ForgetRows), self.is_mutant(Mutant::RelayFromNow));
        let it = &mut self.hubs[hub];
        if it.up.is_some() {
            return;
        }
        if forgets_rows {
            it.durable.disk.rows.clear();
        }
        it.up = Some(Up::start(&it.durable.disk, hub > 0 && !from_now));
        it.life += 1;
        self.tick_in(hub, 100);
    }

    /// Plans a look, if none is planned before.
    pub fn tick_in(&mut self, hub: usize, ms: u64) {
        let at_ms = self.now_ms + ms;
        let Hub { up: Some(up), life, .. } = &mut self.hubs[hub] else { return };
        if at_ms < up.tick_at_ms {
            up.tick_at_ms = at_ms;
            let life = *life;
            self.at(at_ms, Event::Tick { hub, life });
        }
    }

    /// Looks whether something is due.
    pub fn tick(&mut self, hub: usize, life: u64) {
        if self.hubs[hub].life != life {
            return;
        }
        let now_ms = self.now_ms;
        let Some(up) = &mut self.hubs[hub].up else { return };
        // Only the latest plan counts.
        if up.tick_at_ms != now_ms {
            return;
        }
        up.tick_at_ms = u64::MAX;
        if hub > 0 {
            self.relay(hub);
        } else {
            self.post(hub, PosterEvent::Tick);
        }
    }

    /// Plans the next look.
    pub fn plan_tick(&mut self, hub: usize) {
        let now = self.hub_clock_ms(hub);
        let Hub { up: Some(up), .. } = &self.hubs[hub] else { return };
        let wake = if hub > 0 { up.relay.wake_at_ms(now) } else { up.poster.wake_at_ms(now) };
        let Some(wake) = wake else { return };
        self.tick_in(hub, u64::try_from(wake - now).unwrap_or_default().max(50));
    }
}

/// Who a terminal is, as it enrolled.
pub fn introduce(terminal: TerminalId) -> Introduction {
    Introduction {
        terminal,
        name: "Till".into(),
        code: "A".into(),
        pos_profile: "Main Till".into(),
        public_key: CheapKey::of(terminal).public(),
    }
}
