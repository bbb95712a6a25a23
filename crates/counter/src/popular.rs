//! What is sold again and again, for the first page of items.

use crate::book::BookedSale;
use std::collections::HashMap;

/// Codes of the items that are on the most receipts, most first; equals in the order of their codes.
pub fn item_codes<'a>(sales: impl Iterator<Item = &'a BookedSale>, limit: usize) -> Vec<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for booked in sales.filter(|booked| !booked.sale.invoice.is_return) {
        for item in booked.sale.invoice.items.iter().filter(|item| !item.is_free_item) {
            *counts.entry(&item.item_code).or_default() += 1;
        }
    }
    let mut codes: Vec<_> = counts.into_iter().collect();
    codes.sort_by(|(left, many), (right, more)| more.cmp(many).then(left.cmp(right)));
    codes.into_iter().take(limit).map(|(code, _)| code.to_owned()).collect()
}
