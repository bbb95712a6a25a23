//! A terminal's rounds to its hub: entries up, then the catalogue down. What to send and what an answer means is `sync`'s.

use crate::{
    mutant::Mutant,
    till::Asked,
    wires::{Answer, Origin, Request},
    world::{Event, World},
};
use holdfast_sync::{
    Seq,
    pull::{Pull, Step, is_genuine},
    terminal::{Next, Trouble},
    wire::{self, PushAnswer, PushRequest},
};

/// How long a terminal rests when nothing waits, milliseconds.
const REST_MS: u64 = 120_000;

/// Entries in one push.
const BATCH: usize = 8;

impl World<'_> {
    /// Plans a terminal's next look; only the latest plan counts.
    pub fn look_soon(&mut self, at: usize, ms: u64) {
        let Some(app) = &mut self.machines[at].app else { return };
        if app.asked.is_empty() {
            app.look += 1;
            let look = app.look;
            self.after(ms, Event::Look { machine: at, look });
        }
    }

    /// A round begins.
    pub fn look(&mut self, at: usize, look: u64) {
        // Another tab may have written before it was stopped: a round begins from what is durable.
        let machine = &mut self.machines[at];
        let is_behind = machine.app.as_ref().is_some_and(|app| app.journal.head() != machine.disk.head);
        if is_behind {
            machine.app = None;
            return self.start_till(at);
        }
        let Some(app) = &mut machine.app else { return };
        if app.look == look && app.asked.is_empty() {
            app.is_pushed = false;
            self.push(at);
        }
    }

    /// Sends what waits, or asks whether all is there; then the catalogue.
    fn push(&mut self, at: usize) {
        let (never_asks, stops) = (self.is_mutant(Mutant::NeverAsk), self.is_mutant(Mutant::StopAtFork));
        let machine = &mut self.machines[at];
        let Some(app) = &mut machine.app else { return };
        let has_stopped = stops && app.has_stopped;
        let after = match app.journal.next() {
            Next::Send(after) if !has_stopped => after,
            _ if app.is_pushed || never_asks || has_stopped => return self.pull(at),
            _ => app.journal.probe(),
        };
        let entries = machine.disk.after(after, BATCH);
        let sent = Seq(after.0 + entries.len() as u64);
        let message = wire::encode(&PushRequest { entries });
        let request = Request::Push(machine.terminal, message);
        self.request(at, Asked::Push(sent), request);
    }

    fn request(&mut self, at: usize, asked: Asked, request: Request) {
        let machine = &mut self.machines[at];
        let Some(app) = &mut machine.app else { return };
        machine.requests += 1;
        let (number, hub) = (machine.requests, machine.hub);
        app.asked.insert(number, asked);
        self.ask(Origin::Till { machine: at, number }, number, hub, request);
    }

    fn pull(&mut self, at: usize) {
        self.request(at, Asked::Manifest, Request::Manifest);
    }

    /// Something came back.
    pub fn till_answered(&mut self, at: usize, number: u64, answer: &Answer) {
        let Some(app) = &mut self.machines[at].app else { return };
        let Some(asked) = app.asked.remove(&number) else { return };
        match (asked, answer) {
            (Asked::Push(sent), Answer::Wire(bytes)) => match wire::decode(bytes) {
                Ok(answer) => self.pushed(at, sent, &answer),
                Err(_) => self.round_failed(at),
            },
            (Asked::Manifest, Answer::Manifest(number, segments)) => {
                let (number, segments) = (*number, segments.clone());
                self.begin_pull(at, number, &segments);
            }
            (Asked::Segment(wanted), Answer::Segment(bytes)) => {
                let is_damaged = self.is_damaged(Origin::Till { machine: at, number }, number);
                let bytes = if is_damaged { vec![0] } else { bytes.clone() };
                if !is_genuine(wanted, &bytes) {
                    self.fire("segment_damaged");
                    return self.round_failed(at);
                }
                let machine = &mut self.machines[at];
                machine.disk.segments.insert(wanted);
                if let Some((_, pull)) = machine.app.as_mut().and_then(|app| app.pull.as_mut()) {
                    pull.stored(wanted);
                }
                self.pull_on(at);
            }
            _ => self.round_failed(at),
        }
    }

    fn pushed(&mut self, at: usize, sent: Seq, answer: &PushAnswer) {
        let ignores = self.is_mutant(Mutant::NeverSendAgain);
        let machine = &mut self.machines[at];
        machine.failed_at_ms.clear();
        let (disk, Some(app)) = (&mut machine.disk, &mut machine.app) else { return };
        app.is_pushed = true;
        let before = app.journal.acknowledged();
        let is_less = match answer {
            PushAnswer::Acknowledged(position) | PushAnswer::Gap(position) => position.seq < before.seq,
            _ => false,
        };
        if !(ignores && is_less) {
            let next = app.journal.answered(sent, answer, |seq| disk.hash_at(seq));
            if let Next::Acknowledged(position) = next {
                disk.acknowledged = position;
            }
        }
        app.has_stopped |= matches!(app.journal.trouble(), Some(Trouble::Fork | Trouble::HubAhead(_)));
        let refused = matches!(answer, PushAnswer::TooNew | PushAnswer::Broken(_));
        if refused || (ignores && is_less) {
            self.pull(at);
        } else {
            self.push(at);
        }
    }

    fn begin_pull(&mut self, at: usize, number: usize, segments: &[holdfast_sync::Hash]) {
        let is_early = self.is_mutant(Mutant::SwitchEarly);
        let drops_early = self.is_mutant(Mutant::DropEarly);
        let machine = &mut self.machines[at];
        let Some(app) = &mut machine.app else { return };
        let is_in_force = machine.disk.manifest == Some(number);
        if is_early {
            machine.disk.manifest = Some(number);
        }
        if drops_early {
            machine.disk.segments.retain(|held| segments.contains(held));
        }
        app.pull =
            Some((number, Pull::new(segments.iter().copied(), machine.disk.segments.iter().copied(), is_in_force)));
        self.pull_on(at);
    }

    fn pull_on(&mut self, at: usize) {
        loop {
            let machine = &mut self.machines[at];
            let Some((number, pull)) = machine.app.as_mut().and_then(|app| app.pull.as_mut()) else { return };
            match pull.step() {
                Step::Fetch(hash) => self.request(at, Asked::Segment(hash), Request::Segment(hash)),
                Step::Wait => return,
                Step::Switch => {
                    machine.disk.manifest = Some(*number);
                    pull.switched();
                    self.fire("catalogue_switched");
                }
                Step::Drop(old) => {
                    machine.disk.segments.retain(|held| !old.contains(held));
                    pull.dropped(&old);
                }
                Step::Done => {
                    if let Some(app) = &mut machine.app {
                        app.pull = None;
                        app.asked.clear();
                    }
                    return self.look_soon(at, REST_MS);
                }
            }
        }
    }

    /// No answer came to a request.
    pub fn till_failed(&mut self, at: usize, number: u64) {
        let is_waited_for = self.machines[at].app.as_mut().is_some_and(|app| app.asked.remove(&number).is_some());
        if is_waited_for {
            self.round_failed(at);
        }
    }

    /// A round came to nothing: what is under way is forgotten, and after a while there is another.
    fn round_failed(&mut self, at: usize) {
        let random = self.jitter(&[8, at as u64, self.now_ms]);
        let forgets = self.is_mutant(Mutant::ForgetBackoff);
        let now_ms = self.now_ms;
        let machine = &mut self.machines[at];
        let Some(app) = &mut machine.app else { return };
        app.asked.clear();
        app.pull = None;
        let wait = if forgets { 10 } else { app.journal.failed(random) };
        machine.failed_at_ms.push(now_ms);
        machine.failed_at_ms.retain(|failed| failed + 60_000 > now_ms);
        machine.busy_at_ms.retain(|busy| busy + 60_000 > now_ms);
        crate::invariants::bounded::tries(self, at);
        self.look_soon(at, wait);
    }
}
