//! The master data that pricing needs: one record per `ERPNext` doctype, with `ERPNext`'s field names.
//!
//! [`Tables`] holds what is small and always in memory (settings, profile, rules, templates, trees); items and
//! customers, of which there may be a million, are looked up one by one through [`Masters`]. Blank links are empty
//! strings, as `ERPNext` stores them. Amounts are `f64` inside and decimal strings wherever they are written.

use crate::{Date, rounding::RoundingMethod};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Where the engine looks things up. Implemented in memory by [`crate::Shop`] and by the terminal's catalogue.
pub trait Masters {
    /// The small tables.
    fn tables(&self) -> &Tables;
    /// An Item by `item_code`.
    fn item(&self, item_code: &str) -> Option<Cow<'_, Item>>;
    /// A Customer by `name`.
    fn customer(&self, name: &str) -> Option<Cow<'_, Customer>>;
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
    /// Pricing Rule.
    pub pricing_rules: Vec<PricingRule>,
    /// Mode of Payment.
    pub modes_of_payment: Vec<ModeOfPayment>,
}

/// System Settings, Accounts Settings, Global Defaults: the fields that change a sum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// System Settings `rounding_method`.
    pub rounding_method: RoundingMethod,
    /// Decimals of Currency fields: `currency_precision`, else the decimals of `number_format`.
    pub currency_precision: u8,
    /// Decimals of Float and Percent fields.
    pub float_precision: u8,
    /// System Settings `number_format`.
    pub number_format: String,
    /// Global Defaults `disable_rounded_total`.
    pub disable_rounded_total: bool,
    /// Accounts Settings `round_row_wise_tax`.
    pub round_row_wise_tax: bool,
    /// POS Invoice Item `discount_percentage` carries a precision of its own.
    pub discount_percentage_precision: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rounding_method: RoundingMethod::default(),
            currency_precision: 2,
            float_precision: 3,
            number_format: "#,###.##".to_owned(),
            disable_rounded_total: false,
            round_row_wise_tax: false,
            discount_percentage_precision: 2,
        }
    }
}

/// Company.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Company {
    /// Its name and key.
    pub name: String,
    /// `default_currency`.
    pub default_currency: String,
    /// Lines printed under the name: address, phone.
    pub address_lines: Vec<String>,
    /// `tax_id`.
    pub tax_id: String,
}

/// POS Profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "these are the doctype's check fields")]
pub struct PosProfile {
    /// Its name and key.
    pub name: String,
    /// `company`.
    pub company: String,
    /// `currency` of new invoices.
    pub currency: String,
    /// Default customer.
    pub customer: String,
    /// `warehouse` that is sold from.
    pub warehouse: String,
    /// `selling_price_list`.
    pub selling_price_list: String,
    /// `taxes_and_charges`: a Sales Taxes and Charges Template.
    pub taxes_and_charges: String,
    /// `tax_category`.
    pub tax_category: String,
    /// `apply_discount_on`: `Grand Total` or `Net Total`.
    pub apply_discount_on: String,
    /// `ignore_pricing_rule`.
    pub ignore_pricing_rule: bool,
    /// `allow_rate_change`.
    pub allow_rate_change: bool,
    /// `allow_discount_change`.
    pub allow_discount_change: bool,
    /// `allow_partial_payment`.
    pub allow_partial_payment: bool,
    /// `payments`, in order.
    pub payments: Vec<PosPaymentMethod>,
    /// `item_groups` that limit the catalogue; empty for all.
    pub item_groups: Vec<String>,
    /// Values of notes and coins used for counting cash, largest first, in the profile's currency.
    pub denominations: Vec<Denomination>,
    /// `account_for_change_amount`.
    pub account_for_change_amount: String,
}

/// A note or coin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Denomination {
    /// Face value in the profile's currency.
    #[serde(with = "crate::decimal")]
    pub value: f64,
}

/// POS Payment Method, a row of POS Profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PosPaymentMethod {
    /// `mode_of_payment`.
    pub mode_of_payment: String,
    /// `default`: gets the amount due.
    pub default: bool,
    /// `allow_in_returns`.
    pub allow_in_returns: bool,
}

/// Mode of Payment with its account for the company.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModeOfPayment {
    /// Its name and key.
    pub name: String,
    /// `type`: `Cash`, `Bank`, `General` or `Phone`.
    pub kind: String,
    /// Mode of Payment Account `default_account` for the company.
    pub account: String,
}

/// Currency.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Currency {
    /// Its code and key.
    pub name: String,
    /// `symbol`.
    pub symbol: String,
    /// `symbol_on_right`.
    pub symbol_on_right: bool,
    /// `smallest_currency_fraction_value`; zero rounds to whole units.
    #[serde(with = "crate::decimal")]
    pub smallest_currency_fraction_value: f64,
}

/// Currency Exchange.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CurrencyExchange {
    /// `date` from which it holds.
    pub date: Date,
    /// `from_currency`.
    pub from_currency: String,
    /// `to_currency`.
    pub to_currency: String,
    /// `exchange_rate`.
    #[serde(with = "crate::decimal")]
    pub exchange_rate: f64,
}

/// Price List.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PriceList {
    /// Its name and key.
    pub name: String,
    /// `currency`.
    pub currency: String,
}

/// A node of a tree doctype.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TreeNode {
    /// Its name and key.
    pub name: String,
    /// The parent's name; empty at the root.
    pub parent: String,
}

/// Customer Group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CustomerGroup {
    /// Its name and key.
    pub name: String,
    /// The parent's name; empty at the root.
    pub parent: String,
    /// `default_price_list`.
    pub default_price_list: String,
}

/// UOM.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Uom {
    /// Its name and key.
    pub name: String,
    /// `must_be_whole_number`.
    pub must_be_whole_number: bool,
}

/// UOM Conversion Factor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UomConversionFactor {
    /// `from_uom`.
    pub from_uom: String,
    /// `to_uom`.
    pub to_uom: String,
    /// `value`: one `from_uom` is this many `to_uom`.
    #[serde(with = "crate::decimal")]
    pub value: f64,
}

/// Item Tax Template, reduced to the accounts of the company.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemTaxTemplate {
    /// Its name and key.
    pub name: String,
    /// Item Tax Template Detail rows, in order.
    pub taxes: Vec<AccountRate>,
}

/// Item Tax Template Detail.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AccountRate {
    /// `tax_type`: the account.
    pub account: String,
    /// `tax_rate` in percent.
    #[serde(with = "crate::decimal")]
    pub rate: f64,
}

/// The Item Tax rows of one Item Group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemGroupTaxes {
    /// The Item Group.
    pub item_group: String,
    /// Its rows.
    pub taxes: Vec<ItemTax>,
}

/// Item Tax, a row of Item or Item Group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemTax {
    /// `item_tax_template`.
    pub item_tax_template: String,
    /// `tax_category`.
    pub tax_category: String,
    /// `valid_from`.
    pub valid_from: Option<Date>,
    /// `minimum_net_rate`, company currency.
    #[serde(with = "crate::decimal")]
    pub minimum_net_rate: f64,
    /// `maximum_net_rate`, company currency; zero for no limit.
    #[serde(with = "crate::decimal")]
    pub maximum_net_rate: f64,
}

/// Sales Taxes and Charges Template.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TaxesTemplate {
    /// Its name and key.
    pub name: String,
    /// Its rows, in order.
    pub taxes: Vec<TaxRow>,
}

/// Sales Taxes and Charges, a row as entered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TaxRow {
    /// `charge_type`.
    pub charge_type: ChargeType,
    /// `row_id`, counted from one, for the Previous Row types.
    pub row_id: Option<u16>,
    /// `account_head`.
    pub account_head: String,
    /// `description`, what a receipt prints.
    pub description: String,
    /// `rate` in percent, or per unit of quantity.
    #[serde(with = "crate::decimal")]
    pub rate: f64,
    /// `tax_amount`, for Actual rows.
    #[serde(with = "crate::decimal")]
    pub tax_amount: f64,
    /// `included_in_print_rate`.
    pub included_in_print_rate: bool,
}

/// Sales Taxes and Charges `charge_type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChargeType {
    /// A fixed amount, spread over the items by net amount.
    Actual,
    /// A percentage of the net amount.
    #[default]
    OnNetTotal,
    /// A percentage of an earlier row's amount.
    OnPreviousRowAmount,
    /// A percentage of the total up to an earlier row.
    OnPreviousRowTotal,
    /// An amount per unit of quantity.
    OnItemQuantity,
}

impl ChargeType {
    /// `ERPNext`'s own text.
    pub fn as_erpnext(self) -> &'static str {
        match self {
            Self::Actual => "Actual",
            Self::OnNetTotal => "On Net Total",
            Self::OnPreviousRowAmount => "On Previous Row Amount",
            Self::OnPreviousRowTotal => "On Previous Row Total",
            Self::OnItemQuantity => "On Item Quantity",
        }
    }

    /// Reads `ERPNext`'s text.
    pub fn from_erpnext(text: &str) -> Option<Self> {
        [Self::Actual, Self::OnNetTotal, Self::OnPreviousRowAmount, Self::OnPreviousRowTotal, Self::OnItemQuantity]
            .into_iter()
            .find(|kind| kind.as_erpnext() == text)
    }
}

/// Item with its child rows and its prices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "these are the doctype's check fields")]
pub struct Item {
    /// `item_code`, the key.
    pub item_code: String,
    /// `item_name`.
    pub item_name: String,
    /// `item_group`.
    pub item_group: String,
    /// `brand`.
    pub brand: String,
    /// `description`, plain text.
    pub description: String,
    /// `stock_uom`.
    pub stock_uom: String,
    /// `sales_uom`; empty for the stock UOM.
    pub sales_uom: String,
    /// `image`: a path on the hub.
    pub image: String,
    /// `is_stock_item`.
    pub is_stock_item: bool,
    /// `has_variants`: a template, which cannot be sold itself.
    pub has_variants: bool,
    /// `variant_of`.
    pub variant_of: String,
    /// `has_batch_no`.
    pub has_batch_no: bool,
    /// `has_serial_no`.
    pub has_serial_no: bool,
    /// Item Barcode.
    pub barcodes: Vec<ItemBarcode>,
    /// UOM Conversion Detail.
    pub uoms: Vec<UomConversionDetail>,
    /// Item Tax.
    pub taxes: Vec<ItemTax>,
    /// Item Price rows of the profile's price lists, best match first is decided by the engine.
    pub prices: Vec<ItemPrice>,
    /// Batch rows that may be sold.
    pub batches: Vec<Batch>,
    /// Serial numbers in the profile's warehouse.
    pub serial_nos: Vec<String>,
}

/// Item Barcode.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemBarcode {
    /// `barcode`, unique over all items.
    pub barcode: String,
    /// `uom`; empty for the item's own choice.
    pub uom: String,
}

/// UOM Conversion Detail.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UomConversionDetail {
    /// `uom`.
    pub uom: String,
    /// `conversion_factor`: stock units in one `uom`.
    #[serde(with = "crate::decimal")]
    pub conversion_factor: f64,
}

/// Item Price.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemPrice {
    /// `price_list`.
    pub price_list: String,
    /// `uom`; blank counts as the stock UOM.
    pub uom: String,
    /// `price_list_rate`, in the price list's currency.
    #[serde(with = "crate::decimal")]
    pub price_list_rate: f64,
    /// `customer`; empty for everybody.
    pub customer: String,
    /// `batch_no`; empty for every batch.
    pub batch_no: String,
    /// `packing_unit`; zero for none.
    pub packing_unit: u32,
    /// `valid_from`.
    pub valid_from: Option<Date>,
    /// `valid_upto`.
    pub valid_upto: Option<Date>,
}

/// Batch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// `batch_id`.
    pub batch_no: String,
    /// `expiry_date`.
    pub expiry_date: Option<Date>,
}

/// Customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// Its key.
    pub name: String,
    /// `customer_name`.
    pub customer_name: String,
    /// `customer_group`.
    pub customer_group: String,
    /// `territory`.
    pub territory: String,
    /// `default_price_list`.
    pub default_price_list: String,
    /// `tax_category`.
    pub tax_category: String,
    /// `mobile_no`.
    pub mobile_no: String,
}

/// Pricing Rule, with the child rows of its `apply_on`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PricingRule {
    /// Its name and key, such as `PRLE-0001`.
    pub name: String,
    /// `title`, what the cashier reads.
    pub title: String,
    /// `apply_on`.
    pub apply_on: ApplyOn,
    /// The child rows: item codes, groups or brands.
    pub targets: Vec<RuleTarget>,
    /// `has_priority`.
    pub has_priority: bool,
    /// `priority`, 0 if none.
    pub priority: u8,
    /// `apply_multiple_pricing_rules`.
    pub apply_multiple_pricing_rules: bool,
    /// `mixed_conditions`.
    pub mixed_conditions: bool,
    /// `warehouse`.
    pub warehouse: String,
    /// `customer`.
    pub customer: String,
    /// `customer_group`.
    pub customer_group: String,
    /// `territory`.
    pub territory: String,
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
    /// What it does.
    pub effect: RuleEffect,
}

/// Pricing Rule `apply_on`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// Pricing Rule Item Code, Item Group or Brand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleTarget {
    /// The item code, group or brand.
    pub value: String,
    /// `uom`; empty for any.
    pub uom: String,
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

/// The fields of a product discount.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FreeItem {
    /// `same_item`.
    pub same_item: bool,
    /// `free_item`.
    pub free_item: String,
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
}

impl Tables {
    /// A Currency by code.
    pub fn currency(&self, name: &str) -> Option<&Currency> {
        self.currencies.iter().find(|currency| currency.name == name)
    }

    /// A node of a tree and all its ancestors, nearest first. Ends at a loop, should somebody have made one.
    pub fn lineage<'a>(nodes: &'a [TreeNode], name: &'a str) -> Vec<&'a str> {
        let mut lineage = Vec::new();
        let mut current = name;
        while !current.is_empty() && !lineage.contains(&current) {
            lineage.push(current);
            current = nodes.iter().find(|node| node.name == current).map_or("", |node| node.parent.as_str());
        }
        lineage
    }
}
