//! The counter itself: one value that takes actions in and gives effects out.

use crate::{
    action::Action,
    carts::LineKey,
    effect::Effect,
    now::Now,
    view::{CartView, CustomersView, ItemsView, LineEditView, Screen, StatusView, TileView},
};
use std::ops::Range;

/// What the host says about itself, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// After this long without a touch the screen locks, in milliseconds; zero for never.
    pub idle_lock_ms: u64,
    /// Whether a closing shows what should be there only after it was counted.
    pub has_blind_closing: bool,
    /// Paper width of receipts.
    pub paper: holdfast_receipt::Paper,
    /// Whether a receipt prints by itself when a sale is complete.
    pub prints_by_itself: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            idle_lock_ms: 5 * 60_000,
            has_blind_closing: false,
            paper: holdfast_receipt::Paper::Mm80,
            prints_by_itself: false,
        }
    }
}

/// The application core of a terminal.
#[derive(Debug)]
pub struct Counter {
    options: Options,
}

impl Counter {
    /// A counter that knows nothing yet, and what it wants done first.
    pub fn start(options: Options, now: Now) -> (Self, Vec<Effect>) {
        let _ = now;
        (Self { options }, Vec::new())
    }

    /// Takes an action in. What comes back is to be done in that order.
    pub fn act(&mut self, now: Now, action: Action) -> Vec<Effect> {
        let _ = (now, action, &self.options);
        Vec::new()
    }

    /// Which screen is shown.
    pub fn screen(&self) -> Screen {
        Screen::Starting
    }

    /// The edge of the screen.
    pub fn status(&self) -> StatusView {
        StatusView::default()
    }

    /// The item side of the selling screen.
    pub fn items(&self) -> ItemsView {
        ItemsView::default()
    }

    /// The items in sight, by their place in the list.
    pub fn tiles(&self, range: Range<usize>) -> Vec<TileView> {
        let _ = range;
        Vec::new()
    }

    /// The cart.
    pub fn cart(&self) -> CartView {
        CartView::default()
    }

    /// The chosen line, or that line.
    pub fn line_edit(&self, line: Option<LineKey>) -> Option<LineEditView> {
        let _ = line;
        None
    }

    /// Choosing a customer.
    pub fn customers(&self) -> CustomersView {
        CustomersView::default()
    }

    /// Whether keys are coming from a scanner just now: the host then keeps Enter from pressing a button.
    pub fn is_scanning(&self) -> bool {
        false
    }
}
