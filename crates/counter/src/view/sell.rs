//! Items and the cart, as they are shown.

use crate::carts::{CartId, LineKey};

/// The item side of the selling screen, without the items themselves: ask [`crate::Counter::tiles`] for those in sight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemsView {
    /// The search field's text.
    pub text: String,
    /// How many items there are to show.
    pub count: usize,
    /// Changes whenever other items are shown, or their prices may differ.
    pub revision: u64,
    /// The groups to choose from: the first is all of them.
    pub groups: Vec<GroupView>,
    /// Said where no item fits.
    pub message: Option<String>,
}

/// A group to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupView {
    /// What to send; `None` for all items.
    pub group: Option<String>,
    /// What it is called.
    pub label: String,
    /// How deep it lies below the top.
    pub depth: usize,
    /// Whether it is the chosen one.
    pub is_chosen: bool,
}

/// One item to tap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TileView {
    /// The key to add it by.
    pub item_code: String,
    /// Its name.
    pub name: String,
    /// The price of one, with its discount, in the cart's currency.
    pub price: String,
    /// The list price where a rule makes the price lower.
    pub list_price: Option<String>,
    /// `per Kg`, where it isn't obvious.
    pub uom: String,
    /// Address of its picture; empty for none.
    pub picture: String,
    /// How many of it are in the cart.
    pub in_cart: Option<String>,
    /// Whether it is a template: tapping it shows its variants.
    pub is_template: bool,
}

/// The cart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CartView {
    /// Which cart.
    pub cart: CartId,
    /// The customer's name.
    pub customer: String,
    /// Whether the customer is the profile's.
    pub is_usual_customer: bool,
    /// What is sold, free items included.
    pub lines: Vec<LineView>,
    /// Rows under the lines: net, taxes, discounts, rounding. Empty for an empty cart.
    pub totals: Vec<TotalView>,
    /// What is to be paid.
    pub payable: String,
    /// `5 items`.
    pub count: String,
    /// Whether there is nothing in it.
    pub is_empty: bool,
    /// Whether it can be paid.
    pub can_pay: bool,
    /// What is wrong with it, or what was refused just now.
    pub message: Option<String>,
    /// What undo would take back.
    pub undo: Option<String>,
    /// Carts put aside.
    pub held: Vec<HeldView>,
}

/// A line of the cart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineView {
    /// The key to change it by; `None` for a free item, which rules add.
    pub key: Option<LineKey>,
    /// What stays the same while the line does: for keyed lists.
    pub id: String,
    /// The item.
    pub item_code: String,
    /// Its name.
    pub name: String,
    /// The quantity.
    pub qty: String,
    /// The UOM.
    pub uom: String,
    /// The price of one.
    pub rate: String,
    /// The list price where the line sells for less.
    pub list_rate: Option<String>,
    /// `20% off, Summer sale`.
    pub discount: Option<String>,
    /// The line's amount.
    pub amount: String,
    /// Batch and serial numbers, where there are any.
    pub detail: Option<String>,
    /// Whether it is given away.
    pub is_free: bool,
    /// Whether it is chosen.
    pub is_selected: bool,
    /// Address of its picture; empty for none.
    pub picture: String,
}

/// A row under the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TotalView {
    /// What it is.
    pub label: String,
    /// How much.
    pub amount: String,
}

/// A cart that was put aside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldView {
    /// Which.
    pub cart: CartId,
    /// Customer or first item.
    pub label: String,
    /// `3 items since 14:05`.
    pub detail: String,
    /// What is to be paid.
    pub total: String,
}

/// The chosen line, to be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineEditView {
    /// Which line.
    pub key: LineKey,
    /// The item's name.
    pub name: String,
    /// The quantity as it would be typed.
    pub qty: String,
    /// Whether quantities may have decimals.
    pub takes_fractions: bool,
    /// The UOMs it is sold in.
    pub uoms: Vec<UomView>,
    /// The discount as it would be typed.
    pub discount: String,
    /// Whether a discount may be given.
    pub may_discount: bool,
    /// The price as it would be typed.
    pub rate: String,
    /// Whether the price may be changed.
    pub may_change_rate: bool,
    /// Batches to choose from, the chosen one marked.
    pub batches: Vec<UomView>,
    /// Serial numbers to choose from, the chosen ones marked.
    pub serials: Vec<UomView>,
    /// The decimal mark of the keypad.
    pub decimal_mark: String,
}

/// One of several to choose from: a UOM, a batch, a serial number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UomView {
    /// What to send.
    pub name: String,
    /// What it costs or when it expires.
    pub detail: String,
    /// Whether it is the chosen one.
    pub is_chosen: bool,
}

/// Choosing a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomersView {
    /// What was typed.
    pub text: String,
    /// Who fits, at most fifty.
    pub customers: Vec<CustomerView>,
    /// Said where nobody fits.
    pub message: Option<String>,
}

/// A customer to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerView {
    /// The key to choose them by.
    pub customer: String,
    /// Their name.
    pub name: String,
    /// Group and phone.
    pub detail: String,
    /// Whether they are the cart's.
    pub is_chosen: bool,
}
