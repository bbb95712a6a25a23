//! Is anything lost, doubled or altered, whatever fails?
//!
//! Terminals, a chain of hubs and the books in one deterministic world. The decisions are the real code of `sync`, on both sides
//! and on the way into the books; disks, lines, clocks and ERPNext are played here and fail in every way that is written down in
//! [`scenario::What`]. A [`Scenario`] is data, a seed only makes one, and [`run`] is a pure function of it.
//!
//! First everything fails, and what must never happen is looked for ([`invariants`]). Then the world is healed, and everything
//! must arrive or say why not ([`liveness`]).

mod books;
mod counter;
mod courier;
mod desk;
mod fate;
mod faults;
mod format;
pub mod generate;
mod goods;
mod hub;
mod invariants;
mod liveness;
mod mutant;
mod office;
mod paper;
pub mod scenario;
pub mod shrink;
mod signer;
mod till;
mod wires;
mod world;

pub use invariants::Violation;
pub use mutant::Mutant;
pub use scenario::Scenario;

use std::collections::BTreeMap;
use world::World;

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Events that were handled.
    pub events: u64,
    /// Sales and returns that became durable.
    pub sales: u64,
    /// Documents in the books.
    pub documents: u64,
    /// Simulated milliseconds.
    pub simulated_ms: u64,
    /// How often each fault took effect.
    pub fired: BTreeMap<&'static str, u64>,
    /// What must never happen, if it did.
    pub violation: Option<Violation>,
}

/// Runs a scenario.
pub fn run(scenario: &Scenario) -> Report {
    run_with(scenario, None)
}

/// Runs a scenario with a planted defect.
pub fn run_with(scenario: &Scenario, mutant: Option<Mutant>) -> Report {
    let mut world = World::new(scenario, mutant);
    world.run_until(scenario.heal_at_ms);
    world.check();
    world.heal();
    liveness::converge(&mut world);
    world.check();
    Report {
        events: world.events,
        sales: world.paper.sales,
        documents: world.books.documents.len() as u64,
        simulated_ms: world.now_ms,
        fired: world.fired,
        violation: world.violation,
    }
}
