//! The cart on the screen: what a cashier adds, changes and takes back.

use crate::book::cents;
use holdfast_engine::{Cart, Line, Payment, masters::Item};
use serde::{Deserialize, Serialize};

/// Most steps that can be undone.
const UNDO_MAX: usize = 50;

/// Largest quantity of a line.
const QTY_MAX: f64 = 1_000_000.0;

/// Most lines of one basket: books have no limit, a screen has.
pub const LINES_MAX: usize = 500;

/// A cart in progress. It is stored after every change and survives everything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Basket {
    /// The customer's `name`; empty for the profile's default customer.
    pub customer: String,
    /// The lines in the order they were added.
    pub lines: Vec<Line>,
    /// The line that keys act on.
    pub selected: Option<usize>,
    #[serde(skip)]
    undo: Vec<(String, Vec<Line>)>,
}

impl Basket {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Adds an item. What is there already in the same unit, batch and price grows instead; serial numbers stay apart.
    /// Says whether there was room for it, in lines and in quantity.
    pub fn add(&mut self, item: &Item, uom: &str, batch_no: &str, serial_no: &str, qty: f64) -> bool {
        let uom = [uom, &item.sales_uom, &item.stock_uom].into_iter().find(|uom| !uom.is_empty()).unwrap_or_default();
        let same = self.lines.iter().position(|line| {
            line.item_code == item.item_code
                && line.uom == uom
                && line.batch_no == batch_no
                && line.rate.is_none()
                && line.discount_percentage == 0.0
                && line.serial_nos.is_empty()
                && serial_no.is_empty()
        });
        // Summed as decimals: 0.1 and 0.2 kilograms are 0.3.
        let sum = cents(qty + same.map_or(0.0, |at| self.lines[at].qty));
        let is_possible = sum > 0.0 && sum <= QTY_MAX;
        if !is_possible || (same.is_none() && self.lines.len() >= LINES_MAX) {
            return false;
        }
        self.remember();
        let at = same.unwrap_or_else(|| {
            self.lines.push(Line {
                item_code: item.item_code.clone(),
                uom: uom.to_owned(),
                batch_no: batch_no.to_owned(),
                serial_nos: if serial_no.is_empty() { Vec::new() } else { vec![serial_no.to_owned()] },
                ..Line::default()
            });
            self.lines.len() - 1
        });
        self.lines[at].qty = sum;
        self.selected = Some(at);
        true
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
            self.lines[at].qty = qty;
            self.selected = Some(at);
        }
    }

    /// Sets a line's unit.
    pub fn set_uom(&mut self, at: usize, uom: &str) {
        if at < self.lines.len() {
            self.remember();
            uom.clone_into(&mut self.lines[at].uom);
        }
    }

    /// Gives a line a discount in percent, 0 to 100.
    pub fn set_discount(&mut self, at: usize, percentage: f64) {
        if at < self.lines.len() && (0.0..=100.0).contains(&percentage) {
            self.remember();
            self.lines[at].discount_percentage = percentage;
        }
    }

    /// Chooses the customer.
    pub fn set_customer(&mut self, name: &str) {
        self.remember();
        name.clone_into(&mut self.customer);
    }

    /// Empties it; can be undone.
    pub fn clear(&mut self) {
        self.remember();
        self.lines.clear();
        self.customer.clear();
        self.selected = None;
    }

    /// Takes the last change back. Says whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some((customer, lines)) = self.undo.pop() else {
            return false;
        };
        self.customer = customer;
        self.lines = lines;
        self.selected = self.lines.len().checked_sub(1);
        true
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// The engine's cart, paid like this.
    pub fn to_cart(&self, payments: &[Payment]) -> Cart {
        Cart {
            customer: self.customer.clone(),
            lines: self.lines.clone(),
            payments: payments.to_vec(),
            ..Cart::default()
        }
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

    fn remember(&mut self) {
        if self.undo.len() == UNDO_MAX {
            self.undo.remove(0);
        }
        self.undo.push((self.customer.clone(), self.lines.clone()));
    }
}
