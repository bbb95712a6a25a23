//! Money neither appears nor disappears: for each shift and mode of payment, what the hub's entries took is what the books have
//! taken plus what visibly waits; and a closing's sums are those of its own journal.
//!
//! Where a person settled something without a document, that amount is the person's. Does not check what is not at the main hub
//! yet: that is `receipt_durable`.

use crate::{goods, world::World};
use holdfast_sync::{Body, Entry, ShiftId, posting::PostingId};
use std::{collections::BTreeMap, rc::Rc};

/// Its name.
pub const NAME: &str = "money_conserved";

/// Checks it.
pub fn check(world: &World<'_>) -> Result<(), String> {
    let main = &world.hubs[0].durable.disk;
    let mut sums: BTreeMap<Option<ShiftId>, [i64; 2]> = BTreeMap::new();
    let mut add = |shift, amounts: [i64; 2], sign: i64| {
        let sum = sums.entry(shift).or_default();
        sum[0] += sign * amounts[0];
        sum[1] += sign * amounts[1];
    };
    for kept in main.journals.values() {
        closings(&kept.line)?;
        for entry in kept.all() {
            let Some(amounts) = amounts(&entry.body) else { continue };
            add(entry.header.shift, amounts, 1);
            let id = PostingId::of(entry);
            match world.books.find(id) {
                Some(document) => add(entry.header.shift, document.taken, -1),
                None if main.rows.get(&id).is_some_and(|row| row.documents().is_empty()) => {
                    add(entry.header.shift, amounts, -1);
                }
                None => {}
            }
        }
    }
    match sums.iter().find(|(_, sum)| **sum != [0, 0]) {
        Some((shift, sum)) => Err(format!("shift {shift:?} is off by {sum:?} cents")),
        None => Ok(()),
    }
}

/// What an entry puts into the drawer.
fn amounts(body: &Body) -> Option<[i64; 2]> {
    match body {
        Body::Sale(sale) => Some(goods::taken(&sale.invoice)),
        Body::CashMoved(moved) => Some([goods::minor(moved.amount), 0]),
        _ => None,
    }
}

/// What each closing expects is what its journal says.
fn closings(line: &[Rc<Entry>]) -> Result<(), String> {
    let mut sum = [0, 0];
    for entry in line {
        match &entry.body {
            Body::ShiftOpened(opened) => sum = crate::till::opening(opened),
            Body::ShiftClosed(closed) => {
                let of = |mode: &str| -> i64 {
                    let expected = closed.expected.iter().filter(|it| it.mode_of_payment == mode);
                    expected.map(|it| goods::minor(it.amount)).sum()
                };
                if goods::MODES.map(of) != sum {
                    return Err(format!("closing {:?} expects other sums than {sum:?}", entry.at()));
                }
            }
            body => {
                let [cash, card] = amounts(body).unwrap_or_default();
                sum = [sum[0] + cash, sum[1] + card];
            }
        }
    }
    Ok(())
}
