//! All carts of a counter: the one on the screen, and those that wait for their customers to come back.
//!
//! Stored as one, encrypted, after every change: what moves a cart from one place to the other can be interrupted anywhere and the
//! cart is in exactly one of them.

use crate::Basket;
use serde::{Deserialize, Serialize};

/// The format that this version writes.
const FORMAT: u8 = 1;

/// Most carts that can wait.
pub const HELD_MAX: usize = 50;

/// A cart that waits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// Its number, counted from one; a number is not used again while its cart waits.
    pub number: u32,
    /// What the cashier called it.
    pub label: String,
    /// When it was put aside, Unix milliseconds.
    pub at_ms: i64,
    /// Who put it aside.
    pub employee: String,
    /// What it came to, in the profile's currency.
    #[serde(with = "holdfast_engine::decimal")]
    pub total: f64,
    /// The cart.
    pub basket: Basket,
}

/// What somebody knows of a cart who puts it aside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aside {
    /// What to call it.
    pub label: String,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// Who.
    pub employee: String,
    /// What it comes to.
    pub total: f64,
}

/// Every cart of a counter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    /// The cart on the screen.
    pub basket: Basket,
    /// Those that wait, oldest first.
    pub held: Vec<Held>,
}

impl Desk {
    /// Puts the cart on the screen aside and begins an empty one. Says which number it got; `None` if it is empty or there are as
    /// many as can wait.
    pub fn hold(&mut self, aside: Aside) -> Option<u32> {
        if self.basket.is_empty() || self.held.len() >= HELD_MAX {
            return None;
        }
        let number = self.held.iter().map(|held| held.number).max().unwrap_or(0) + 1;
        let Aside { label, at_ms, employee, total } = aside;
        let basket = std::mem::take(&mut self.basket);
        self.held.push(Held { number, label, at_ms, employee, total, basket });
        Some(number)
    }

    /// Takes a cart up again; the one on the screen is put aside, if there is something in it. Says whether there was such a cart.
    pub fn reopen(&mut self, number: u32, aside: Aside) -> bool {
        let Some(at) = self.held.iter().position(|held| held.number == number) else {
            return false;
        };
        let wanted = self.held.remove(at);
        // The one that was taken out has made room.
        self.hold(aside);
        self.basket = wanted.basket;
        true
    }

    /// Throws a waiting cart away and gives it out one last time.
    pub fn drop_held(&mut self, number: u32) -> Option<Held> {
        let at = self.held.iter().position(|held| held.number == number)?;
        Some(self.held.remove(at))
    }

    /// The same carts with the one on the screen emptied: what a sale leaves behind.
    #[must_use]
    pub fn after_sale(&self) -> Self {
        Self { basket: Basket::default(), held: self.held.clone() }
    }

    /// The bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        Self::bytes_of(&self.basket, &self.held)
    }

    /// The bytes of a desk with these carts.
    #[expect(clippy::missing_panics_doc, reason = "carts hold nothing that postcard cannot write")]
    pub fn bytes_of(basket: &Basket, held: &[Held]) -> Vec<u8> {
        let mut bytes = vec![FORMAT];
        bytes.extend(postcard::to_allocvec(&(basket, held)).expect("carts can be written"));
        bytes
    }

    /// Reads stored bytes; `None` if they cannot be read.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first() {
            Some((&FORMAT, rest)) => postcard::from_bytes(rest).ok(),
            _ => None,
        }
    }
}
