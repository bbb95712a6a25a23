//! Loyalty: what a sale collects and what points pay.

use crate::{
    Date,
    document::Document,
    masters::{LoyaltyProgram, LoyaltyTier, Masters},
    refusal::{LoyaltyError, Refusal},
    sort,
};

/// What a sale collects: the Loyalty Point Entry that `ERPNext` makes when it is submitted.
#[derive(Clone, Debug, PartialEq)]
pub struct LoyaltyGain {
    /// `loyalty_program`.
    pub loyalty_program: String,
    /// `loyalty_program_tier` that the factor came from.
    pub tier_name: String,
    /// `loyalty_points`.
    pub points: i64,
    /// `purchase_amount`: what points are counted on, document currency.
    pub eligible_amount: f64,
    /// `expiry_date`.
    pub expiry_date: Date,
}

/// What points are worth in the company's currency, not rounded.
pub fn worth(points: i64, program: &LoyaltyProgram) -> f64 {
    points as f64 * program.conversion_factor
}

/// The most points that a customer can pay a total with: the balance, or as many as are worth no more than the total.
pub fn redeemable_points(balance: i64, total: f64, program: &LoyaltyProgram) -> i64 {
    if program.conversion_factor <= 0.0 || !total.is_finite() || total <= 0.0 || balance <= 0 {
        return 0;
    }
    let mut points = balance.min((total / program.conversion_factor).floor() as i64);
    // The division may be off by the last bit either way.
    while points < balance && worth(points + 1, program) <= total {
        points += 1;
    }
    while points > 0 && worth(points, program) > total {
        points -= 1;
    }
    points
}

/// The tier of somebody who has spent so much. As `ERPNext` 15 has it, that is the lowest tier whose `min_spent` has not been
/// passed yet, else the highest: who has spent nothing at all is in the first, the first cent leads into the second.
pub fn tier(program: &LoyaltyProgram, spent: f64) -> Option<&LoyaltyTier> {
    let mut tiers: Vec<&LoyaltyTier> = program.tiers.iter().collect();
    sort::few(&mut tiers, |a, b| a.min_spent > b.min_spent);
    let mut found = None;
    for tier in tiers {
        if found.is_some() && spent > tier.min_spent {
            break;
        }
        found = Some(tier);
    }
    found
}

fn program<'a, M: Masters>(document: &'a Document<'_, M>) -> Option<&'a LoyaltyProgram> {
    let name = &document.invoice.loyalty_program;
    document.tables.loyalty_programs.iter().find(|program| program.name == *name)
}

/// Checks points that pay, and says what they are worth where the cart doesn't.
pub(crate) fn check<M: Masters>(document: &mut Document<'_, M>) -> Result<(), Refusal> {
    let invoice = &document.invoice;
    if !invoice.redeem_loyalty_points || invoice.loyalty_points == 0 {
        return Ok(());
    }
    let Some(program) = program(document) else {
        return Err(LoyaltyError::NotEnrolled.into());
    };
    if invoice.loyalty_points > document.customer.loyalty_points {
        return Err(LoyaltyError::NotEnough.into());
    }
    let amount = worth(invoice.loyalty_points, program);
    let is_rounding_off = document.tables.settings.disable_rounded_total;
    let total = if is_rounding_off { invoice.grand_total } else { invoice.rounded_total };
    if amount > total {
        return Err(LoyaltyError::TooMuch.into());
    }
    if invoice.loyalty_amount == 0.0 {
        document.invoice.loyalty_amount = amount;
    }
    Ok(())
}

/// What the sale collects, if the customer takes part and the program runs.
pub(crate) fn gain<M: Masters>(document: &Document<'_, M>) -> Option<LoyaltyGain> {
    let invoice = &document.invoice;
    let (program, day) = (program(document)?, invoice.posting_date);
    if invoice.is_return || !day.is_within(program.from_date, program.to_date) {
        return None;
    }
    // The fraction of what points have paid is not taken off.
    let eligible_amount = invoice.grand_total - invoice.loyalty_amount.trunc();
    let tier = tier(program, document.customer.loyalty_spent + eligible_amount);
    let factor = tier.map(|tier| tier.collection_factor).filter(|factor| *factor != 0.0).unwrap_or(1.0);
    Some(LoyaltyGain {
        loyalty_program: program.name.clone(),
        tier_name: tier.map(|tier| tier.tier_name.clone()).unwrap_or_default(),
        points: (eligible_amount / factor).trunc() as i64,
        eligible_amount,
        expiry_date: day.plus_days(i32::try_from(program.expiry_days).unwrap_or(i32::MAX)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program() -> LoyaltyProgram {
        let tier = |name: &str, min_spent, collection_factor| LoyaltyTier {
            tier_name: name.into(),
            min_spent,
            collection_factor,
        };
        LoyaltyProgram {
            name: "Club".into(),
            conversion_factor: 0.05,
            tiers: vec![tier("Bronze", 0.0, 10.0), tier("Silver", 100.0, 5.0), tier("Gold", 500.0, 2.0)],
            ..LoyaltyProgram::default()
        }
    }

    #[test]
    fn tiers_are_entered_before_their_amount_is_spent() {
        let at = |spent| tier(&program(), spent).map(|tier| tier.tier_name.clone()).unwrap_or_default();

        assert_eq!(at(0.0), "Bronze");
        assert_eq!(at(50.0), "Silver");
        assert_eq!(at(100.0), "Silver");
        assert_eq!(at(101.0), "Gold");
        assert_eq!(at(9_999.0), "Gold");
    }

    #[test]
    fn points_pay_no_more_than_the_total() {
        assert_eq!(redeemable_points(1000, 12.34, &program()), 246);
        assert_eq!(redeemable_points(100, 12.34, &program()), 100);
        assert_eq!(redeemable_points(100, 0.0, &program()), 0);
        // Three are worth 0.15000000000000002, which ERPNext refuses for 0.15.
        assert_eq!(redeemable_points(100, 0.15, &program()), 2);
    }
}
