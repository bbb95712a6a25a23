//! Pricing Rule and Coupon Code.

use crate::{Date, invoice::MarginType};
use serde::{Deserialize, Serialize};

/// Pricing Rule, with the child rows of its `apply_on`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "these are the doctype's check fields")]
pub struct PricingRule {
    /// Its name and key, such as `PRLE-0001`.
    pub name: String,
    /// `title`, what the cashier reads.
    pub title: String,
    /// `apply_on`.
    pub apply_on: ApplyOn,
    /// The child rows: item codes, groups or brands.
    pub targets: Vec<RuleTarget>,
    /// `apply_rule_on_other`: the rule watches its targets and works on this.
    pub other: Option<OtherTarget>,
    /// `has_priority`.
    pub has_priority: bool,
    /// `priority`, 0 if none.
    pub priority: u8,
    /// `apply_multiple_pricing_rules`.
    pub apply_multiple_pricing_rules: bool,
    /// `apply_discount_on_rate`: on what earlier rules left.
    pub apply_discount_on_rate: bool,
    /// `mixed_conditions`.
    pub mixed_conditions: bool,
    /// `is_cumulative`.
    pub is_cumulative: bool,
    /// `coupon_code_based`.
    pub coupon_code_based: bool,
    /// `validate_applied_rule`: only looks whether the cashier gave the discount.
    pub validate_applied_rule: bool,
    /// `condition`: a Python expression over the document's fields.
    pub condition: String,
    /// `warehouse`.
    pub warehouse: String,
    /// `customer`.
    pub customer: String,
    /// `customer_group`.
    pub customer_group: String,
    /// `territory`.
    pub territory: String,
    /// `sales_partner`.
    pub sales_partner: String,
    /// `campaign`.
    pub campaign: String,
    /// `for_price_list`.
    pub for_price_list: String,
    /// `currency` of its amounts.
    pub currency: String,
    /// `valid_from`.
    pub valid_from: Option<Date>,
    /// `valid_upto`.
    pub valid_upto: Option<Date>,
    /// `min_qty`, stock units unless the target names a UOM.
    #[serde(with = "crate::decimal")]
    pub min_qty: f64,
    /// `max_qty`; zero for none.
    #[serde(with = "crate::decimal")]
    pub max_qty: f64,
    /// `min_amt`.
    #[serde(with = "crate::decimal")]
    pub min_amt: f64,
    /// `max_amt`; zero for none.
    #[serde(with = "crate::decimal")]
    pub max_amt: f64,
    /// `threshold_percentage`: how close a cart must be to be told.
    #[serde(with = "crate::decimal")]
    pub threshold_percentage: f64,
    /// `margin_type` with `margin_rate_or_amount`.
    pub margin: Option<RuleMargin>,
    /// `apply_discount_on`, of a rule on the document; empty leaves the document's own.
    pub apply_discount_on: String,
    /// What it does.
    pub effect: RuleEffect,
    /// `promotional_scheme` that made it.
    pub promotional_scheme: String,
}

/// Pricing Rule `apply_on`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ApplyOn {
    /// Named items, or variants of a named template.
    #[default]
    ItemCode,
    /// Groups with everything below them.
    ItemGroup,
    /// Brands.
    Brand,
    /// The whole document.
    Transaction,
}

impl ApplyOn {
    /// Reads `ERPNext`'s text.
    pub fn from_erpnext(text: &str) -> Option<Self> {
        match text {
            "Item Code" => Some(Self::ItemCode),
            "Item Group" => Some(Self::ItemGroup),
            "Brand" => Some(Self::Brand),
            "Transaction" => Some(Self::Transaction),
            _ => None,
        }
    }
}

/// Pricing Rule Item Code, Item Group or Brand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleTarget {
    /// The item code, group or brand.
    pub value: String,
    /// `uom`; empty for any.
    pub uom: String,
}

/// Pricing Rule `apply_rule_on_other` with the `other_` field that it names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OtherTarget {
    /// `apply_rule_on_other`.
    pub apply_on: ApplyOn,
    /// `other_item_code`, `other_item_group` or `other_brand`.
    pub value: String,
}

/// Pricing Rule `margin_type` and `margin_rate_or_amount`. `ERPNext` fills the type in by default, so a margin of zero is
/// common; it clears a margin that the row had.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleMargin {
    /// `margin_type`.
    pub margin_type: MarginType,
    /// `margin_rate_or_amount`.
    #[serde(with = "crate::decimal")]
    pub value: f64,
}

impl PricingRule {
    /// The margin that the rule has for a document in this currency: an amount is in the rule's own, a percentage in any.
    pub(crate) fn margin_in(&self, currency: &str) -> Option<RuleMargin> {
        self.margin.filter(|margin| margin.margin_type == MarginType::Percentage || self.currency == currency)
    }
}

/// What a Pricing Rule does (`price_or_product_discount`, `rate_or_discount`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RuleEffect {
    /// `discount_percentage`.
    DiscountPercentage(#[serde(with = "crate::decimal")] f64),
    /// `discount_amount` a unit of the row, or of the document.
    DiscountAmount(#[serde(with = "crate::decimal")] f64),
    /// `rate`: a new list price in stock units.
    Rate(#[serde(with = "crate::decimal")] f64),
    /// A free item.
    Product(FreeItem),
}

impl Default for RuleEffect {
    fn default() -> Self {
        Self::DiscountPercentage(0.0)
    }
}

/// Pricing Rule `rate_or_discount`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RateOrDiscount {
    /// A new rate.
    Rate,
    /// A percentage; what `ERPNext` fills in.
    #[default]
    DiscountPercentage,
    /// An amount.
    DiscountAmount,
}

impl RateOrDiscount {
    /// Reads `ERPNext`'s text.
    pub fn from_erpnext(text: &str) -> Option<Self> {
        match text {
            "Rate" => Some(Self::Rate),
            "Discount Percentage" => Some(Self::DiscountPercentage),
            "Discount Amount" => Some(Self::DiscountAmount),
            _ => None,
        }
    }
}

impl RuleEffect {
    /// `rate_or_discount`, which rules that give a product have, too, and which decides in one kind of conflict.
    pub fn rate_or_discount(&self) -> RateOrDiscount {
        match self {
            Self::DiscountPercentage(_) => RateOrDiscount::DiscountPercentage,
            Self::DiscountAmount(_) => RateOrDiscount::DiscountAmount,
            Self::Rate(_) => RateOrDiscount::Rate,
            Self::Product(free) => free.rate_or_discount,
        }
    }
}

/// The fields of a product discount.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FreeItem {
    /// `same_item`.
    pub same_item: bool,
    /// `free_item`.
    pub free_item: String,
    /// `free_item_uom`; empty for the stock UOM.
    pub free_item_uom: String,
    /// `free_qty`.
    #[serde(with = "crate::decimal")]
    pub free_qty: f64,
    /// `free_item_rate`.
    #[serde(with = "crate::decimal")]
    pub free_item_rate: f64,
    /// `is_recursive` with `recurse_for`; zero if not recursive.
    #[serde(with = "crate::decimal")]
    pub recurse_for: f64,
    /// `apply_recursion_over`.
    #[serde(with = "crate::decimal")]
    pub apply_recursion_over: f64,
    /// `round_free_qty`.
    pub round_free_qty: bool,
    /// `dont_enforce_free_item_qty`: the cashier may take the free row out of a stored draft.
    pub dont_enforce_free_item_qty: bool,
    /// `rate_or_discount`, unused but for conflicts.
    pub rate_or_discount: RateOrDiscount,
}

/// Coupon Code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CouponCode {
    /// `coupon_name`, its key and what POS Invoice `coupon_code` holds.
    pub name: String,
    /// `coupon_code`: what the customer says.
    pub coupon_code: String,
    /// `pricing_rule`.
    pub pricing_rule: String,
    /// `valid_from`.
    pub valid_from: Option<Date>,
    /// `valid_upto`.
    pub valid_upto: Option<Date>,
    /// `maximum_use`; zero for no limit.
    pub maximum_use: u32,
    /// `used`.
    pub used: u32,
}
