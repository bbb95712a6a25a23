//! The master data that pricing needs: one record per `ERPNext` doctype, with `ERPNext`'s field names.
//!
//! [`Tables`] holds what is small and always in memory (settings, profile, rules, templates, trees); items,
//! customers and coupons, of which there may be a million, are looked up one by one through [`Masters`]. Blank links are
//! empty strings, as `ERPNext` stores them. Amounts are `f64` inside and decimal strings wherever they are written.
//!
//! Only records in force are held: enabled ones, of the company that sells, for selling. Whoever reads them from
//! `ERPNext` leaves the others out.

mod goods;
mod loyalty;
mod parties;
mod policy;
mod prices;
mod rules;
mod settings;
mod taxes;

pub use goods::{Batch, BundleItem, Item, ItemBarcode, Uom, UomConversionDetail, UomConversionFactor};
pub use loyalty::{LoyaltyProgram, LoyaltyTier};
pub use parties::{Customer, CustomerGroup, Place, TreeNode};
pub use policy::{Permit, Policy};
pub use prices::{Currency, CurrencyExchange, ItemPrice, PriceList};
pub use rules::{
    ApplyOn, CouponCode, FreeItem, OtherTarget, PricingRule, RateOrDiscount, RuleEffect, RuleMargin, RuleTarget,
};
pub use settings::{
    BatchOrder, Company, Denomination, FieldPrecision, ModeOfPayment, PosPaymentMethod, PosProfile, Settings,
};
pub use taxes::{AccountRate, ChargeType, ItemGroupTaxes, ItemTax, ItemTaxTemplate, TaxRow, TaxRule, TaxesTemplate};

use crate::{barcode::BarcodePattern, rules::RuleIndex};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Where the engine looks things up. Implemented in memory by [`crate::Shop`] and by the terminal's catalogue.
///
/// Every method is asked by key, a few times a cart: an implementation that holds a million records answers each from an
/// index. What has a default body needs no implementation where the shop does not use it.
pub trait Masters {
    /// The small tables.
    fn tables(&self) -> &Tables;

    /// An Item by `item_code`.
    fn item(&self, item_code: &str) -> Option<Cow<'_, Item>>;

    /// A Customer by `name`.
    fn customer(&self, name: &str) -> Option<Cow<'_, Customer>>;

    /// What a barcode, serial number or batch number stands for (Item Barcode, Serial No, Batch), exactly as written.
    fn code(&self, code: &str) -> Option<CodeHit> {
        let _ = code;
        None
    }

    /// A Coupon Code by `name`.
    fn coupon(&self, name: &str) -> Option<Cow<'_, CouponCode>> {
        self.tables().coupons.iter().find(|coupon| coupon.name == name).map(Cow::Borrowed)
    }

    /// The `name` of the Coupon Code of a rule: `ERPNext` knows only the one that was modified last.
    fn coupon_of_rule(&self, pricing_rule: &str) -> Option<Cow<'_, str>> {
        let coupons = &self.tables().coupons;
        coupons.iter().find(|coupon| coupon.pricing_rule == pricing_rule).map(|c| Cow::Borrowed(c.name.as_str()))
    }

    /// What was sold before, for rules with `is_cumulative`; offline an approximation by nature.
    fn sold(&self, query: &SoldQuery<'_>) -> Sold {
        let _ = query;
        Sold::default()
    }

    /// An index of `tables().pricing_rules`, for whoever can keep one. Without it each pricing makes its own.
    fn rule_index(&self) -> Option<&RuleIndex> {
        None
    }
}

/// What a code stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeHit {
    /// `item_code`.
    pub item_code: String,
    /// The UOM of an Item Barcode; empty for the item's own choice.
    pub uom: String,
    /// Set where a batch number was meant.
    pub batch_no: String,
    /// Set where a serial number was meant.
    pub serial_no: String,
}

/// Which earlier sales count: submitted rows of POS Invoice Item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoldQuery<'a> {
    /// By `item_code`, `item_group` or `brand`.
    pub apply_on: ApplyOn,
    /// Any of these, exactly.
    pub values: &'a [String],
    /// The warehouse with all below it; empty for every one.
    pub warehouse: &'a str,
    /// From this day.
    pub from: Option<crate::Date>,
    /// To this day, inclusive.
    pub upto: Option<crate::Date>,
}

/// What earlier sales come to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sold {
    /// The sum of `stock_qty`.
    pub stock_qty: f64,
    /// The sum of `amount`.
    pub amount: f64,
}

/// Everything small: read whole at start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tables {
    /// The singles that steer arithmetic.
    pub settings: Settings,
    /// The company of the profile.
    pub company: Company,
    /// The POS Profile that is sold under.
    pub profile: PosProfile,
    /// Currency.
    pub currencies: Vec<Currency>,
    /// Currency Exchange, newest first.
    pub exchange_rates: Vec<CurrencyExchange>,
    /// Price List.
    pub price_lists: Vec<PriceList>,
    /// Item Group, a tree.
    pub item_groups: Vec<TreeNode>,
    /// Customer Group, a tree.
    pub customer_groups: Vec<CustomerGroup>,
    /// Territory, a tree.
    pub territories: Vec<TreeNode>,
    /// Warehouse, a tree.
    pub warehouses: Vec<TreeNode>,
    /// UOM.
    pub uoms: Vec<Uom>,
    /// UOM Conversion Factor.
    pub uom_conversions: Vec<UomConversionFactor>,
    /// Item Tax Template.
    pub item_tax_templates: Vec<ItemTaxTemplate>,
    /// Item Tax rows of Item Groups.
    pub item_group_taxes: Vec<ItemGroupTaxes>,
    /// Sales Taxes and Charges Template.
    pub taxes_templates: Vec<TaxesTemplate>,
    /// Tax Rule.
    pub tax_rules: Vec<TaxRule>,
    /// Pricing Rule.
    pub pricing_rules: Vec<PricingRule>,
    /// Coupon Code, last modified first. A shop with very many keeps them elsewhere and answers [`Masters::coupon`].
    pub coupons: Vec<CouponCode>,
    /// Loyalty Program.
    pub loyalty_programs: Vec<LoyaltyProgram>,
    /// Mode of Payment.
    pub modes_of_payment: Vec<ModeOfPayment>,
    /// Sales Person: the names of those who are enabled and no group.
    pub sales_persons: Vec<String>,
    /// How weight- and price-embedded barcodes are read.
    pub barcode_patterns: Vec<BarcodePattern>,
}

impl Tables {
    /// A Currency by code.
    pub fn currency(&self, name: &str) -> Option<&Currency> {
        self.currencies.iter().find(|currency| currency.name == name)
    }

    /// A node of a tree and all its ancestors, nearest first. Ends at a loop, should somebody have made one.
    pub fn lineage<'a>(nodes: &'a [TreeNode], name: &'a str) -> Vec<&'a str> {
        lineage_by(name, |name| nodes.iter().find(|node| node.name == name).map(|node| &*node.parent))
    }
}

/// A name and all above it, nearest first, as `parent_of` knows them. Ends at a loop.
pub(crate) fn lineage_by<'a>(name: &'a str, parent_of: impl Fn(&str) -> Option<&'a str>) -> Vec<&'a str> {
    let mut lineage = Vec::new();
    let mut current = name;
    while !current.is_empty() && !lineage.contains(&current) {
        lineage.push(current);
        current = parent_of(current).unwrap_or_default();
    }
    lineage
}
