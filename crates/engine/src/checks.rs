//! What `ERPNext` refuses once a document is computed, in its order.

use crate::{
    Cart,
    document::Document,
    masters::Masters,
    precision::Field,
    refusal::{CouponError, Refusal},
};

/// A sale's total cannot be below zero. This is asked before rules on the whole document work.
pub(crate) fn total<M: Masters>(document: &Document<'_, M>) -> Result<(), Refusal> {
    let invoice = &document.invoice;
    if !invoice.is_return && invoice.base_grand_total < 0.0 { Err(Refusal::NegativeTotal) } else { Ok(()) }
}

/// No batch is sold after its day. This, too, is asked after rules on the whole document.
fn batches<M: Masters>(document: &Document<'_, M>) -> Result<(), Refusal> {
    let today = document.context.posting_date;
    for (at, (row, item)) in document.rows.iter().zip(&document.invoice.items).enumerate() {
        let batch = row.good.item.batches.iter().find(|batch| batch.batch_no == item.batch_no);
        if item.qty > 0.0 && batch.and_then(|batch| batch.expiry_date).is_some_and(|expiry| expiry < today) {
            return Err(Refusal::BatchExpired { row: at + 1, batch_no: item.batch_no.clone() });
        }
    }
    Ok(())
}

/// What rows must be like. Sets `stock_qty` and the conversion factor of the stock UOM on the way, as the server does.
pub(crate) fn rows<M: Masters>(document: &mut Document<'_, M>) -> Result<(), Refusal> {
    batches(document)?;
    for item in &mut document.invoice.items {
        if item.uom == item.stock_uom {
            item.conversion_factor = 1.0;
        }
    }
    let not_sold = document.rows.iter().filter(|row| row.good.item.is_not_sold);
    let not_sold: Vec<String> = not_sold.map(|row| row.good.item.item_code.clone()).collect();
    if !not_sold.is_empty() {
        return Err(Refusal::NotSold { items: not_sold });
    }
    if !document.invoice.is_return {
        max_discount(document)?;
        selling_price(document)?;
    }
    for (at, item) in document.invoice.items.iter_mut().enumerate() {
        if item.conversion_factor == 0.0 {
            return Err(Refusal::ConversionFactor { row: at + 1 });
        }
        item.stock_qty = item.qty * item.conversion_factor;
    }
    Ok(())
}

/// A client's document says how it is paid; a cart at a counter is priced long before.
pub(crate) fn payment<M: Masters>(document: &Document<'_, M>, cart: &Cart) -> Result<(), Refusal> {
    if document.is_sent && cart.payments.is_empty() { Err(Refusal::NoPayment) } else { Ok(()) }
}

fn max_discount<M: Masters>(document: &Document<'_, M>) -> Result<(), Refusal> {
    for (row, item) in document.rows.iter().zip(&document.invoice.items) {
        let max = row.good.item.max_discount;
        if max != 0.0 && item.discount_percentage > max {
            return Err(Refusal::MaxDiscount { item_code: item.item_code.clone(), max });
        }
    }
    Ok(())
}

/// Selling Settings `validate_selling_price`: nothing goes below what it cost.
fn selling_price<M: Masters>(document: &Document<'_, M>) -> Result<(), Refusal> {
    if !document.tables.settings.validate_selling_price {
        return Ok(());
    }
    for (reference, is_for_stock) in [("last purchase rate", false), ("valuation rate (Moving Average)", true)] {
        for (at, (row, item)) in document.rows.iter().zip(&document.invoice.items).enumerate() {
            let good = &row.good.item;
            if item.is_free_item || (is_for_stock && !good.is_stock_item) {
                continue;
            }
            let cost = if is_for_stock { good.valuation_rate } else { good.last_purchase_rate };
            let factor = if item.conversion_factor == 0.0 { 1.0 } else { item.conversion_factor };
            let least = cost * factor;
            if item.base_net_rate < least {
                let item_name = item.item_name.clone();
                return Err(Refusal::SellingPrice { row: at + 1, item_name, reference, least });
            }
        }
    }
    Ok(())
}

/// UOM `must_be_whole_number`: stock units first, then the units that rows are sold in.
pub(crate) fn whole_numbers<M: Masters>(document: &Document<'_, M>) -> Result<(), Refusal> {
    let (precision, uoms) = (&document.precision, &document.tables.uoms);
    let is_whole = |uom: &str| uoms.iter().any(|entry| entry.must_be_whole_number && entry.name == uom);
    let items = document.invoice.items.iter().enumerate();
    let stock = items.clone().map(|(at, item)| (at, &item.stock_uom, item.stock_qty, Field::StockQty));
    let sold = items.map(|(at, item)| (at, &item.uom, item.qty, Field::Qty));
    for (at, uom, exact, field) in stock.chain(sold) {
        let qty = precision.round(field, exact);
        // The whole part of the exact number is another one where that lies just below a whole.
        if (exact.trunc() - qty).abs() > 0.000_000_1 && is_whole(uom) {
            return Err(Refusal::WholeNumber { row: at + 1, qty, uom: uom.clone() });
        }
    }
    Ok(())
}

/// Every mode of payment has an account, or the draft cannot be stored.
pub(crate) fn accounts<M: Masters>(document: &Document<'_, M>) -> Result<(), Refusal> {
    match document.invoice.payments.iter().find(|payment| payment.account.is_empty()) {
        Some(payment) if document.is_sent => {
            Err(Refusal::NoAccount { mode_of_payment: payment.mode_of_payment.clone() })
        }
        _ => Ok(()),
    }
}

/// Whether the coupon may be used. `ERPNext` asks whether a rule was applied with it nowhere.
pub(crate) fn coupon<M: Masters>(document: &Document<'_, M>) -> Result<(), CouponError> {
    let name = &document.invoice.coupon_code;
    if name.is_empty() {
        return Ok(());
    }
    let today = document.context.posting_date;
    let coupon = document.loader.masters().coupon(name).ok_or_else(|| CouponError::Unknown { name: name.clone() })?;
    if coupon.valid_from.is_some_and(|from| from > today) {
        Err(CouponError::NotStarted)
    } else if coupon.valid_upto.is_some_and(|upto| upto < today) {
        Err(CouponError::Expired)
    } else if coupon.maximum_use != 0 && coupon.used >= coupon.maximum_use {
        Err(CouponError::UsedUp)
    } else {
        Ok(())
    }
}
