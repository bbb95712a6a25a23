//! Customers made at a counter, cash in and out, refusals and what a person decides about them.

use super::world::{World, cart, line};
use holdfast_engine::{Cart, Line};
use holdfast_sync::{
    Body,
    body::{CashMoved, CustomerSaved},
    posting::{Outcome, RefusalKind, Rename},
};
use serde_json::json;

fn customer(name: &str) -> CustomerSaved {
    CustomerSaved {
        customer_name: name.into(),
        customer_group: "Individual".into(),
        territory: "United States".into(),
        mobile_no: "+1 555 0177".into(),
        ..CustomerSaved::default()
    }
}

#[test]
fn a_customer_made_at_the_counter_is_named_by_erpnext_and_sold_to() {
    let mut world = World::with_a_shift();
    // Somebody of that name is there already.
    let made = world.note(Body::CustomerSaved(Box::new(customer("Ada Archer"))));
    let documents = world.post_exactly(made);
    let (mut sale, _) = world.sale(cart(vec![line("KG-009", 1.0)]));
    sale.customer_entry = Some(world.entries[made].0.at());
    let sold = world.note_sale(sale);

    world.post_exactly(sold);

    let named = documents[0].name.as_str();
    assert!(named.starts_with("Ada Archer - "), "{named}");
    assert_eq!(world.with_id("POS Invoice", sold)[0]["customer"], named);
}

#[test]
fn a_change_of_a_customer_may_be_sent_twice() {
    let mut world = World::with_a_shift();
    let changed = CustomerSaved { customer: "Ada Archer".into(), tax_id: "DE1".into(), ..customer("Ada Archer") };
    let changed = world.note(Body::CustomerSaved(Box::new(changed)));
    world.faults = vec![Some(holdfast_erpnext_standin::Fault::LostAfter)];

    world.post_exactly(changed);

    assert_eq!(world.site.document("Customer", "Ada Archer").expect("she is there")["tax_id"], "DE1");
}

fn moved(amount: f64) -> Body {
    Body::CashMoved(CashMoved {
        mode_of_payment: "Cash".into(),
        amount,
        reason: "change for the day".into(),
        account: String::new(),
    })
}

#[test]
fn cash_is_booked_where_the_profile_names_an_account_for_it() {
    let mut world = World::with_a_shift();
    world.site.change("POS Profile", "Main Till", &json!({ "holdfast_cash_account": "Cash In Transit - CS" }));
    let out = world.note(moved(-40.0));

    world.post_exactly(out);

    let entry = world.with_id("Journal Entry", out)[0];
    assert_eq!(entry["accounts"][0]["account"], "Cash - CS");
    assert_eq!(entry["accounts"][0]["credit_in_account_currency"], 40.0);
    assert_eq!(entry["accounts"][1]["debit_in_account_currency"], 40.0);
}

#[test]
fn cash_is_not_booked_where_the_profile_names_none() {
    let mut world = World::with_a_shift();
    let out = world.note(moved(20.0));

    let documents = world.post_exactly(out);

    assert_eq!(documents, Vec::new());
    assert_eq!(world.site.documents("Journal Entry").count(), 0);
}

/// A sale, what happens to the site before it is booked, and what is refused.
fn refused_sale(cart: Cart, happens: impl FnOnce(&mut World)) -> (World, usize, RefusalKind) {
    let mut world = World::with_a_shift();
    let sold = world.sell(cart);
    happens(&mut world);
    let outcome = world.post(sold);
    let Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
    assert_eq!(world.with_id("POS Invoice", sold).len(), 0);
    (world, sold, refusal.kind)
}

#[test]
fn what_erpnext_refuses_is_told_by_kind() {
    let one = || cart(vec![line("KG-005", 1.0)]);
    let batch = || cart(vec![Line { batch_no: "BATCH-01-B1".into(), ..line("BATCH-01", 1.0) }]);
    let ada = || Cart { customer: "Ada Archer".into(), ..one() };

    let (.., kind) = refused_sale(one(), |world| world.site.change("Item", "KG-005", &json!({ "disabled": 1 })));
    assert_eq!(kind, RefusalKind::Item);
    let (.., kind) = refused_sale(one(), |world| world.site.set_stock("KG-005", "Shop Floor - CS", 0.0));
    assert_eq!(kind, RefusalKind::Stock);
    let (.., kind) =
        refused_sale(ada(), |world| world.site.change("Customer", "Ada Archer", &json!({ "disabled": 1 })));
    assert_eq!(kind, RefusalKind::Customer);
    let (.., kind) = refused_sale(batch(), |world| {
        world.site.change("Batch", "BATCH-01-B1", &json!({ "expiry_date": "2026-11-01" }));
    });
    assert_eq!(kind, RefusalKind::Batch);
    let (.., kind) = refused_sale(one(), |world| {
        world.site.change("POS Opening Entry", "POS-OPE-2026-00001", &json!({ "status": "Closed" }));
    });
    assert_eq!(kind, RefusalKind::Opening);
    let (.., kind) = refused_sale(one(), |world| world.site.put_user(super::world::CASHIER, &["Stock User"]));
    assert_eq!(kind, RefusalKind::Permission);
    let (.., kind) = refused_sale(one(), |world| {
        world.site.put_custom_field("POS Invoice", "branch", "Data", false);
        world.site.change("Custom Field", "POS Invoice-branch", &json!({ "reqd": 1 }));
        world.site.put_custom_field("POS Invoice", "another", "Data", false);
    });
    assert_eq!(kind, RefusalKind::Mandatory);
}

#[test]
fn another_item_is_booked_in_its_place_at_the_same_price() {
    let (mut world, sold, _) = refused_sale(cart(vec![line("KG-005", 1.0)]), |world| {
        world.site.change("Item", "KG-005", &json!({ "disabled": 1 }));
    });
    let rename = Rename { doctype: "Item".into(), from: "KG-005".into(), to: "KG-006".into() };
    world.entries[sold].1.amendments.renames.push(rename);

    world.post_exactly(sold);

    let row = world.with_id("POS Invoice", sold)[0]["items"][0].clone();
    assert_eq!((row["item_code"].clone(), row["rate"].clone()), (json!("KG-006"), json!(2.67)));
}

#[test]
fn a_draft_for_the_bookkeeper_is_a_difference_until_it_is_settled() {
    let (mut world, sold, _) = refused_sale(cart(vec![line("KG-005", 1.0)]), |world| {
        world.site.set_stock("KG-005", "Shop Floor - CS", 0.0);
    });
    world.entries[sold].1.amendments.as_draft = true;

    let outcome = world.post(sold);

    let Outcome::Booked { differences, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(differences.iter().map(|found| found.field.as_str()).collect::<Vec<_>>(), ["docstatus"]);
    assert_eq!(world.with_id("POS Invoice", sold)[0]["docstatus"], 0);
}

#[test]
fn a_draft_that_an_earlier_try_left_is_completed() {
    let mut world = World::with_a_shift();
    let sold = world.sell(cart(vec![line("KG-005", 2.0)]));
    world.entries[sold].1.amendments.as_draft = true;
    assert!(matches!(world.post(sold), Outcome::Booked { .. }));
    world.entries[sold].1.amendments.as_draft = false;

    let outcome = world.try_once(sold, false);

    let Outcome::Booked { differences, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(differences, Vec::new());
    assert_eq!(world.with_id("POS Invoice", sold)[0]["docstatus"], 1);
}

#[test]
fn what_erpnext_computes_otherwise_is_a_difference() {
    let mut world = World::with_a_shift();
    let (mut sale, _) = world.sale(cart(vec![line("KG-005", 1.0)]));
    sale.invoice.grand_total += 0.01;
    sale.invoice.taxes[0].tax_amount = 5.0;
    let sold = world.note_sale(sale);

    let outcome = world.post(sold);

    let Outcome::Booked { differences, .. } = outcome else { panic!("{outcome:?}") };
    let fields: Vec<&str> = differences.iter().map(|found| found.field.as_str()).collect();
    assert_eq!(fields, ["grand_total", "taxes.1.tax_amount"]);
}

/// A rule that gives half, from the evening of the sale on.
fn change_the_rule(world: &mut World) {
    world.site.change("Pricing Rule", "PRLE-0001", &json!({ "discount_percentage": 50.0 }));
}

#[test]
fn todays_rules_are_not_for_yesterdays_sale() {
    let mut world = World::with_a_shift();
    let sold = world.sell(cart(vec![line("SKU-0010", 4.0)]));
    change_the_rule(&mut world);

    world.post_exactly(sold);
}

#[test]
fn without_the_right_to_leave_rules_out_a_difference_is_shown() {
    let mut world = World::with_a_shift();
    let sold = world.sell(cart(vec![line("SKU-0010", 4.0)]));
    change_the_rule(&mut world);
    world.site.put_user(super::world::CASHIER, &["Sales User", "Sales Manager", "Accounts User", "Stock User"]);

    let outcome = world.post(sold);

    let Outcome::Booked { differences, .. } = outcome else { panic!("{outcome:?}") };
    assert!(differences.iter().any(|found| found.field == "grand_total"));
}
