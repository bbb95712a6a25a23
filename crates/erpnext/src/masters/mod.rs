//! From the mirror's rows to a shop that can be sold from.
//!
//! [`Masters`] takes rows one by one, whatever their order, and gives the [`Shop`] of a POS Profile: only what is in force, of the
//! profile's company, with quantities and serial numbers of its warehouse. The functions that map one document are used by the
//! `oracle`, too, so that what is compared with ERPNext is what is sold from.

mod company;
mod goods;
mod parties;
mod people;
mod profile;
mod rules;
mod shop;
mod stock;
mod tables;
mod taxes;

pub use goods::{item, item_price, uom};
pub use parties::{customer, customer_group};
pub use people::Person;
pub use profile::{currency, policy, pos_profile};
pub use rules::{coupons, loyalty_program, pricing_rules};
pub use shop::Masters;
pub use stock::StockLevel;
pub use tables::{tables, tables_of};
pub use taxes::{item_group_taxes, item_tax_template, item_taxes, tax_row, tax_rule, taxes_template};
