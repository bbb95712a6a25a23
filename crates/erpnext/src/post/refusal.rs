//! Why ERPNext said no, and what a person can do about it.

use crate::heard::Trouble;
use holdfast_sync::posting::{Outcome, Refusal, RefusalKind};

/// What a person can decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Put it right in ERPNext, then try again.
    TryAgain,
    /// Book another item in its place.
    MapItem,
    /// Book another customer in its place.
    MapCustomer,
    /// Book another batch in its place.
    MapBatch,
    /// Make a draft that the bookkeeper completes.
    PostAsDraft,
    /// Settle it outside, with a reason.
    Settle,
}

/// A refusal in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What happened, in a sentence.
    pub what: &'static str,
    /// What helps, in a sentence.
    pub remedy: &'static str,
    /// What can be decided, the most sensible first.
    pub actions: &'static [Action],
}

/// How a try ends that met a trouble.
pub fn outcome(trouble: &Trouble) -> Outcome {
    match trouble {
        Trouble::Unclear => Outcome::Unclear,
        Trouble::NotNow { after_ms } => Outcome::NotNow { after_ms: *after_ms },
        // The hub raises the alert; nothing was carried out.
        Trouble::SignedOut => Outcome::NotNow { after_ms: None },
        Trouble::Refused { status, exc_type, message } => Outcome::Refused(Refusal {
            kind: kind(*status, exc_type, message),
            exc_type: exc_type.clone(),
            message: message.clone(),
        }),
    }
}

/// Kinds by the class of ERPNext's exception.
const CLASSES: &[(&str, RefusalKind)] = &[
    ("PermissionError", RefusalKind::Permission),
    ("PartyDisabled", RefusalKind::Customer),
    ("PartyFrozen", RefusalKind::Customer),
    ("BatchExpiredError", RefusalKind::Batch),
    ("SerialNoWarehouseError", RefusalKind::Stock),
    ("SerialNoDuplicateError", RefusalKind::Stock),
    ("SerialNoExistsInFutureTransactionError", RefusalKind::Stock),
    ("NegativeStockError", RefusalKind::Stock),
    ("BatchNegativeStockError", RefusalKind::Stock),
    ("StockOverReturnError", RefusalKind::Original),
    ("ClosedAccountingPeriod", RefusalKind::ClosedPeriod),
    ("FiscalYearError", RefusalKind::ClosedPeriod),
    ("StockFreezeError", RefusalKind::ClosedPeriod),
    ("PartialPaymentValidationError", RefusalKind::Limit),
    ("UOMMustBeIntegerError", RefusalKind::Limit),
    ("MultiplePricingRuleConflict", RefusalKind::Limit),
    ("MandatoryError", RefusalKind::Mandatory),
];

/// Kinds by ERPNext's words, where its class says nothing. The first that fits counts.
const WORDS: &[(&str, RefusalKind)] = &[
    ("POS Opening Entry", RefusalKind::Opening),
    ("Debit and Credit not equal", RefusalKind::Consolidation),
    ("is not consolidated", RefusalKind::Consolidation),
    ("Accounting Period", RefusalKind::ClosedPeriod),
    ("Fiscal Year", RefusalKind::ClosedPeriod),
    ("Books have been closed", RefusalKind::ClosedPeriod),
    ("are frozen", RefusalKind::ClosedPeriod),
    ("frozen upto", RefusalKind::ClosedPeriod),
    ("Serial No", RefusalKind::Stock),
    ("Stock quantity not enough", RefusalKind::Stock),
    ("is not available under warehouse", RefusalKind::Stock),
    ("Available qty", RefusalKind::Stock),
    ("units of", RefusalKind::Stock),
    ("Return Against", RefusalKind::Original),
    ("Cannot return more than", RefusalKind::Original),
    ("has already been returned", RefusalKind::Original),
    ("in POS Invoice", RefusalKind::Original),
    ("Batch", RefusalKind::Batch),
    ("batch", RefusalKind::Batch),
    ("Customer:", RefusalKind::Customer),
    ("cannot unpack non-iterable NoneType", RefusalKind::Customer),
    ("Maximum discount", RefusalKind::Limit),
    ("Selling net rate", RefusalKind::Limit),
    ("coupon", RefusalKind::Limit),
    ("Coupon", RefusalKind::Limit),
    ("Loyalty", RefusalKind::Limit),
    ("Amount must be", RefusalKind::Limit),
    ("Total payments amount", RefusalKind::Limit),
    ("Paid amount", RefusalKind::Limit),
    ("default Cash or Bank account", RefusalKind::Limit),
    ("cannot be a fraction", RefusalKind::Limit),
    ("is a template", RefusalKind::Item),
    ("end of life", RefusalKind::Item),
    ("marked as sales item", RefusalKind::Item),
    ("Item Code:", RefusalKind::Item),
    ("Item:", RefusalKind::Item),
];

/// What a refusal is about.
pub fn kind(status: u16, exc_type: &str, message: &str) -> RefusalKind {
    if status == 403 {
        return RefusalKind::Permission;
    }
    if let Some((_, kind)) = CLASSES.iter().find(|(class, _)| *class == exc_type) {
        return *kind;
    }
    if is_about("Customer", message) {
        return RefusalKind::Customer;
    }
    if is_about("Item", message) {
        return RefusalKind::Item;
    }
    WORDS.iter().find(|(words, _)| message.contains(words)).map_or(RefusalKind::Other, |(_, kind)| *kind)
}

/// `Item X is disabled`, `Item X not found`: a document that is gone or out of use.
fn is_about(doctype: &str, message: &str) -> bool {
    let starts = message.strip_prefix(doctype).is_some_and(|rest| rest.starts_with(' '));
    starts
        && ["is disabled", "not found", "is frozen", "has reached its end of life"]
            .iter()
            .any(|end| message.contains(end))
}

/// What a refusal means and what can be done.
pub fn explain(kind: RefusalKind) -> Explanation {
    use Action::{MapBatch, MapCustomer, MapItem, PostAsDraft, Settle, TryAgain};
    let (what, remedy, actions): (_, _, &'static [Action]) = match kind {
        RefusalKind::Permission => (
            "The account that posts lacks a right in ERPNext.",
            "Give its user the role Holdfast, or run the set-up again, then try again.",
            &[TryAgain, Settle],
        ),
        RefusalKind::Stock => (
            "ERPNext has less stock of an item than was sold, or a serial number is not in the warehouse.",
            "Book what came in (a Purchase Receipt or a Stock Reconciliation), then try again.",
            &[TryAgain, MapItem, PostAsDraft, Settle],
        ),
        RefusalKind::ClosedPeriod => (
            "The day of the sale lies in a period that is closed or frozen.",
            "Let the bookkeeper open the period for a moment, then try again.",
            &[TryAgain, PostAsDraft, Settle],
        ),
        RefusalKind::Item => (
            "An item was disabled, deleted or renamed after it was sold.",
            "Enable it for a moment and try again, or book another item in its place.",
            &[TryAgain, MapItem, PostAsDraft, Settle],
        ),
        RefusalKind::Customer => (
            "The customer was disabled, frozen, deleted or renamed after the sale.",
            "Enable the customer for a moment and try again, or book another one.",
            &[TryAgain, MapCustomer, Settle],
        ),
        RefusalKind::Batch => (
            "A batch is expired, disabled or gone.",
            "Put the batch right and try again, or book another batch.",
            &[TryAgain, MapBatch, PostAsDraft, Settle],
        ),
        RefusalKind::Opening => (
            "ERPNext has no open POS Opening Entry that it takes for this sale.",
            "Open one for the POS Profile in ERPNext, then try again. Version 16 wants one of today.",
            &[TryAgain, Settle],
        ),
        RefusalKind::Limit => (
            "A price, a discount, a coupon, points or a payment is outside what ERPNext allows.",
            "Change the limit in ERPNext for a moment and try again, or let the bookkeeper complete a draft.",
            &[TryAgain, PostAsDraft, Settle],
        ),
        RefusalKind::Mandatory => (
            "A field that is mandatory at this site is empty.",
            "Give the field a default in ERPNext and try again.",
            &[TryAgain, Settle],
        ),
        RefusalKind::Original => (
            "The sale that is given back is not in ERPNext, or more is given back than was sold.",
            "Look at the sale and its other returns in ERPNext, then try again or settle it.",
            &[TryAgain, PostAsDraft, Settle],
        ),
        RefusalKind::Consolidation => (
            "ERPNext could not put the shift's invoices together.",
            "Put right what its message names, then try again.",
            &[TryAgain, Settle],
        ),
        RefusalKind::NoAnswer => (
            "The site answers, but never this one.",
            "Look at ERPNext's error log, then try again.",
            &[TryAgain, Settle],
        ),
        RefusalKind::Other => (
            "ERPNext will not book this as it is.",
            "Put right what its message names, then try again.",
            &[TryAgain, PostAsDraft, Settle],
        ),
    };
    Explanation { what, remedy, actions }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As recorded, or as the programs of ERPNext say it.
    const SAID: &[(u16, &str, &str, RefusalKind)] = &[
        (403, "PermissionError", "User a@b.c does not have doctype access", RefusalKind::Permission),
        (417, "ValidationError", "No open POS Opening Entry found for POS Profile Main Till.", RefusalKind::Opening),
        (417, "ValidationError", "POS Opening Entry - POS-OPE-1 is outdated.", RefusalKind::Opening),
        (417, "PartyDisabled", "Customer Blocked Trader is disabled", RefusalKind::Customer),
        (500, "TypeError", "cannot unpack non-iterable NoneType object", RefusalKind::Customer),
        (417, "LinkValidationError", "Could not find Customer: Nobody", RefusalKind::Customer),
        (404, "DoesNotExistError", "Item NOPE not found", RefusalKind::Item),
        (417, "ValidationError", "Item DISABLED-01 is disabled", RefusalKind::Item),
        (417, "ValidationError", "Item TSHIRT is a template, please select one of its variants", RefusalKind::Item),
        (
            417,
            "ValidationError",
            "Row #1: Stock quantity not enough for Item Code: SKU-0003 under warehouse Shop Floor - CS. Available quantity 3.0.",
            RefusalKind::Stock,
        ),
        (417, "SerialNoWarehouseError", "Serial No S1 is not present in the warehouse W.", RefusalKind::Stock),
        (417, "LinkValidationError", "Could not find Row #1: Serial No: ZZZ", RefusalKind::Stock),
        (
            417,
            "ValidationError",
            "For the item SER-01, the Available qty 1.0 is less than the Required Qty 2.0 in the warehouse W.",
            RefusalKind::Stock,
        ),
        (417, "BatchExpiredError", "Row #1: The batch B3 has already expired.", RefusalKind::Batch),
        (417, "LinkValidationError", "Could not find Row #1: Batch No: NOPE", RefusalKind::Batch),
        (417, "ValidationError", "Maximum discount for Item SKU-0018 is 10.0%", RefusalKind::Limit),
        (417, "ValidationError", "Sorry, this coupon code's validity has expired", RefusalKind::Limit),
        (417, "ValidationError", "You don't have enough Loyalty Points to redeem", RefusalKind::Limit),
        (417, "PartialPaymentValidationError", "Partial Payment in POS Invoice is not allowed.", RefusalKind::Limit),
        (417, "MandatoryError", "Error: Value missing for POS Invoice: Branch", RefusalKind::Mandatory),
        (417, "StockOverReturnError", "Row # 1: Cannot return more than 1.0 for Item KG-006", RefusalKind::Original),
        (417, "LinkValidationError", "Could not find Return Against: NOPE", RefusalKind::Original),
        (
            417,
            "ClosedAccountingPeriod",
            "You cannot create or cancel any accounting entries with in the closed Accounting Period 2026",
            RefusalKind::ClosedPeriod,
        ),
        (
            417,
            "ValidationError",
            "Debit and Credit not equal for Sales Invoice #ACC-SINV-2026-00013. Difference is -0.96.",
            RefusalKind::Consolidation,
        ),
        (417, "ValidationError", "Something that a server script says", RefusalKind::Other),
    ];

    #[test]
    fn refusals_are_told_apart_by_what_erpnext_says() {
        for (status, exc_type, message, expected) in SAID {
            assert_eq!(kind(*status, exc_type, message), *expected, "{message}");
        }
    }

    #[test]
    fn every_kind_has_words_and_can_be_settled_in_the_end() {
        for (_, _, _, kind) in SAID {
            let explanation = explain(*kind);
            assert!(explanation.what.ends_with('.') && explanation.remedy.ends_with('.'));
            assert_eq!(explanation.actions.last(), Some(&Action::Settle));
        }
    }
}
