//! What is in the books is what the receipt says, in total and by mode of payment; where it is not, a person is shown it.
//!
//! Compares with the entry as it was written at the counter, not with what a hub made of it. Item by item is the connector's
//! question.

use crate::{books, world::World};
use holdfast_sync::posting::{PostingId, State};
use std::collections::BTreeMap;

/// Its name.
pub const NAME: &str = "posted_equals_receipt";

/// Checks it.
pub fn check(world: &World<'_>) -> Result<(), String> {
    if world.books.documents.is_empty() {
        return Ok(());
    }
    let written: BTreeMap<PostingId, _> =
        world.paper.written.values().map(|entry| (PostingId::of(entry), entry)).collect();
    let rows = &world.hubs[0].durable.disk.rows;
    for document in &world.books.documents {
        let Some(entry) = written.get(&document.id) else {
            return Err(format!("{} is in the books and was never written", document.id));
        };
        let differences = books::differences(document, &books::document(entry, document.kind));
        let is_claimed = rows.get(&document.id).is_some_and(|row| matches!(row.state, State::Posted { .. }));
        if is_claimed && !differences.is_empty() {
            return Err(format!("{} is said to be posted, and differs: {differences:?}", document.id));
        }
    }
    Ok(())
}
