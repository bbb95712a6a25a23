//! What a shop allows while a terminal cannot reach its hub: custom fields of POS Profile.

use serde::{Deserialize, Serialize};

/// Whether something may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Permit {
    /// A cashier may do it.
    Allowed,
    /// With a supervisor's PIN.
    Supervisor,
    /// Nobody may do it.
    Refused,
}

impl Permit {
    /// Reads the text of a POS Profile.
    pub fn from_erpnext(text: &str) -> Option<Self> {
        match text {
            "Allowed" => Some(Self::Allowed),
            "With a supervisor" => Some(Self::Supervisor),
            "Not allowed" => Some(Self::Refused),
            _ => None,
        }
    }
}

/// What may happen without a network, under one POS Profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// `holdfast_hours_offline_max`: after this many hours a terminal sells no more; zero for no limit.
    pub hours_offline_max: u32,
    /// `holdfast_offline_returns`.
    pub returns: Permit,
    /// `holdfast_offline_credit`: sales that are not paid in full.
    pub credit: Permit,
    /// `holdfast_offline_new_customers`.
    pub new_customers: Permit,
    /// `holdfast_offline_coupons`.
    pub coupons: Permit,
    /// `holdfast_offline_loyalty`: spending points.
    pub loyalty: Permit,
    /// `holdfast_offline_negative_stock`: selling more than there is.
    pub negative_stock: Permit,
    /// `holdfast_offline_price_change`.
    pub price_change: Permit,
    /// `holdfast_discount_percent_max`: a cashier's highest discount; zero for no limit.
    #[serde(with = "crate::decimal")]
    pub discount_percent_max: f64,
}

impl Default for Policy {
    /// As provisioning sets a profile up.
    fn default() -> Self {
        Self {
            hours_offline_max: 168,
            returns: Permit::Allowed,
            credit: Permit::Refused,
            new_customers: Permit::Allowed,
            coupons: Permit::Supervisor,
            loyalty: Permit::Supervisor,
            negative_stock: Permit::Allowed,
            price_change: Permit::Supervisor,
            discount_percent_max: 0.0,
        }
    }
}
