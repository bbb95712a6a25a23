//! The cart on the screen: what a cashier adds, changes and takes back.

use crate::book::cents;
use holdfast_engine::{Cart, Discount, Invoice, Line, Payment, Redemption, masters::Item, returns::partial_return};
use holdfast_sync::body::Returned;
use serde::{Deserialize, Serialize};

/// Most steps that can be undone.
const UNDO_MAX: usize = 50;

/// Largest quantity of a line.
const QTY_MAX: f64 = 1_000_000.0;

/// Largest price of one.
const RATE_MAX: f64 = 1e9;

/// Most letters of a note.
const NOTE_MAX: usize = 200;

/// Most lines of one basket: books have no limit, a screen has.
pub const LINES_MAX: usize = 500;

/// A cart in progress. It is stored after every change and survives everything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Basket {
    /// The customer's `name`; empty for the profile's default customer.
    pub customer: String,
    /// What is sold, in the order it was added.
    pub lines: Vec<CartLine>,
    /// What is given back; with lines as well it is an exchange.
    pub back: Option<Back>,
    /// A discount on the whole sale.
    pub discount: Option<Discount>,
    /// Coupon Code `name`.
    pub coupon_code: String,
    /// Loyalty points to pay with.
    pub points: i64,
    /// Sales Person; empty for nobody.
    pub sales_person: String,
    /// `remarks`.
    pub remarks: String,
    /// The line that keys act on.
    pub selected: Option<usize>,
    #[serde(skip)]
    undo: Vec<Basket>,
}

/// A line of a basket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CartLine {
    /// What the engine prices.
    pub line: Line,
    /// What was noted on it.
    pub note: String,
}

/// What a customer brings back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Back {
    /// Rows of a sale whose receipt is at hand.
    Receipt(Box<ReceiptBack>),
    /// Goods without a receipt, at today's price. Quantities are above zero here.
    Loose(Vec<CartLine>),
}

/// Rows of a sale that come back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReceiptBack {
    /// The sale.
    pub returned: Returned,
    /// Its invoice, as it was.
    pub original: Invoice,
    /// Which rows, and how much of each.
    pub rows: Vec<(usize, f64)>,
}

impl Basket {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.back.is_none()
    }

    /// Adds an item. What is there already in the same unit, batch and price grows instead; serial numbers and lines with a note
    /// stay apart. Says whether there was room for it, in lines and in quantity.
    pub fn add(&mut self, item: &Item, uom: &str, batch_no: &str, serial_no: &str, qty: f64) -> bool {
        let mut lines = self.lines.clone();
        let at = add_to(&mut lines, item, uom, batch_no, serial_no, qty);
        self.take_lines(lines, at)
    }

    /// Adds an item that is given back without a receipt. Says whether it could be: not while rows of a receipt are given back.
    pub fn add_back(&mut self, item: &Item, uom: &str, batch_no: &str, serial_no: &str, qty: f64) -> bool {
        let mut lines = match &self.back {
            None => Vec::new(),
            Some(Back::Loose(lines)) => lines.clone(),
            Some(Back::Receipt(_)) => return false,
        };
        let is_added = add_to(&mut lines, item, uom, batch_no, serial_no, qty).is_some();
        if is_added {
            self.remember();
            self.back = Some(Back::Loose(lines));
        }
        is_added
    }

    /// Gives rows of a sale back; none takes the return out again. Quantities that are none are left out.
    pub fn set_back(&mut self, back: ReceiptBack) {
        self.remember();
        let rows: Vec<_> = back.rows.iter().copied().filter(|(_, qty)| *qty > 0.0 && *qty <= QTY_MAX).collect();
        self.back = (!rows.is_empty()).then(|| Back::Receipt(Box::new(ReceiptBack { rows, ..back })));
    }

    /// Takes one row out of what is given back.
    pub fn drop_back(&mut self, at: usize) {
        let mut back = self.back.clone();
        let rows_left = match &mut back {
            Some(Back::Receipt(back)) if at < back.rows.len() => {
                back.rows.remove(at);
                back.rows.len()
            }
            Some(Back::Loose(lines)) if at < lines.len() => {
                lines.remove(at);
                lines.len()
            }
            _ => return,
        };
        self.remember();
        self.back = back.filter(|_| rows_left > 0);
    }

    /// Takes out what is given back.
    pub fn clear_back(&mut self) {
        self.remember();
        self.back = None;
    }

    /// Sets a line's quantity; zero takes it out.
    pub fn set_qty(&mut self, at: usize, qty: f64) {
        if at >= self.lines.len() || !(0.0..=QTY_MAX).contains(&qty) {
            return;
        }
        self.remember();
        if qty == 0.0 {
            self.lines.remove(at);
            self.selected = self.lines.len().checked_sub(1).map(|last| at.min(last));
        } else {
            self.lines[at].line.qty = qty;
            self.selected = Some(at);
        }
    }

    /// Sets a line's unit.
    pub fn set_uom(&mut self, at: usize, uom: &str) {
        self.change(at, |row| uom.clone_into(&mut row.line.uom));
    }

    /// Sets a line's batch.
    pub fn set_batch(&mut self, at: usize, batch_no: &str) {
        self.change(at, |row| batch_no.clone_into(&mut row.line.batch_no));
    }

    /// Gives a line a discount in percent, 0 to 100, in place of a price that was set.
    pub fn set_discount(&mut self, at: usize, percentage: f64) {
        if (0.0..=100.0).contains(&percentage) {
            self.change(at, |row| {
                row.line.discount_percentage = percentage;
                row.line.rate = None;
            });
        }
    }

    /// Sets the price of one, in place of a discount; `None` for the shop's own.
    pub fn set_rate(&mut self, at: usize, rate: Option<f64>) {
        if rate.is_none_or(|rate| (0.0..=RATE_MAX).contains(&rate)) {
            self.change(at, |row| {
                row.line.rate = rate;
                row.line.discount_percentage = 0.0;
            });
        }
    }

    /// Notes something on a line.
    pub fn set_note(&mut self, at: usize, note: &str) {
        self.change(at, |row| row.note = note.trim().chars().take(NOTE_MAX).collect());
    }

    /// Chooses the customer. Coupons and points are the customer's own, so they go.
    pub fn set_customer(&mut self, name: &str) {
        self.remember();
        name.clone_into(&mut self.customer);
        self.points = 0;
    }

    /// Gives the whole sale a discount: percent lie between 0 and 100, amounts are not below zero.
    pub fn set_sale_discount(&mut self, discount: Option<Discount>) {
        let is_sensible = match discount {
            None => true,
            Some(Discount::Percentage(percentage)) => (0.0..=100.0).contains(&percentage),
            Some(Discount::Amount(amount)) => (0.0..=RATE_MAX).contains(&amount),
        };
        if is_sensible {
            self.remember();
            self.discount = discount;
        }
    }

    /// Uses a coupon, by the Coupon Code's `name`; empty for none.
    pub fn set_coupon(&mut self, name: &str) {
        self.remember();
        name.clone_into(&mut self.coupon_code);
    }

    /// Pays with so many points.
    pub fn set_points(&mut self, points: i64) {
        if points >= 0 {
            self.remember();
            self.points = points;
        }
    }

    /// Says who sold.
    pub fn set_sales_person(&mut self, name: &str) {
        self.remember();
        name.clone_into(&mut self.sales_person);
    }

    /// Empties it; can be undone.
    pub fn clear(&mut self) {
        self.remember();
        *self = Self { undo: std::mem::take(&mut self.undo), ..Self::default() };
    }

    /// Takes the last change back. Says whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.undo.pop() else {
            return false;
        };
        let undo = std::mem::take(&mut self.undo);
        *self = Self { undo, ..before };
        self.selected = self.lines.len().checked_sub(1);
        true
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// The engine's cart of what is sold, paid like this.
    pub fn to_cart(&self, payments: &[Payment]) -> Cart {
        Cart {
            customer: self.customer.clone(),
            lines: self.lines.iter().map(|row| row.line.clone()).collect(),
            discount: self.discount,
            coupon_code: self.coupon_code.clone(),
            redemption: (self.points > 0).then_some(Redemption { points: self.points, amount: 0.0 }),
            payments: payments.to_vec(),
            ..Cart::default()
        }
    }

    /// The engine's cart of what is given back, paid out like this; `None` if nothing is.
    pub fn to_return_cart(&self, payments: &[Payment]) -> Option<Cart> {
        let cart = match self.back.as_ref()? {
            Back::Receipt(back) => partial_return(&back.original, &back.rows),
            Back::Loose(rows) => Cart {
                customer: self.customer.clone(),
                lines: rows.iter().map(|row| Line { qty: -row.line.qty, ..row.line.clone() }).collect(),
                ..Cart::default()
            },
        };
        Some(Cart { payments: payments.to_vec(), ..cart })
    }

    /// The bytes to store.
    #[expect(clippy::missing_panics_doc, reason = "a basket holds nothing that postcard cannot write")]
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("a basket can be written")
    }

    /// Reads stored bytes; an unreadable basket is an empty one.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        postcard::from_bytes(bytes).unwrap_or_default()
    }

    fn change(&mut self, at: usize, change: impl FnOnce(&mut CartLine)) {
        if at < self.lines.len() {
            self.remember();
            change(&mut self.lines[at]);
            self.selected = Some(at);
        }
    }

    fn take_lines(&mut self, lines: Vec<CartLine>, at: Option<usize>) -> bool {
        if at.is_some() {
            self.remember();
            self.lines = lines;
            self.selected = at;
        }
        at.is_some()
    }

    fn remember(&mut self) {
        let mut undo = std::mem::take(&mut self.undo);
        if undo.len() == UNDO_MAX {
            undo.remove(0);
        }
        undo.push(self.clone());
        self.undo = undo;
    }
}

/// Adds an item to lines and says where; `None` if there is no room, in lines or in quantity.
fn add_to(
    lines: &mut Vec<CartLine>,
    item: &Item,
    uom: &str,
    batch_no: &str,
    serial_no: &str,
    qty: f64,
) -> Option<usize> {
    let uom = [uom, &item.sales_uom, &item.stock_uom].into_iter().find(|uom| !uom.is_empty()).unwrap_or_default();
    let same = lines.iter().position(|CartLine { line, note }| {
        line.item_code == item.item_code
            && line.uom == uom
            && line.batch_no == batch_no
            && line.rate.is_none()
            && line.discount_percentage == 0.0
            && line.serial_nos.is_empty()
            && serial_no.is_empty()
            && note.is_empty()
    });
    // Summed as decimals: 0.1 and 0.2 kilograms are 0.3.
    let sum = cents(qty + same.map_or(0.0, |at| lines[at].line.qty));
    let is_possible = sum > 0.0 && sum <= QTY_MAX;
    if !is_possible || (same.is_none() && lines.len() >= LINES_MAX) {
        return None;
    }
    let at = same.unwrap_or_else(|| {
        let line = Line {
            item_code: item.item_code.clone(),
            uom: uom.to_owned(),
            batch_no: batch_no.to_owned(),
            serial_nos: if serial_no.is_empty() { Vec::new() } else { vec![serial_no.to_owned()] },
            ..Line::default()
        };
        lines.push(CartLine { line, note: String::new() });
        lines.len() - 1
    });
    lines[at].line.qty = sum;
    Some(at)
}
