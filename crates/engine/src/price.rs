//! The engine's one door.

use crate::{
    Cart, Context, Discount, Line,
    details::{self, PriceQuery},
    invoice::{Invoice, InvoiceItem, InvoiceTax},
    masters::{Customer, Masters, PosProfile, Tables},
    payments, rules, totals,
};
use std::borrow::Cow;

/// A priced cart: the invoice as `ERPNext` would compute it, and why `ERPNext` would refuse it, if it would.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Priced {
    /// The invoice. Of a refused cart it holds what could be computed, for the screen.
    pub invoice: Invoice,
    /// The first reason to refuse; `None` if the cart can be sold once it is paid.
    pub refusal: Option<Refusal>,
    /// For each line of `invoice.items` the cart's line it came from; `None` for free items.
    pub sources: Vec<Option<usize>>,
}

/// Why `ERPNext` would not take the document. The texts are what its own screens say, as far as it says something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
    /// A quantity is zero, or has the wrong sign.
    #[error("Item {item_code}: quantity is not allowed")]
    Quantity {
        /// Which one.
        item_code: String,
    },
    /// A UOM is sold in whole numbers only (UOM `must_be_whole_number`).
    #[error("Quantity cannot be a fraction. {uom} must be a whole number")]
    WholeNumber {
        /// The UOM.
        uom: String,
    },
    /// Several rules of the same priority apply (`MultiplePricingRuleConflict`).
    #[error(
        "Multiple Price Rules exists with same criteria, please resolve conflict by assigning priority. Price Rules: {rules}"
    )]
    RuleConflict {
        /// Their names, in `ERPNext`'s order.
        rules: String,
    },
    /// There is no rate between two currencies.
    #[error("Unable to find exchange rate for {from} to {to}")]
    NoExchangeRate {
        /// From this currency.
        from: String,
        /// To this one.
        to: String,
    },
    /// The total came out below zero.
    #[error("Total amount cannot be negative")]
    NegativeTotal,
}

/// Prices a cart: what `ERPNext` would book for it under the profile of `masters`, on that day.
///
/// Pure and total: the same arguments give the same bits on every machine, and no cart makes it fail.
pub fn price(cart: &Cart, masters: &impl Masters, context: &Context) -> Priced {
    let mut priced = Priced::default();
    if let Err(refusal) = fill(cart, masters, *context, &mut priced) {
        priced.refusal = Some(refusal);
        return priced;
    }
    totals::calculate(&mut priced.invoice, masters);
    rules::apply_to_transaction(&mut priced, masters);
    payments::settle(&mut priced.invoice, &cart.payments, masters.tables());
    if !priced.invoice.is_return && priced.invoice.base_grand_total < 0.0 {
        priced.refusal = priced.refusal.or(Some(Refusal::NegativeTotal));
    }
    priced
}

fn fill(cart: &Cart, masters: &impl Masters, context: Context, priced: &mut Priced) -> Result<(), Refusal> {
    priced.invoice = header(cart, masters, context)?;
    if cart.lines.is_empty() {
        return Err(Refusal::Empty);
    }
    for (index, line) in cart.lines.iter().enumerate() {
        let item = new_line(line, &priced.invoice, masters)?;
        priced.invoice.items.push(item);
        priced.sources.push(Some(index));
    }
    if !priced.invoice.ignore_pricing_rule && !priced.invoice.is_return {
        rules::apply_to_lines(priced, masters)?;
    }
    check_whole_numbers(&priced.invoice, masters.tables())
}

/// The document before its lines: what profile and customer decide.
fn header(cart: &Cart, masters: &impl Masters, context: Context) -> Result<Invoice, Refusal> {
    let tables = masters.tables();
    let profile = &tables.profile;
    let customer_name = if cart.customer.is_empty() { &profile.customer } else { &cart.customer };
    // A name that the catalogue lacks is sold to under the profile's own terms.
    let customer = masters.customer(customer_name).unwrap_or_else(|| Cow::Owned(Customer::default()));
    let currency = if profile.currency.is_empty() { &tables.company.default_currency } else { &profile.currency };
    let selling_price_list = price_list(&customer.default_price_list, &customer.customer_group, tables, profile);
    let list_currency =
        tables.price_lists.iter().find(|list| list.name == selling_price_list).map_or(currency, |l| &l.currency);
    let (percentage, amount) = match cart.discount {
        Some(Discount::Percentage(value)) => (value, 0.0),
        Some(Discount::Amount(value)) => (0.0, value),
        None => (0.0, 0.0),
    };
    Ok(Invoice {
        customer: customer_name.clone(),
        posting_date: context.posting_date,
        currency: currency.clone(),
        conversion_rate: exchange_rate(tables, currency, context)?,
        plc_conversion_rate: exchange_rate(tables, list_currency, context)?,
        selling_price_list: selling_price_list.to_owned(),
        tax_category: if customer.tax_category.is_empty() {
            profile.tax_category.clone()
        } else {
            customer.tax_category.clone()
        },
        taxes_and_charges: profile.taxes_and_charges.clone(),
        is_return: cart.return_against.is_some() || cart.lines.iter().any(|line| line.qty < 0.0),
        has_return_against: cart.return_against.is_some(),
        ignore_pricing_rule: profile.ignore_pricing_rule,
        taxes: tax_rows(tables, &profile.taxes_and_charges),
        apply_discount_on: profile.apply_discount_on.clone(),
        additional_discount_percentage: percentage,
        discount_amount: amount,
        ..Invoice::default()
    })
}

/// The customer's price list, else the customer group's, else the profile's.
fn price_list<'a>(own: &'a str, group: &str, tables: &'a Tables, profile: &'a PosProfile) -> &'a str {
    let of_group = || {
        tables.customer_groups.iter().find(|entry| entry.name == group).map_or("", |e| e.default_price_list.as_str())
    };
    [own, of_group(), &profile.selling_price_list].into_iter().find(|name| !name.is_empty()).unwrap_or_default()
}

/// The rate from a currency to the company's: 1 for its own, else the newest Currency Exchange of the day.
fn exchange_rate(tables: &Tables, currency: &str, context: Context) -> Result<f64, Refusal> {
    let company = &tables.company.default_currency;
    if currency == company {
        return Ok(1.0);
    }
    tables
        .exchange_rates
        .iter()
        .filter(|row| row.from_currency == currency && row.to_currency == *company)
        .filter(|row| row.date <= context.posting_date)
        .max_by_key(|row| row.date)
        .map(|row| row.exchange_rate)
        .ok_or_else(|| Refusal::NoExchangeRate { from: currency.to_owned(), to: company.clone() })
}

fn tax_rows(tables: &Tables, template: &str) -> Vec<InvoiceTax> {
    let rows = tables.taxes_templates.iter().find(|entry| entry.name == template).map(|entry| entry.taxes.as_slice());
    rows.unwrap_or_default()
        .iter()
        .map(|row| InvoiceTax {
            charge_type: row.charge_type,
            row_id: row.row_id,
            account_head: row.account_head.clone(),
            description: row.description.clone(),
            rate: row.rate,
            tax_amount: row.tax_amount,
            included_in_print_rate: row.included_in_print_rate,
            ..InvoiceTax::default()
        })
        .collect()
}

fn new_line(line: &Line, invoice: &Invoice, masters: &impl Masters) -> Result<InvoiceItem, Refusal> {
    let tables = masters.tables();
    let item_code = || line.item_code.clone();
    let item = masters.item(&line.item_code).ok_or_else(|| Refusal::UnknownItem { item_code: item_code() })?;
    if item.has_variants {
        return Err(Refusal::Template { item_code: item_code() });
    }
    if line.qty == 0.0 || !line.qty.is_finite() || (line.qty < 0.0) != invoice.is_return {
        return Err(Refusal::Quantity { item_code: item_code() });
    }
    let uom = [&line.uom, &item.sales_uom, &item.stock_uom].into_iter().find(|uom| !uom.is_empty());
    let uom = uom.cloned().unwrap_or_default();
    let conversion_factor = details::conversion_factor(&item, &uom, tables);
    let query = PriceQuery {
        price_list: &invoice.selling_price_list,
        uom: &uom,
        conversion_factor,
        qty: line.qty,
        customer: &invoice.customer,
        batch_no: &line.batch_no,
        date: invoice.posting_date,
    };
    let list_price = details::list_price(&item, &query, masters).unwrap_or(0.0);
    let mut row = InvoiceItem {
        qty: line.qty,
        stock_qty: line.qty * conversion_factor,
        conversion_factor,
        price_list_rate: list_price * invoice.plc_conversion_rate / invoice.conversion_rate,
        rate: line.rate.unwrap_or(0.0),
        discount_percentage: line.discount_percentage,
        item_tax_template: details::tax_template(&item, tables, &invoice.tax_category, invoice.posting_date),
        warehouse: tables.profile.warehouse.clone(),
        batch_no: line.batch_no.clone(),
        serial_nos: line.serial_nos.clone(),
        uom,
        ..InvoiceItem::default()
    };
    details::describe(&mut row, &item);
    Ok(row)
}

fn check_whole_numbers(invoice: &Invoice, tables: &Tables) -> Result<(), Refusal> {
    let is_whole = |uom: &str| tables.uoms.iter().any(|entry| entry.name == uom && entry.must_be_whole_number);
    let precision = totals::Precision::new(&tables.settings);
    for item in &invoice.items {
        for (uom, qty) in [(&item.uom, item.qty), (&item.stock_uom, item.stock_qty)] {
            if is_whole(uom) && precision.float(qty).fract() != 0.0 {
                return Err(Refusal::WholeNumber { uom: uom.clone() });
            }
        }
    }
    Ok(())
}
