//! Which batch and which serial numbers a row gets where nobody chose any.

use crate::{
    Date,
    masters::{Batch, BatchOrder, Item},
    sort,
};

/// What is in other rows of the document already.
pub(crate) struct Taken<'a> {
    pub(crate) batch_no: &'a str,
    pub(crate) qty: f64,
}

/// The batch for a quantity: the first that has enough of it, else the last one looked at. Rows are never split.
pub(crate) fn choose_batch<'a, 't>(
    item: &'a Item,
    order: BatchOrder,
    today: Date,
    stock_qty: f64,
    taken: &(impl Iterator<Item = Taken<'t>> + Clone),
) -> Option<&'a str> {
    let mut needed = stock_qty;
    let mut chosen = None;
    for batch in in_order(item, order, today) {
        let left = left_of(batch, taken.clone());
        if left <= 0.0 {
            continue;
        }
        chosen = Some(batch.batch_no.as_str());
        if left >= needed {
            break;
        }
        needed -= left;
    }
    chosen
}

/// What a batch has left. The server looks at every row after the other and forgets a batch as soon as it is used up.
fn left_of<'a>(batch: &Batch, taken: impl Iterator<Item = Taken<'a>>) -> f64 {
    let mut left = batch.qty;
    for row in taken.filter(|row| row.batch_no == batch.batch_no) {
        left -= row.qty;
        if left <= 0.0 {
            return 0.0;
        }
    }
    left
}

/// Batches that may still be sold, first choice first.
fn in_order(item: &Item, order: BatchOrder, today: Date) -> Vec<&Batch> {
    let may_be_sold = |batch: &&Batch| batch.qty > 0.0 && batch.expiry_date.is_none_or(|expiry| today <= expiry);
    let mut batches: Vec<&Batch> = item.batches.iter().filter(may_be_sold).collect();
    match order {
        BatchOrder::Fifo => {}
        BatchOrder::Lifo => batches.reverse(),
        BatchOrder::Expiry => {
            let key = |batch: &Batch| (batch.expiry_date.is_none(), batch.expiry_date);
            sort::few(&mut batches, |a, b| key(a) < key(b));
        }
    }
    batches
}

/// The first serial numbers that no other row has, as many as there are stock units.
pub(crate) fn choose_serial_nos<'a>(
    item: &Item,
    order: BatchOrder,
    stock_qty: f64,
    taken: &(impl Iterator<Item = &'a String> + Clone),
) -> Vec<String> {
    let count = if stock_qty > 0.0 { stock_qty.trunc() as usize } else { 0 };
    let free = |serial: &&String| !taken.clone().any(|other| other == *serial);
    match order {
        BatchOrder::Lifo => item.serial_nos.iter().rev().filter(free).take(count).cloned().collect(),
        BatchOrder::Fifo | BatchOrder::Expiry => item.serial_nos.iter().filter(free).take(count).cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item() -> Item {
        let batch = |name: &str, expiry, qty| Batch { batch_no: name.into(), expiry_date: Date::parse(expiry), qty };
        Item {
            batches: vec![
                batch("old", "2026-11-01", 50.0),
                batch("first", "", 2.0),
                batch("second", "2027-06-30", 10.0),
                batch("third", "2027-01-31", 10.0),
            ],
            ..Item::default()
        }
    }

    fn chosen(order: BatchOrder, qty: f64, taken: &[(&str, f64)]) -> Option<String> {
        let item = item();
        let taken = taken.iter().map(|(batch_no, qty)| Taken { batch_no, qty: *qty });
        choose_batch(&item, order, Date::parse("2026-11-23").expect("a day"), qty, &taken).map(str::to_owned)
    }

    #[test]
    fn the_first_batch_with_enough_is_taken_and_expired_ones_never() {
        assert_eq!(chosen(BatchOrder::Fifo, 1.0, &[]).as_deref(), Some("first"));
        assert_eq!(chosen(BatchOrder::Fifo, 5.0, &[]).as_deref(), Some("second"));
        assert_eq!(chosen(BatchOrder::Lifo, 5.0, &[]).as_deref(), Some("third"));
        assert_eq!(chosen(BatchOrder::Expiry, 5.0, &[]).as_deref(), Some("third"));
    }

    #[test]
    fn what_other_rows_take_is_gone() {
        assert_eq!(chosen(BatchOrder::Fifo, 1.0, &[("first", 2.0)]).as_deref(), Some("second"));
    }

    #[test]
    fn where_no_batch_has_enough_the_last_one_looked_at_is_taken() {
        assert_eq!(chosen(BatchOrder::Fifo, 100.0, &[]).as_deref(), Some("third"));
    }
}
