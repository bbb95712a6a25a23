//! What happened: the bodies of journal entries.
//!
//! Each is self-contained, so that it can be read, reprinted and posted years later without the catalogue of the day. The
//! bytes of these types are frozen by golden files: a change of shape is a new variant or a new format version.

use crate::ids::{Seq, ShiftId};
use holdfast_engine::Invoice;
use serde::{Deserialize, Serialize};

/// The body of an entry. New variants go to the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// The journal's first entry.
    Enrolled(Enrolled),
    /// The employee in the header signed in.
    SignedIn,
    /// The employee in the header signed out or was locked out by idling.
    SignedOut,
    /// Wrong PINs for this employee since the last entry that says so.
    SignInFailed {
        /// The employee whose PIN was tried.
        employee: String,
        /// How many tries.
        count: u32,
    },
    /// A shift begins: `ERPNext`'s POS Opening Entry.
    ShiftOpened(ShiftOpened),
    /// A sale or a return: `ERPNext`'s POS Invoice.
    Sale(Box<Sale>),
    /// A shift ends: `ERPNext`'s POS Closing Entry.
    ShiftClosed(ShiftClosed),
    /// A cart with lines was thrown away.
    CartDropped {
        /// How many lines it had.
        lines: u32,
        /// What it would have cost.
        #[serde(with = "holdfast_engine::decimal")]
        total: f64,
    },
}

/// Who this terminal is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// Its name.
    pub terminal_name: String,
    /// The short code that its receipts carry.
    pub code: String,
    /// POS Profile.
    pub pos_profile: String,
}

/// An amount of a mode of payment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModeAmount {
    /// Mode of Payment.
    pub mode_of_payment: String,
    /// In the profile's currency.
    #[serde(with = "holdfast_engine::decimal")]
    pub amount: f64,
}

/// How many of a note or coin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    /// Face value.
    #[serde(with = "holdfast_engine::decimal")]
    pub value: f64,
    /// How many.
    pub count: u32,
}

/// POS Opening Entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShiftOpened {
    /// The shift's own id, also in the headers of its entries.
    pub shift: ShiftId,
    /// POS Profile.
    pub pos_profile: String,
    /// Company.
    pub company: String,
    /// Currency of the amounts.
    pub currency: String,
    /// `balance_details`.
    pub opening: Vec<ModeAmount>,
    /// How the cash was counted, where it was counted by notes and coins.
    pub counted: Vec<Counted>,
}

/// POS Invoice, and what the receipt says beyond it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sale {
    /// What is printed on the receipt, unique over all terminals of a hub.
    pub receipt_number: String,
    /// The version of the arithmetic.
    pub engine_version: String,
    /// POS Profile.
    pub pos_profile: String,
    /// Company.
    pub company: String,
    /// Customer Name, as printed.
    pub customer_name: String,
    /// `posting_date` and `posting_time` by the shop's wall clock: `2026-11-23 12:00:00`.
    pub posted_local: String,
    /// Everything that was computed.
    pub invoice: Invoice,
    /// The receipt that this one returns, if any.
    pub return_against: Option<String>,
}

/// POS Closing Entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShiftClosed {
    /// The shift.
    pub shift: ShiftId,
    /// The entry that opened it.
    pub opened_at: Seq,
    /// What should be there, by mode: opening plus payments less change.
    pub expected: Vec<ModeAmount>,
    /// What was counted.
    pub counted: Vec<ModeAmount>,
    /// How the cash was counted, where it was counted by notes and coins.
    pub cash: Vec<Counted>,
    /// Sales and returns in the shift.
    pub sales: u32,
    /// Sum of what was to be paid.
    #[serde(with = "holdfast_engine::decimal")]
    pub total: f64,
}
