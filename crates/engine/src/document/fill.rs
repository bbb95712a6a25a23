//! Filling rows in, one after the other, as the server does before it computes (`set_missing_item_details`).

use super::{Document, Nulls, Row, rows::describe};
use crate::{
    InvoiceItem,
    details::{batches, prices, tax_templates},
    goods::Good,
    invoice::AppliedRule,
    masters::{ItemPrice, Masters, RuleEffect},
    precision::Field,
    price::{Suggestion, SuggestionKind},
    refusal::Refusal,
    rules::{self, FreeRow, Outcome, Shelf},
};
use std::rc::Rc;

impl<'m, M: Masters> Document<'m, M> {
    /// Fills every row in and applies its rules. On a save (`is_save`) a row that carries rules keeps them unchecked.
    pub(crate) fn fill_rows(&mut self, is_save: bool) -> Result<(), Refusal> {
        if self.shelf.is_none() {
            let index = self.loader.masters().rule_index();
            self.shelf = Some(Shelf::new(self.tables, index, &self.invoice));
        }
        self.invoice.applied_rules.clear();
        let mut at = 0;
        // Free items are added to the end on the way, and filled in when their turn comes.
        while at < self.rows.len() {
            self.fill_row(at, is_save)?;
            at += 1;
        }
        Ok(())
    }

    fn fill_row(&mut self, at: usize, is_save: bool) -> Result<(), Refusal> {
        let good = Rc::clone(&self.rows[at].good);
        self.check_sellable(&good)?;
        let before = self.rows[at].nulls;
        let item = &mut self.invoice.items[at];
        // What rules see of a null is zero.
        let sent_list_rate = item.price_list_rate;
        describe(item, &good);
        let factor =
            self.conversion_factor(&good, &self.invoice.items[at].uom, self.invoice.items[at].conversion_factor);
        let item = &mut self.invoice.items[at];
        let stock_qty = item.qty * factor;
        if before.conversion_factor || item.conversion_factor == 0.0 {
            item.conversion_factor = factor;
        }
        if before.details {
            item.stock_qty = stock_qty;
        }
        self.set_weight(at, &good, stock_qty);
        let found = self.fill_price(at, &good, factor);
        self.fill_item_defaults(at, &good);

        let args = rules::RowArgs {
            at,
            qty: self.invoice.items[at].qty,
            stock_qty,
            conversion_factor: factor,
            price_list_rate: sent_list_rate,
            rate: self.invoice.items[at].rate,
        };
        let mut outcome = rules::for_row(self, &args, is_save)?;
        if outcome.is_rate_last && outcome.price_list_rate.is_none() {
            // A rule with a rate of zero, or in another currency, leaves the list price.
            outcome.price_list_rate = found.or_else(|| self.find_price(&good, &self.invoice.items[at]));
        }
        self.suggestions.extend(outcome.suggestions.iter().cloned());
        let batch_rate = self.fill_batch(at, &good, stock_qty);
        self.write_back(at, &outcome, found, batch_rate);
        self.apply_outcome(at, &outcome)?;
        self.settle_nulls(at);
        Ok(())
    }

    /// A row has no nulls any more but a tax template that nobody found: it is looked for again when rows are filled again.
    pub(super) fn settle_nulls(&mut self, at: usize) {
        let (row, item) = (&mut self.rows[at], &self.invoice.items[at]);
        let item_tax_template = row.nulls.item_tax_template && item.item_tax_template.is_empty();
        row.nulls = Nulls { item_tax_template, ..Nulls::default() };
    }

    /// What `ERPNext` refuses to sell.
    pub(crate) fn check_sellable(&self, good: &Good<'m>) -> Result<(), Refusal> {
        let item = &good.item;
        let item_code = || item.item_code.clone();
        if let Some(day) = item.end_of_life.filter(|day| *day <= self.context.posting_date) {
            return Err(Refusal::EndOfLife { item_code: item_code(), day });
        }
        if item.disabled {
            return Err(Refusal::Disabled { item_code: item_code() });
        }
        if item.has_variants {
            return Err(Refusal::Template { item_code: item_code() });
        }
        Ok(())
    }

    fn set_weight(&mut self, at: usize, good: &Good<'m>, stock_qty: f64) {
        let item = &mut self.invoice.items[at];
        if item.weight_per_unit == 0.0 {
            item.weight_per_unit = good.item.weight_per_unit;
        }
        if item.weight_per_unit != 0.0 {
            item.total_weight = item.weight_per_unit * stock_qty;
        }
    }

    /// Looks the list price up where the row has none, and says what it is. A row that is sold at a rate without a list price
    /// may make one.
    fn fill_price(&mut self, at: usize, good: &Good<'m>, factor: f64) -> Option<f64> {
        let inserts = self.tables.settings.inserts_missing_prices;
        if !self.rows[at].nulls.price_list_rate && !inserts {
            return None;
        }
        let item = &self.invoice.items[at];
        let found = self.find_price(good, item);
        if found.is_none() && inserts && item.rate != 0.0 {
            self.insert_price(at, good, factor);
        }
        found
    }

    fn insert_price(&mut self, at: usize, good: &Good<'m>, factor: f64) {
        let (list, uom) = (&self.invoice.selling_price_list, &good.item.stock_uom);
        let is_same_currency = self.invoice.price_list_currency == self.invoice.currency;
        let has_one = good.item.prices.iter().any(|price| price.price_list == *list && price.uom == *uom);
        if list.is_empty() || !is_same_currency || has_one {
            return;
        }
        let rate = self.invoice.items[at].rate;
        let price = ItemPrice {
            price_list: list.clone(),
            uom: uom.clone(),
            price_list_rate: if factor == 0.0 { rate } else { rate / factor },
            valid_from: Some(self.context.posting_date),
            ..ItemPrice::default()
        };
        self.new_prices.push(prices::NewPrice { item_code: good.item.item_code.clone(), price });
    }

    /// Tax template, warehouse and commission of the item, where the row says nothing.
    fn fill_item_defaults(&mut self, at: usize, good: &Good<'m>) {
        let nulls = self.rows[at].nulls;
        if nulls.item_tax_template {
            let template = self.chosen_tax_template(good, &self.invoice.items[at]);
            self.invoice.items[at].item_tax_template = template.unwrap_or_default();
        }
        let item = &mut self.invoice.items[at];
        if nulls.warehouse {
            item.warehouse.clone_from(&self.tables.profile.warehouse);
        }
        if nulls.grant_commission {
            item.grant_commission = good.item.grant_commission;
        }
    }

    pub(super) fn chosen_tax_template(&self, good: &Good<'m>, item: &InvoiceItem) -> Option<String> {
        let day = self.context.posting_date;
        tax_templates::choose(good, self.tables, &self.invoice.tax_category, day, &item.item_tax_template)
    }

    /// Chooses batch and serial numbers where the row has none; says at which rate the batch goes, if it has its own.
    fn fill_batch(&mut self, at: usize, good: &Good<'m>, stock_qty: f64) -> Option<f64> {
        let is_tracked = good.item.has_batch_no || good.item.has_serial_no;
        if !is_tracked || !self.invoice.items[at].batch_no.is_empty() {
            return None;
        }
        let settings = &self.tables.settings;
        let item = InvoiceItem { stock_qty, ..self.invoice.items[at].clone() };
        // At a counter somebody scans what goes over the table.
        let chooses_serial_nos = self.is_sent && settings.picks_batches && item.serial_nos.is_empty();
        if good.item.has_serial_no && chooses_serial_nos {
            let taken = self.invoice.items.iter().flat_map(|row| &row.serial_nos);
            let chosen = batches::choose_serial_nos(&good.item, settings.batch_order, stock_qty, &taken);
            self.invoice.items[at].serial_nos = chosen;
        }
        let batch_no = self.chosen_batch(good, &item)?.to_owned();
        let list = &self.invoice.selling_price_list;
        let rate = prices::batch_price(&good.item, list, &item.uom, &batch_no);
        self.invoice.items[at].batch_no = batch_no;
        rate.filter(|_| !self.invoice.items[at].is_free_item)
    }

    /// Writes what was found into fields that are null, and resets what a removed rule had set.
    fn write_back(&mut self, at: usize, outcome: &Outcome<'m>, found: Option<f64>, batch_rate: Option<f64>) {
        let nulls = self.rows[at].nulls;
        let item = &mut self.invoice.items[at];
        let sent_discount = item.discount_amount;
        let was_removed = outcome.is_removed;
        if nulls.price_list_rate {
            item.price_list_rate = batch_rate.or(outcome.price_list_rate).or(found).unwrap_or(0.0);
        }
        if nulls.rate || was_removed {
            item.rate = outcome.rate.unwrap_or(0.0);
        }
        if nulls.discount_percentage || was_removed {
            item.discount_percentage = outcome.discount_percentage.unwrap_or(0.0);
        }
        if nulls.discount_amount || was_removed {
            item.discount_amount = outcome.discount_amount.unwrap_or(sent_discount);
        }
        if let Some(margin) = outcome.margin_rate_or_amount.filter(|_| nulls.margin_rate_or_amount || was_removed) {
            item.margin_rate_or_amount = margin;
        }
        if let Some(rate) = batch_rate {
            item.rate = rate;
            if item.price_list_rate == 0.0 {
                item.price_list_rate = rate;
            }
        }
        if was_removed {
            item.pricing_rules = None;
            self.rows[at].is_rules_blank = true;
        }
        if let Some(names) = &outcome.names {
            item.pricing_rules = Some(names.clone());
            self.rows[at].is_rules_blank = false;
        }
    }

    /// Lets the rules work on the row, and notes them.
    fn apply_outcome(&mut self, at: usize, outcome: &Outcome<'m>) -> Result<(), Refusal> {
        let Some(names) = &outcome.names else {
            return Ok(());
        };
        if outcome.only_validates {
            self.note_unapplied(at, names);
        } else if !outcome.is_price {
            self.put_free_rows(&outcome.free_rows)?;
        } else if outcome.covers(&self.invoice.items[at].item_code) {
            self.set_discount(at, outcome);
        }
        let item_code = &self.invoice.items[at].item_code;
        for name in names {
            let title = self.shelf.as_ref().and_then(|shelf| shelf.by_name(name)).map_or("", |rule| &rule.title);
            self.invoice.applied_rules.push(AppliedRule {
                pricing_rule: name.clone(),
                title: title.to_owned(),
                item_code: item_code.clone(),
            });
        }
        Ok(())
    }

    /// Tells where a cashier gave less than a rule asks for.
    fn note_unapplied(&mut self, at: usize, names: &[String]) {
        let item = &self.invoice.items[at];
        let rules = names.iter().filter_map(|name| self.shelf.as_ref()?.by_name(name));
        for rule in rules {
            let (asked, given) = match rule.effect {
                RuleEffect::DiscountPercentage(value) => (value, item.discount_percentage),
                RuleEffect::DiscountAmount(value) => (value, item.discount_amount),
                RuleEffect::Rate(value) => (value, item.rate),
                RuleEffect::Product(_) => continue,
            };
            if given < asked {
                self.suggestions.push(Suggestion {
                    item_code: item.item_code.clone(),
                    title: rule.title.clone(),
                    kind: SuggestionKind::NotApplied,
                });
            }
        }
    }

    /// The rules' discount replaces whatever the row had, and the rate follows. A rate says nothing about an amount off, so
    /// one that the row had before stays (`get_basic_details` hands it on).
    fn set_discount(&mut self, at: usize, outcome: &Outcome<'m>) {
        let item = &mut self.invoice.items[at];
        item.discount_percentage = outcome.discount_percentage.unwrap_or(0.0);
        item.discount_amount = outcome.discount_amount.unwrap_or(item.discount_amount);
        if outcome.is_rate_last {
            item.price_list_rate = outcome.price_list_rate.unwrap_or(0.0);
        }
        if item.price_list_rate != 0.0 {
            let rate = item.price_list_rate * (1.0 - (item.discount_percentage / 100.0));
            item.rate = self.precision.round(Field::Rate, rate);
            if item.discount_amount != 0.0 {
                item.rate = item.price_list_rate - item.discount_amount;
            }
        }
    }

    /// Adds free rows, or writes over the rows that the same rule gave before.
    pub(crate) fn put_free_rows(&mut self, free_rows: &[FreeRow]) -> Result<(), Refusal> {
        // Of several for one item and rule the last one counts, in the place of the first.
        let mut pending: Vec<&FreeRow> = Vec::new();
        for free in free_rows {
            match pending.iter_mut().find(|other| other.is_same(free)) {
                Some(other) => *other = free,
                None => pending.push(free),
            }
        }
        for item in self.invoice.items.iter_mut().filter(|item| item.is_free_item) {
            let is_it = |free: &&FreeRow| item.item_code == free.item_code && item.pricing_rules == Some(free.rules());
            if let Some(found) = pending.iter().position(is_it) {
                pending.remove(found).write(item);
            }
        }
        for free in pending {
            let good = self.good(&free.item_code)?;
            let mut item =
                InvoiceItem { item_code: free.item_code.clone(), is_free_item: true, ..InvoiceItem::default() };
            describe(&mut item, &good);
            free.write(&mut item);
            item.pricing_rules = Some(free.rules());
            let nulls = Nulls { price_list_rate: false, rate: false, conversion_factor: false, ..Nulls::all() };
            self.push(item, Row { good, source: None, nulls, is_rules_blank: false });
        }
        Ok(())
    }
}
