//! Free items (`price_or_product_discount` = Product).

use crate::{
    details,
    invoice::InvoiceItem,
    masters::{FreeItem, Masters, PricingRule, RuleEffect},
    price::Priced,
};

/// Adds what a line's rule gives, or updates the row that an earlier line of the same rule made.
pub(super) fn add_for_line(priced: &mut Priced, index: usize, rule: &PricingRule, masters: &impl Masters) {
    let RuleEffect::Product(free) = &rule.effect else {
        return;
    };
    let line = &priced.invoice.items[index];
    let item_code = if free.same_item { line.item_code.clone() } else { free.free_item.clone() };
    // Rows of the same item that carry the very same rules count together.
    let mut sold = 0.0;
    for row in &priced.invoice.items {
        if !row.is_free_item && row.item_code == line.item_code && row.pricing_rules == line.pricing_rules {
            sold += row.qty;
        }
    }
    put(priced, &item_code, free_qty(free, sold), rule, free, masters);
}

/// Adds what a rule on the document gives.
pub(super) fn add_for_document(priced: &mut Priced, rule: &PricingRule, masters: &impl Masters) {
    let RuleEffect::Product(free) = &rule.effect else {
        return;
    };
    put(priced, &free.free_item, free_qty(free, 0.0), rule, free, masters);
}

fn free_qty(free: &FreeItem, sold: f64) -> f64 {
    let each = if free.free_qty == 0.0 { 1.0 } else { free.free_qty };
    let counted = sold - free.apply_recursion_over;
    if free.recurse_for == 0.0 || counted <= 0.0 {
        each
    } else if free.round_free_qty {
        (counted / free.recurse_for).floor() * each
    } else {
        counted * each / free.recurse_for
    }
}

fn put(priced: &mut Priced, item_code: &str, qty: f64, rule: &PricingRule, free: &FreeItem, masters: &impl Masters) {
    let Some(item) = masters.item(item_code).filter(|_| qty != 0.0) else {
        return;
    };
    let tables = masters.tables();
    let rules = Some(vec![rule.name.clone()]);
    let mut row = InvoiceItem {
        qty,
        stock_qty: qty,
        conversion_factor: 1.0,
        uom: item.stock_uom.clone(),
        price_list_rate: free.free_item_rate,
        rate: free.free_item_rate,
        pricing_rules: rules,
        is_free_item: true,
        item_tax_template: details::tax_template(
            &item,
            tables,
            &priced.invoice.tax_category,
            priced.invoice.posting_date,
        ),
        warehouse: tables.profile.warehouse.clone(),
        ..InvoiceItem::default()
    };
    details::describe(&mut row, &item);
    let existing = priced.invoice.items.iter().position(|other| {
        other.is_free_item && other.item_code == row.item_code && other.pricing_rules == row.pricing_rules
    });
    if let Some(at) = existing {
        priced.invoice.items[at] = row;
    } else {
        priced.invoice.items.push(row);
        priced.sources.push(None);
    }
}
