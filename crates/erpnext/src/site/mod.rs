//! What a site is: its versions, its clock, who we are there and what we may read.

mod clock;
mod look;
mod version;

pub use clock::{Stamp, Zone};
pub use look::Look;
pub use version::{InvoiceType, Version};

use serde::{Deserialize, Serialize};

/// The oldest version whose answers are known.
pub const OLDEST: Version = Version { major: 15, minor: 0, patch: 0 };

/// What a site says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The user that the credential belongs to.
    pub user: String,
    /// ERPNext's version; `None` if the site has no ERPNext.
    pub erpnext: Option<Version>,
    /// Frappe's version.
    pub frappe: Version,
    /// System Settings `time_zone`, such as `America/New_York`.
    pub time_zone: String,
    /// What a sale becomes.
    pub invoice_type: InvoiceType,
    /// The site's clock less the one it was asked with, milliseconds; zero where the site doesn't send the time.
    pub clock_ahead_ms: i64,
    /// Whether the account may read POS Settings: without that `invoice_type` is a guess by version.
    pub reads_pos_settings: bool,
}

impl Site {
    /// The site's zone; that of Greenwich where its name is unknown.
    pub fn zone(&self) -> Zone {
        Zone::named(&self.time_zone).unwrap_or_else(Zone::utc)
    }

    /// Whether a shift's opening entry must be of the day on which its sales are posted.
    pub fn opens_daily(&self) -> bool {
        self.erpnext.is_some_and(|version| version.major >= 16)
    }
}
