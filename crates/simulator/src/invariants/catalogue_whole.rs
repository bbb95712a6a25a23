//! The catalogue in force at a counter is one that was published, and all of its segments are on the counter's disk.
//!
//! Does not check that it is the newest: that is `liveness`.

use crate::world::World;

/// Its name.
pub const NAME: &str = "catalogue_whole";

/// Checks it.
pub fn check(world: &World<'_>) -> Result<(), String> {
    for (at, machine) in world.machines.iter().enumerate() {
        let Some(number) = machine.disk.manifest else { continue };
        let Some(segments) = world.catalogues.get(number) else {
            return Err(format!("machine {at} has a catalogue that was never published"));
        };
        if !segments.iter().all(|segment| machine.disk.segments.contains(segment)) {
            return Err(format!("machine {at} lacks segments of the catalogue in force"));
        }
    }
    Ok(())
}
