//! What the hub's role may do: no more than it must.

use crate::pull::{WANTED, Way};

/// What the role may do with a doctype.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Right {
    /// The doctype.
    pub doctype: &'static str,
    /// 0 for documents; 1 for the fields of permission level 1.
    pub permlevel: u8,
    /// Beside `read`: `write`, `create`, `submit`.
    pub more: &'static [&'static str],
}

const fn document(doctype: &'static str, more: &'static [&'static str]) -> Right {
    Right { doctype, permlevel: 0, more }
}

/// Doctypes that are written.
const WRITTEN: &[Right] = &[
    document("POS Invoice", &["write", "create", "submit"]),
    // `ignore_pricing_rule` keeps today's rules from yesterday's sale.
    Right { doctype: "POS Invoice", permlevel: 1, more: &["write"] },
    // In version 15 by consolidation, in version 16 also as what a sale becomes.
    document("Sales Invoice", &["write", "create", "submit"]),
    Right { doctype: "Sales Invoice", permlevel: 1, more: &["write"] },
    document("POS Opening Entry", &["write", "create", "submit"]),
    // One that failed is cancelled, so that its invoices can be closed in smaller parts.
    document("POS Closing Entry", &["write", "create", "submit", "cancel"]),
    document("POS Invoice Merge Log", &["write", "create", "submit"]),
    document("Serial and Batch Bundle", &["write", "create", "submit"]),
    document("Journal Entry", &["write", "create", "submit"]),
    document("Customer", &["write", "create"]),
    // A customer with a phone number or an address brings one of these.
    document("Contact", &["write", "create"]),
    document("Address", &["write", "create"]),
];

/// Doctypes that are read, beside those of the mirror.
const READ: &[Right] =
    &[document("Deleted Document", &[]), document("Custom Field", &[]), document("Cost Center", &[])];

/// Every right of the role: what is written, what else is read, and everything that is mirrored.
pub fn rights() -> Vec<Right> {
    let mut rights: Vec<Right> = WRITTEN.iter().chain(READ).copied().collect();
    for wanted in WANTED.iter().filter(|wanted| wanted.way != Way::Quantities) {
        if !rights.iter().any(|right| right.doctype == wanted.doctype) {
            rights.push(document(wanted.doctype, &[]));
        }
    }
    rights
}
