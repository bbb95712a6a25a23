//! The document's discount, distributed over the items so that no cent is lost.

use super::{Calculation, items::set_base_net_values};
use crate::{masters::ChargeType, precision::Field, refusal::Refusal};

impl Calculation<'_, '_, '_> {
    /// `additional_discount_percentage` becomes `discount_amount`.
    pub(super) fn derive_discount_from_percentage(&mut self) {
        let invoice = &mut *self.invoice;
        if invoice.additional_discount_percentage != 0.0 {
            let total = match invoice.apply_discount_on.as_str() {
                "Grand Total" => invoice.grand_total,
                "Net Total" => invoice.net_total,
                _ => 0.0,
            };
            let discount = total * invoice.additional_discount_percentage / 100.0;
            invoice.discount_amount = self.basis.precision.round(Field::DiscountAmount, discount);
        }
    }

    /// Takes the discount off the net amounts; says whether there was anything to do.
    pub(super) fn distribute_discount(&mut self) -> Result<bool, Refusal> {
        if self.invoice.discount_amount == 0.0 {
            self.invoice.base_discount_amount = 0.0;
            return Ok(false);
        }
        if self.invoice.apply_discount_on.is_empty() {
            return Err(Refusal::ApplyDiscountOn);
        }
        let distributable = self.distributable_total();
        let precision = &self.basis.precision;
        let invoice = &mut *self.invoice;
        let (discount, rate) = (invoice.discount_amount, invoice.conversion_rate);
        invoice.base_discount_amount = precision.round(Field::BaseDiscountAmount, discount * rate);
        if distributable == 0.0 {
            return Ok(false);
        }
        let (mut net_total, mut expected_total) = (0.0, 0.0);
        for item in &mut invoice.items {
            let distributed = (discount * item.net_amount) / distributable;
            let adjusted = item.net_amount - distributed;
            expected_total += adjusted;
            item.net_amount = precision.round(Field::NetAmount, adjusted);
            item.distributed_discount_amount = precision.round(Field::DistributedDiscountAmount, distributed);
            net_total += item.net_amount;
            let loss = precision.round(Field::NetTotal, expected_total - net_total);
            if loss != 0.0 {
                item.net_amount = precision.round(Field::NetAmount, item.net_amount + loss);
                // ERPNext adds the loss here too, where one would expect it to be taken off.
                item.distributed_discount_amount =
                    precision.round(Field::DistributedDiscountAmount, distributed + loss);
                net_total += loss;
            }
            item.net_rate =
                if item.qty == 0.0 { 0.0 } else { precision.round(Field::NetRate, item.net_amount / item.qty) };
            set_base_net_values(item, rate, precision);
        }
        Ok(true)
    }

    /// The part of the total that shrinks with the net amounts.
    fn distributable_total(&self) -> f64 {
        let invoice = &self.invoice;
        if invoice.apply_discount_on == "Net Total" || invoice.taxes.is_empty() {
            return invoice.net_total;
        }
        self.total_for_discount.unwrap_or(invoice.grand_total) - self.fixed_taxes()
    }

    /// Taxes that do not depend on the net amounts: Actual, On Item Quantity, and what refers to such rows.
    fn fixed_taxes(&self) -> f64 {
        let mut sum = 0.0;
        // The amount and the running sum at each collected row.
        let mut collected: Vec<Option<(f64, f64)>> = Vec::with_capacity(self.invoice.taxes.len());
        for tax in &self.invoice.taxes {
            let referred = tax
                .row_id
                .and_then(|id| usize::from(id).checked_sub(1))
                .and_then(|at| collected.get(at).copied().flatten());
            let amount = match (tax.charge_type, referred) {
                (ChargeType::Actual | ChargeType::OnItemQuantity, _) => Some(tax.tax_amount),
                (ChargeType::OnPreviousRowAmount, Some((amount, _))) => Some(amount * tax.rate / 100.0),
                (_, Some((_, running))) => Some(running * tax.rate / 100.0),
                (_, None) => None,
            };
            collected.push(amount.map(|amount| {
                sum += amount;
                (amount, sum)
            }));
        }
        sum
    }
}
