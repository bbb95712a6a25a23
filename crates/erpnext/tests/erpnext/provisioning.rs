//! Setting a site up, again and again, and taking it back.

use crate::{
    faults::{Fault, Faults},
    site::Site,
};
use holdfast_erpnext::{
    Trouble,
    provision::{Apply, FIELDS, Order, Plan, Survey, TakeBack, Webhooks, rights},
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn site() -> Site {
    let mut site = Site::new("Europe/Berlin", 1_795_000_000_000);
    site.save("POS Settings", "POS Settings", json!({}));
    site.save("User", "hub@example.com", json!({ "roles": [] }));
    let fields = FIELDS.iter().map(|field| field.doctype);
    for doctype in rights().into_iter().map(|right| right.doctype).chain(fields) {
        site.save("DocType", doctype, json!({ "istable": 0 }));
    }
    site
}

fn order() -> Order {
    Order {
        users: vec!["hub@example.com".to_owned()],
        redirect_uri: Some("https://pos.example.com/oauth".to_owned()),
        webhooks: Some(Webhooks { url: "https://pos.example.com/hook".to_owned(), secret: "s".to_owned() }),
    }
}

fn survey(site: &mut Site) -> Plan {
    site.run(Survey::new(order(), 0)).expect("it answers")
}

/// All documents without their stamps.
fn state(site: &Site) -> Vec<Value> {
    let documents = site.documents.values().flat_map(|table| table.values());
    let without_stamp = |document: &Value| {
        let mut document = document.clone();
        document["modified"] = Value::Null;
        document
    };
    documents.map(without_stamp).collect()
}

#[test]
fn a_plan_says_what_would_be_done_and_changes_nothing() {
    let mut site = site();
    let before = state(&site);

    let plan = survey(&mut site);

    assert!(!plan.is_done());
    let sentences = plan.to_do();
    assert_eq!(sentences[0], "Make the role \"Holdfast\".");
    assert!(sentences.contains(&"Add the unique field \"Holdfast ID\" to POS Invoice.".to_owned()));
    assert!(sentences.contains(&"Let the role \"Holdfast\" read, write POS Invoice at permission level 1.".to_owned()));
    assert!(sentences.contains(&"Give the role \"Holdfast\" to hub@example.com.".to_owned()));
    assert!(!sentences.iter().any(|sentence| sentence.contains("to Sales Invoice")), "version 15 does not need it");
    assert_eq!(state(&site), before);
}

#[test]
fn what_was_applied_is_there_and_applying_again_does_nothing() {
    let mut site = site();
    let plan = survey(&mut site);

    let applied = site.run(Apply::new(&plan, 0)).expect("it answers");

    assert_eq!((applied.plan.to_do(), applied.refused), (Vec::new(), Vec::new()));
    assert_eq!(applied.plan.client_id.as_deref(), Some("client"));
    let field = site.document("Custom Field", "POS Invoice-holdfast_id").expect("it was made");
    assert_eq!((&field["unique"], &field["no_copy"], &field["read_only"]), (&json!(1), &json!(1), &json!(1)));
    let right = site.document("Custom DocPerm", "POS Invoice Holdfast 0").expect("it was made");
    assert_eq!((&right["create"], &right["submit"], &right["cancel"]), (&json!(1), &json!(1), &Value::Null));
    let before = state(&site);
    let again = site.run(Apply::new(&applied.plan, 0)).expect("it answers");
    assert!(again.plan.is_done());
    assert_eq!(state(&site), before);
}

#[test]
fn taking_back_leaves_the_site_as_it_was() {
    let mut site = site();
    let before = state(&site);
    let plan = survey(&mut site);
    let applied = site.run(Apply::new(&plan, 0)).expect("it answers");

    let taken = site.run(TakeBack::new(&applied.plan, 0)).expect("it answers");

    assert_eq!((taken.plan.to_undo(), taken.refused), (Vec::new(), Vec::new()));
    assert_eq!(state(&site), before);
}

#[test]
fn what_an_oauth_client_gave_out_and_who_got_the_role_by_hand_go_too() {
    let mut site = site();
    let plan = survey(&mut site);
    site.run(Apply::new(&plan, 0)).expect("it answers");
    site.save("OAuth Bearer Token", "t1", json!({ "client": "client" }));
    site.save("OAuth Bearer Token", "t2", json!({ "client": "another" }));
    site.save("User", "ada@example.com", json!({ "roles": [{ "role": "Holdfast" }, { "role": "Sales User" }] }));
    let plan = survey(&mut site);
    assert!(plan.to_undo().contains(&"Take the role \"Holdfast\" from ada@example.com.".to_owned()));

    let taken = site.run(TakeBack::new(&plan, 0)).expect("it answers");

    assert_eq!(taken.refused, []);
    assert_eq!(site.documents["OAuth Bearer Token"].keys().collect::<Vec<_>>(), ["t2"]);
    let ada = site.document("User", "ada@example.com").expect("she stays");
    assert_eq!(ada["roles"], json!([{ "role": "Sales User" }]));
}

#[test]
fn rights_that_somebody_had_changed_stay_when_ours_go() {
    let mut site = site();
    let own = json!({ "parent": "Item Price", "role": "Shop Manager", "permlevel": 0, "read": 1 });
    site.save("Custom DocPerm", "own", own);
    let plan = survey(&mut site);
    let applied = site.run(Apply::new(&plan, 0)).expect("it answers");

    site.run(TakeBack::new(&applied.plan, 0)).expect("it answers");

    let rows = &site.documents["Custom DocPerm"];
    assert_eq!(rows.values().filter(|row| row["parent"] == "Item Price").count(), 1);
    assert!(rows.contains_key("own"));
}

#[test]
fn a_field_that_lost_its_guard_is_put_right() {
    let mut site = site();
    let plan = survey(&mut site);
    let applied = site.run(Apply::new(&plan, 0)).expect("it answers");
    assert!(applied.plan.is_done());
    let mut field = site.document("Custom Field", "Customer-holdfast_id").expect("it was made").clone();
    field["unique"] = json!(0);
    site.save("Custom Field", "Customer-holdfast_id", field);

    let plan = survey(&mut site);

    assert_eq!(
        plan.to_do(),
        ["Add the unique field \"Holdfast ID\" to Customer. It is there, but it is not unique; this is put right."]
    );
    assert!(site.run(Apply::new(&plan, 0)).expect("it answers").plan.is_done());
}

#[test]
fn what_erpnext_refuses_is_said_in_its_own_words() {
    let mut site = site();
    let mut plan = survey(&mut site);
    plan.order.users.push("nobody@example.com".to_owned());
    site.save("User", "hub@example.com", json!({ "roles": [] }));
    let mut plan = site.run(Survey::new(plan.order, 0)).expect("it answers");
    plan.order.redirect_uri = None;

    let applied = site.run(Apply::new(&plan, 0)).expect("it answers");

    let [refusal] = applied.refused.as_slice() else {
        panic!("{:?}", applied.refused);
    };
    assert_eq!(refusal.sentence, "Give the role \"Holdfast\" to nobody@example.com.");
    assert_eq!(refusal.message, "User nobody@example.com not found");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    /// Whatever is lost on the way: surveying and applying again gets there, and back.
    #[test]
    fn broken_off_anywhere_it_gets_there(
        faults in prop::collection::vec(
            prop_oneof![20 => Just(Fault::None), 1 => Just(Fault::Lost), 1 => Just(Fault::Busy), 1 => Just(Fault::Restart)],
            0..300,
        ),
    ) {
        let mut site = site();
        let before = state(&site);
        let mut faults = Faults(faults);

        for round in 0.. {
            prop_assert!(round < 1_000, "there is no end to it");
            let plan = match faults.run(&mut site, Survey::new(order(), 0)) {
                Some(Ok(plan)) => plan,
                Some(Err(Trouble::Unclear | Trouble::NotNow { .. })) | None => continue,
                Some(Err(trouble)) => panic!("{trouble}"),
            };
            if plan.is_done() {
                break;
            }
            if let Some(Ok(applied)) = faults.run(&mut site, Apply::new(&plan, 0)) {
                prop_assert_eq!(applied.refused, vec![]);
            }
        }
        for round in 0.. {
            prop_assert!(round < 1_000, "there is no end to it");
            let plan = survey(&mut site);
            if plan.to_undo().is_empty() {
                break;
            }
            faults.run(&mut site, TakeBack::new(&plan, 0));
        }

        prop_assert_eq!(state(&site), before);
    }
}
