//! Who buys, and the trees that parties and goods hang in.

use serde::{Deserialize, Serialize};

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
    /// `default_currency`.
    pub default_currency: String,
    /// The Tax Category of the customer's address, as Accounts Settings choose it, else `tax_category`.
    pub tax_category: String,
    /// `mobile_no`.
    pub mobile_no: String,
    /// `default_sales_partner`.
    pub sales_partner: String,
    /// `default_commission_rate` in percent, else the sales partner's.
    #[serde(with = "crate::decimal")]
    pub commission_rate: f64,
    /// The primary address, if there is one.
    pub billing: Option<Place>,
    /// The shipping address, if there is one.
    pub shipping: Option<Place>,
    /// `loyalty_program`.
    pub loyalty_program: String,
    /// Points that may be redeemed: the sum of unexpired Loyalty Point Entry `loyalty_points`.
    pub loyalty_points: i64,
    /// The sum of Loyalty Point Entry `purchase_amount`, expired ones included, company currency.
    #[serde(with = "crate::decimal")]
    pub loyalty_spent: f64,
}

/// Where an Address is, as far as Tax Rules look at it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// `city`.
    pub city: String,
    /// `county`.
    pub county: String,
    /// `state`.
    pub state: String,
    /// `pincode`.
    pub zipcode: String,
    /// `country`.
    pub country: String,
}
