//! Item values: rate, amount and discount of each line before any tax.

use super::{Basis, Calculation};
use crate::{
    details::tax_templates,
    invoice::{InvoiceItem, MarginType},
    precision::{Field, Precision},
};

impl Calculation<'_, '_, '_> {
    /// Sets rate, amounts and discount of every line from list price, discount, margin and quantity.
    pub(super) fn set_item_values(&mut self) {
        let precision = &self.basis.precision;
        let invoice = &mut *self.invoice;
        let conversion_rate = invoice.conversion_rate;
        for item in &mut invoice.items {
            round_fields(item, precision);
            set_rate_from_discount(item, precision);
            if item.price_list_rate != 0.0 && item.pricing_rules.is_some() && !invoice.ignore_pricing_rule {
                set_margin_from_rules(item, &invoice.currency, self.basis);
            }
            set_rate_from_margin(item, conversion_rate, precision);

            item.net_rate = item.rate;
            let quantity = if invoice.is_return && item.qty == 0.0 { -1.0 } else { item.qty };
            item.amount = precision.round(Field::Amount, item.rate * quantity);
            item.net_amount = item.amount;
            set_base_values(item, conversion_rate, precision);
        }
    }

    /// Replaces a tax template that the item does not allow at its net rate (slabs by price), and reads the rates.
    pub(super) fn check_item_tax_templates(&mut self) {
        let tables = self.basis.tables;
        let invoice = &mut *self.invoice;
        for (line, good) in invoice.items.iter_mut().zip(&self.basis.goods) {
            if !invoice.has_return_against && !line.item_tax_template.is_empty() {
                let rate = if line.base_net_rate == 0.0 { line.base_rate } else { line.base_net_rate };
                let (category, day) = (&invoice.tax_category, invoice.posting_date);
                let present = &line.item_tax_template;
                if let Some(other) = tax_templates::replacement(good, tables, category, day, rate, present) {
                    line.item_tax_template = other;
                }
            }
            let rates = tax_templates::rates(tables, &line.item_tax_template);
            if line.item_tax_rate != rates {
                line.item_tax_rate = rates.to_vec();
            }
        }
    }
}

fn round_fields(item: &mut InvoiceItem, precision: &Precision) {
    for (field, value) in [
        (Field::Qty, &mut item.qty),
        (Field::StockQty, &mut item.stock_qty),
        (Field::ConversionFactor, &mut item.conversion_factor),
        (Field::PriceListRate, &mut item.price_list_rate),
        (Field::MarginRateOrAmount, &mut item.margin_rate_or_amount),
        (Field::DiscountPercentage, &mut item.discount_percentage),
        (Field::RowDiscountAmount, &mut item.discount_amount),
        (Field::DistributedDiscountAmount, &mut item.distributed_discount_amount),
        (Field::Rate, &mut item.rate),
        (Field::WeightPerUnit, &mut item.weight_per_unit),
        (Field::TotalWeight, &mut item.total_weight),
    ] {
        *value = precision.round(field, *value);
    }
}

fn set_rate_from_discount(item: &mut InvoiceItem, precision: &Precision) {
    let has_rules = item.pricing_rules.is_some();
    if item.discount_percentage == 100.0 {
        item.rate = 0.0;
    } else if item.price_list_rate != 0.0 {
        if item.rate == 0.0 || (has_rules && item.discount_percentage > 0.0) {
            let rate = item.price_list_rate * (1.0 - (item.discount_percentage / 100.0));
            item.rate = precision.round(Field::Rate, rate);
            item.discount_amount = item.price_list_rate * (item.discount_percentage / 100.0);
        } else if item.discount_amount != 0.0 && has_rules {
            item.rate = item.price_list_rate - item.discount_amount;
        }
    }
}

/// The margin of the last rule that has one; without any the row loses its own.
fn set_margin_from_rules(item: &mut InvoiceItem, currency: &str, basis: &Basis<'_, '_>) {
    let margin = item
        .pricing_rules
        .as_deref()
        .unwrap_or_default()
        .iter()
        .rev()
        .find_map(|name| (basis.find_rule)(name)?.margin_in(currency).filter(|margin| margin.value != 0.0));
    item.margin_type = margin.map(|margin| margin.margin_type);
    item.margin_rate_or_amount = margin.map_or(0.0, |margin| margin.value);
}

fn set_rate_from_margin(item: &mut InvoiceItem, conversion_rate: f64, precision: &Precision) {
    let (mut with_margin, mut base_with_margin) = (0.0, 0.0);
    if item.price_list_rate != 0.0 {
        if item.pricing_rules.is_none() && item.rate > item.price_list_rate {
            item.margin_type = Some(MarginType::Amount);
            item.margin_rate_or_amount = precision.round(Field::MarginRateOrAmount, item.rate - item.price_list_rate);
        } else if let Some(margin_type) = item.margin_type.filter(|_| item.margin_rate_or_amount != 0.0) {
            let margin = match margin_type {
                MarginType::Amount => item.margin_rate_or_amount,
                MarginType::Percentage => item.price_list_rate * item.margin_rate_or_amount / 100.0,
            };
            with_margin = item.price_list_rate + margin;
            base_with_margin = with_margin * conversion_rate;
        }
    }
    item.rate_with_margin = with_margin;
    item.base_rate_with_margin = base_with_margin;
    if with_margin > 0.0 {
        item.rate = precision.round(Field::Rate, with_margin * (1.0 - (item.discount_percentage / 100.0)));
        if item.discount_amount != 0.0 && item.discount_percentage == 0.0 {
            item.rate = with_margin - item.discount_amount;
        } else {
            item.discount_amount = with_margin - item.rate;
        }
    } else if item.price_list_rate > 0.0 {
        item.discount_amount = item.price_list_rate - item.rate;
    }
}

/// What net rate and amount are in the company's currency.
pub(super) fn set_base_net_values(item: &mut InvoiceItem, conversion_rate: f64, precision: &Precision) {
    item.base_net_rate = precision.to_base(Field::NetRate, Field::BaseNetRate, item.net_rate, conversion_rate);
    item.base_net_amount = precision.to_base(Field::NetAmount, Field::BaseNetAmount, item.net_amount, conversion_rate);
}

fn set_base_values(item: &mut InvoiceItem, conversion_rate: f64, precision: &Precision) {
    for (field, base_field, value, base) in [
        (Field::PriceListRate, Field::BasePriceListRate, item.price_list_rate, &mut item.base_price_list_rate),
        (Field::Rate, Field::BaseRate, item.rate, &mut item.base_rate),
        (Field::Amount, Field::BaseAmount, item.amount, &mut item.base_amount),
    ] {
        *base = precision.to_base(field, base_field, value, conversion_rate);
    }
    set_base_net_values(item, conversion_rate, precision);
}
