//! What profile, customer and client say about the document as a whole.

use super::{Document, KnownDiscounts};
use crate::{
    Cart, Context, Discount, Invoice,
    cart::SentDocument,
    goods::Loader,
    invoice::InvoiceTax,
    masters::{ChargeType, Customer, Masters, PosProfile, Tables, TaxRow},
    precision::Precision,
    refusal::{Refusal, TaxRowError},
    tax_rules,
};
use std::borrow::Cow;

impl<'m, M: Masters> Document<'m, M> {
    /// The document before its rows.
    pub(crate) fn open(cart: &Cart, masters: &'m M, context: Context) -> Result<Self, Refusal> {
        let tables = masters.tables();
        let name = if cart.customer.is_empty() { &tables.profile.customer } else { &cart.customer };
        // A name that the catalogue lacks is sold to under the profile's own terms.
        let customer = masters.customer(name).unwrap_or_else(|| Cow::Owned(Customer::default()));
        let mut document = Self {
            invoice: Invoice { customer: name.clone(), posting_date: context.posting_date, ..Invoice::default() },
            rows: Vec::with_capacity(cart.lines.len()),
            loader: Loader::new(masters),
            tables,
            customer,
            precision: Precision::new(&tables.settings),
            context,
            is_sent: cart.sent.is_some(),
            known_discounts: KnownDiscounts::default(),
            suggestions: Vec::new(),
            applied_to_all: Vec::new(),
            new_prices: Vec::new(),
            shelf: None,
        };
        match &cart.sent {
            Some(sent) => document.set_from_client(sent)?,
            None => document.set_from_counter(cart)?,
        }
        document.known_discounts = KnownDiscounts {
            percentage: document.invoice.additional_discount_percentage != 0.0,
            amount: document.invoice.discount_amount != 0.0,
        };
        document.invoice.coupon_code.clone_from(&cart.coupon_code);
        if let Some(redemption) = cart.redemption {
            document.invoice.redeem_loyalty_points = true;
            document.invoice.loyalty_points = redemption.points;
            document.invoice.loyalty_amount = redemption.amount;
        }
        Ok(document)
    }

    fn set_from_client(&mut self, sent: &SentDocument) -> Result<(), Refusal> {
        let profile = &self.tables.profile;
        let invoice = &mut self.invoice;
        invoice.currency.clone_from(&sent.currency);
        invoice.conversion_rate = sent.conversion_rate.unwrap_or(0.0);
        invoice.plc_conversion_rate = sent.plc_conversion_rate.unwrap_or(0.0);
        invoice.tax_category.clone_from(&sent.tax_category);
        invoice.taxes_and_charges.clone_from(&sent.taxes_and_charges);
        invoice.apply_discount_on = sent.apply_discount_on.clone().unwrap_or_else(|| "Grand Total".to_owned());
        invoice.additional_discount_percentage = sent.additional_discount_percentage;
        invoice.discount_amount = sent.discount_amount;
        invoice.ignore_pricing_rule = sent.ignore_pricing_rule;
        invoice.is_return = sent.is_return;
        invoice.has_return_against |= sent.has_return_against;
        invoice.campaign.clone_from(&sent.campaign);
        invoice.paid_amount = sent.paid_amount;
        invoice.base_paid_amount = sent.base_paid_amount;
        invoice.change_amount = sent.change_amount;
        invoice.base_change_amount = sent.base_change_amount;
        invoice.write_off_amount = sent.write_off_amount;
        invoice.base_write_off_amount = sent.base_write_off_amount;
        invoice.taxes = tax_rows(&sent.taxes);
        invoice.account_for_change_amount.clone_from(&profile.account_for_change_amount);
        let rows_of = |template: &str| template_rows(self.tables, template);
        if invoice.taxes.is_empty() {
            invoice.taxes = rows_of(&invoice.taxes_and_charges);
        }
        self.set_price_list(profile);
        self.set_from_customer();
        self.set_conversion_rates()
    }

    /// What `ERPNext`'s own screen copies into a new invoice.
    fn set_from_counter(&mut self, cart: &Cart) -> Result<(), Refusal> {
        let profile = &self.tables.profile;
        let mut sent = SentDocument::from_profile(profile);
        match cart.discount {
            Some(Discount::Percentage(value)) => sent.additional_discount_percentage = value,
            Some(Discount::Amount(value)) => sent.discount_amount = value,
            None => {}
        }
        sent.is_return = cart.return_against.is_some() || cart.lines.iter().any(|line| line.qty < 0.0);
        // Making a return turns rules off: what is given back is what was paid.
        sent.ignore_pricing_rule |= sent.is_return;
        if !self.customer.tax_category.is_empty() {
            sent.tax_category.clone_from(&self.customer.tax_category);
        }
        if let Some(template) = tax_rules::template(self.tables, &self.customer, &sent.tax_category, self.context) {
            sent.taxes_and_charges = template;
        }
        self.invoice.has_return_against = cart.return_against.is_some();
        self.set_from_client(&sent)?;
        match cart.return_against.as_deref() {
            Some(original) => {
                self.set_from_original(original, cart);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Sets price list and currency as `ERPNext` does on every save: the customer's, the customer group's, the profile's.
    fn set_price_list(&mut self, profile: &PosProfile) {
        let customer = &self.customer;
        let groups = &self.tables.customer_groups;
        let of_group = groups.iter().find(|group| group.name == customer.customer_group);
        let lists = [
            customer.default_price_list.as_str(),
            of_group.map_or("", |group| group.default_price_list.as_str()),
            profile.selling_price_list.as_str(),
        ];
        if let Some(list) = lists.into_iter().find(|list| !list.is_empty()) {
            list.clone_into(&mut self.invoice.selling_price_list);
        }
        if !customer.default_currency.is_empty() && customer.default_currency != profile.currency {
            self.invoice.currency.clone_from(&customer.default_currency);
        }
    }

    /// Fills in what follows from the customer where nobody has said anything.
    fn set_from_customer(&mut self) {
        let (customer, invoice) = (&self.customer, &mut self.invoice);
        let or_default = |field: &mut String, value: &str| {
            if field.is_empty() {
                value.clone_into(field);
            }
        };
        or_default(&mut invoice.customer_group, &customer.customer_group);
        or_default(&mut invoice.territory, &customer.territory);
        or_default(&mut invoice.tax_category, &customer.tax_category);
        or_default(&mut invoice.sales_partner, &customer.sales_partner);
        or_default(&mut invoice.loyalty_program, &customer.loyalty_program);
        let currency = [&customer.default_currency, &self.tables.company.default_currency];
        or_default(&mut invoice.currency, currency.into_iter().find(|name| !name.is_empty()).map_or("", |name| name));
        if invoice.commission_rate == 0.0 {
            invoice.commission_rate = customer.commission_rate;
        }
        if invoice.taxes_and_charges.is_empty() {
            let template = tax_rules::template(self.tables, customer, &customer.tax_category, self.context);
            invoice.taxes_and_charges = template.unwrap_or_default();
        }
    }

    /// The rates from the document's and the price list's currency to the company's: 1 for its own, else as sent, else the
    /// newest Currency Exchange of the day.
    fn set_conversion_rates(&mut self) -> Result<(), Refusal> {
        let company = &self.tables.company.default_currency;
        let invoice = &mut self.invoice;
        let list = self.tables.price_lists.iter().find(|list| list.name == invoice.selling_price_list);
        invoice.price_list_currency.clone_from(list.map_or(&invoice.currency, |list| &list.currency));
        let rate = |currency: &str, sent: f64| match sent {
            _ if currency == company => Ok(1.0),
            sent if sent == 0.0 || !sent.is_finite() => exchange_rate(self.tables, currency, self.context),
            sent => Ok(sent),
        };
        invoice.plc_conversion_rate = rate(&invoice.price_list_currency, invoice.plc_conversion_rate)?;
        invoice.conversion_rate = rate(&invoice.currency, invoice.conversion_rate)?;
        Ok(())
    }

    /// Sets the document from the profile again, whatever it said: what the server does after a rule on the document gave
    /// something away.
    pub(crate) fn reset_from_profile(&mut self) -> Result<(), Refusal> {
        let profile = &self.tables.profile;
        let invoice = &mut self.invoice;
        invoice.currency.clone_from(&profile.currency);
        invoice.taxes_and_charges.clone_from(&profile.taxes_and_charges);
        invoice.apply_discount_on.clone_from(&profile.apply_discount_on);
        invoice.tax_category.clone_from(&profile.tax_category);
        invoice.ignore_pricing_rule = profile.ignore_pricing_rule;
        self.set_price_list(profile);
        self.set_template_rows();
        self.set_from_customer();
        self.set_template_rows();
        // Price list and currency may be others now, and rules ask for both.
        self.shelf = None;
        self.set_conversion_rates()
    }

    fn set_template_rows(&mut self) {
        if self.invoice.taxes.is_empty() {
            self.invoice.taxes = template_rows(self.tables, &self.invoice.taxes_and_charges);
        }
    }

    /// What `ERPNext` checks on every row of taxes before it computes.
    pub(crate) fn check_tax_rows(&self) -> Result<(), TaxRowError> {
        let taxes = &self.invoice.taxes;
        for (at, tax) in taxes.iter().enumerate() {
            let row = at + 1;
            let refers = matches!(tax.charge_type, ChargeType::OnPreviousRowAmount | ChargeType::OnPreviousRowTotal);
            let row_id = usize::from(tax.row_id.unwrap_or(0));
            match tax.charge_type {
                ChargeType::Actual | ChargeType::OnNetTotal if row_id != 0 => {
                    return Err(TaxRowError::NeedsNoReference);
                }
                _ if refers && at == 0 => return Err(TaxRowError::First),
                _ if refers && row_id == 0 => return Err(TaxRowError::NoReference { row }),
                _ if refers && row_id >= row => return Err(TaxRowError::Ahead),
                _ => {}
            }
            if !tax.included_in_print_rate {
                continue;
            }
            let is_included = |row: &InvoiceTax| row.included_in_print_rate;
            match tax.charge_type {
                ChargeType::Actual => return Err(TaxRowError::ActualIncluded { row }),
                ChargeType::OnPreviousRowAmount if !is_included(&taxes[row_id - 1]) => {
                    return Err(TaxRowError::BaseNotIncluded { row, rows: row_id.to_string() });
                }
                // The row that is referred to is not looked at, only those before it.
                ChargeType::OnPreviousRowTotal if !taxes[..row_id - 1].iter().all(is_included) => {
                    return Err(TaxRowError::BaseNotIncluded { row, rows: format!("1 - {row_id}") });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn exchange_rate(tables: &Tables, currency: &str, context: Context) -> Result<f64, Refusal> {
    let company = &tables.company.default_currency;
    tables
        .exchange_rates
        .iter()
        .filter(|row| row.from_currency == currency && row.to_currency == *company)
        .filter(|row| row.date <= context.posting_date)
        // Of several of one day the first counts.
        .reduce(|best, row| if row.date > best.date { row } else { best })
        .map(|row| row.exchange_rate)
        .filter(|rate| *rate != 0.0 && rate.is_finite())
        .ok_or_else(|| Refusal::NoExchangeRate { from: currency.to_owned(), to: company.clone() })
}

fn template_rows(tables: &Tables, template: &str) -> Vec<InvoiceTax> {
    if template.is_empty() {
        return Vec::new();
    }
    let rows = tables.taxes_templates.iter().find(|entry| entry.name == template).map(|entry| entry.taxes.as_slice());
    tax_rows(rows.unwrap_or_default())
}

fn tax_rows(rows: &[TaxRow]) -> Vec<InvoiceTax> {
    let row = |row: &TaxRow| InvoiceTax {
        charge_type: row.charge_type,
        row_id: row.row_id,
        account_head: row.account_head.clone(),
        description: row.description.clone(),
        rate: row.rate,
        tax_amount: row.tax_amount,
        included_in_print_rate: row.included_in_print_rate,
        ..InvoiceTax::default()
    };
    rows.iter().map(row).collect()
}
