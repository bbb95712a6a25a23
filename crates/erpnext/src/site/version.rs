//! Which ERPNext it is, and what that means for a sale.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A version such as `15.71.1`; what follows the numbers (`-dev`) is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Version {
    /// The release line: 15 or 16.
    pub major: u16,
    /// Counts the features in it.
    pub minor: u16,
    /// Counts the corrections.
    pub patch: u16,
}

impl Version {
    /// Reads a version; `None` if it doesn't begin with a number.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim_start_matches('v').split(['.', '-', '+']).map(str::parse::<u16>);
        let major = parts.next()?.ok()?;
        let mut next = || parts.next().and_then(Result::ok).unwrap_or_default();
        Some(Self { major, minor: next(), patch: next() })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// What a sale at a counter becomes: POS Settings `invoice_type`, which version 15 does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum InvoiceType {
    /// A POS Invoice, consolidated into Sales Invoices at closing.
    #[default]
    PosInvoice,
    /// A Sales Invoice with `is_created_using_pos`, booked at once.
    SalesInvoice,
}

impl InvoiceType {
    /// The doctype's name.
    pub fn doctype(self) -> &'static str {
        match self {
            Self::PosInvoice => "POS Invoice",
            Self::SalesInvoice => "Sales Invoice",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_compare_by_their_numbers() {
        let version = |text| Version::parse(text).expect("a version");

        assert_eq!(version("16.0.0-dev").to_string(), "16.0.0");
        assert!(version("15.9.2") < version("15.71.1"));
        assert!(version("v15.90.0") < version("16.0"));
        assert_eq!(Version::parse("develop"), None);
    }
}
