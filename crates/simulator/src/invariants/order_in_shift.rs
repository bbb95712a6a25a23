//! In the books a shift is opened first and closed last, and its sales are in the journal's order.
//!
//! Excused is what waited for a person or came from paper, and shifts of a journal that exists twice: there is no one order.

use crate::world::World;
use holdfast_sync::{ShiftId, posting::TaskKind};
use std::collections::BTreeMap;

/// Its name.
pub const NAME: &str = "order_in_shift";

/// Checks it.
pub fn check(world: &World<'_>) -> Result<(), String> {
    let main = &world.hubs[0].durable.disk;
    let mut ends: BTreeMap<ShiftId, (bool, u64)> = BTreeMap::new();
    for document in &world.books.documents {
        let Some(shift) = document.shift else { continue };
        if world.doubled.contains(&document.id.terminal) || world.out_of_order.contains(&document.id) {
            continue;
        }
        let (is_closed, last) = ends.entry(shift).or_default();
        if *is_closed {
            return Err(format!("{:?} {} came after the closing", document.kind, document.id));
        }
        if document.id.seq.0 < *last {
            return Err(format!("{} came after entry {last}", document.id));
        }
        *is_closed = document.kind == TaskKind::Closing;
        *last = document.id.seq.0;
        if *is_closed {
            let open = main.rows.values().find(|row| {
                row.shift == Some(shift)
                    && !world.out_of_order.contains(&row.id)
                    && row.id < document.id
                    && world.books.find(row.id).is_none()
                    && !row.is_settled()
            });
            if let Some(row) = open {
                return Err(format!("the closing {} is in the books before {}", document.id, row.id));
            }
        }
    }
    Ok(())
}
