//! Messages between tills and hubs, and between hubs: real bytes over lines that lose, repeat, delay and cut.

use crate::world::{Event, World};
use holdfast_sync::{Hash, Seq, TerminalId, relay::Push};
use std::rc::Rc;

/// How long somebody waits for an answer, milliseconds.
pub const PATIENCE_MS: u64 = 10_000;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Origin {
    /// A machine, with the request's number.
    Till { machine: usize, number: u64 },
    /// A hub asks the one above, in this life of its.
    Relay { hub: usize, life: u64, push: Push, sent: Seq },
}

/// What is asked.
pub enum Request {
    /// A wire message with a terminal's entries.
    Push(TerminalId, Vec<u8>),
    /// A wire message from a hub below.
    Relay(Vec<u8>),
    /// What the catalogue consists of.
    Manifest,
    /// One segment.
    Segment(Hash),
}

/// What is answered.
pub enum Answer {
    /// A wire message.
    Wire(Vec<u8>),
    /// The number of the catalogue, and its segments.
    Manifest(usize, Vec<Hash>),
    /// A segment's bytes.
    Segment(Vec<u8>),
    /// The hub cannot do it now.
    Unavailable,
}

impl World<'_> {
    /// Sends a request up. `number` is its identity among those of the sender.
    pub fn ask(&mut self, origin: Origin, number: u64, hub: usize, request: Request) {
        let identity = identity(origin, number);
        let request = Rc::new(request);
        if self.is_cut(origin, true) || self.is_lost(identity, 1) {
            return self.after(PATIENCE_MS, Event::NoAnswer(origin));
        }
        let delay = self.delay(identity, 2);
        if self.is_repeated(identity) {
            let again = delay + self.delay(identity, 3);
            self.after(again, Event::ToHub { origin, hub, request: Rc::clone(&request) });
        }
        self.after(delay, Event::ToHub { origin, hub, request });
    }

    /// Sends an answer down.
    pub fn answer(&mut self, origin: Origin, answer: Answer) {
        let number = match origin {
            Origin::Till { number, .. } => number,
            Origin::Relay { push, .. } => push.after.0 ^ push.head.seq.0 << 20,
        };
        let identity = identity(origin, number) ^ self.now_ms;
        if self.is_cut(origin, false) || self.is_lost(identity, 4) {
            return self.after(PATIENCE_MS, Event::NoAnswer(origin));
        }
        let delay = self.delay(identity, 5);
        self.after(delay, Event::Back { origin, answer: Rc::new(answer) });
    }

    /// Nobody listens there.
    pub fn refuse(&mut self, origin: Origin) {
        self.after(50, Event::NoAnswer(origin));
    }

    /// Whether a download is damaged on its way.
    pub fn is_damaged(&self, origin: Origin, number: u64) -> bool {
        !self.is_healed && self.fate(&[identity(origin, number), 6]) % 1_000 < self.scenario.network.damage_permille
    }

    fn is_cut(&mut self, origin: Origin, is_up: bool) -> bool {
        let cuts = match (origin, is_up) {
            (Origin::Till { machine, .. }, true) => (self.up_cut_ms.get(&machine), "message_cut_up"),
            (Origin::Till { machine, .. }, false) => (self.down_cut_ms.get(&machine), "message_cut_down"),
            (Origin::Relay { hub, .. }, _) => (self.hub_cut_ms.get(&hub), "message_cut_hubs"),
        };
        let is_cut = cuts.0.is_some_and(|until| self.now_ms < *until);
        if is_cut {
            self.fire(cuts.1);
        }
        is_cut
    }

    fn is_lost(&mut self, identity: u64, leg: u64) -> bool {
        let is_lost = !self.is_healed && self.fate(&[identity, leg]) % 1_000 < self.scenario.network.loss_permille;
        if is_lost {
            self.fire("message_lost");
        }
        is_lost
    }

    fn is_repeated(&mut self, identity: u64) -> bool {
        let is_repeated = !self.is_healed && self.fate(&[identity, 7]) % 1_000 < self.scenario.network.repeat_permille;
        if is_repeated {
            self.fire("message_repeated");
        }
        is_repeated
    }

    fn delay(&mut self, identity: u64, leg: u64) -> u64 {
        if self.is_healed {
            return 20;
        }
        let delay = 10 + self.fate(&[identity, leg]) % self.scenario.network.delay_ms_max.max(1);
        if delay > 1_000 {
            self.fire("message_delayed");
        }
        delay
    }
}

fn identity(origin: Origin, number: u64) -> u64 {
    match origin {
        Origin::Till { machine, .. } => crate::fate::mix(&[1, machine as u64, number]),
        Origin::Relay { hub, .. } => crate::fate::mix(&[2, hub as u64, number]),
    }
}
