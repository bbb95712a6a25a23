//! Every sentence that a cashier reads when something is not as usual: what happened, and what to do.

use crate::booked::Standing;
use holdfast_engine::Refusal;
use holdfast_sync::terminal::Trouble;

/// The last line of a receipt.
pub const THANK_YOU: &str = "Thank you for your visit.";

/// The cart is empty.
pub const EMPTY_CART: &str = "The cart is empty. Scan or choose an item first.";

/// A scan came while somebody was paying.
pub const SCANNED_WHILE_PAYING: &str = "Scanned while paying: it goes into the next cart.";

/// A wrong PIN.
pub const WRONG_PIN: &str = "That PIN is not right. Please try again.";

/// Another tab has the journal.
pub const OTHER_TAB: &str = "This counter is open in another tab. Sell there, or take over here.";

/// The tab lost the journal to another one.
pub const TAKEN_OVER: &str = "Another tab has taken this counter over. Your cart is safe and waits there.";

/// There is not enough room on the disk.
pub const DISK_FULL: &str = "The sale could not be saved: this device has no room left, or its disk fails. Nothing was charged and the cart is still here. Free some space and pay again.";

/// Saving failed for another reason.
pub const NOT_SAVED: &str =
    "The sale could not be saved. Nothing was charged and the cart is still here. Please pay again.";

/// The hub's answer made no sense.
pub const NONSENSE: &str =
    "Something answered that is not the hub. Selling goes on; sales are kept here until the hub is back.";

/// A cart has as many lines as it can have.
pub const CART_FULL: &str = "This cart has 500 lines, which is as many as fit. Finish it and start another.";

/// No more carts can wait.
pub const TOO_MANY_HELD: &str = "Fifty carts wait already. Finish one of them first.";

/// Goods of a receipt and goods without one do not go together.
pub const ONE_RETURN: &str = "Goods of a receipt are in this cart already. Finish that return first.";

/// Nothing on a receipt is left to come back.
pub const ALL_RETURNED: &str = "Everything on this receipt has been returned already.";

/// A receipt that is not in this counter's journal.
pub const UNKNOWN_RECEIPT: &str =
    "This counter has no such receipt. Check the number, or take the goods back without a receipt.";

/// A supervisor said yes.
pub const ALLOWED: &str = "Allowed.";

/// A price that was set does not hold.
pub const RULE_HAS_THE_PRICE: &str = "A pricing rule sets the price of this item. Give a discount on the sale instead.";

/// What the shop's settings refuse.
pub const NOT_HERE: &str = "The shop does not allow this here.";

/// A coupon that nobody has heard of.
pub const UNKNOWN_COUPON: &str = "There is no such coupon. Check what is printed on it.";

/// Cash was moved without a word.
pub const NO_REASON: &str = "Say why, so that the difference can be explained later.";

/// The clock went back.
pub fn clock_set_back(last: &str) -> String {
    format!("This device's clock was set back. Sales are dated {last} until it is right again.")
}

/// A code that nothing has.
pub fn unknown_barcode(code: &str) -> String {
    format!("Nothing here has the code {code}. Search for the item by name instead.")
}

/// Too little money.
pub fn too_little(missing: &str) -> String {
    format!("{missing} is still to pay.")
}

/// More than was due, where no change can be given.
pub fn too_much(over: &str) -> String {
    format!("That is {over} too much, and only cash gives change.")
}

/// More than is given back.
pub fn too_much_out(over: &str) -> String {
    format!("That is {over} more than there is to pay out.")
}

/// Too many wrong PINs.
pub fn wait(seconds: i64) -> String {
    format!("Too many wrong PINs. Wait {seconds} s, then try again.")
}

/// Why a cart cannot be sold.
pub fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Empty => EMPTY_CART.to_owned(),
        Refusal::UnknownItem { item_code } => {
            format!("{item_code} is no longer in the catalogue. Take it out of the cart.")
        }
        Refusal::WholeNumber { uom, .. } => {
            format!("{uom} is only sold in whole numbers. Change the quantity.")
        }
        Refusal::Template { .. } => "Choose one of the variants.".to_owned(),
        Refusal::Coupon(error) => format!("This coupon cannot be used: {error}."),
        Refusal::Loyalty(_) => "So many points cannot be used here.".to_owned(),
        Refusal::OverReturn { item_code, .. } => format!("More of {item_code} comes back than was sold."),
        other => format!("{other}."),
    }
}

/// Why sending has stopped.
pub fn trouble(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Fork | Trouble::HubAhead(_) => {
            "This counter exists twice: its data was copied or restored. Sales are kept here. Call your administrator."
        }
        Trouble::HubTooOld => "The hub is older than this app. Sales are kept here until it is updated.",
        Trouble::Broken(_) => "The hub refused an entry. Sales are kept here. Call your administrator.",
    }
}

/// Who answers at the hub's address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answering {
    /// The hub.
    Hub,
    /// Nobody.
    #[default]
    Nobody,
    /// Something else, such as the sign-in page of a foreign Wi-Fi.
    Stranger,
}

/// The status light in words.
pub fn status(sales_waiting: usize, entries_waiting: u64, since: Option<&str>, answering: Answering) -> String {
    let since = since.map(|time| format!(" since {time}")).unwrap_or_default();
    let waiting = match sales_waiting {
        0 => String::new(),
        1 => format!("1 sale waits{since}"),
        sales => format!("{sales} sales wait{since}"),
    };
    match (answering, sales_waiting, entries_waiting) {
        (Answering::Stranger, 0, _) => "Something else answers in the hub's place".to_owned(),
        (Answering::Stranger, ..) => format!("Not the hub that answers; {waiting}"),
        (Answering::Hub, 0, 0) => "Everything is with the hub".to_owned(),
        (Answering::Hub, 0, _) => "Sending".to_owned(),
        (Answering::Nobody, 0, 0) => "No hub in reach; nothing waits".to_owned(),
        (Answering::Nobody, 0, _) => format!("No hub in reach{since}"),
        _ => waiting,
    }
}

/// How a sale stands in ERPNext's books.
pub fn standing(standing: &Standing) -> String {
    match standing {
        Standing::Booked(name) => format!("In ERPNext: {name}"),
        Standing::WithOffice => {
            "ERPNext did not take it as it is. The office sees it; there is nothing to do here.".to_owned()
        }
    }
}
