//! Computes what `ERPNext` books for a POS Invoice, to the last cent.
//!
//! `ERPNext` computes in IEEE doubles and rounds at many points, so this crate does the same operations on `f64` in the same
//! order (`docs/adr/0002-numbers.md`). Nothing here reads a clock, a file or a random number: master data comes through
//! [`Masters`], the day and the time through [`Context`], and [`price`] is a pure function of its arguments that compiles to
//! WebAssembly with the same bits out.
//!
//! Outside this crate money is never a float: every amount serialises as a decimal string in its shortest round-trip
//! form ([`decimal`]).

pub mod barcode;
mod cart;
mod checks;
mod condition;
pub mod date;
pub mod decimal;
mod details;
mod document;
mod goods;
mod hash;
mod invoice;
pub mod loyalty;
pub mod masters;
pub mod money;
mod payments;
mod precision;
mod price;
mod refusal;
pub mod returns;
pub mod rounding;
mod rules;
pub mod scheme;
mod shop;
mod sort;
pub mod stock;
mod tax_rules;
mod totals;

pub use cart::{Cart, Context, Discount, Line, Payment, Redemption, SentDocument, SentLine};
pub use date::Date;
pub use invoice::{AppliedRule, Invoice, InvoiceItem, InvoicePayment, InvoiceTax, ItemTaxDetail, MarginType};
pub use loyalty::LoyaltyGain;
pub use masters::{Masters, Tables};
pub use price::{Priced, Suggestion, SuggestionKind, price};
pub use refusal::{CouponError, LoyaltyError, Refusal, TaxRowError};
pub use rules::RuleIndex;
pub use shop::Shop;
pub use totals::calculate as calculate_taxes_and_totals;

/// The version of the arithmetic, written into every journal entry.
pub const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");
