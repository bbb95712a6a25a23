//! Who may do what, and what needs a supervisor's PIN.
//!
//! From the POS Profile and its policy, else from the employee's role. A right that is missing is no dead end: a supervisor at
//! the counter gives it once, and the journal remembers who and for what. What the shop refuses, nobody may do.

use holdfast_engine::masters::{Permit, PosProfile};

/// What not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Right {
    /// Setting another price: POS Profile `allow_rate_change`, else its policy.
    ChangePrice,
    /// Giving so many percent of discount: POS Profile `allow_discount_change`, up to the policy's limit.
    Discount(f64),
    /// Taking goods back against a receipt.
    Return,
    /// Taking goods back without a receipt.
    ReturnWithoutReceipt,
    /// Putting cash in or taking it out.
    MoveCash,
    /// Seeing what should be in the drawer before it is counted.
    SeeExpected,
    /// Leaving a sale open in part.
    Credit,
    /// Making a customer or changing one.
    SaveCustomer,
    /// Using a coupon that may be used up elsewhere.
    UseCoupon,
    /// Paying with points that may be spent elsewhere.
    UsePoints,
}

impl Right {
    /// Its name in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChangePrice => "change_price",
            Self::Discount(_) => "discount",
            Self::Return => "return",
            Self::ReturnWithoutReceipt => "return_without_receipt",
            Self::MoveCash => "move_cash",
            Self::SeeExpected => "see_expected",
            Self::Credit => "credit",
            Self::SaveCustomer => "save_customer",
            Self::UseCoupon => "use_coupon",
            Self::UsePoints => "use_points",
        }
    }

    /// What a supervisor is asked to allow.
    pub fn question(self) -> &'static str {
        match self {
            Self::ChangePrice => "Allow another price",
            Self::Discount(_) => "Allow this discount",
            Self::Return => "Allow a return",
            Self::ReturnWithoutReceipt => "Allow a return without a receipt",
            Self::MoveCash => "Allow moving cash",
            Self::SeeExpected => "Show what should be in the drawer",
            Self::Credit => "Allow leaving the sale open",
            Self::SaveCustomer => "Allow saving a customer",
            Self::UseCoupon => "Allow the coupon",
            Self::UsePoints => "Allow paying with points",
        }
    }
}

/// Whether a role allows exceptions.
pub fn is_supervisor(role: &str) -> bool {
    role == "Supervisor"
}

/// What the shop says to an employee with this role.
pub fn permit(role: &str, profile: &PosProfile, right: Right) -> Permit {
    let policy = &profile.policy;
    let permit = match right {
        Right::ChangePrice if profile.allow_rate_change => Permit::Allowed,
        Right::Discount(percentage) if profile.allow_discount_change => {
            let is_within = policy.discount_percent_max == 0.0 || percentage <= policy.discount_percent_max;
            if is_within { Permit::Allowed } else { Permit::Supervisor }
        }
        Right::ChangePrice | Right::Discount(_) => policy.price_change,
        Right::Return => policy.returns,
        Right::ReturnWithoutReceipt if policy.returns == Permit::Refused => Permit::Refused,
        Right::ReturnWithoutReceipt => Permit::Supervisor,
        Right::SeeExpected if profile.is_closing_blind => Permit::Supervisor,
        Right::SeeExpected | Right::MoveCash => Permit::Allowed,
        Right::Credit if !profile.allow_partial_payment => Permit::Refused,
        Right::Credit => policy.credit,
        Right::SaveCustomer => policy.new_customers,
        Right::UseCoupon => policy.coupons,
        Right::UsePoints => policy.loyalty,
    };
    if permit == Permit::Supervisor && is_supervisor(role) { Permit::Allowed } else { permit }
}
