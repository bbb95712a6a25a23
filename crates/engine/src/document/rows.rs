//! Rows as they come in: from a client, from a counter, from the invoice that a return gives back.

use super::{Document, Nulls, Row};
use crate::{
    Cart, Invoice, InvoiceItem, Line,
    cart::SentLine,
    details::{
        batches,
        prices::{self, PriceQuery},
    },
    goods::Good,
    invoice::InvoiceTax,
    masters::{ChargeType, Masters},
    precision::Field,
    refusal::Refusal,
};

impl<'m, M: Masters> Document<'m, M> {
    /// Takes the cart's lines in.
    pub(crate) fn add_lines(&mut self, cart: &Cart) -> Result<(), Refusal> {
        if cart.lines.is_empty() {
            return Err(Refusal::Empty);
        }
        for (at, line) in cart.lines.iter().enumerate() {
            self.check_quantity(at, line)?;
            let good = self.good(&line.item_code)?;
            let original = cart.return_against.as_deref().and_then(|original| {
                let row = *cart.return_rows.get(at)?;
                original.items.get(row).map(|item| (row, item))
            });
            let (item, nulls) = match (original, &cart.sent) {
                (Some((row, sold)), _) => (returned(line, row, sold, at)?, Nulls::default()),
                (None, Some(_)) => self.sent_row(line, &good),
                (None, None) => (self.counter_row(line, &good), Nulls::default()),
            };
            self.push(item, Row { good, source: Some(at), nulls, is_rules_blank: false });
        }
        Ok(())
    }

    fn check_quantity(&self, at: usize, line: &Line) -> Result<(), Refusal> {
        let (row, item_code) = (at + 1, || line.item_code.clone());
        if line.qty == 0.0 || !line.qty.is_finite() {
            Err(Refusal::ZeroQuantity { row, item_code: item_code() })
        } else if line.qty > 0.0 && self.invoice.is_return {
            Err(Refusal::PositiveInReturn { row, item_code: item_code() })
        } else {
            Ok(())
        }
    }

    /// A row as a client sends it: what it left out is null.
    fn sent_row(&self, line: &Line, good: &Good<'m>) -> (InvoiceItem, Nulls) {
        let nothing = SentLine::default();
        let sent = line.sent.as_deref().unwrap_or(&nothing);
        let mut item = self.new_row(line, good);
        item.conversion_factor = finite(sent.conversion_factor);
        item.price_list_rate = finite(sent.price_list_rate);
        item.rate = finite(line.rate);
        let percentage = sent.discount_percentage.or(Some(line.discount_percentage).filter(|value| *value != 0.0));
        item.discount_percentage = finite(percentage);
        item.discount_amount = finite(sent.discount_amount);
        item.margin_type = sent.margin_type;
        item.margin_rate_or_amount = finite(sent.margin_rate_or_amount);
        item.item_tax_template = sent.item_tax_template.clone().unwrap_or_default();
        item.pricing_rules.clone_from(&sent.pricing_rules);
        // A batch of another item is forgotten, and one of this item's chosen.
        let batches = &good.item.batches;
        if !batches.is_empty() && !batches.iter().any(|batch| batch.batch_no == item.batch_no) {
            item.batch_no.clear();
        }
        if !sent.warehouse.is_empty() {
            item.warehouse.clone_from(&sent.warehouse);
        }
        let nulls = Nulls {
            price_list_rate: sent.price_list_rate.is_none(),
            rate: line.rate.is_none(),
            discount_percentage: percentage.is_none(),
            discount_amount: sent.discount_amount.is_none(),
            margin_rate_or_amount: sent.margin_rate_or_amount.is_none(),
            conversion_factor: item.conversion_factor == 0.0,
            item_tax_template: sent.item_tax_template.is_none(),
            warehouse: false,
            // The doctype has a default for it: no.
            grant_commission: false,
            details: true,
        };
        (item, nulls)
    }

    /// A row as `ERPNext`'s own screen would send it: with list price, rate and discounts, be they zero.
    fn counter_row(&self, line: &Line, good: &Good<'m>) -> InvoiceItem {
        let mut item = self.new_row(line, good);
        item.conversion_factor = self.conversion_factor(good, &item.uom, 0.0);
        item.stock_qty = item.qty * item.conversion_factor;
        item.rate = finite(line.rate);
        item.discount_percentage = finite(Some(line.discount_percentage));
        item.grant_commission = good.item.grant_commission;
        if item.batch_no.is_empty() {
            item.batch_no = self.chosen_batch(good, &item).unwrap_or_default().to_owned();
        }
        let found = self.find_price(good, &item).unwrap_or(0.0);
        item.price_list_rate = self.precision.round(Field::PriceListRate, found);
        item.item_tax_template = self.chosen_tax_template(good, &item).unwrap_or_default();
        item
    }

    fn new_row(&self, line: &Line, good: &Good<'m>) -> InvoiceItem {
        let item = &good.item;
        let uom = [&line.uom, &item.sales_uom, &item.stock_uom].into_iter().find(|uom| !uom.is_empty());
        let mut row = InvoiceItem {
            qty: line.qty,
            uom: uom.cloned().unwrap_or_default(),
            warehouse: self.tables.profile.warehouse.clone(),
            batch_no: line.batch_no.clone(),
            serial_nos: line.serial_nos.clone(),
            ..InvoiceItem::default()
        };
        describe(&mut row, good);
        row
    }

    /// Stock units in one `uom`: 1 in the stock UOM, else as sent, else as the masters say.
    pub(super) fn conversion_factor(&self, good: &Good<'m>, uom: &str, sent: f64) -> f64 {
        if uom == good.item.stock_uom {
            1.0
        } else if sent != 0.0 {
            sent
        } else {
            good.conversion_factor(uom, self.tables)
        }
    }

    /// The list price of a row in the document's currency, not rounded.
    pub(super) fn find_price(&self, good: &Good<'m>, item: &InvoiceItem) -> Option<f64> {
        let query = PriceQuery {
            price_list: &self.invoice.selling_price_list,
            uom: &item.uom,
            conversion_factor: item.conversion_factor,
            qty: item.qty,
            customer: &self.invoice.customer,
            batch_no: &item.batch_no,
            date: self.context.posting_date,
        };
        let price = prices::list_price(good, &query, &self.new_prices)?;
        let list = self.precision.round(Field::PlcConversionRate, self.invoice.plc_conversion_rate);
        let document = self.precision.round(Field::ConversionRate, self.invoice.conversion_rate);
        Some(price * list / document).filter(|rate| rate.is_finite())
    }

    /// The batch that a row gets by itself, from what other rows leave.
    pub(super) fn chosen_batch<'a>(&self, good: &'a Good<'m>, item: &InvoiceItem) -> Option<&'a str> {
        let settings = &self.tables.settings;
        if !good.item.has_batch_no || !settings.picks_batches || item.stock_qty <= 0.0 {
            return None;
        }
        let taken = self.invoice.items.iter().filter(|row| !row.batch_no.is_empty());
        let taken = taken.map(|row| batches::Taken { batch_no: &row.batch_no, qty: row.qty });
        batches::choose_batch(&good.item, settings.batch_order, self.context.posting_date, item.stock_qty, &taken)
    }

    /// What is given back keeps currency, rates and taxes of the sale; what was fixed for the whole sale comes back in the
    /// share of what is given back.
    pub(super) fn set_from_original(&mut self, original: &Invoice, cart: &Cart) {
        let share = returned_share(original, cart);
        let part = |value: f64| if share == 1.0 { value } else { value * share };
        let invoice = &mut self.invoice;
        invoice.currency.clone_from(&original.currency);
        invoice.conversion_rate = original.conversion_rate;
        invoice.plc_conversion_rate = original.plc_conversion_rate;
        invoice.price_list_currency.clone_from(&original.price_list_currency);
        invoice.selling_price_list.clone_from(&original.selling_price_list);
        invoice.tax_category.clone_from(&original.tax_category);
        invoice.taxes_and_charges.clone_from(&original.taxes_and_charges);
        invoice.apply_discount_on.clone_from(&original.apply_discount_on);
        if cart.discount.is_none() {
            invoice.additional_discount_percentage = original.additional_discount_percentage;
            let amount = self.precision.round(Field::DiscountAmount, -part(original.discount_amount));
            invoice.discount_amount = amount;
        }
        let precision = &self.precision;
        let row = |tax: &InvoiceTax| InvoiceTax {
            charge_type: tax.charge_type,
            row_id: tax.row_id,
            account_head: tax.account_head.clone(),
            description: tax.description.clone(),
            rate: tax.rate,
            tax_amount: match tax.charge_type {
                ChargeType::Actual => precision.round(Field::TaxAmount, -part(tax.tax_amount)),
                _ => 0.0,
            },
            included_in_print_rate: tax.included_in_print_rate,
            ..InvoiceTax::default()
        };
        invoice.taxes = original.taxes.iter().map(row).collect();
    }
}

/// The part of a sale that a return gives back, by amount.
fn returned_share(original: &Invoice, cart: &Cart) -> f64 {
    let mut returned = 0.0;
    let mut is_whole = original.items.len() == cart.return_rows.len();
    for (line, row) in cart.lines.iter().zip(&cart.return_rows) {
        if let Some(sold) = original.items.get(*row) {
            is_whole &= line.qty == -sold.qty;
            returned += -line.qty * sold.rate;
        }
    }
    let share = returned / original.total;
    if is_whole || !share.is_finite() { 1.0 } else { share.clamp(0.0, 1.0) }
}

/// The row of a return: the row that was sold, the other way round, without its rules.
fn returned(line: &Line, row: usize, sold: &InvoiceItem, at: usize) -> Result<InvoiceItem, Refusal> {
    let stock_qty = line.qty * sold.conversion_factor;
    if stock_qty.abs() > sold.stock_qty.abs() {
        let item_code = sold.item_code.clone();
        return Err(Refusal::OverReturn { row: at + 1, max: sold.stock_qty, item_code });
    }
    let mut item = InvoiceItem {
        qty: line.qty,
        stock_qty,
        pricing_rules: None,
        returned_row: Some(row),
        distributed_discount_amount: 0.0,
        ..sold.clone()
    };
    // A rate of zero would be filled in from the list price again.
    if item.rate == 0.0 && item.price_list_rate != 0.0 {
        item.discount_percentage = 100.0;
    }
    if !line.serial_nos.is_empty() {
        item.serial_nos.clone_from(&line.serial_nos);
    }
    Ok(item)
}

/// Fills what follows from the item alone.
pub(super) fn describe(row: &mut InvoiceItem, good: &Good<'_>) {
    let item = &good.item;
    row.item_code.clone_from(&item.item_code);
    row.item_name.clone_from(&item.item_name);
    row.item_group.clone_from(&item.item_group);
    row.brand.clone_from(&item.brand);
    row.stock_uom.clone_from(&item.stock_uom);
}

/// A number that a client may have left out or got wrong.
fn finite(value: Option<f64>) -> f64 {
    value.filter(|value| value.is_finite()).unwrap_or(0.0)
}
