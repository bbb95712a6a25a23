//! What a hub's JSON routes say (`docs/protocol.md`), as the terminal reads it.
//!
//! Unknown fields are ignored, so that a newer hub can say more.

use serde::{Deserialize, Serialize};

/// Answer of `POST enrolment/profiles`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfilesAnswer {
    /// What the shop is called.
    pub shop: String,
    /// What may be picked.
    pub profiles: Vec<ProfileChoice>,
}

/// A POS Profile that a new terminal may sell under.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileChoice {
    /// Its name.
    pub name: String,
    /// Company.
    pub company: String,
    /// Currency.
    pub currency: String,
    /// Warehouse.
    pub warehouse: String,
}

/// Body of `POST enrolment`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentRequest {
    /// Who authorises it.
    pub account: String,
    /// That account's password.
    pub password: String,
    /// What the terminal is to be called.
    pub terminal_name: String,
    /// The POS Profile.
    pub pos_profile: String,
    /// base64url of the raw P-256 point.
    pub public_key: String,
}

impl std::fmt::Debug for EnrolmentRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The password must not reach a log.
        f.debug_struct("EnrolmentRequest").field("account", &self.account).finish_non_exhaustive()
    }
}

/// Answer of `POST enrolment`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentAnswer {
    /// The terminal's id, 32 hex digits.
    pub terminal: String,
    /// The short code that its receipts carry.
    pub code: String,
    /// What the shop is called.
    pub shop: String,
    /// What the terminal is called.
    pub terminal_name: String,
    /// Its POS Profile.
    pub pos_profile: String,
    /// Who may sign in.
    pub employees: Vec<Employee>,
    /// The hub's clock, Unix milliseconds.
    pub hub_time_ms: i64,
}

/// Answer of `GET terminal`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalAnswer {
    /// What the shop is called.
    pub shop: String,
    /// What the terminal is called.
    pub terminal_name: String,
    /// Its POS Profile.
    pub pos_profile: String,
    /// Who may sign in.
    pub employees: Vec<Employee>,
    /// Whether an administrator switched the terminal off.
    #[serde(default)]
    pub revoked: bool,
    /// The hub's clock, Unix milliseconds.
    pub hub_time_ms: i64,
}

/// Somebody who may sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employee {
    /// The Employee's `name`.
    pub employee: String,
    /// What the screen shows.
    pub full_name: String,
    /// ERPNext's roles.
    #[serde(default)]
    pub roles: Vec<String>,
    /// What they may do.
    #[serde(default)]
    pub rights: Rights,
    /// base64url.
    pub salt: String,
    /// base64url of Argon2id(PIN, salt), 32 bytes. Goes through the terminal, is never stored there.
    pub verifier: String,
    /// Argon2id memory.
    pub memory_kib: u32,
    /// Argon2id passes.
    pub passes: u32,
    /// Argon2id lanes.
    pub lanes: u32,
    /// When the PIN was last changed, Unix milliseconds.
    #[serde(default)]
    pub changed_ms: i64,
}

/// What an employee may do beyond selling. What the hub doesn't mention is allowed where the POS Profile allows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rights {
    /// Give a discount.
    pub discount: bool,
    /// Change a price.
    pub price: bool,
}

impl Default for Rights {
    fn default() -> Self {
        Self { discount: true, price: true }
    }
}

/// Why the hub did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HubFailure {
    /// Nobody answered, or something answered that is no hub (a proxy's page, a captive portal).
    NoHub,
    /// A hub answered with one of the codes of `docs/protocol.md`.
    Refused {
        /// The stable code.
        code: String,
        /// One plain sentence.
        message: String,
        /// `details.retry_after_ms`, where the hub gave it.
        retry_after_ms: Option<u64>,
        /// The hub's clock, where the answer carried it.
        hub_time_ms: Option<i64>,
    },
    /// A hub answered 2xx with something that cannot be read.
    Nonsense,
}

impl HubFailure {
    /// The hub's code, if a hub answered.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            Self::NoHub | Self::Nonsense => None,
        }
    }
}
