//! Item values: rate, amount and discount of each line before any tax.

use super::{Calculation, Precision};
use crate::{
    details,
    invoice::{InvoiceItem, MarginType},
    masters::Masters,
};

impl<M: Masters> Calculation<'_, M> {
    /// Sets rate, amounts and discount of every line from list price, discount, margin and quantity.
    pub(super) fn set_item_values(&mut self) {
        let precision = Precision(&self.tables.settings);
        let is_return = self.invoice.is_return;
        let conversion_rate = self.invoice.conversion_rate;
        for item in &mut self.invoice.items {
            round_fields(item, precision);
            set_rate_from_discount(item, precision);
            set_rate_from_margin(item, conversion_rate, precision);

            item.net_rate = item.rate;
            let quantity = if is_return && item.qty == 0.0 { -1.0 } else { item.qty };
            item.amount = precision.money(item.rate * quantity);
            item.net_amount = item.amount;
            set_base_values(item, conversion_rate, precision);
        }
    }

    /// Replaces a tax template that the item does not allow at its net rate (slabs by price), and reads the rates.
    pub(super) fn check_item_tax_templates(&mut self) {
        for index in 0..self.invoice.items.len() {
            let line = &self.invoice.items[index];
            let may_change = !self.invoice.has_return_against && !line.item_tax_template.is_empty();
            let replacement = self.item(&line.item_code).filter(|_| may_change).and_then(|item| {
                let allowed = details::allowed_tax_templates(
                    &item,
                    &self.tables,
                    &self.invoice.tax_category,
                    self.invoice.posting_date,
                    line.base_net_rate,
                );
                let is_allowed = allowed.is_empty() || allowed.contains(&line.item_tax_template);
                (!is_allowed).then(|| allowed[0].clone())
            });
            let line = &mut self.invoice.items[index];
            if let Some(template) = replacement {
                line.item_tax_template = template;
            }
            line.item_tax_rate = details::item_tax_rate(&self.tables, &line.item_tax_template);
        }
    }
}

fn round_fields(item: &mut InvoiceItem, precision: Precision<'_>) {
    for float in [&mut item.qty, &mut item.stock_qty, &mut item.conversion_factor, &mut item.margin_rate_or_amount] {
        *float = precision.float(*float);
    }
    item.discount_percentage = precision.percentage(item.discount_percentage);
    for money in [
        &mut item.price_list_rate,
        &mut item.rate,
        &mut item.discount_amount,
        &mut item.distributed_discount_amount,
        &mut item.rate_with_margin,
        &mut item.base_rate_with_margin,
        &mut item.net_rate,
        &mut item.net_amount,
    ] {
        *money = precision.money(*money);
    }
}

fn has_rules(item: &InvoiceItem) -> bool {
    item.pricing_rules.is_some()
}

fn set_rate_from_discount(item: &mut InvoiceItem, precision: Precision<'_>) {
    if item.discount_percentage == 100.0 {
        item.rate = 0.0;
    } else if item.price_list_rate != 0.0 {
        if item.rate == 0.0 || (has_rules(item) && item.discount_percentage > 0.0) {
            item.rate = precision.money(item.price_list_rate * (1.0 - (item.discount_percentage / 100.0)));
            item.discount_amount = item.price_list_rate * (item.discount_percentage / 100.0);
        } else if item.discount_amount != 0.0 && has_rules(item) {
            item.rate = item.price_list_rate - item.discount_amount;
        }
    }
}

fn set_rate_from_margin(item: &mut InvoiceItem, conversion_rate: f64, precision: Precision<'_>) {
    let (mut with_margin, mut base_with_margin) = (0.0, 0.0);
    if item.price_list_rate != 0.0 {
        if !has_rules(item) && item.rate > item.price_list_rate {
            item.margin_type = Some(MarginType::Amount);
            item.margin_rate_or_amount = precision.float(item.rate - item.price_list_rate);
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
        item.rate = precision.money(with_margin * (1.0 - (item.discount_percentage / 100.0)));
        if item.discount_amount != 0.0 && item.discount_percentage == 0.0 {
            item.rate = with_margin - item.discount_amount;
        } else {
            item.discount_amount = with_margin - item.rate;
        }
    } else if item.price_list_rate > 0.0 {
        item.discount_amount = item.price_list_rate - item.rate;
    }
}

fn set_base_values(item: &mut InvoiceItem, conversion_rate: f64, precision: Precision<'_>) {
    let base = |value: f64| precision.money(precision.money(value) * conversion_rate);
    item.base_price_list_rate = base(item.price_list_rate);
    item.base_rate = base(item.rate);
    item.base_net_rate = base(item.net_rate);
    item.base_amount = base(item.amount);
    item.base_net_amount = base(item.net_amount);
}
