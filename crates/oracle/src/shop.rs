//! The master data of a case: the recorded shop, with what the case says about it on top.

use crate::{files::MasterFile, json::maybe_number};
use holdfast_engine::{
    Date, Masters, Tables,
    masters::{
        AccountRate, BatchOrder, Currency, Customer, FieldPrecision, Item, ItemPrice, ItemTaxTemplate, PosProfile,
        Settings, TreeNode, UomConversionDetail,
    },
    rounding::RoundingMethod,
};
use holdfast_erpnext::{
    json::{check, date, number, rows, text},
    masters::{coupons, customer, item, item_price, item_taxes, pos_profile, pricing_rules, tables},
};
use serde_json::Value;
use std::{borrow::Cow, collections::HashMap};

/// The whole shop, read once.
pub(crate) struct Base {
    /// The day of the recording.
    pub(crate) today: Date,
    /// The profile in it is nobody's.
    tables: Tables,
    profiles: Vec<PosProfile>,
    items: HashMap<String, Item>,
    customers: HashMap<String, Customer>,
}

impl Base {
    pub(crate) fn read(file: &MasterFile) -> Self {
        let whole = &file.shop;
        let mut prices: HashMap<String, Vec<ItemPrice>> = HashMap::new();
        for row in rows(&whole["Item Price"]) {
            prices.entry(text(&row["item_code"])).or_default().push(item_price(row));
        }
        let item = |row: &Value| {
            let mut item = item(row, whole);
            item.prices = prices.get(&item.item_code).cloned().unwrap_or_default();
            (item.item_code.clone(), item)
        };
        let mut tables = tables(whole);
        tables.settings = settings(file);
        Self {
            today: date(&whole["site"]["today"]).unwrap_or_default(),
            tables,
            profiles: rows(&whole["POS Profile"]).iter().map(pos_profile).collect(),
            items: rows(&whole["Item"]).iter().map(item).collect(),
            customers: rows(&whole["Customer"]).iter().map(|row| (text(&row["name"]), customer(row))).collect(),
        }
    }
}

/// The master data of a case: the whole shop with what the case says about it on top.
pub(crate) struct CaseShop<'a> {
    base: &'a Base,
    tables: Tables,
    items: HashMap<String, Item>,
    customer: Customer,
}

impl<'a> CaseShop<'a> {
    pub(crate) fn new(case: &Value, base: &'a Base) -> Self {
        let own = &case["masters"];
        let mut items = HashMap::new();
        for (code, row) in own["items"].as_object().into_iter().flatten() {
            let mut item = base.items.get(code).cloned().unwrap_or_default();
            overlay_item(&mut item, code, row);
            if let Some(prices) = own["prices"].get(code) {
                item.prices = rows(prices).iter().map(item_price).collect();
            }
            items.insert(code.clone(), item);
        }
        let name = text(&own["customer"]["name"]);
        let mut customer = base.customers.get(&name).cloned().unwrap_or_default();
        overlay_customer(&mut customer, own);
        Self { base, tables: case_tables(case, base), items, customer }
    }
}

impl Masters for CaseShop<'_> {
    fn tables(&self) -> &Tables {
        &self.tables
    }

    fn item(&self, item_code: &str) -> Option<Cow<'_, Item>> {
        self.items.get(item_code).or_else(|| self.base.items.get(item_code)).map(Cow::Borrowed)
    }

    fn customer(&self, name: &str) -> Option<Cow<'_, Customer>> {
        let own = Some(&self.customer).filter(|customer| customer.name == name);
        own.or_else(|| self.base.customers.get(name)).map(Cow::Borrowed)
    }
}

fn case_tables(case: &Value, base: &Base) -> Tables {
    let (own, input) = (&case["masters"], &case["input"]);
    let mut tables = base.tables.clone();
    let profile = base.profiles.iter().find(|profile| input["pos_profile"] == profile.name.as_str());
    tables.profile = profile.cloned().unwrap_or_default();
    tables.company.name.clone_from(&tables.profile.company);
    tables.company.default_currency = text(&case["settings"]["company_currency"]);
    overlay_settings(&mut tables.settings, &case["settings"]);
    set_fraction(&mut tables, case);
    if let Some(rules) = own["pricing_rules"].as_array() {
        tables.pricing_rules = pricing_rules(rules);
        // Coupons of the case are for the rules of the case.
        tables.coupons = coupons(rows(&case["coupons"]));
    }
    for (name, parent) in own["item_groups"].as_object().into_iter().flatten() {
        put(&mut tables.item_groups, TreeNode { name: name.clone(), parent: text(parent) });
    }
    for (name, rates) in own["item_tax_templates"].as_object().into_iter().flatten() {
        // The whole shop has their rows in order; an object has no order.
        if !tables.item_tax_templates.iter().any(|template| template.name == *name) {
            let taxes = rates.as_object().into_iter().flatten();
            let taxes = taxes.map(|(account, rate)| AccountRate { account: account.clone(), rate: number(rate) });
            tables.item_tax_templates.push(ItemTaxTemplate { name: name.clone(), taxes: taxes.collect() });
        }
    }
    tables
}

fn put(nodes: &mut Vec<TreeNode>, node: TreeNode) {
    match nodes.iter_mut().find(|other| other.name == node.name) {
        Some(other) => *other = node,
        None => nodes.push(node),
    }
}

/// What a case leaves to the shop.
fn settings(file: &MasterFile) -> Settings {
    let (stock, selling) = (&file.shop["stock_settings"], &file.shop["selling_settings"]);
    let mut field_precisions = Vec::new();
    for (doctype, fields) in file.precisions["doctypes"].as_object().into_iter().flatten() {
        for (fieldname, field) in fields.as_object().into_iter().flatten() {
            if let Some(places) = maybe_number(&field["fixed_precision"]) {
                let (doctype, fieldname) = (doctype.clone(), fieldname.clone());
                field_precisions.push(FieldPrecision { doctype, fieldname, places: places as u8 });
            }
        }
    }
    Settings {
        field_precisions,
        picks_batches: check(&stock["auto_create_serial_and_batch_bundle_for_outward"]),
        batch_order: match text(&stock["pick_serial_and_batch_based_on"]).as_str() {
            "LIFO" => BatchOrder::Lifo,
            "Expiry" => BatchOrder::Expiry,
            _ => BatchOrder::Fifo,
        },
        // The cases were recorded by a user who may do everything.
        inserts_missing_prices: check(&stock["auto_insert_price_list_rate_if_missing"]),
        validate_selling_price: check(&selling["validate_selling_price"]),
        ..Settings::default()
    }
}

fn overlay_settings(settings: &mut Settings, case: &Value) {
    settings.rounding_method = RoundingMethod::from_erpnext(&text(&case["rounding_method"])).unwrap_or_default();
    settings.currency_precision = number(&case["effective_currency_precision"]) as u8;
    settings.float_precision = number(&case["float_precision"]) as u8;
    settings.number_format = text(&case["number_format"]);
    settings.disable_rounded_total = check(&case["disable_rounded_total"]);
    settings.round_row_wise_tax = check(&case["round_row_wise_tax"]);
}

/// The smallest fraction of a case is that of the document's currency.
fn set_fraction(tables: &mut Tables, case: &Value) {
    let (settings, input) = (&case["settings"], &case["input"]);
    let currency = input["currency"].as_str().unwrap_or(&tables.company.default_currency).to_owned();
    let fraction = number(&settings["smallest_currency_fraction_value"]);
    match tables.currencies.iter_mut().find(|entry| entry.name == currency) {
        Some(entry) => entry.smallest_currency_fraction_value = fraction,
        None => tables.currencies.push(Currency {
            name: currency,
            smallest_currency_fraction_value: fraction,
            ..Currency::default()
        }),
    }
}

/// What a case says about an item: it says all of these.
fn overlay_item(item: &mut Item, code: &str, row: &Value) {
    code.clone_into(&mut item.item_code);
    item.item_name = text(&row["item_name"]);
    item.item_group = text(&row["item_group"]);
    item.brand = text(&row["brand"]);
    item.stock_uom = text(&row["stock_uom"]);
    item.is_stock_item = check(&row["is_stock_item"]);
    item.variant_of = text(&row["variant_of"]);
    item.taxes = item_taxes(&row["taxes"]);
    if let Some(uoms) = row["uoms"].as_object() {
        let detail = |(uom, factor): (&String, &Value)| UomConversionDetail {
            uom: uom.clone(),
            conversion_factor: number(factor),
        };
        item.uoms = uoms.iter().map(detail).collect();
    }
}

fn overlay_customer(customer: &mut Customer, own: &Value) {
    let row = &own["customer"];
    let put = |field: &mut String, name: &str| {
        if let Some(value) = row[name].as_str() {
            value.clone_into(field);
        }
    };
    put(&mut customer.name, "name");
    put(&mut customer.customer_group, "customer_group");
    put(&mut customer.territory, "territory");
    put(&mut customer.default_price_list, "default_price_list");
    put(&mut customer.default_currency, "default_currency");
    put(&mut customer.tax_category, "tax_category");
    put(&mut customer.loyalty_program, "loyalty_program");
    customer.loyalty_points = number(&own["loyalty"]["balance_at_least"]) as i64;
}
