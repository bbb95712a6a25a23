//! Nothing grows without a limit: pushes have at most the protocol's size, a machine in vain tries a bounded number of times a
//! minute, no hub works the books or the hub above harder than allowed.
//!
//! Looks at each message and each try as it goes by. Memory is bounded by what waits, which is not checked here.

use crate::world::World;
use holdfast_sync::{Sealed, relay, wire};

/// Its name.
pub const NAME: &str = "bounded";

/// Most documents in the making at once.
const OFFICE_MAX: usize = 8;

/// Most tries in vain a minute, where nothing new happens: waits of half a second and more, that double.
const TRIES_MAX: usize = 10;

/// Checks a push.
pub fn push(world: &mut World<'_>, entries: &[Sealed]) {
    let bytes: usize = entries.iter().map(|entry| entry.payload.len() + 64).sum();
    if entries.len() > wire::PUSH_ENTRIES_MAX || bytes > wire::PUSH_BYTES_MAX {
        world.violate(NAME, format!("a push has {} entries and {bytes} bytes", entries.len()));
    }
}

/// Checks how often a machine tries in vain. Each sale may try once more at once, and each start begins with short waits.
pub fn tries(world: &mut World<'_>, at: usize) {
    let machine = &world.machines[at];
    let tries = machine.failed_at_ms.len();
    if tries > TRIES_MAX + machine.busy_at_ms.len() {
        world.violate(NAME, format!("machine {at} tried {tries} times in vain within a minute"));
    }
}

/// Checks the way into the books.
pub fn office(world: &mut World<'_>, hub: usize) {
    let in_flight = world.hubs[hub].up.as_ref().map_or(0, |up| up.poster.in_flight());
    if in_flight > OFFICE_MAX {
        world.violate(NAME, format!("hub {hub} makes {in_flight} documents at once"));
    }
}

/// Checks what is relayed at once.
pub fn relay(world: &mut World<'_>, hub: usize) {
    let in_flight = world.hubs[hub].up.as_ref().map_or(0, |up| up.relay.in_flight());
    if in_flight > relay::IN_FLIGHT_MAX {
        world.violate(NAME, format!("hub {hub} relays {in_flight} pushes at once"));
    }
}
