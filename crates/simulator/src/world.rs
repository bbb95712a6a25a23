//! The world: one clock, one queue, and everything that is in it.
//!
//! Events are handled in the order of `(time, sequence)`. Nothing here reads a clock or draws a number: a run is a function of its
//! scenario.

use crate::{
    books::Books,
    fate::{fraction, mix},
    hub::{Durable, Hub, Up},
    invariants::{self, Violation},
    mutant::Mutant,
    paper::Paper,
    scenario::Scenario,
    till::Machine,
    wires::{Answer, Origin, Request},
};
use holdfast_sync::{Hash, TerminalId, posting::PostingId};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

/// Where every clock that is right stands at the beginning.
pub const EPOCH_MS: i64 = 1_764_000_000_000;

/// More events than any scenario has.
const EVENTS_MAX: u64 = 3_000_000;

/// How often the invariants are looked at, milliseconds.
const CHECK_MS: u64 = 20 * 60_000;

/// What happens.
pub enum Event {
    /// A cashier does what is next at this machine; only the latest plan counts.
    Act { machine: usize, plan: u64 },
    /// A terminal looks at its hub; only the latest plan counts.
    Look { machine: usize, look: u64 },
    /// A request arrives at a hub.
    ToHub { origin: Origin, hub: usize, request: Rc<Request> },
    /// An answer arrives.
    Back { origin: Origin, answer: Rc<Answer> },
    /// It becomes clear that no answer will.
    NoAnswer(Origin),
    /// A hub looks whether something is due.
    Tick { hub: usize, life: u64 },
    /// A request arrives at the books.
    ToBooks(crate::office::Job),
    /// What came of it arrives.
    FromBooks(crate::office::Job, crate::office::Heard),
    /// A machine starts.
    StartTill(usize),
    /// A hub starts.
    StartHub(usize),
    /// A fault, by its number.
    Fault(usize),
    /// The invariants are looked at.
    Check,
    /// Somebody decides about what waits for a person.
    Person,
}

/// Everything there is.
pub struct World<'s> {
    /// What is to happen.
    pub scenario: &'s Scenario,
    /// A planted defect.
    pub mutant: Option<Mutant>,
    /// Milliseconds since the beginning.
    pub now_ms: u64,
    queue: BTreeMap<(u64, u64), Event>,
    sequence: u64,
    /// The tills.
    pub machines: Vec<Machine>,
    /// The chain of hubs.
    pub hubs: Vec<Hub>,
    /// ERPNext.
    pub books: Books,
    /// What customers hold, and everything that was ever written.
    pub paper: Paper,
    /// Until when nothing gets up from a machine.
    pub up_cut_ms: BTreeMap<usize, u64>,
    /// Until when nothing gets down to a machine.
    pub down_cut_ms: BTreeMap<usize, u64>,
    /// Until when a hub does not reach the one above.
    pub hub_cut_ms: BTreeMap<usize, u64>,
    /// Every catalogue that was published, as its segments.
    pub catalogues: Vec<Vec<Hash>>,
    /// Whether nothing fails any more.
    pub is_healed: bool,
    /// How often each class of fault took effect.
    pub fired: BTreeMap<&'static str, u64>,
    /// Events so far.
    pub events: u64,
    /// Which ids wait for a person or did so: their order in the shift is not the journal's any more.
    pub out_of_order: BTreeSet<PostingId>,
    /// Journals that exist twice, or did.
    pub doubled: BTreeSet<TerminalId>,
    /// What went wrong; the first stops the run.
    pub violation: Option<Violation>,
}

impl<'s> World<'s> {
    /// A world at its beginning.
    pub fn new(scenario: &'s Scenario, mutant: Option<Mutant>) -> Self {
        let mut world = Self {
            scenario,
            mutant,
            now_ms: 0,
            queue: BTreeMap::new(),
            sequence: 0,
            machines: Vec::new(),
            hubs: Vec::new(),
            books: Books::default(),
            paper: Paper::default(),
            up_cut_ms: BTreeMap::new(),
            down_cut_ms: BTreeMap::new(),
            hub_cut_ms: BTreeMap::new(),
            catalogues: vec![vec![segment(0), segment(1)]],
            is_healed: false,
            fired: BTreeMap::new(),
            events: 0,
            out_of_order: BTreeSet::new(),
            doubled: BTreeSet::new(),
            violation: None,
        };
        for (hub, format) in scenario.hubs.iter().enumerate() {
            let durable = Durable::default();
            let up = Some(Up::start(&durable.disk, hub > 0));
            world.hubs.push(Hub { durable, up, format: *format, clock_ms: 0, backup: None, life: 0, requests: 0 });
        }
        for (at, till) in scenario.tills.iter().enumerate() {
            let hub = till.hub.min(scenario.hubs.len().saturating_sub(1));
            world.add_machine(Machine::new(hub, terminal_id(at, 0), till.format, till.clock_ms, till.acts.clone()));
        }
        for (at, fault) in scenario.faults.iter().enumerate() {
            world.at(fault.at_ms, Event::Fault(at));
        }
        world.at(CHECK_MS, Event::Check);
        world
    }

    /// Puts a machine into the world and starts it.
    pub fn add_machine(&mut self, machine: Machine) {
        self.machines.push(machine);
        self.start_till(self.machines.len() - 1);
    }

    /// Plans an event.
    pub fn at(&mut self, at_ms: u64, event: Event) {
        self.sequence += 1;
        self.queue.insert((at_ms.max(self.now_ms), self.sequence), event);
    }

    /// Plans an event from now.
    pub fn after(&mut self, ms: u64, event: Event) {
        self.at(self.now_ms + ms, event);
    }

    /// Notes that a fault took effect.
    pub fn fire(&mut self, class: &'static str) {
        *self.fired.entry(class).or_default() += 1;
    }

    /// Notes a violation; the first counts.
    pub fn violate(&mut self, invariant: &'static str, what: String) {
        if self.violation.is_none() {
            self.violation = Some(Violation { invariant: invariant.into(), at_ms: self.now_ms, what });
        }
    }

    /// A number for something, by what it is about.
    pub fn fate(&self, parts: &[u64]) -> u64 {
        mix(&[self.scenario.salt, mix(parts)])
    }

    /// The same as a fraction of one.
    pub fn jitter(&self, parts: &[u64]) -> f64 {
        fraction(&[self.scenario.salt, mix(parts)])
    }

    /// Whether this run has that defect.
    pub fn is_mutant(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// Handles events up to a time, or until something is wrong.
    pub fn run_until(&mut self, end_ms: u64) {
        while self.violation.is_none() {
            match self.queue.first_key_value() {
                Some((&(at, _), _)) if at <= end_ms => {}
                _ => break,
            }
            let Some(((at, _), event)) = self.queue.pop_first() else { break };
            self.now_ms = at;
            self.events += 1;
            if self.events > EVENTS_MAX {
                self.violate(invariants::bounded::NAME, "the world never comes to rest".into());
            }
            self.handle(event);
        }
        self.now_ms = self.now_ms.max(end_ms);
    }

    /// Looks at every invariant.
    pub fn check(&mut self) {
        if self.violation.is_none() {
            self.violation = invariants::check(self);
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Act { machine, plan } => self.act(machine, plan),
            Event::Look { machine, look } => self.look(machine, look),
            Event::ToHub { origin, hub, request } => self.receive(origin, hub, &request),
            Event::Back { origin, answer } => match origin {
                Origin::Till { machine, number } => self.till_answered(machine, number, &answer),
                Origin::Relay { hub, life, push, sent } => self.relay_answered(hub, life, push, sent, &answer),
            },
            Event::NoAnswer(origin) => match origin {
                Origin::Till { machine, number } => self.till_failed(machine, number),
                Origin::Relay { hub, life, push, .. } => self.relay_failed(hub, life, push),
            },
            Event::Tick { hub, life } => self.tick(hub, life),
            Event::ToBooks(job) => self.at_books(job),
            Event::FromBooks(job, heard) => self.heard_from_books(&job, heard),
            Event::StartTill(machine) => self.start_till(machine),
            Event::StartHub(hub) => self.start_hub(hub),
            Event::Fault(at) => self.fault(at),
            Event::Check => {
                self.check();
                self.after(CHECK_MS, Event::Check);
            }
            Event::Person => self.person(false),
        }
    }
}

/// The id of a machine's terminal; a new one each time its data is thrown away.
pub fn terminal_id(machine: usize, generation: u64) -> TerminalId {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&(machine as u64).to_be_bytes());
    id[8..].copy_from_slice(&generation.to_be_bytes());
    TerminalId(id)
}

/// A segment's name: the hash of its bytes, which are its number.
pub fn segment(number: u64) -> Hash {
    Hash::of(&number.to_be_bytes())
}
