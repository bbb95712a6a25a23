//! Returns: the cart that gives a sale back, whole or in part.

use crate::{Cart, Invoice, Line};

/// The cart of a full return: every row of the sale, free ones included, the other way round. Payments are the counter's
/// business: what is paid out is the return's total.
pub fn full_return(original: &Invoice) -> Cart {
    let rows: Vec<(usize, f64)> = original.items.iter().enumerate().map(|(at, item)| (at, item.qty)).collect();
    partial_return(original, &rows)
}

/// The cart of a return of some rows, each with the quantity that comes back, which is positive and no more than was sold.
pub fn partial_return(original: &Invoice, rows: &[(usize, f64)]) -> Cart {
    let mut cart = Cart {
        customer: original.customer.clone(),
        return_against: Some(Box::new(original.clone())),
        ..Cart::default()
    };
    for (row, qty) in rows {
        let Some(item) = original.items.get(*row) else { continue };
        cart.return_rows.push(*row);
        cart.lines.push(Line {
            item_code: item.item_code.clone(),
            uom: item.uom.clone(),
            qty: -qty,
            batch_no: item.batch_no.clone(),
            ..Line::default()
        });
    }
    cart
}
