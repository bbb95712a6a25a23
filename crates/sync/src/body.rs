//! What happened: the bodies of journal entries.
//!
//! Each is self-contained, so that it can be read, reprinted and posted years later without the catalogue of the day. The
//! bytes of these types are frozen by golden files: a change of shape is a new variant or a new format version.

pub mod v1;

use crate::ids::{EntryRef, Seq, ShiftId};
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
    /// Cash was put into the drawer or taken out.
    CashMoved(CashMoved),
    /// A customer was made or changed at the counter: `ERPNext`'s Customer.
    CustomerSaved(Box<CustomerSaved>),
    /// A supervisor allowed what the employee in the header may not do.
    Allowed(Allowed),
    /// Something that leaves no other trace.
    Did(Action),
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
    /// What this one gives back, if it is a return against a receipt.
    pub returned: Option<Returned>,
    /// The entry that made the customer, where `ERPNext` did not have it yet; the invoice then names it by that entry.
    pub customer_entry: Option<EntryRef>,
    /// Sales Team: who gets which share.
    pub sales_team: Vec<SalesShare>,
    /// What was noted on lines.
    pub notes: Vec<LineNote>,
    /// `remarks`.
    pub remarks: String,
}

impl Sale {
    /// Entries that have to be in the books before this sale.
    pub fn needs(&self) -> Vec<EntryRef> {
        let original = self.returned.as_ref().and_then(|returned| returned.entry);
        original.into_iter().chain(self.customer_entry).collect()
    }
}

/// The sale that a return gives back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// What its receipt says.
    pub receipt_number: String,
    /// Its entry, where it was sold at a terminal of ours.
    pub entry: Option<EntryRef>,
    /// `return_against`: the POS Invoice's name, where it is known.
    pub document: String,
}

/// A row of Sales Team.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SalesShare {
    /// Sales Person.
    pub sales_person: String,
    /// `allocated_percentage`.
    #[serde(with = "holdfast_engine::decimal")]
    pub percentage: f64,
}

/// A note on a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineNote {
    /// The invoice's row, counted from zero.
    pub row: u32,
    /// What was noted.
    pub text: String,
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

/// Cash put in or taken out between opening and closing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CashMoved {
    /// Mode of Payment.
    pub mode_of_payment: String,
    /// What came in; below zero what was taken out. In the profile's currency.
    #[serde(with = "holdfast_engine::decimal")]
    pub amount: f64,
    /// Why, in the employee's words.
    pub reason: String,
    /// The account on the other side, where the shop has one for this reason.
    pub account: String,
}

/// Customer, as it was entered at the counter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the doctype's field of that name, but where it says otherwise")]
pub struct CustomerSaved {
    /// `name` of the Customer that was changed; empty for a new one, which `ERPNext` names when it is booked.
    pub customer: String,
    /// The earlier entry about the same customer, where `ERPNext` has not named it yet.
    pub replaces: Option<EntryRef>,
    pub customer_name: String,
    pub customer_group: String,
    pub territory: String,
    pub mobile_no: String,
    pub email_id: String,
    pub tax_id: String,
    pub language: String,
    pub address_line1: String,
    pub address_line2: String,
    pub city: String,
    pub pincode: String,
    pub country: String,
}

/// An exception.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// The right that was missing.
    pub right: String,
    /// The supervisor whose PIN was entered.
    pub by: String,
    /// What it was about.
    pub details: String,
}

/// What leaves no other trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// A receipt was printed again.
    Reprinted {
        /// Which.
        receipt_number: String,
    },
    /// The drawer was opened without a sale.
    DrawerOpened {
        /// Why.
        reason: String,
    },
    /// The shift's figures were looked at.
    ReportShown,
}
