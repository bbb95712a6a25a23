//! Everything that was read of a site, and the shop of one profile of it.

use super::{
    Person, StockLevel, company, customer, item, item_price, parties, people, policy, pos_profile,
    stock::{Stock, level},
    tables_of,
};
use crate::{
    heard::without_html,
    json::{check, date, number, rows, text},
    pull::{BATCH_QUANTITY, Row},
};
use holdfast_engine::{
    Date, Shop, Tables,
    masters::{Customer, Item, ItemPrice, PosProfile},
};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Everything that was read of a site. What a shop has many of is turned into the engine's own records at once.
#[derive(Clone, Debug, Default)]
pub struct Masters {
    /// Documents of what there is little of, by doctype.
    small: Map<String, Value>,
    items: BTreeMap<String, Item>,
    prices: HashMap<String, Vec<ItemPrice>>,
    customers: BTreeMap<String, (Customer, String)>,
    addresses: HashMap<String, Vec<Value>>,
    points: HashMap<String, Vec<Points>>,
    serials: BTreeMap<(String, String), Vec<(String, String)>>,
    stock: Stock,
    /// Quantities of batches by warehouse.
    batches: HashMap<String, HashMap<String, f64>>,
}

/// A Loyalty Point Entry.
#[derive(Clone, Debug)]
struct Points {
    loyalty_program: String,
    company: String,
    earned: i64,
    spent: f64,
    posted: Option<Date>,
    expires: Option<Date>,
}

impl Masters {
    /// Takes a row of the mirror.
    pub fn take(&mut self, doctype: &str, row: Row) {
        let mut document = row.fields;
        document.insert("modified".to_owned(), row.modified.to_string().into());
        document.insert("name".to_owned(), row.name.into());
        let document = Value::Object(document);
        match doctype {
            "Item" => self.take_item(&document),
            "Item Price" => {
                self.prices.entry(text(&document["item_code"])).or_default().push(item_price(&document));
            }
            "Customer" => self.take_customer(&document),
            "Loyalty Point Entry" => self.take_points(&document),
            "Serial No" => {
                let place = (text(&document["warehouse"]), text(&document["item_code"]));
                let serial = (text(&document["creation"]), text(&document["name"]));
                self.serials.entry(place).or_default().push(serial);
            }
            "Bin" => {
                let level = level(&mut self.stock, text(&document["warehouse"]), text(&document["item_code"]));
                level.actual_qty += number(&document["actual_qty"]);
                level.valuation_rate = number(&document["valuation_rate"]);
            }
            "POS Invoice" => self.take_invoice(&document),
            BATCH_QUANTITY => {
                let batches = rows(&document["batches"]).iter();
                let batches = batches.map(|row| (text(&row["batch_no"]), number(&row["qty"]))).collect();
                self.batches.insert(text(&document["name"]), batches);
            }
            _ => {
                if doctype == "Address" {
                    for link in rows(&document["links"]).iter().filter(|link| link["link_doctype"] == "Customer") {
                        self.addresses.entry(text(&link["link_name"])).or_default().push(document.clone());
                    }
                }
                let list = self.small.entry(doctype).or_insert_with(|| Value::Array(Vec::new()));
                list.as_array_mut().expect("only lists are put in").push(document);
            }
        }
    }

    fn take_item(&mut self, document: &Value) {
        if check(&document["disabled"]) || check(&document["is_fixed_asset"]) {
            return;
        }
        let mut item = item(document, &Value::Null);
        item.description = without_html(&item.description);
        item.image = text(&document["image"]);
        self.items.insert(item.item_code.clone(), item);
    }

    fn take_customer(&mut self, document: &Value) {
        if check(&document["disabled"]) || check(&document["is_frozen"]) {
            return;
        }
        let primary = text(&document["customer_primary_address"]);
        let customer = Customer { mobile_no: text(&document["mobile_no"]), ..customer(document) };
        self.customers.insert(customer.name.clone(), (customer, primary));
    }

    fn take_points(&mut self, document: &Value) {
        self.points.entry(text(&document["customer"])).or_default().push(Points {
            loyalty_program: text(&document["loyalty_program"]),
            company: text(&document["company"]),
            earned: number(&document["loyalty_points"]) as i64,
            spent: number(&document["purchase_amount"]),
            posted: date(&document["posting_date"]),
            expires: date(&document["expiry_date"]),
        });
    }

    /// Until it is consolidated, a sale is in no Bin.
    fn take_invoice(&mut self, document: &Value) {
        if number(&document["docstatus"]) != 1.0 || !text(&document["consolidated_invoice"]).is_empty() {
            return;
        }
        for row in rows(&document["items"]) {
            let level = level(&mut self.stock, text(&row["warehouse"]), text(&row["item_code"]));
            level.reserved_qty += number(&row["stock_qty"]);
        }
    }

    /// The documents of a doctype of which there are few.
    pub(crate) fn documents(&self, doctype: &str) -> &[Value] {
        self.small.get(doctype).map_or(&[], rows)
    }

    fn profile(&self, name: &str) -> Option<&Value> {
        self.documents("POS Profile").iter().find(|row| row["name"] == name && !check(&row["disabled"]))
    }

    /// Whether a customer can be sold to.
    pub(crate) fn serves(&self, customer: &str) -> bool {
        self.customers.contains_key(customer)
    }

    /// The names of the profiles in force.
    pub fn profiles(&self) -> Vec<String> {
        let profiles = self.documents("POS Profile").iter();
        profiles.filter(|row| !check(&row["disabled"])).map(|row| text(&row["name"])).collect()
    }

    /// The warehouses that are sold from: what [`crate::pull::Scope`] wants to know.
    pub fn warehouses(&self) -> Vec<String> {
        let profiles = self.documents("POS Profile").iter().filter(|row| !check(&row["disabled"]));
        let warehouses: BTreeSet<String> = profiles.map(|row| text(&row["warehouse"])).collect();
        warehouses.into_iter().collect()
    }

    /// Who may sell under a profile.
    pub fn people(&self, pos_profile: &str) -> Vec<Person> {
        let (employees, users) = (self.documents("Employee"), self.documents("User"));
        self.profile(pos_profile).map(|profile| people::people(employees, users, profile)).unwrap_or_default()
    }

    /// What is there to sell under a profile, by item.
    pub fn stock(&self, pos_profile: &str) -> BTreeMap<String, StockLevel> {
        let warehouse = self.profile(pos_profile).map(|profile| text(&profile["warehouse"])).unwrap_or_default();
        self.stock.get(&warehouse).cloned().unwrap_or_default()
    }

    /// Items with a picture and its address, as ERPNext has it: a path on the site, or anywhere.
    pub fn pictures(&self) -> impl Iterator<Item = (&str, &str)> {
        let pictures = self.items.values().map(|item| (&*item.item_code, &*item.image));
        pictures.filter(|(_, image)| !image.is_empty())
    }

    /// The shop of a profile on a day; `None` if there is no such profile, or it is disabled.
    pub fn shop(&self, pos_profile: &str, today: Date) -> Option<Shop> {
        let row = self.profile(pos_profile)?;
        let tables = self.tables(row);
        let items = self.items_of(&tables.profile.warehouse);
        let customers = self.customers_of(row, &tables, today);
        let name = tables.company.name.clone();
        Some(Shop::new(&name, tables, items, customers))
    }

    fn tables(&self, row: &Value) -> Tables {
        let whole = Value::Object(self.in_force());
        let mut profile = PosProfile {
            policy: policy(row),
            is_closing_blind: check(&row["holdfast_blind_closing"]),
            ..pos_profile(row)
        };
        let company = company::company(self.documents("Company"), &profile.company, self.address(row));
        if profile.account_for_change_amount.is_empty() {
            let companies = self.documents("Company").iter();
            let own = companies.filter(|row| row["name"] == profile.company.as_str());
            profile.account_for_change_amount = own.map(|row| text(&row["default_cash_account"])).collect();
        }
        if profile.campaign.is_empty() {
            profile.campaign = text(&row["utm_campaign"]);
        }
        let mut tables = tables_of(&whole, &profile.company);
        tables.settings = company::settings(&whole);
        tables.company = company;
        tables.profile = profile;
        let wanted: BTreeSet<&str> = tables
            .price_lists
            .iter()
            .map(|list| &*list.currency)
            .chain([&*tables.company.default_currency, &*tables.profile.currency])
            .collect();
        let is_enabled =
            |name: &str| self.documents("Currency").iter().any(|row| row["name"] == name && check(&row["enabled"]));
        let wanted: BTreeSet<String> = wanted.into_iter().map(str::to_owned).collect();
        tables.currencies.retain(|currency| wanted.contains(&currency.name) || is_enabled(&currency.name));
        tables
    }

    /// The address of a profile's company.
    fn address(&self, profile: &Value) -> Option<&Value> {
        self.documents("Address").iter().find(|row| row["name"] == profile["company_address"])
    }

    /// The small documents that tables are made of, without those that are switched off. Tax templates stay: a Tax Rule may lead to a disabled one.
    fn in_force(&self) -> Map<String, Value> {
        let is_on = |doctype: &str, row: &Value| match doctype {
            "Price List" => check(&row["enabled"]) && check(&row["selling"]),
            "Mode of Payment" => check(&row["enabled"]),
            "Item Tax Template" => !check(&row["disabled"]),
            _ => true,
        };
        let is_table = |doctype: &str| !["Address", "Batch", "Employee", "Product Bundle", "User"].contains(&doctype);
        let tables = self.small.iter().filter(|(doctype, _)| is_table(doctype));
        let mut whole: Map<String, Value> = tables.map(|(doctype, list)| (doctype.clone(), list.clone())).collect();
        for (doctype, list) in &mut whole {
            if let Some(list) = list.as_array_mut() {
                list.retain(|row| is_on(doctype, row));
            }
        }
        whole
    }

    fn items_of(&self, warehouse: &str) -> Vec<Item> {
        let mut bundles = HashMap::new();
        for row in self.documents("Product Bundle").iter().filter(|row| !check(&row["disabled"])) {
            bundles.insert(text(&row["new_item_code"]), super::goods::bundle(row));
        }
        let parts: BTreeSet<&str> = bundles.values().flatten().map(|part| &*part.item_code).collect();
        let mut batches: HashMap<String, Vec<&Value>> = HashMap::new();
        for row in self.documents("Batch").iter().filter(|row| !check(&row["disabled"])) {
            batches.entry(text(&row["item"])).or_default().push(row);
        }
        let stock = self.stock.get(warehouse);
        let sold = self.items.values().filter(|item| !item.is_not_sold || parts.contains(&*item.item_code));
        let complete = |item: &Item| {
            let code = &item.item_code;
            let mut item = item.clone();
            item.prices = self.prices.get(code).cloned().unwrap_or_default();
            item.bundle = bundles.get(code).cloned().unwrap_or_default();
            item.batches = super::goods::batches(batches.get(code).cloned().unwrap_or_default());
            // Until the warehouse's own are known, the quantities of all warehouses must do.
            if let Some(quantities) = self.batches.get(warehouse) {
                for batch in &mut item.batches {
                    batch.qty = quantities.get(&batch.batch_no).copied().unwrap_or_default();
                }
            }
            item.serial_nos = self.serials_of(warehouse, code);
            item.valuation_rate = stock.and_then(|stock| stock.get(code)).map_or(0.0, |level| level.valuation_rate);
            item
        };
        sold.map(complete).collect()
    }

    /// In the order in which they were made.
    fn serials_of(&self, warehouse: &str, item_code: &str) -> Vec<String> {
        let place = (warehouse.to_owned(), item_code.to_owned());
        let mut serials = self.serials.get(&place).cloned().unwrap_or_default();
        serials.sort();
        serials.into_iter().map(|(_, serial)| serial).collect()
    }

    fn customers_of(&self, profile: &Value, tables: &Tables, today: Date) -> Vec<Customer> {
        let groups: BTreeSet<String> =
            rows(&profile["customer_groups"]).iter().map(|row| text(&row["customer_group"])).collect();
        let is_served = |customer: &Customer| {
            groups.is_empty()
                || customer.name == tables.profile.customer
                || parties::lineage(&tables.customer_groups, &customer.customer_group)
                    .iter()
                    .any(|group| groups.contains(*group))
        };
        let accounts = self.documents("Accounts Settings").first().unwrap_or(&Value::Null);
        let by_shipping = accounts["determine_address_tax_category_from"] == "Shipping Address";
        let served = self.customers.values().filter(|(customer, _)| is_served(customer));
        let complete = |(customer, primary): &(Customer, String)| {
            let mut customer = customer.clone();
            if let Some(addresses) = self.addresses.get(&customer.name) {
                parties::place(&mut customer, addresses, primary, by_shipping);
            }
            if customer.commission_rate == 0.0 {
                let partner =
                    self.documents("Sales Partner").iter().find(|row| row["name"] == customer.sales_partner.as_str());
                customer.commission_rate = partner.map_or(0.0, |row| number(&row["commission_rate"]));
            }
            for entry in self.points.get(&customer.name).into_iter().flatten() {
                entry.add_to(&mut customer, &tables.company.name, today);
            }
            customer
        };
        served.map(complete).collect()
    }
}

impl Points {
    fn add_to(&self, customer: &mut Customer, company: &str, today: Date) {
        let is_ours = self.loyalty_program == customer.loyalty_program && self.company == company;
        if !is_ours || self.posted.is_some_and(|posted| posted > today) {
            return;
        }
        customer.loyalty_spent += self.spent;
        if self.expires.is_some_and(|expires| expires >= today) {
            customer.loyalty_points += self.earned;
        }
    }
}
