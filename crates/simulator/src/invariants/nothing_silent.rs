//! Every entry at the hub that the books have a word for has a row: it is posted, on its way, or before a person. What is said to
//! be posted is there. No genuine entry is called broken.
//!
//! Does not check that a row ever moves: that is `liveness`.

use crate::world::World;
use holdfast_sync::{
    Broken,
    posting::{State, Task},
};

/// Its name.
pub const NAME: &str = "nothing_silent";

/// Checks it.
pub fn check(world: &World<'_>) -> Result<(), String> {
    let main = &world.hubs[0].durable.disk;
    for kept in main.journals.values() {
        for entry in kept.line.iter().chain(kept.beside.values()) {
            let Some(task) = Task::of(entry) else { continue };
            let Some(row) = main.rows.get(&task.id) else {
                return Err(format!("{:?} {} has no row", task.kind, task.id));
            };
            let is_claimed = matches!(row.state, State::Posted { .. } | State::Discrepancy { .. });
            if is_claimed && world.books.find(task.id).is_none() {
                return Err(format!("{:?} {} is said to be in the books and is not", task.kind, task.id));
            }
        }
    }
    Ok(())
}

/// A hub refused entries. All entries here are genuine.
pub fn refused(world: &mut World<'_>, broken: &Broken) {
    world.violate(NAME, format!("a genuine entry was refused: {broken}"));
}
