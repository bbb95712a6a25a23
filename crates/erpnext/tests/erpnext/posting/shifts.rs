//! The end of a shift: at once, in the background, in parts.

use super::world::{World, cart, line};
use holdfast_engine::{Cart, Discount};
use holdfast_erpnext_standin::Doc;
use holdfast_sync::posting::Outcome;
use serde_json::json;

fn closings(world: &World) -> Vec<&Doc> {
    world.site.documents("POS Closing Entry").filter(|doc| doc["docstatus"] == 1).collect()
}

/// The sum of a column of all closings, for one mode of payment.
fn sum(world: &World, mode: &str, column: &str) -> f64 {
    let rows =
        closings(world).into_iter().flat_map(|doc| doc["payment_reconciliation"].as_array().expect("rows").clone());
    let sum: f64 =
        rows.filter(|row| row["mode_of_payment"] == mode).map(|row| row[column].as_f64().expect("a number")).sum();
    (sum * 100.0).round() / 100.0
}

fn sell_many(world: &mut World, count: usize) {
    for number in 0..count {
        let sold = world.sell(cart(vec![line("SKU-0002", 1.0 + (number % 3) as f64), line("KG-005", 1.0)]));
        world.post_exactly(sold);
    }
}

#[test]
fn a_small_shift_is_closed_at_once_with_what_was_counted() {
    let mut world = World::with_a_shift();
    sell_many(&mut world, 3);
    let cash = world.expected[0].amount;
    let closing = world.close_shift(cash - 2.0);

    world.post_exactly(closing);

    assert_eq!(closings(&world).len(), 1);
    assert_eq!(sum(&world, "Cash", "opening_amount"), 100.0);
    assert_eq!(sum(&world, "Cash", "expected_amount"), (cash * 100.0).round() / 100.0);
    assert_eq!(sum(&world, "Cash", "difference"), -2.0);
    assert!(world.site.documents("POS Invoice").all(|invoice| invoice["status"] == "Consolidated"));
}

#[test]
fn a_shift_without_a_sale_is_closed_too() {
    let mut world = World::with_a_shift();
    let closing = world.close_shift(100.0);

    world.post_exactly(closing);

    assert_eq!(closings(&world).len(), 1);
}

#[test]
fn a_long_shift_is_closed_in_the_background() {
    let mut world = World::with_a_shift();
    sell_many(&mut world, 14);
    let closing = world.close_shift(world.expected[0].amount);

    let first = world.try_once(closing, true);

    assert!(matches!(first, Outcome::Underway { .. }));
    world.post_exactly(closing);
    assert_eq!(closings(&world).len(), 1);
}

/// Three of 1.00 with ten percent included leave a cent over; a shift of these is what ERPNext refuses to close whole.
fn leave_cents_over(world: &mut World, count: usize) {
    world.site.change("Item Price", &price_of(world, "KG-005"), &json!({ "price_list_rate": 1.02 }));
    for _ in 0..count {
        let lines = ["KG-005", "KG-005", "KG-005", "KG-005"].map(|code| line(code, 1.0)).to_vec();
        let sold = world.sell(cart(lines));
        world.post_exactly(sold);
    }
}

fn price_of(world: &World, code: &str) -> String {
    let price = world.site.documents("Item Price").find(|doc| doc["item_code"] == code).expect("it has a price");
    price["name"].as_str().expect("a name").to_owned()
}

#[test]
fn a_shift_that_erpnext_would_refuse_whole_is_closed_in_parts_that_add_up() {
    let mut world = World::with_a_shift();
    leave_cents_over(&mut world, 60);
    let cash = (world.expected[0].amount * 100.0).round() / 100.0;
    let left_over: f64 = world
        .site
        .documents("POS Invoice")
        .map(|doc| {
            ["grand_total", "net_total", "total_taxes_and_charges"].map(|name| doc[name].as_f64().expect("a number"))
        })
        .map(|[total, net, tax]| total - net - tax)
        .sum();
    assert!(left_over.abs() > 0.5, "the shift has to be one that is refused: {left_over}");
    let closing = world.close_shift(cash + 1.5);

    let documents = world.post_exactly(closing);

    assert!(documents.len() > 1);
    assert_eq!(closings(&world).len(), documents.len());
    assert_eq!(sum(&world, "Cash", "opening_amount"), 100.0);
    assert_eq!(sum(&world, "Cash", "expected_amount"), cash);
    assert_eq!(sum(&world, "Cash", "difference"), 1.5);
    assert!(world.site.documents("POS Invoice").all(|invoice| invoice["status"] == "Consolidated"));
    assert!(world.site.documents("POS Opening Entry").all(|opening| opening["status"] == "Closed"));
}

/// A return whose net rate is a cent above its sale's, because what was left over fell on it: ERPNext cannot consolidate it.
fn give_back_dearer(world: &mut World) -> usize {
    for code in (1..30).map(|number| format!("KG-{number:03}")) {
        let discounted = |qty| Cart { discount: Some(Discount::Percentage(5.0)), ..cart(vec![line(&code, qty)]) };
        let (sold, back) = (world.sale(discounted(3.0)).1, world.sale(discounted(1.0)).1);
        if back.items[0].net_rate > sold.items[0].net_rate {
            let sold = world.sell(discounted(3.0));
            world.post_exactly(sold);
            let returned = world.give_back(sold, &[(0, -1.0)]);
            world.post_exactly(returned);
            return returned;
        }
    }
    panic!("no item leaves anything over");
}

#[test]
fn an_invoice_that_cannot_be_closed_does_not_keep_the_others_out() {
    for count in [3, 25] {
        let mut world = World::with_a_shift();
        sell_many(&mut world, count);
        let returned = give_back_dearer(&mut world);
        let name = world.with_id("POS Invoice", returned)[0]["name"].as_str().expect("a name").to_owned();
        let cash = (world.expected[0].amount * 100.0).round() / 100.0;
        let closing = world.close_shift(cash - 3.0);

        let outcome = world.post(closing);

        let Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
        assert!(
            refusal.message.contains(&name) && refusal.message.contains("Rate cannot be greater"),
            "{}",
            refusal.message
        );
        let open = world.site.documents("POS Invoice").filter(|doc| doc["status"] != "Consolidated");
        assert_eq!(open.map(|doc| doc["name"].clone()).collect::<Vec<_>>(), [json!(name)]);

        // The bookkeeper values the item by its average; the rest of the shift follows.
        world.site.change("Stock Settings", "Stock Settings", &json!({ "valuation_method": "Moving Average" }));
        world.post_exactly(closing);
        assert_eq!(sum(&world, "Cash", "expected_amount"), cash);
        assert_eq!(sum(&world, "Cash", "difference"), -3.0);
        assert_eq!(sum(&world, "Cash", "opening_amount"), 100.0);
    }
}

#[test]
fn a_sale_that_somebody_cancelled_in_erpnext_is_named_at_the_closing() {
    let mut world = World::with_a_shift();
    sell_many(&mut world, 2);
    let name = world.with_id("POS Invoice", 1)[0]["name"].as_str().expect("a name").to_owned();
    world.site.change("POS Invoice", &name, &json!({ "docstatus": 2, "status": "Cancelled" }));
    let closing = world.close_shift(world.expected[0].amount);

    let outcome = world.post(closing);

    let Outcome::Booked { differences, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(differences[0].field, format!("pos_transactions.{name}"));
}

#[test]
fn a_closing_that_failed_is_tried_again_and_then_shown_to_a_person() {
    let mut world = World::with_a_shift();
    sell_many(&mut world, 12);
    let closing = world.close_shift(world.expected[0].amount);
    world.site.put(
        "Accounting Period",
        json!({
            "name": "2026-11", "company": "Corner Shop Ltd", "start_date": "2026-11-01", "end_date": "2026-11-30",
            "closed_documents": [{ "document_type": "Sales Invoice", "closed": 1 }],
        }),
    );

    let outcome = world.post(closing);

    let Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
    assert!(refusal.message.contains("Accounting Period"));
    world.site.change("Accounting Period", "2026-11", &json!({ "disabled": 1 }));
    world.post_exactly(closing);
}
