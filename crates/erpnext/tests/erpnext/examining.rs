//! What a doctor finds, and what is said about it.

use crate::{selling, site::Site};
use holdfast_erpnext::{
    Answer, Conversation, Heard, Step, Trouble,
    doctor::{Examine, Finding, Severity, of_connection},
    provision::FIELDS,
    site::Version,
};
use serde_json::{Value, json};

/// The recorded shop, provisioned, with all that a counter needs.
fn healthy() -> Site {
    let mut site = selling::site(&selling::recorded());
    for field in FIELDS {
        site.save("Custom Field", &field.name(), field.document());
    }
    let company = "Corner Shop Ltd";
    for account in ["Cash - CS", "POS Write Off - CS"] {
        site.save("Account", account, json!({ "company": company, "disabled": 0, "is_group": 0 }));
    }
    for warehouse in ["Shop Floor - CS", "Kiosk - CS"] {
        site.save("Warehouse", warehouse, json!({ "company": company, "disabled": 0, "is_group": 0 }));
    }
    site.save("Company", company, json!({ "default_currency": "USD", "default_cash_account": "Cash - CS" }));
    site.save("User", "cashier@example.com", json!({ "enabled": 1, "user_type": "System User" }));
    change(&mut site, "Stock Settings", "Stock Settings", "allow_negative_stock", json!(1));
    for profile in ["Main Till", "Kiosk"] {
        change(&mut site, "POS Profile", profile, "holdfast_cash_account", json!("Cash - CS"));
        change(&mut site, "POS Profile", profile, "applicable_for_users", json!([{ "user": "cashier@example.com" }]));
    }
    site
}

fn change(site: &mut Site, doctype: &str, name: &str, field: &str, value: Value) {
    let mut document = site.document(doctype, name).expect("it is there").clone();
    document[field] = value;
    site.save(doctype, name, document);
}

fn examine(site: &mut Site) -> Vec<Finding> {
    let now_ms = site.now_ms;
    site.run(Examine::new(now_ms)).expect("it answers")
}

/// What is bad enough to be looked at, as it is said.
fn complaints(site: &mut Site) -> Vec<String> {
    let found = examine(site).into_iter().filter(|finding| finding.severity > Severity::Note);
    found.map(|finding| format!("{}: {}", finding.about, finding.what)).collect()
}

#[test]
fn a_shop_that_is_set_up_has_no_complaint() {
    assert_eq!(complaints(&mut healthy()), Vec::<String>::new());
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of what can be wrong")]
fn everything_that_is_wrong_is_said_at_once() {
    let cases: &[(&str, &str, &str, Value, &str)] = &[
        (
            "Company",
            "Corner Shop Ltd",
            "default_currency",
            json!("EUR"),
            "POS Profile Main Till: There is no exchange rate from USD to EUR for selling.",
        ),
        (
            "POS Profile",
            "Main Till",
            "write_off_account",
            json!(null),
            "POS Profile Main Till: There is no account for write-offs, which closing needs.",
        ),
        (
            "POS Profile",
            "Main Till",
            "selling_price_list",
            json!(null),
            "POS Profile Main Till: It has no price list, or one that does not exist: nothing has a price.",
        ),
        (
            "Price List",
            "Standard Selling",
            "enabled",
            json!(0),
            "POS Profile Main Till: The price list Standard Selling is disabled or not for selling.",
        ),
        (
            "Mode of Payment",
            "Card",
            "accounts",
            json!([]),
            "POS Profile Main Till: The mode of payment Card has no account for Corner Shop Ltd.",
        ),
        (
            "Mode of Payment",
            "Card",
            "enabled",
            json!(0),
            "POS Profile Main Till: The mode of payment Card is disabled.",
        ),
        (
            "Currency",
            "USD",
            "smallest_currency_fraction_value",
            json!(0),
            "POS Profile Main Till: USD has no smallest fraction, so totals are rounded to whole USD.",
        ),
        (
            "Warehouse",
            "Shop Floor - CS",
            "company",
            json!("Another Ltd"),
            "POS Profile Main Till: The warehouse Shop Floor - CS is another company's.",
        ),
        (
            "Account",
            "Cash - CS",
            "disabled",
            json!(1),
            "POS Profile Main Till: The account Cash - CS is disabled or a group: nothing can be booked to it.",
        ),
        (
            "Customer",
            "Walk-in Customer",
            "disabled",
            json!(1),
            "POS Profile Main Till: The default customer Walk-in Customer does not exist, is disabled or frozen.",
        ),
        ("User", "cashier@example.com", "enabled", json!(0), "POS Profile Main Till: Nobody may sign in under it."),
        (
            "Pricing Rule",
            "PRLE-0001",
            "threshold_percentage",
            json!(80),
            "Pricing Rule PRLE-0001: It has a threshold for suggestions, at which ERPNext 15 fails when a sale comes near it.",
        ),
        (
            "Coupon Code",
            "Autumn 20",
            "maximum_use",
            json!(0),
            "Coupon Code Autumn 20: It may be used any number of times, and ERPNext 15 refuses to submit a sale with such a \
             coupon.",
        ),
        (
            "Custom Field",
            "Customer-holdfast_id",
            "reqd",
            json!(1),
            "Customer: The field \"Holdfast ID\" is mandatory and has no default: a sale would be refused.",
        ),
    ];
    for (doctype, name, field, value, expected) in cases {
        let mut site = healthy();
        if *doctype == "User" {
            site.documents.remove("Employee");
        }
        change(&mut site, doctype, name, field, value.clone());

        let complaints = complaints(&mut site);

        assert!(complaints.iter().any(|complaint| complaint == expected), "{expected}\n{complaints:#?}");
    }
}

#[test]
fn no_account_for_change_is_found_on_profile_and_company() {
    let mut site = healthy();
    change(&mut site, "POS Profile", "Main Till", "account_for_change_amount", json!(null));
    assert_eq!(complaints(&mut site), Vec::<String>::new());

    change(&mut site, "Company", "Corner Shop Ltd", "default_cash_account", json!(null));

    assert_eq!(
        complaints(&mut site),
        ["POS Profile Main Till: There is no account for change: a sale with change would be refused."]
    );
}

#[test]
fn a_missing_right_is_named_with_the_role_that_has_it() {
    let mut site = healthy();
    site.forbidden = vec!["Deleted Document"];

    let found = examine(&mut site);

    let errors = found.iter().filter(|finding| finding.severity == Severity::Error).map(ToString::to_string);
    assert_eq!(
        errors.collect::<Vec<_>>(),
        [
            "User admin@example.com: It may not read Deleted Document. Give it the role \"Holdfast\", or run provisioning if the \
         role lacks the right."
        ]
    );
}

#[test]
fn a_site_without_scheduler_fields_or_profiles_is_told_so() {
    let mut site = healthy();
    site.scheduler = "inactive";
    site.documents.remove("Custom Field");
    site.documents.remove("POS Profile");

    let complaints = complaints(&mut site);

    assert_eq!(
        complaints,
        [
            "Site: Its scheduler does not run: closings of ten sales and more, which ERPNext does in the background, stay queued.",
            "Site: It is not provisioned.",
            "Site: There is no POS Profile, or the account sees none.",
        ]
    );
}

#[test]
fn what_hinders_a_connection_is_said_plainly() {
    let said = |look: Result<holdfast_erpnext::Site, Trouble>| of_connection(&look)[0].what.clone();
    let site = holdfast_erpnext::Site {
        erpnext: Version::parse("15.71.1"),
        time_zone: "Europe/Berlin".to_owned(),
        ..holdfast_erpnext::Site::default()
    };

    assert_eq!(of_connection(&Ok(site.clone())), []);
    assert_eq!(said(Err(Trouble::SignedOut)), "The site does not accept the sign-in.");
    assert_eq!(said(Err(Trouble::Unclear)), "Something answers at this address, but not as ERPNext does.");
    assert_eq!(said(Ok(holdfast_erpnext::Site { erpnext: None, ..site.clone() })), "The site has no ERPNext.");
    let old = holdfast_erpnext::Site { erpnext: Version::parse("14.9.0"), ..site.clone() };
    assert_eq!(said(Ok(old)), "The site runs ERPNext 14.9.0.");
    let zone = holdfast_erpnext::Site { time_zone: "Mars/Base".to_owned(), ..site.clone() };
    assert_eq!(said(Ok(zone)), "The site's time zone \"Mars/Base\" is unknown.");
    let late = holdfast_erpnext::Site { clock_ahead_ms: -300_000, ..site };
    assert_eq!(said(Ok(late)), "The site's clock is 300 seconds behind this machine's.");
}

#[test]
fn a_page_that_is_not_erpnexts_ends_the_examination() {
    let mut examine = Examine::new(0);
    assert!(matches!(examine.next(None), Step::Ask(_)));
    let answer = Answer { status: 200, retry_after_ms: None, date_ms: None, body: b"<html>".to_vec() };

    let Step::Done(Ok(found)) = examine.next(Some(Heard::Answer(answer))) else {
        panic!("it is over");
    };

    assert_eq!(found.len(), 1);
    assert_eq!(found[0].severity, Severity::Error);
}
