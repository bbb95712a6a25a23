//! Taxes: the rows of a document, the templates that bring them, what an item says about rates.

use super::Place;
use crate::Date;
use serde::{Deserialize, Serialize};

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

/// Tax Rule with `tax_type` Sales, of the company or of none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TaxRule {
    /// `sales_tax_template`; a disabled one leads to none, which is the empty name.
    pub sales_tax_template: String,
    /// `priority`.
    pub priority: i32,
    /// `from_date`.
    pub from_date: Option<Date>,
    /// `to_date`.
    pub to_date: Option<Date>,
    /// `tax_category`: equal to the document's, blank for blank.
    pub tax_category: String,
    /// `customer`.
    pub customer: String,
    /// `customer_group`, with everything below it.
    pub customer_group: String,
    /// Whether `company` is named: such a rule matches one key more.
    pub names_company: bool,
    /// `billing_city` and the fields beside it.
    pub billing: Place,
    /// `shipping_city` and the fields beside it.
    pub shipping: Place,
}
