//! The engine's view of the site's documents, kept until they change.
//!
//! What ERPNext computes is computed by the engine, which gives ERPNext's answer on every recorded invoice (crate `oracle`).

use crate::{
    json::{Doc, is_set, number, text},
    meta,
    site::StandIn,
    store::Store,
};
use holdfast_engine::{
    Cart, Context, Date, Masters, Priced, RuleIndex, Tables,
    masters::{
        Company, CouponCode, CurrencyExchange, Customer, FieldPrecision, Item, RuleEffect, Settings, TreeNode,
        UomConversionFactor,
    },
    price,
    rounding::RoundingMethod,
};
use serde_json::{Map, Value, json};
use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// DocTypes whose documents are in [`Tables`].
const SMALL: &[&str] = &[
    "Accounts Settings",
    "Company",
    "Coupon Code",
    "Currency",
    "Currency Exchange",
    "Customer Group",
    "Global Defaults",
    "Item Group",
    "Item Tax Template",
    "Loyalty Program",
    "Mode of Payment",
    "POS Profile",
    "Price List",
    "Pricing Rule",
    "Property Setter",
    "Sales Taxes and Charges Template",
    "Selling Settings",
    "Stock Settings",
    "System Settings",
    "Tax Rule",
    "Territory",
    "UOM",
    "UOM Conversion Factor",
    "Warehouse",
];

/// Holds of batches by submitted invoices that are not consolidated yet; no DocType of ERPNext's.
pub(crate) const HELD_BATCH: &str = "_Held Batch";

/// What was read so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pricing {
    base: Option<Arc<Base>>,
    items: HashMap<String, Option<Arc<Item>>>,
}

#[derive(Debug, Default)]
struct Base {
    profiles: HashMap<String, Tables>,
    rules: RuleIndex,
    /// Items that rules give.
    free_items: Vec<String>,
}

impl Pricing {
    /// Forgets what was written.
    pub(crate) fn forget(&mut self, changed: &[(String, String)]) {
        for (doctype, about) in changed {
            if SMALL.contains(&doctype.as_str()) {
                self.base = None;
            }
            if !about.is_empty() {
                self.items.remove(about);
            }
        }
    }
}

/// Masters for one document.
pub(crate) struct View {
    base: Arc<Base>,
    profile: String,
    items: HashMap<String, Arc<Item>>,
    customer: Option<Customer>,
    nothing: Tables,
}

impl Masters for View {
    fn tables(&self) -> &Tables {
        self.base.profiles.get(&self.profile).unwrap_or(&self.nothing)
    }

    fn item(&self, item_code: &str) -> Option<Cow<'_, Item>> {
        self.items.get(item_code).map(|item| Cow::Borrowed(item.as_ref()))
    }

    fn customer(&self, name: &str) -> Option<Cow<'_, Customer>> {
        self.customer.as_ref().filter(|customer| customer.name == name).map(Cow::Borrowed)
    }

    fn coupon(&self, name: &str) -> Option<Cow<'_, CouponCode>> {
        self.tables().coupons.iter().find(|coupon| coupon.name == name).map(Cow::Borrowed)
    }

    fn rule_index(&self) -> Option<&RuleIndex> {
        Some(&self.base.rules)
    }
}

impl StandIn {
    /// What pricing a document needs.
    pub(crate) fn view(&mut self, profile: &str, customer: &str, item_codes: BTreeSet<&str>) -> View {
        let base = self.pricing.base.clone().unwrap_or_else(|| Arc::new(read_base(&self.store)));
        self.pricing.base = Some(Arc::clone(&base));
        let free = base.free_items.iter().map(String::as_str);
        let mut items = HashMap::new();
        for code in item_codes.into_iter().chain(free) {
            if let Some(item) = self.item(code) {
                items.insert(code.to_owned(), item);
            }
        }
        let customer = self.store.get("Customer", customer).map(|doc| self.customer(doc));
        View { base, profile: profile.to_owned(), items, customer, nothing: Tables::default() }
    }

    /// What a counter under this profile computes for a cart: the receipt that a posting is compared with.
    pub fn at_the_counter(&mut self, pos_profile: &str, cart: &Cart, context: &Context) -> Priced {
        let codes = cart.lines.iter().map(|line| line.item_code.as_str()).collect();
        let default = self.store.text("POS Profile", pos_profile, "customer").to_owned();
        let customer = if cart.customer.is_empty() { default } else { cart.customer.clone() };
        let view = self.view(pos_profile, &customer, codes);
        price(cart, &view, context)
    }

    /// The engine's item.
    pub(crate) fn item(&mut self, code: &str) -> Option<Arc<Item>> {
        if let Some(item) = self.pricing.items.get(code) {
            return item.clone();
        }
        let item = read_item(&self.store, code).map(Arc::new);
        self.pricing.items.insert(code.to_owned(), item.clone());
        item
    }

    fn customer(&self, doc: &Doc) -> Customer {
        let whole = Value::Object(doc.clone());
        let mut customer = holdfast_oracle::read_customer(&whole);
        let today = self.now().date();
        for entry in self.store.with("Loyalty Point Entry", "customer", &customer.name) {
            let is_good = Date::parse(text(entry, "expiry_date")).is_none_or(|expiry| expiry >= today);
            if is_good {
                customer.loyalty_points += number(entry, "loyalty_points") as i64;
            }
            customer.loyalty_spent += number(entry, "purchase_amount");
        }
        customer
    }
}

fn list(store: &Store, doctype: &str) -> Value {
    store.all(doctype).map(|doc| Value::Object((**doc).clone())).collect()
}

fn read_base(store: &Store) -> Base {
    let mut whole = Map::new();
    for doctype in SMALL {
        whole.insert((*doctype).to_owned(), list(store, doctype));
    }
    let mut tables = holdfast_oracle::read_tables(&Value::Object(whole));
    tables.settings = read_settings(store);
    tables.warehouses = tree(store, "Warehouse", "parent_warehouse");
    tables.uom_conversions = store
        .all("UOM Conversion Factor")
        .map(|doc| UomConversionFactor {
            from_uom: text(doc, "from_uom").to_owned(),
            to_uom: text(doc, "to_uom").to_owned(),
            value: number(doc, "value"),
        })
        .collect();
    tables.exchange_rates = store
        .all("Currency Exchange")
        .map(|doc| CurrencyExchange {
            date: Date::parse(text(doc, "date")).unwrap_or_default(),
            from_currency: text(doc, "from_currency").to_owned(),
            to_currency: text(doc, "to_currency").to_owned(),
            exchange_rate: number(doc, "exchange_rate"),
        })
        .collect();
    tables.exchange_rates.sort_by_key(|rate| std::cmp::Reverse(rate.date));
    let free_items = tables.pricing_rules.iter().filter_map(|rule| match &rule.effect {
        RuleEffect::Product(free) if !free.free_item.is_empty() => Some(free.free_item.clone()),
        _ => None,
    });
    let free_items = free_items.collect();
    let rules = RuleIndex::new(&tables.pricing_rules);
    let profiles = store.all("POS Profile").map(|doc| {
        let mut profile = holdfast_oracle::read_pos_profile(&Value::Object((**doc).clone()));
        let company = store.get("Company", &profile.company);
        let of_company = |name: &str| company.map_or("", |company| text(company, name)).to_owned();
        if profile.account_for_change_amount.is_empty() {
            profile.account_for_change_amount = of_company("default_cash_account");
        }
        let company = Company {
            name: profile.company.clone(),
            default_currency: of_company("default_currency"),
            ..Company::default()
        };
        let name = profile.name.clone();
        (name, Tables { profile, company, ..tables.clone() })
    });
    Base { profiles: profiles.collect(), rules, free_items }
}

fn tree(store: &Store, doctype: &str, parent: &str) -> Vec<TreeNode> {
    let node = |doc: &Arc<Doc>| TreeNode { name: text(doc, "name").to_owned(), parent: text(doc, parent).to_owned() };
    store.all(doctype).map(node).collect()
}

fn read_settings(store: &Store) -> Settings {
    let nothing = Arc::new(Doc::new());
    let single = |doctype: &str| store.get(doctype, doctype).unwrap_or(&nothing);
    let (system, stock) = (single("System Settings"), single("Stock Settings"));
    let places = |doc: &Doc, name: &str, default: u8| {
        crate::json::as_number(crate::json::field(doc, name)).map_or(default, |places| places as u8)
    };
    let mut field_precisions = Vec::new();
    for doctype in ["POS Invoice", "POS Invoice Item", "Sales Taxes and Charges", "Sales Invoice Payment"] {
        let fields = meta::doctype(doctype).into_iter().flat_map(|meta| &meta.fields);
        for (entry, places) in fields.filter_map(|entry| Some((entry, entry.places?))) {
            let (doctype, fieldname) = (doctype.to_owned(), entry.name.clone());
            field_precisions.push(FieldPrecision { doctype, fieldname, places });
        }
    }
    let number_format = match text(system, "number_format") {
        "" => "#,###.##",
        format => format,
    };
    let decimals = number_format.rsplit_once(['.', ',']).map_or(0, |(_, decimals)| decimals.len() as u8);
    Settings {
        rounding_method: RoundingMethod::from_erpnext(text(system, "rounding_method")).unwrap_or_default(),
        currency_precision: places(system, "currency_precision", decimals),
        float_precision: places(system, "float_precision", 3),
        number_format: number_format.to_owned(),
        disable_rounded_total: is_set(single("Global Defaults"), "disable_rounded_total"),
        round_row_wise_tax: is_set(single("Accounts Settings"), "round_row_wise_tax"),
        field_precisions,
        picks_batches: is_set(stock, "auto_create_serial_and_batch_bundle_for_outward"),
        inserts_missing_prices: is_set(stock, "auto_insert_price_list_rate_if_missing"),
        validate_selling_price: is_set(single("Selling Settings"), "validate_selling_price"),
        ..Settings::default()
    }
}

fn read_item(store: &Store, code: &str) -> Option<Item> {
    let doc = store.get("Item", code)?;
    let batches = store.with("Batch", "item", code).map(|batch| {
        let mut batch = (**batch).clone();
        let held = store.get(HELD_BATCH, text(&batch, "name")).map_or(0.0, |held| number(held, "qty"));
        let left = number(&batch, "batch_qty") - held;
        crate::json::set(&mut batch, "batch_qty", left);
        Value::Object(batch)
    });
    let bundles = store.with("Product Bundle", "new_item_code", code).map(|doc| Value::Object((**doc).clone()));
    let whole = json!({ "Batch": batches.collect::<Value>(), "Product Bundle": bundles.collect::<Value>() });
    let mut item = holdfast_oracle::read_item(&Value::Object((**doc).clone()), &whole);
    let prices = store.with("Item Price", "item_code", code).map(|doc| Value::Object((**doc).clone()));
    item.prices = prices.map(|price| holdfast_oracle::read_item_price(&price)).collect();
    Some(item)
}
