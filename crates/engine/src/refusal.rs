//! Why `ERPNext` would not take a document.

use crate::decimal::to_python;

/// Why `ERPNext` would not take the document. The texts are its own, as far as it says something.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// There are no lines.
    #[error("Items are required")]
    Empty,
    /// A line names an item that the catalogue lacks.
    #[error("Item {item_code} is not in the catalogue")]
    UnknownItem {
        /// Which one.
        item_code: String,
    },
    /// A line names a template instead of one of its variants.
    #[error("Item {item_code} is a template, please select one of its variants")]
    Template {
        /// Which one.
        item_code: String,
    },
    /// The item is not sold any more (Item `disabled`).
    #[error("Item {item_code} is disabled")]
    Disabled {
        /// Which one.
        item_code: String,
    },
    /// The item is not sold any more (Item `end_of_life`).
    #[error("Item {item_code} has reached its end of life on {day}")]
    EndOfLife {
        /// Which one.
        item_code: String,
        /// Since when.
        day: crate::Date,
    },
    /// Items that are only bought (Item `is_sales_item`).
    #[error(
        "Following {} not marked as sales item. You can enable them as sales item from its Item master",
        several("item", items)
    )]
    NotSold {
        /// Which ones.
        items: Vec<String>,
    },
    /// A quantity is zero, or no number.
    #[error("Row #{row}: Quantity for Item {item_code} cannot be zero.")]
    ZeroQuantity {
        /// The row, counted from one.
        row: usize,
        /// Which item.
        item_code: String,
    },
    /// A return gives something out.
    #[error(
        "Row #{row}: You cannot add postive quantities in a return invoice. Please remove item {item_code} to complete the return."
    )]
    PositiveInReturn {
        /// The row, counted from one.
        row: usize,
        /// Which item.
        item_code: String,
    },
    /// A return gives back more than was sold.
    #[error("Row # {row}: Cannot return more than {} for Item {item_code}", to_python(*max))]
    OverReturn {
        /// The row, counted from one.
        row: usize,
        /// What was sold, stock units.
        max: f64,
        /// Which item.
        item_code: String,
    },
    /// A UOM is sold in whole numbers only (UOM `must_be_whole_number`).
    #[error("Row {row}: Quantity ({}) cannot be a fraction. To allow this, disable 'Must be Whole Number' in UOM {uom}.", to_python(*qty))]
    WholeNumber {
        /// The row, counted from one.
        row: usize,
        /// The quantity, rounded to its precision.
        qty: f64,
        /// The UOM.
        uom: String,
    },
    /// A batch may not be sold any more (Batch `expiry_date`).
    #[error("Row #{row}: The batch {batch_no} has already expired.")]
    BatchExpired {
        /// The row, counted from one.
        row: usize,
        /// Which batch.
        batch_no: String,
    },
    /// A conversion factor rounds to zero.
    #[error("Row {row}: Conversion Factor is mandatory")]
    ConversionFactor {
        /// The row, counted from one.
        row: usize,
    },
    /// A discount is above Item `max_discount`.
    #[error("Maximum discount for Item {item_code} is {}%", to_python(*max))]
    MaxDiscount {
        /// Which item.
        item_code: String,
        /// In percent.
        max: f64,
    },
    /// A rate is below what the item cost (Selling Settings `validate_selling_price`).
    #[error(
        "Row #{row}: Selling rate for item {item_name} is lower than its {reference}. Selling net rate should be atleast {}.", to_python(*least)
    )]
    SellingPrice {
        /// The row, counted from one.
        row: usize,
        /// `item_name`.
        item_name: String,
        /// Which cost.
        reference: &'static str,
        /// Company currency.
        least: f64,
    },
    /// Several rules of the same priority apply (`MultiplePricingRuleConflict`).
    #[error(
        "Multiple Price Rules exists with same criteria, please resolve conflict by assigning priority. Price Rules: {rules}"
    )]
    RuleConflict {
        /// Their names, in `ERPNext`'s order, a line each.
        rules: String,
    },
    /// A rule gives something, but not what.
    #[error("Free item not set in the pricing rule {rule}")]
    NoFreeItem {
        /// Its name.
        rule: String,
    },
    /// A document carries the name of a rule that isn't there.
    #[error("Pricing Rule {rule} not found")]
    UnknownRule {
        /// Its name.
        rule: String,
    },
    /// A rule's condition is beyond what is understood offline. Nothing of `ERPNext`'s: it would decide.
    #[error("The condition of pricing rule {rule} cannot be decided here: {reason}")]
    Condition {
        /// Its name.
        rule: String,
        /// What stands in the way.
        reason: &'static str,
    },
    /// `ERPNext` has an error in its program there and answers with it.
    #[error("{message}")]
    Crash {
        /// The exception's class.
        exception: &'static str,
        /// What it says.
        message: &'static str,
        /// What brings it about, in words for the shop.
        cause: &'static str,
    },
    /// There is no rate between two currencies.
    #[error("Unable to find exchange rate for {from} to {to}")]
    NoExchangeRate {
        /// From this currency.
        from: String,
        /// To this one.
        to: String,
    },
    /// A row of taxes that makes no sense.
    #[error(transparent)]
    TaxRow(#[from] TaxRowError),
    /// A discount on the document that doesn't say on what.
    #[error("Please select Apply Discount On")]
    ApplyDiscountOn,
    /// The total came out below zero.
    #[error("Incorrect value:Grand Total (Company Currency) must be >= 0.0")]
    NegativeTotal,
    /// Nothing says how it is paid.
    #[error("At least one mode of payment is required for POS invoice.")]
    NoPayment,
    /// A Mode of Payment has no account for the company.
    #[error("Please set default Cash or Bank account in Mode of Payment {mode_of_payment}")]
    NoAccount {
        /// Which one.
        mode_of_payment: String,
    },
    /// A payment takes money out of a sale or puts it into a return.
    #[error("Row #{row} (Payment Table): Amount must be {}", if *is_return { "negative" } else { "positive" })]
    PaymentSign {
        /// The row, counted from one.
        row: usize,
        /// Whether it is a return.
        is_return: bool,
    },
    /// A return pays out more than it gives back.
    #[error("Paid amount + Write Off Amount can not be greater than Grand Total")]
    PaidTooMuch,
    /// The coupon cannot be used.
    #[error(transparent)]
    Coupon(#[from] CouponError),
    /// The points cannot be used.
    #[error(transparent)]
    Loyalty(#[from] LoyaltyError),
}

/// Why a coupon cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CouponError {
    /// No such coupon.
    #[error("Could not find Coupon Code: {name}")]
    Unknown {
        /// Its name.
        name: String,
    },
    /// `valid_from` lies ahead.
    #[error("Sorry, this coupon code's validity has not started")]
    NotStarted,
    /// `valid_upto` has passed.
    #[error("Sorry, this coupon code's validity has expired")]
    Expired,
    /// It was used as often as it may be.
    #[error("Sorry, this coupon code is no longer valid")]
    UsedUp,
}

/// Why loyalty points cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoyaltyError {
    /// The customer takes part in no Loyalty Program.
    #[error("Customer isn't enrolled in any Loyalty Program")]
    NotEnrolled,
    /// There are fewer points.
    #[error("You don't have enough Loyalty Points to redeem")]
    NotEnough,
    /// They are worth more than the sale.
    #[error("You can't redeem Loyalty Points having more value than the Total Amount.")]
    TooMuch,
}

/// What is wrong with a row of Sales Taxes and Charges.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaxRowError {
    /// `row_id` on a row that refers to none.
    #[error("Can refer row only if the charge type is 'On Previous Row Amount' or 'Previous Row Total'")]
    NeedsNoReference,
    /// A Previous Row type comes first.
    #[error("Cannot select charge type as 'On Previous Row Amount' or 'On Previous Row Total' for first row")]
    First,
    /// A Previous Row type without `row_id`.
    #[error("Please specify a valid Row ID for row {row} in table Sales Taxes and Charges")]
    NoReference {
        /// The row, counted from one.
        row: usize,
    },
    /// `row_id` of the row itself or a later one.
    #[error("Cannot refer row number greater than or equal to current row number for this Charge type")]
    Ahead,
    /// An Actual row in the price.
    #[error("Charge of type 'Actual' in row {row} cannot be included in Item Rate or Paid Amount")]
    ActualIncluded {
        /// The row, counted from one.
        row: usize,
    },
    /// What an included row builds on is not included.
    #[error("To include tax in row {row} in Item rate, taxes in rows {rows} must also be included")]
    BaseNotIncluded {
        /// The row, counted from one.
        row: usize,
        /// Which rows.
        rows: String,
    },
}

impl Refusal {
    /// The class of `ERPNext`'s exception; empty where the reason is not one of `ERPNext`'s.
    pub fn exception(&self) -> &'static str {
        match self {
            Self::ZeroQuantity { .. } => "InvalidQtyError",
            Self::OverReturn { .. } => "StockOverReturnError",
            Self::WholeNumber { .. } => "UOMMustBeIntegerError",
            Self::BatchExpired { .. } => "BatchExpiredError",
            Self::RuleConflict { .. } => "MultiplePricingRuleConflict",
            Self::Crash { exception, .. } => exception,
            Self::UnknownItem { .. } | Self::Coupon(CouponError::Unknown { .. }) => "LinkValidationError",
            Self::UnknownRule { .. } => "DoesNotExistError",
            Self::Empty => "TypeError",
            Self::Condition { .. } => "",
            _ => "ValidationError",
        }
    }
}

/// One or several, as `ERPNext` puts it.
fn several(word: &str, names: &[String]) -> String {
    match names {
        [one] => format!("{word} {one} is"),
        _ => format!("{word}s {} are", names.join(", ")),
    }
}
