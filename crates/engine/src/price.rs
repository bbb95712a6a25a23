//! The engine's one door.

use crate::{
    Cart, Context, checks,
    document::Document,
    invoice::{AppliedRule, Invoice},
    loyalty::{self, LoyaltyGain},
    masters::Masters,
    payments,
    refusal::Refusal,
    rules,
};

/// A priced cart: the invoice as `ERPNext` would compute it, and why `ERPNext` would refuse it, if it would.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Priced {
    /// The invoice. Of a refused cart it holds what could be computed, for the screen.
    pub invoice: Invoice,
    /// The first reason to refuse; `None` if the cart can be sold once it is paid.
    pub refusal: Option<Refusal>,
    /// For each line of `invoice.items` the cart's line it came from; `None` for free items.
    pub sources: Vec<Option<usize>>,
    /// Rules on the whole document that were applied. `ERPNext` notes them nowhere.
    pub document_rules: Vec<AppliedRule>,
    /// What the cashier may tell the customer.
    pub suggestions: Vec<Suggestion>,
    /// What the customer collects with this sale.
    pub loyalty: Option<LoyaltyGain>,
}

/// A rule that almost applies, or that only asks for a discount.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The item it is about; empty for the whole cart.
    pub item_code: String,
    /// The rule's title.
    pub title: String,
    /// What is missing.
    pub kind: SuggestionKind,
}

/// What a suggestion is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SuggestionKind {
    /// With this quantity the rule applies.
    Quantity(f64),
    /// With this amount the rule applies.
    Amount(f64),
    /// The rule asks for a discount that the cashier has not given.
    NotApplied,
}

/// Prices a cart: what `ERPNext` would book for it under the profile of `masters`, on that day.
///
/// Pure and total: the same arguments give the same bits on every machine, and no cart makes it fail.
pub fn price(cart: &Cart, masters: &impl Masters, context: &Context) -> Priced {
    match Document::open(cart, masters, *context) {
        Ok(mut document) => {
            let refusal = save(&mut document, cart).err();
            finish(document, refusal)
        }
        Err(refusal) => Priced { refusal: Some(refusal), ..Priced::default() },
    }
}

/// What the server does when a draft is inserted, in its order.
fn save<M: Masters>(document: &mut Document<'_, M>, cart: &Cart) -> Result<(), Refusal> {
    document.add_lines(cart)?;
    document.fill_rows(true)?;
    document.check_tax_rows()?;
    document.calculate()?;
    checks::total(document)?;
    rules::apply_to_transaction(document)?;
    checks::rows(document)?;
    checks::payment(document, cart)?;
    checks::whole_numbers(document)?;
    payments::settle(document, cart)?;
    checks::coupon(document)?;
    checks::accounts(document)
}

fn finish<M: Masters>(document: Document<'_, M>, refusal: Option<Refusal>) -> Priced {
    let loyalty = if refusal.is_none() { loyalty::gain(&document) } else { None };
    let document_rules = document.applied_to_all.iter().map(|rule| AppliedRule {
        pricing_rule: rule.name.clone(),
        title: rule.title.clone(),
        item_code: String::new(),
    });
    Priced {
        document_rules: document_rules.collect(),
        sources: document.rows.iter().map(|row| row.source).collect(),
        invoice: document.invoice,
        refusal,
        suggestions: document.suggestions,
        loyalty,
    }
}
