//! Free items (`price_or_product_discount` = Product).

use super::RowArgs;
use crate::{
    InvoiceItem,
    condition::floor_division,
    document::Document,
    masters::{ApplyOn, FreeItem, Masters, PricingRule, RuleEffect},
    refusal::Refusal,
};

/// A row that a rule gives.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FreeRow {
    pub(crate) item_code: String,
    rule: String,
    qty: f64,
    rate: f64,
    uom: String,
    conversion_factor: f64,
}

impl FreeRow {
    /// Rows are known by item and rule.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.item_code == other.item_code && self.rule == other.rule
    }

    /// `pricing_rules` of the row: one name.
    pub(crate) fn rules(&self) -> Vec<String> {
        vec![self.rule.clone()]
    }

    /// Writes what the rule says into a row.
    pub(crate) fn write(&self, item: &mut InvoiceItem) {
        item.qty = self.qty;
        item.rate = self.rate;
        item.price_list_rate = self.rate;
        item.uom.clone_from(&self.uom);
        item.conversion_factor = self.conversion_factor;
    }
}

/// What a rule gives for a row.
pub(super) fn of_row<M: Masters>(
    document: &Document<'_, M>,
    args: &RowArgs,
    rule: &PricingRule,
) -> Result<Option<FreeRow>, Refusal> {
    let RuleEffect::Product(free) = &rule.effect else {
        return Ok(None);
    };
    let item = &document.invoice.items[args.at];
    let qty = if free.recurse_for == 0.0 { once(free) } else { recurring(free, sold_with(document, args)) };
    let item_code = if free.same_item { &item.item_code } else { &free.free_item };
    row(document, rule, free, item_code, qty)
}

/// What a rule on the whole document gives.
pub(super) fn of_document<M: Masters>(
    document: &Document<'_, M>,
    rule: &PricingRule,
) -> Result<Option<FreeRow>, Refusal> {
    let RuleEffect::Product(free) = &rule.effect else {
        return Ok(None);
    };
    if free.free_item.is_empty() {
        return Err(Refusal::NoFreeItem { rule: rule.name.clone() });
    }
    // The server asks for the item of a row that there is none of.
    if free.recurse_for != 0.0 && document.invoice.items.iter().any(|item| !item.is_free_item) {
        return Err(Refusal::Crash {
            exception: "AttributeError",
            message: "'NoneType' object has no attribute 'item_code'",
            cause: "a pricing rule on the whole sale gives a free item recursively, which ERPNext cannot do",
        });
    }
    debug_assert_eq!(rule.apply_on, ApplyOn::Transaction);
    row(document, rule, free, &free.free_item, once(free))
}

fn row<M: Masters>(
    document: &Document<'_, M>,
    rule: &PricingRule,
    free: &FreeItem,
    item_code: &str,
    qty: f64,
) -> Result<Option<FreeRow>, Refusal> {
    if item_code.is_empty() {
        return Err(Refusal::NoFreeItem { rule: rule.name.clone() });
    }
    if qty == 0.0 || !qty.is_finite() {
        return Ok(None);
    }
    let good = document.good(item_code)?;
    let uom = if free.free_item_uom.is_empty() { &good.item.stock_uom } else { &free.free_item_uom };
    Ok(Some(FreeRow {
        item_code: item_code.to_owned(),
        rule: rule.name.clone(),
        qty,
        rate: free.free_item_rate,
        uom: uom.clone(),
        conversion_factor: good.conversion_factor(uom, document.tables),
    }))
}

fn once(free: &FreeItem) -> f64 {
    if free.free_qty == 0.0 { 1.0 } else { free.free_qty }
}

fn recurring(free: &FreeItem, sold: f64) -> f64 {
    let each = once(free);
    let counted = sold - free.apply_recursion_over;
    if counted <= 0.0 {
        each
    } else if free.round_free_qty {
        floor_division(counted, free.recurse_for) * each
    } else {
        counted * each / free.recurse_for
    }
}

/// The quantity of all rows of the same item that carry the very same text of rules: rows that have not had their turn and
/// those that have are told apart.
fn sold_with<M: Masters>(document: &Document<'_, M>, args: &RowArgs) -> f64 {
    let (current, items) = (&document.invoice.items[args.at], &document.invoice.items);
    let is_blank = document.rows[args.at].is_rules_blank;
    let mut sold = 0.0;
    for (row, item) in document.rows.iter().zip(items) {
        let is_same = !item.is_free_item
            && item.item_code == current.item_code
            && item.pricing_rules == current.pricing_rules
            && row.is_rules_blank == is_blank;
        if is_same {
            sold += item.qty;
        }
    }
    sold
}
