//! No entry is in the books twice, and no cart became two sales.
//!
//! Entries of two lines of one journal are different sales: both have their customer. Does not check that an entry is in the books
//! at all: that is `liveness` with `nothing_silent`.

use crate::world::World;
use std::collections::BTreeSet;

/// Its name.
pub const NAME: &str = "posted_once";

/// Checks it.
pub fn check(world: &World<'_>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for document in &world.books.documents {
        if !seen.insert(document.id) {
            return Err(format!("{:?} {} is in the books twice", document.kind, document.id));
        }
    }
    let doubled = world.paper.carts.iter().find(|(_, sales)| sales.len() > 1);
    match doubled {
        Some(((machine, act), sales)) => Err(format!("cart {act} of machine {machine} became {} sales", sales.len())),
        None => Ok(()),
    }
}
