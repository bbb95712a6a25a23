//! A recorded shop, read page by page into a mirror: what is sold from it is what its whole documents say.

use crate::site::Site;
use flate2::read::GzDecoder;
use holdfast_engine::{
    Date, Shop,
    masters::{Item, Permit, Policy},
};
use holdfast_erpnext::{
    masters::{self, Masters},
    provision::FIELDS,
    pull::{BATCH_QUANTITY, Check, Cursor, Mirror, ReadPage, Row, Scope, WANTED, Way, wanted},
    site::Stamp,
};
use serde_json::{Value, json};
use std::{fs::File, io::Read as _, path::Path};

const SINGLES: [(&str, &str); 5] = [
    ("system_settings", "System Settings"),
    ("accounts_settings", "Accounts Settings"),
    ("selling_settings", "Selling Settings"),
    ("stock_settings", "Stock Settings"),
    ("global_defaults", "Global Defaults"),
];

/// The shop that the oracle's cases were recorded in.
pub fn recorded() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../oracle/data/master.json.gz");
    let mut text = String::new();
    GzDecoder::new(File::open(file).expect("it is part of the project")).read_to_string(&mut text).expect("a text");
    serde_json::from_str(&text).expect("JSON")
}

pub fn site(shop: &Value) -> Site {
    let mut site = Site::new("America/New_York", 1_795_475_000_000);
    for (key, doctype) in SINGLES {
        let mut document = shop[key].clone();
        document["name"] = json!(doctype);
        document["modified"] = json!("2026-11-23 17:34:07.064712");
        site.documents.entry(doctype.to_owned()).or_default().insert(doctype.to_owned(), document);
    }
    site.save("POS Settings", "POS Settings", json!({}));
    for (doctype, documents) in shop.as_object().expect("an object") {
        for document in documents.as_array().into_iter().flatten() {
            let name = document["name"].as_str().expect("a name").to_owned();
            site.documents.entry(doctype.clone()).or_default().insert(name, document.clone());
        }
    }
    site
}

/// Reads everything, as a hub does.
fn mirror(site: &mut Site) -> Mirror {
    let about =
        holdfast_erpnext::Site { time_zone: "America/New_York".to_owned(), ..holdfast_erpnext::Site::default() };
    let scope = Scope::new(&about, 1, vec!["Shop Floor - CS".to_owned()], site.now_ms);
    let mut mirror = Mirror::default();
    for wanted in WANTED {
        let mut cursor = Cursor::default();
        let mut has_more = wanted.way != Way::Checked;
        while has_more {
            let page = site.run(ReadPage::new(wanted, &scope, &cursor, site.now_ms)).expect("it answers");
            (cursor, has_more) = (page.cursor, page.has_more);
            for change in page.changes {
                mirror.apply(wanted.doctype, change);
            }
        }
        if wanted.way == Way::Checked {
            let checked = site.run(Check::new(wanted, &scope, mirror.known(wanted.doctype), &[])).expect("it answers");
            for change in checked.changes {
                mirror.apply(wanted.doctype, change);
            }
        }
    }
    mirror
}

fn masters(mirror: &Mirror) -> Masters {
    let mut masters = Masters::default();
    for wanted in WANTED {
        for row in mirror.rows(wanted.doctype) {
            masters.take(wanted.doctype, row.clone());
        }
    }
    masters
}

fn shop(site: &mut Site, pos_profile: &str) -> Shop {
    let today = Date::parse("2026-11-23").expect("a day");
    masters(&mirror(site)).shop(pos_profile, today).expect("it has the profile")
}

#[test]
fn what_is_sold_is_what_the_whole_documents_say() {
    let whole = recorded();
    let mut site = site(&whole);

    let shop = shop(&mut site, "Main Till");

    let tables = masters::tables(&whole);
    assert_eq!(shop.tables.pricing_rules, tables.pricing_rules);
    assert_eq!(shop.tables.coupons, tables.coupons);
    assert_eq!(shop.tables.item_tax_templates, sorted(tables.item_tax_templates, |template| &template.name));
    assert_eq!(shop.tables.item_group_taxes.len(), tables.item_group_taxes.len());
    assert_eq!(shop.tables.loyalty_programs, tables.loyalty_programs);
    assert_eq!(shop.tables.profile.payments.len(), 3);
    assert_eq!(shop.tables.profile.account_for_change_amount, "Cash - CS");
    assert_eq!(shop.tables.company.name, "Corner Shop Ltd");
    let documents = whole["Item"].as_array().expect("items").iter().filter(|document| document["disabled"] == 0);
    let documents: Vec<&Value> = documents.collect();
    // Not a document says how much of a batch is in this warehouse.
    let without_qty = |mut item: Item| {
        item.batches.iter_mut().for_each(|batch| batch.qty = 0.0);
        comparable(item)
    };
    assert_eq!(shop.items().len(), documents.len());
    for document in documents {
        let mut expected = masters::item(document, &whole);
        let prices = whole["Item Price"].as_array().expect("prices").iter();
        expected.prices =
            prices.filter(|price| price["item_code"] == document["item_code"]).map(masters::item_price).collect();
        let found = shop.items().iter().find(|item| item.item_code == expected.item_code).expect("it is sold");
        assert_eq!(comparable(found.clone()), without_qty(expected));
    }
}

fn sorted<T>(mut list: Vec<T>, key: impl Fn(&T) -> &String) -> Vec<T> {
    list.sort_by(|a, b| key(a).cmp(key(b)));
    list
}

/// Prices have no order of their own, and descriptions lose their HTML.
fn comparable(mut item: Item) -> Item {
    item.prices.sort_by_key(|price| format!("{price:?}"));
    item.description.clear();
    item
}

#[test]
fn settings_are_those_of_the_singles() {
    let mut site = site(&recorded());
    let precision = json!({
        "doc_type": "POS Invoice Item",
        "field_name": "rate",
        "property": "precision",
        "value": "4",
    });
    site.save("Property Setter", "POS Invoice Item-rate-precision", precision);

    let settings = shop(&mut site, "Main Till").tables.settings;

    assert_eq!((settings.currency_precision, settings.float_precision), (2, 3));
    assert_eq!(settings.rounding_method, holdfast_engine::rounding::RoundingMethod::Bankers);
    assert!(settings.picks_batches && !settings.inserts_missing_prices && !settings.disable_rounded_total);
    assert_eq!(settings.field_precisions[0].places, 4);
}

#[test]
fn what_was_sold_and_not_consolidated_is_not_there_any_more() {
    let mut site = site(&recorded());
    let bin =
        json!({ "item_code": "SKU-0001", "warehouse": "Shop Floor - CS", "actual_qty": 10.0, "valuation_rate": 2.5 });
    site.save("Bin", "b1", bin);
    let invoice = |qty: f64, consolidated: &str| {
        json!({
            "docstatus": 1,
            "consolidated_invoice": consolidated,
            "items": [{ "item_code": "SKU-0001", "warehouse": "Shop Floor - CS", "stock_qty": qty }],
        })
    };
    site.save("POS Invoice", "open", invoice(3.0, ""));
    site.save("POS Invoice", "returned", invoice(-1.0, ""));
    site.save("POS Invoice", "booked", invoice(5.0, "ACC-SINV-0001"));

    let masters = masters(&mirror(&mut site));

    let level = &masters.stock("Main Till")["SKU-0001"];
    assert_eq!((level.actual_qty, level.reserved_qty, level.available_qty()), (10.0, 2.0, 8.0));
    let shop = masters.shop("Main Till", Date::parse("2026-11-23").expect("a day")).expect("it is there");
    let item = shop.items().iter().find(|item| item.item_code == "SKU-0001").expect("it is sold");
    assert_eq!(item.valuation_rate, 2.5);
}

#[test]
fn a_batch_has_the_quantity_of_the_warehouse_that_is_sold_from() {
    let mut site = site(&recorded());
    site.batches = vec![("Shop Floor - CS", "BATCH-01-B1", 60.0), ("Kiosk - CS", "BATCH-01-B1", 5.0)];

    let shop = shop(&mut site, "Main Till");

    let item = shop.items().iter().find(|item| item.item_code == "BATCH-01").expect("it is sold");
    let batches: Vec<_> = item.batches.iter().map(|batch| (&*batch.batch_no, batch.qty)).collect();
    assert_eq!(batches[..2], [("BATCH-01-B1", 60.0), ("BATCH-01-B2", 0.0)]);
}

#[test]
fn sums_of_batches_are_asked_for_every_few_minutes_only() {
    let mut site = site(&recorded());
    site.batches = vec![("Shop Floor - CS", "BATCH-01-B1", 60.0)];
    let about = holdfast_erpnext::Site::default();
    let wanted = wanted(BATCH_QUANTITY).expect("it is wanted");
    let mut pages = |warehouses: &[&str], cursor: &Cursor, later_ms: i64| {
        let warehouses = warehouses.iter().map(|name| (*name).to_owned()).collect();
        let now_ms = site.now_ms + later_ms;
        let scope = Scope::new(&about, 1, warehouses, now_ms);
        site.run(ReadPage::new(wanted, &scope, cursor, now_ms)).expect("it answers")
    };

    let first = pages(&["Shop Floor - CS"], &Cursor::default(), 0);
    let soon = pages(&["Shop Floor - CS"], &first.cursor, 60_000);
    let later = pages(&["Shop Floor - CS"], &soon.cursor, 300_000);
    let elsewhere = pages(&["Kiosk - CS"], &later.cursor, 300_001);

    assert_eq!([&first, &soon, &later, &elsewhere].map(|page| page.changes.len()), [1, 0, 1, 1]);
    assert_eq!(first.changes, later.changes, "what did not change is equal");
}

#[test]
fn points_count_until_they_expire() {
    let mut site = site(&recorded());
    let customer = json!({ "customer_name": "Ada", "loyalty_program": "Corner Club", "customer_group": "Individual" });
    site.save("Customer", "Ada", customer);
    let entry = |points: i64, expires: &str, company: &str| {
        json!({
            "customer": "Ada",
            "loyalty_program": "Corner Club",
            "company": company,
            "loyalty_points": points,
            "purchase_amount": 50.0,
            "posting_date": "2026-10-01",
            "expiry_date": expires,
        })
    };
    site.save("Loyalty Point Entry", "1", entry(15, "2027-10-01", "Corner Shop Ltd"));
    site.save("Loyalty Point Entry", "2", entry(7, "2026-11-22", "Corner Shop Ltd"));
    site.save("Loyalty Point Entry", "3", entry(99, "2027-10-01", "Another Ltd"));

    let shop = shop(&mut site, "Main Till");

    let ada = shop.customers().iter().find(|customer| customer.name == "Ada").expect("she buys here");
    assert_eq!((ada.loyalty_points, ada.loyalty_spent), (15, 100.0));
}

#[test]
fn a_customer_brings_the_commission_of_the_sales_partner() {
    let mut site = site(&recorded());
    site.save("Sales Partner", "Agent", json!({ "commission_rate": 5.0 }));
    let customer =
        |rate: f64| json!({ "customer_name": "C", "default_sales_partner": "Agent", "default_commission_rate": rate });
    site.save("Customer", "own", customer(2.0));
    site.save("Customer", "partner's", customer(0.0));

    let shop = shop(&mut site, "Main Till");

    let rate = |name: &str| shop.customers().iter().find(|customer| customer.name == name).map(|c| c.commission_rate);
    assert_eq!((rate("own"), rate("partner's")), (Some(2.0), Some(5.0)));
}

#[test]
fn sales_persons_are_those_who_are_enabled_and_no_group() {
    let mut site = site(&recorded());
    site.save("Sales Person", "Ada", json!({ "enabled": 1, "is_group": 0 }));
    site.save("Sales Person", "Left", json!({ "enabled": 0, "is_group": 0 }));
    site.save("Sales Person", "Sales Team", json!({ "enabled": 1, "is_group": 1 }));

    assert_eq!(shop(&mut site, "Main Till").tables.sales_persons, ["Ada"]);
}

#[test]
fn what_is_switched_off_or_of_another_company_is_not_sold_from() {
    let mut site = site(&recorded());
    let change = |site: &mut Site, doctype: &str, name: &str, field: &str, value: Value| {
        let mut document = site.document(doctype, name).expect("it is there").clone();
        document[field] = value;
        site.save(doctype, name, document);
    };
    change(&mut site, "Item", "SKU-0001", "disabled", json!(1));
    change(&mut site, "Item", "SKU-0002", "is_sales_item", json!(0));
    change(&mut site, "Pricing Rule", "PRLE-0001", "company", json!("Another Ltd"));
    change(&mut site, "Mode of Payment", "Card", "enabled", json!(0));
    change(&mut site, "Price List", "Standard Selling", "enabled", json!(0));

    let shop = shop(&mut site, "Main Till");

    assert!(!shop.items().iter().any(|item| item.item_code == "SKU-0001" || item.item_code == "SKU-0002"));
    assert!(!shop.tables.pricing_rules.iter().any(|rule| rule.name == "PRLE-0001"));
    assert!(!shop.tables.modes_of_payment.iter().any(|mode| mode.name == "Card"));
    assert!(!shop.tables.price_lists.iter().any(|list| list.name == "Standard Selling"));
}

#[test]
fn who_may_sign_in_is_said_by_employee_and_profile() {
    let mut site = site(&recorded());
    let employee = |user: &str, role: &str, status: &str| {
        json!({
            "employee_name": "E",
            "user_id": user,
            "status": status,
            "company": "Corner Shop Ltd",
            "holdfast_role": role,
            "holdfast_new_pin": 0,
        })
    };
    // The profile names cashier@example.com.
    site.save("Employee", "named", employee("cashier@example.com", "", "Active"));
    site.save("Employee", "floor", employee("", "Supervisor", "Active"));
    site.save("Employee", "elsewhere", employee("other@example.com", "Cashier", "Active"));
    site.save("Employee", "left", employee("", "Cashier", "Left"));
    site.save("Employee", "office", employee("", "", "Active"));

    let people = masters(&mirror(&mut site)).people("Main Till");

    let people: Vec<(&str, &str)> = people.iter().map(|person| (&*person.name, &*person.role)).collect();
    assert_eq!(people, [("floor", "Supervisor"), ("named", "Cashier")]);
}

#[test]
fn a_profile_says_what_may_happen_without_a_network() {
    let mut site = site(&recorded());
    let mut profile = site.document("POS Profile", "Main Till").expect("it is there").clone();
    profile["holdfast_hours_offline_max"] = json!(0);
    profile["holdfast_offline_returns"] = json!("Not allowed");
    profile["holdfast_blind_closing"] = json!(1);
    site.save("POS Profile", "Main Till", profile);

    let profile = shop(&mut site, "Main Till").tables.profile;

    let expected = Policy { hours_offline_max: 0, returns: Permit::Refused, ..Policy::default() };
    assert_eq!(profile.policy, expected);
    assert!(profile.is_closing_blind);
}

#[test]
fn a_policy_is_by_default_what_provisioning_sets() {
    let defaults = FIELDS.iter().filter(|field| field.doctype == "POS Profile" && !field.default.is_empty());
    let profile: Value = defaults.map(|field| (field.fieldname.to_owned(), json!(field.default))).collect();

    assert_eq!(masters::policy(&profile), Policy::default());
    assert_eq!(masters::policy(&json!({})), Policy::default());
}

#[test]
fn every_custom_field_that_matters_is_read() {
    let read = |field: &holdfast_erpnext::provision::Field| {
        let wanted = WANTED.iter().find(|wanted| wanted.doctype == field.doctype);
        wanted.is_none_or(|wanted| wanted.fields.contains(&field.fieldname))
    };
    let missing = FIELDS.iter().filter(|field| !field.fieldtype.ends_with("Break") && !read(field));
    assert_eq!(missing.map(holdfast_erpnext::provision::Field::name).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn a_row_survives_being_stored() {
    let stamp = Stamp::parse("2026-11-23 17:34:07.064712").expect("a time");
    let fields = json!({ "item_name": "Tea" }).as_object().expect("an object").clone();
    let row = Row { name: "TEA".to_owned(), modified: stamp, fields };

    let stored = serde_json::to_string(&row).expect("it can be written");

    assert_eq!(serde_json::from_str::<Row>(&stored).expect("it can be read"), row);
}
