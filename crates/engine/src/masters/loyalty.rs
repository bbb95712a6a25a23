//! Loyalty Program.

use crate::Date;
use serde::{Deserialize, Serialize};

/// Loyalty Program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LoyaltyProgram {
    /// Its name and key.
    pub name: String,
    /// `from_date` of collecting.
    pub from_date: Option<Date>,
    /// `to_date` of collecting.
    pub to_date: Option<Date>,
    /// `conversion_factor`: what one point is worth, company currency.
    #[serde(with = "crate::decimal")]
    pub conversion_factor: f64,
    /// `expiry_duration` in days.
    pub expiry_days: u32,
    /// `collection_rules`, in the doctype's order.
    pub tiers: Vec<LoyaltyTier>,
}

/// Loyalty Program Collection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LoyaltyTier {
    /// `tier_name`.
    pub tier_name: String,
    /// `min_spent`, company currency.
    #[serde(with = "crate::decimal")]
    pub min_spent: f64,
    /// `collection_factor`: how much must be spent for a point.
    #[serde(with = "crate::decimal")]
    pub collection_factor: f64,
}
