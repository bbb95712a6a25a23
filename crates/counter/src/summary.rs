//! What a receipt says about a sale beyond its rows: taxes by rate, what was saved, which rule took something off.

use holdfast_engine::{Invoice, InvoiceItem, InvoiceTax, rounding::decimal_round};

/// One tax at one rate.
#[derive(Clone, Debug, PartialEq)]
pub struct TaxAtRate {
    /// The tax's description.
    pub description: String,
    /// In percent.
    pub rate: f64,
    /// The net amount of the items that carry it.
    pub net: f64,
    /// The tax on it.
    pub tax: f64,
}

/// The taxes of an invoice by rate, in the order of their rows. The taxes of a row add up to what the row says to the last
/// digit: where the items' shares were rounded, the last rate takes the difference. Taxes without rates (delivery charges, a
/// fee for each piece) have no place in it.
pub fn taxes_by_rate(invoice: &Invoice, places: u8) -> Vec<TaxAtRate> {
    invoice.taxes.iter().flat_map(|tax| at_rates(invoice, tax, places)).collect()
}

fn at_rates(invoice: &Invoice, tax: &InvoiceTax, places: u8) -> Vec<TaxAtRate> {
    let mut rates: Vec<TaxAtRate> = Vec::new();
    for detail in tax.item_wise_tax_detail.iter().filter(|detail| detail.rate != 0.0) {
        let net: f64 =
            invoice.items.iter().filter(|item| item.item_code == detail.item_code).map(|item| item.net_amount).sum();
        // The details are in the company's currency.
        let amount =
            if invoice.conversion_rate == 0.0 { detail.amount } else { detail.amount / invoice.conversion_rate };
        match rates.iter_mut().find(|other| other.rate == detail.rate) {
            Some(other) => {
                other.net += net;
                other.tax += amount;
            }
            None => rates.push(TaxAtRate { description: tax.description.clone(), rate: detail.rate, net, tax: amount }),
        }
    }
    for rate in &mut rates {
        rate.net = decimal_round(rate.net, places);
        rate.tax = decimal_round(rate.tax, places);
    }
    if let Some((last, others)) = rates.split_last_mut() {
        let others: f64 = others.iter().map(|rate| rate.tax).sum();
        last.tax = decimal_round(tax.tax_amount_after_discount_amount - others, places);
    }
    rates
}

/// What the customer did not pay: prices taken down, things given away, and the discount on the whole. Nothing for a return.
pub fn saved(invoice: &Invoice, places: u8) -> f64 {
    if invoice.is_return {
        return 0.0;
    }
    let on_item = |item: &InvoiceItem| (item.price_list_rate - item.rate).max(0.0) * item.qty;
    let saved: f64 = invoice.items.iter().map(on_item).sum::<f64>() + invoice.discount_amount;
    decimal_round(saved.max(0.0), places)
}

/// The titles of the rules that were applied to an item, each once.
pub fn rules_of<'a>(invoice: &'a Invoice, item_code: &str) -> Vec<&'a str> {
    let mut titles: Vec<&str> = Vec::new();
    for rule in invoice.applied_rules.iter().filter(|rule| rule.item_code == item_code) {
        let title = if rule.title.is_empty() { &rule.pricing_rule } else { &rule.title };
        if !titles.contains(&title.as_str()) {
            titles.push(title);
        }
    }
    titles
}

#[cfg(test)]
mod tests {
    use super::{TaxAtRate, rules_of, saved, taxes_by_rate};
    use holdfast_engine::{AppliedRule, Invoice, InvoiceItem, InvoiceTax, ItemTaxDetail};

    fn item(item_code: &str, qty: f64, list: f64, rate: f64) -> InvoiceItem {
        InvoiceItem {
            item_code: item_code.into(),
            qty,
            price_list_rate: list,
            rate,
            amount: rate * qty,
            net_amount: rate * qty,
            ..InvoiceItem::default()
        }
    }

    fn detail(item_code: &str, rate: f64, amount: f64) -> ItemTaxDetail {
        ItemTaxDetail { item_code: item_code.into(), rate, amount }
    }

    #[test]
    fn a_tax_is_split_by_its_rates_and_adds_up() {
        let tax = InvoiceTax {
            description: "VAT".into(),
            tax_amount_after_discount_amount: 2.61,
            item_wise_tax_detail: vec![detail("A", 7.0, 0.704), detail("B", 19.0, 1.904), detail("C", 0.0, 0.0)],
            ..InvoiceTax::default()
        };
        let items = vec![item("A", 2.0, 5.0, 5.0), item("B", 1.0, 10.0, 10.0), item("C", 1.0, 3.0, 3.0)];
        let invoice = Invoice { items, taxes: vec![tax], conversion_rate: 1.0, ..Invoice::default() };

        let taxes = taxes_by_rate(&invoice, 2);

        let row = |rate, net, tax| TaxAtRate { description: "VAT".into(), rate, net, tax };
        assert_eq!(taxes, [row(7.0, 10.0, 0.7), row(19.0, 10.0, 1.91)]);
    }

    #[test]
    fn what_was_saved_is_what_was_taken_off_given_away_and_discounted() {
        let free = InvoiceItem { is_free_item: true, ..item("BAG", 1.0, 2.0, 0.0) };
        let dearer = item("GIFT WRAP", 1.0, 1.0, 1.5);
        let items = vec![item("TEA", 2.0, 6.5, 5.2), free, dearer];
        let invoice = Invoice { items, discount_amount: 1.0, ..Invoice::default() };

        assert_eq!(saved(&invoice, 2), 5.6);
        assert_eq!(saved(&Invoice { is_return: true, ..invoice }, 2), 0.0);
    }

    #[test]
    fn rules_are_named_once_each_by_their_title() {
        let rule = |title: &str, item_code: &str| AppliedRule {
            pricing_rule: "PRLE-0001".into(),
            title: title.into(),
            item_code: item_code.into(),
        };
        let applied_rules = vec![rule("Winter", "TEA"), rule("Winter", "TEA"), rule("", "TEA"), rule("Other", "BAG")];
        let invoice = Invoice { applied_rules, ..Invoice::default() };

        assert_eq!(rules_of(&invoice, "TEA"), ["Winter", "PRLE-0001"]);
    }
}
