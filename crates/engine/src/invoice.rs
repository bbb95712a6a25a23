//! The POS Invoice as `ERPNext`'s server leaves it: the engine's output and its working document.
//!
//! Field names are `ERPNext`'s. Amounts are in the document's currency; those that begin with `base_` are in the company's.

use crate::masters::{AccountRate, ChargeType};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// POS Invoice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the doctype's field of that name")]
#[expect(clippy::struct_excessive_bools, reason = "these are the doctype's check fields")]
pub struct Invoice {
    pub customer: String,
    pub customer_group: String,
    pub territory: String,
    pub posting_date: crate::Date,
    pub currency: String,
    pub price_list_currency: String,
    #[serde(with = "crate::decimal")]
    pub conversion_rate: f64,
    #[serde(with = "crate::decimal")]
    pub plc_conversion_rate: f64,
    pub selling_price_list: String,
    pub tax_category: String,
    pub taxes_and_charges: String,
    pub is_return: bool,
    /// Set where a return names the invoice it returns: tax templates then stay as they were.
    pub has_return_against: bool,
    pub ignore_pricing_rule: bool,
    pub campaign: String,
    pub sales_partner: String,
    /// The Coupon Code's `name`.
    pub coupon_code: String,
    pub items: Vec<InvoiceItem>,
    pub taxes: Vec<InvoiceTax>,
    pub payments: Vec<InvoicePayment>,
    /// The child table `pricing_rules`: what was applied to which item.
    pub applied_rules: Vec<AppliedRule>,
    pub apply_discount_on: String,
    #[serde(with = "crate::decimal")]
    pub additional_discount_percentage: f64,
    #[serde(with = "crate::decimal")]
    pub discount_amount: f64,
    #[serde(with = "crate::decimal")]
    pub base_discount_amount: f64,
    #[serde(with = "crate::decimal")]
    pub total_qty: f64,
    #[serde(with = "crate::decimal")]
    pub total: f64,
    #[serde(with = "crate::decimal")]
    pub base_total: f64,
    #[serde(with = "crate::decimal")]
    pub net_total: f64,
    #[serde(with = "crate::decimal")]
    pub base_net_total: f64,
    #[serde(with = "crate::decimal")]
    pub total_net_weight: f64,
    #[serde(with = "crate::decimal")]
    pub total_taxes_and_charges: f64,
    #[serde(with = "crate::decimal")]
    pub base_total_taxes_and_charges: f64,
    #[serde(with = "crate::decimal")]
    pub grand_total: f64,
    #[serde(with = "crate::decimal")]
    pub base_grand_total: f64,
    #[serde(with = "crate::decimal")]
    pub rounded_total: f64,
    #[serde(with = "crate::decimal")]
    pub base_rounded_total: f64,
    #[serde(with = "crate::decimal")]
    pub rounding_adjustment: f64,
    #[serde(with = "crate::decimal")]
    pub base_rounding_adjustment: f64,
    #[serde(with = "crate::decimal")]
    pub paid_amount: f64,
    #[serde(with = "crate::decimal")]
    pub base_paid_amount: f64,
    #[serde(with = "crate::decimal")]
    pub change_amount: f64,
    #[serde(with = "crate::decimal")]
    pub base_change_amount: f64,
    pub account_for_change_amount: String,
    #[serde(with = "crate::decimal")]
    pub write_off_amount: f64,
    #[serde(with = "crate::decimal")]
    pub base_write_off_amount: f64,
    #[serde(with = "crate::decimal")]
    pub outstanding_amount: f64,
    pub loyalty_program: String,
    pub redeem_loyalty_points: bool,
    pub loyalty_points: i64,
    /// What the points pay, company currency.
    #[serde(with = "crate::decimal")]
    pub loyalty_amount: f64,
    #[serde(with = "crate::decimal")]
    pub amount_eligible_for_commission: f64,
    #[serde(with = "crate::decimal")]
    pub commission_rate: f64,
    #[serde(with = "crate::decimal")]
    pub total_commission: f64,
}

impl Invoice {
    /// What is to be paid: `rounded_total`, or `grand_total` where rounding is off or rounds to nothing.
    pub fn payable(&self) -> f64 {
        if self.rounded_total == 0.0 { self.grand_total } else { self.rounded_total }
    }
}

/// POS Invoice Item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the doctype's field of that name")]
pub struct InvoiceItem {
    pub item_code: String,
    pub item_name: String,
    pub item_group: String,
    pub brand: String,
    pub stock_uom: String,
    pub uom: String,
    #[serde(with = "crate::decimal")]
    pub conversion_factor: f64,
    #[serde(with = "crate::decimal")]
    pub qty: f64,
    #[serde(with = "crate::decimal")]
    pub stock_qty: f64,
    #[serde(with = "crate::decimal")]
    pub price_list_rate: f64,
    #[serde(with = "crate::decimal")]
    pub base_price_list_rate: f64,
    pub margin_type: Option<MarginType>,
    #[serde(with = "crate::decimal")]
    pub margin_rate_or_amount: f64,
    #[serde(with = "crate::decimal")]
    pub rate_with_margin: f64,
    #[serde(with = "crate::decimal")]
    pub base_rate_with_margin: f64,
    #[serde(with = "crate::decimal")]
    pub discount_percentage: f64,
    #[serde(with = "crate::decimal")]
    pub discount_amount: f64,
    #[serde(with = "crate::decimal")]
    pub distributed_discount_amount: f64,
    #[serde(with = "crate::decimal")]
    pub rate: f64,
    #[serde(with = "crate::decimal")]
    pub base_rate: f64,
    #[serde(with = "crate::decimal")]
    pub amount: f64,
    #[serde(with = "crate::decimal")]
    pub base_amount: f64,
    #[serde(with = "crate::decimal")]
    pub net_rate: f64,
    #[serde(with = "crate::decimal")]
    pub base_net_rate: f64,
    #[serde(with = "crate::decimal")]
    pub net_amount: f64,
    #[serde(with = "crate::decimal")]
    pub base_net_amount: f64,
    /// `None` where the field is empty. `Some` of an empty list is `ERPNext`'s `[]`, which counts as set.
    pub pricing_rules: Option<Vec<String>>,
    pub is_free_item: bool,
    pub item_tax_template: String,
    /// `item_tax_rate`: what the template says for the company's accounts.
    pub item_tax_rate: Vec<AccountRate>,
    pub warehouse: String,
    pub batch_no: String,
    pub serial_nos: Vec<String>,
    pub grant_commission: bool,
    #[serde(with = "crate::decimal")]
    pub weight_per_unit: f64,
    #[serde(with = "crate::decimal")]
    pub total_weight: f64,
    /// `pos_invoice_item`, as the number of the original's row, counted from zero.
    pub returned_row: Option<usize>,
}

impl InvoiceItem {
    /// The field `pricing_rules` as `ERPNext` writes it, which compares it as a text: names as JSON with a line each on rows
    /// that are sold, one name on free rows. Empty where the field is.
    pub fn pricing_rules_text(&self) -> String {
        match self.pricing_rules.as_deref() {
            None => String::new(),
            Some([]) => "[]".to_owned(),
            Some(names) if self.is_free_item => names.join(","),
            Some(names) => {
                let quoted: Vec<String> = names.iter().map(|name| format!(" {}", quote(name))).collect();
                format!("[\n{}\n]", quoted.join(",\n"))
            }
        }
    }
}

/// A JSON string of a document's name, in ASCII as `ERPNext` writes it.
fn quote(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('"');
    for unit in name.encode_utf16() {
        match u8::try_from(unit).map(char::from) {
            Ok(character @ ('"' | '\\')) => quoted.extend(['\\', character]),
            Ok(character @ ' '..='~') => quoted.push(character),
            _ => write!(quoted, "\\u{unit:04x}").expect("a string takes everything"),
        }
    }
    quoted.push('"');
    quoted
}

/// POS Invoice Item `margin_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarginType {
    /// Percent of the list price.
    Percentage,
    /// An amount a unit.
    Amount,
}

impl MarginType {
    /// `ERPNext`'s own text.
    pub fn as_erpnext(self) -> &'static str {
        match self {
            Self::Percentage => "Percentage",
            Self::Amount => "Amount",
        }
    }

    /// Reads `ERPNext`'s text.
    pub fn from_erpnext(text: &str) -> Option<Self> {
        [Self::Percentage, Self::Amount].into_iter().find(|kind| kind.as_erpnext() == text)
    }
}

/// Sales Taxes and Charges, computed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the doctype's field of that name")]
pub struct InvoiceTax {
    pub charge_type: ChargeType,
    pub row_id: Option<u16>,
    pub account_head: String,
    pub description: String,
    #[serde(with = "crate::decimal")]
    pub rate: f64,
    pub included_in_print_rate: bool,
    #[serde(with = "crate::decimal")]
    pub tax_amount: f64,
    #[serde(with = "crate::decimal")]
    pub base_tax_amount: f64,
    #[serde(with = "crate::decimal")]
    pub tax_amount_after_discount_amount: f64,
    #[serde(with = "crate::decimal")]
    pub base_tax_amount_after_discount_amount: f64,
    #[serde(with = "crate::decimal")]
    pub total: f64,
    #[serde(with = "crate::decimal")]
    pub base_total: f64,
    pub item_wise_tax_detail: Vec<ItemTaxDetail>,
}

/// One item's share of a tax row, in company currency (`item_wise_tax_detail`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemTaxDetail {
    /// The item.
    pub item_code: String,
    /// The rate of the last line with this item.
    #[serde(with = "crate::decimal")]
    pub rate: f64,
    /// The sum of this item's lines, company currency, not rounded unless `round_row_wise_tax`.
    #[serde(with = "crate::decimal")]
    pub amount: f64,
}

/// Sales Invoice Payment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the doctype's field of that name")]
pub struct InvoicePayment {
    pub mode_of_payment: String,
    pub kind: String,
    pub account: String,
    #[serde(with = "crate::decimal")]
    pub amount: f64,
    #[serde(with = "crate::decimal")]
    pub base_amount: f64,
    pub reference_no: String,
}

/// Pricing Rule Detail: a rule that was applied to a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedRule {
    /// The Pricing Rule's name.
    pub pricing_rule: String,
    /// Its title, as it was.
    pub title: String,
    /// The item it was applied to.
    pub item_code: String,
}
