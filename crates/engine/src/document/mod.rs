//! The document at work: the invoice with what the server knows about it while it saves a draft for the first time.
//!
//! The server reads a client's document, fills in what is missing row by row ([`fill`]), computes, applies rules on the whole
//! document, and computes again. Which fields are still null matters on the way, so that is kept beside the invoice.

mod fields;
mod fill;
mod header;
mod rows;

use crate::{
    Context, Invoice, InvoiceItem,
    details::prices::NewPrice,
    goods::{Good, Loader},
    masters::{Customer, Masters, PricingRule, Tables},
    precision::Precision,
    price::Suggestion,
    refusal::Refusal,
    rules::Shelf,
    totals,
};
use std::{borrow::Cow, rc::Rc};

pub(crate) use fields::field;

/// Which fields of a row are null: the client did not send them and nothing has filled them in yet.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one for each field")]
pub(crate) struct Nulls {
    pub(crate) price_list_rate: bool,
    pub(crate) rate: bool,
    pub(crate) discount_percentage: bool,
    pub(crate) discount_amount: bool,
    pub(crate) margin_rate_or_amount: bool,
    pub(crate) conversion_factor: bool,
    pub(crate) item_tax_template: bool,
    pub(crate) warehouse: bool,
    pub(crate) grant_commission: bool,
    /// `item_group`, `brand` and `stock_qty`, which come from the item.
    pub(crate) details: bool,
}

impl Nulls {
    /// A row of which the client said nothing but item, unit and quantity.
    pub(crate) fn all() -> Self {
        Self {
            price_list_rate: true,
            rate: true,
            discount_percentage: true,
            discount_amount: true,
            margin_rate_or_amount: true,
            conversion_factor: true,
            item_tax_template: true,
            warehouse: true,
            grant_commission: true,
            details: true,
        }
    }
}

/// What is known about a row beside its fields.
pub(crate) struct Row<'m> {
    pub(crate) good: Rc<Good<'m>>,
    /// The cart's line; `None` for free items.
    pub(crate) source: Option<usize>,
    pub(crate) nulls: Nulls,
    /// `pricing_rules` is an empty text, which is not the same as null where rows are compared.
    pub(crate) is_rules_blank: bool,
}

/// Which discounts on the whole document are numbers; the others are null.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KnownDiscounts {
    pub(crate) percentage: bool,
    pub(crate) amount: bool,
}

/// A document being priced.
pub(crate) struct Document<'m, M> {
    pub(crate) invoice: Invoice,
    /// As many as `invoice.items`, in the same order.
    pub(crate) rows: Vec<Row<'m>>,
    pub(crate) loader: Loader<'m, M>,
    pub(crate) tables: &'m Tables,
    pub(crate) customer: Cow<'m, Customer>,
    pub(crate) precision: Precision,
    pub(crate) context: Context,
    /// Whether the document comes as a client of `ERPNext` sends it, not from a counter.
    pub(crate) is_sent: bool,
    pub(crate) known_discounts: KnownDiscounts,
    pub(crate) suggestions: Vec<Suggestion>,
    /// Rules on the whole document that were applied.
    pub(crate) applied_to_all: Vec<&'m PricingRule>,
    /// Item Prices that the server makes on the way.
    pub(crate) new_prices: Vec<NewPrice>,
    pub(crate) shelf: Option<Shelf<'m>>,
}

impl<'m, M: Masters> Document<'m, M> {
    pub(crate) fn good(&self, item_code: &str) -> Result<Rc<Good<'m>>, Refusal> {
        self.loader.load(item_code).ok_or_else(|| Refusal::UnknownItem { item_code: item_code.to_owned() })
    }

    pub(crate) fn push(&mut self, item: InvoiceItem, row: Row<'m>) {
        self.invoice.items.push(item);
        self.rows.push(row);
    }

    pub(crate) fn remove(&mut self, at: usize) {
        self.invoice.items.remove(at);
        self.rows.remove(at);
    }

    /// Computes taxes and totals; every number of every row is one after that.
    pub(crate) fn calculate(&mut self) -> Result<(), Refusal> {
        let rules = &self.tables.pricing_rules;
        let find_rule = |name: &str| match &self.shelf {
            Some(shelf) => shelf.by_name(name),
            None => rules.iter().find(|rule| rule.name == name),
        };
        let basis = totals::Basis {
            goods: self.rows.iter().map(|row| &*row.good).collect(),
            tables: self.tables,
            precision: self.precision,
            find_rule: &find_rule,
        };
        totals::run(&mut self.invoice, &basis)?;
        self.known_discounts.amount |= self.invoice.additional_discount_percentage != 0.0;
        for at in 0..self.rows.len() {
            self.settle_nulls(at);
        }
        Ok(())
    }
}
