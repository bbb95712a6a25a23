//! Every kind of sale and return becomes one document that says what the receipt says.

use super::world::{World, cart, line, paid};
use holdfast_engine::{Cart, Discount, Line, Redemption};
use holdfast_sync::posting::Outcome;

fn carts() -> Vec<(&'static str, Cart)> {
    let batch = Line { batch_no: "BATCH-01-B1".into(), ..line("BATCH-01", 2.0) };
    let serial = Line { serial_nos: vec!["SER-01-S010".into(), "SER-01-S011".into()], ..line("SER-01", 2.0) };
    let box_of = Line { uom: "Box".into(), ..line("SKU-0001", 1.0) };
    let priced = Line { rate: Some(1.5), ..line("KG-005", 2.0) };
    let dearer = Line { rate: Some(9.99), ..line("KG-005", 1.0) };
    let reduced = Line { discount_percentage: 10.0, ..line("KG-006", 3.0) };
    let with = |lines: Vec<Line>, discount| Cart { discount: Some(discount), ..cart(lines) };
    vec![
        ("cash exact", cart(vec![line("SKU-0002", 2.0), line("SKU-0005", 1.0)])),
        ("cash with change", Cart { payments: vec![paid("Cash", 100.0)], ..cart(vec![line("KG-009", 3.0)]) }),
        (
            "card and cash with change",
            Cart { payments: vec![paid("Cash", 50.0), paid("Card", 2.0)], ..cart(vec![line("KG-009", 3.0)]) },
        ),
        ("card", Cart { payments: vec![paid("Card", 12.45)], ..cart(vec![line("KG-009", 3.0)]) }),
        ("a batch", cart(vec![batch])),
        ("serial numbers", cart(vec![serial])),
        ("another unit", cart(vec![box_of])),
        ("a weight", cart(vec![line("KG-011", 1.375)])),
        ("rules of every kind", cart((1..30).map(|n| line(&format!("SKU-{n:04}"), 4.0)).filter(sellable).collect())),
        ("a price of the cashier's", cart(vec![priced])),
        ("a price above the list", cart(vec![dearer])),
        ("a discount of the cashier's", cart(vec![reduced])),
        (
            "a percentage off everything",
            with(vec![line("KG-005", 3.0), line("SKU-0005", 2.0)], Discount::Percentage(7.5)),
        ),
        ("an amount off everything", with(vec![line("KG-005", 3.0), line("KG-006", 1.0)], Discount::Amount(1.11))),
        ("somebody who collects points", Cart { customer: "Ada Archer".into(), ..cart(vec![line("KG-007", 50.0)]) }),
        ("a coupon", Cart { coupon_code: "Autumn 20".into(), ..cart(vec![line("SKU-0042", 3.0)]) }),
        ("a bundle", cart(vec![line("BUNDLE-BRK", 1.0)])),
        ("the same item twice", cart(vec![line("KG-005", 1.0), line("KG-005", 0.5)])),
    ]
}

fn sellable(line: &Line) -> bool {
    !["SKU-0003"].contains(&line.item_code.as_str())
}

#[test]
fn every_kind_of_sale_is_booked_once_and_as_the_receipt_says() {
    let mut world = World::with_a_shift();
    let mut bad = Vec::new();

    for (name, cart) in carts() {
        let sold = world.sell(cart);
        match world.post(sold) {
            Outcome::Booked { differences, .. } if differences.is_empty() => {}
            outcome => bad.push(format!("{name}: {outcome:?}")),
        }
        assert_eq!(world.with_id("POS Invoice", sold).len(), 1, "{name}");
    }

    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn points_that_were_collected_pay_for_something() {
    let mut world = World::with_a_shift();
    let collected = world.sell(Cart { customer: "Ada Archer".into(), ..cart(vec![line("KG-007", 60.0)]) });
    world.post_exactly(collected);

    let redemption = Some(Redemption { points: 20, amount: 0.0 });
    let spent = world.sell(Cart { customer: "Ada Archer".into(), redemption, ..cart(vec![line("KG-007", 5.0)]) });

    world.post_exactly(spent);
}

#[test]
fn what_costs_nothing_is_booked_without_a_payment() {
    let mut world = World::with_a_shift();
    let free = Cart { discount: Some(Discount::Percentage(100.0)), ..cart(vec![line("KG-005", 1.0)]) };
    let (mut sale, _) = world.sale(free);
    sale.invoice.payments.clear();
    let sold = world.note_sale(sale);

    world.post_exactly(sold);

    assert_eq!(world.with_id("POS Invoice", sold)[0]["payments"][0]["mode_of_payment"], "Cash");
}

#[test]
fn a_return_names_its_sale_and_its_rows() {
    let mut world = World::with_a_shift();
    let sold = world.sell(cart(vec![line("KG-009", 3.0), line("KG-005", 2.0)]));
    world.post_exactly(sold);
    let returned = world.give_back(sold, &[(1, -1.0)]);

    world.post_exactly(returned);

    let (original, document) = (world.with_id("POS Invoice", sold)[0], world.with_id("POS Invoice", returned)[0]);
    assert_eq!(document["return_against"], original["name"]);
    assert_eq!(document["items"][0]["pos_invoice_item"], original["items"][1]["name"]);
    assert_eq!(document["status"], "Return");
}

#[test]
fn a_return_without_its_sale_is_booked_on_its_own() {
    let mut world = World::with_a_shift();
    let returned = world.sell(cart(vec![line("KG-009", -1.0)]));

    world.post_exactly(returned);

    let document = world.with_id("POS Invoice", returned)[0];
    assert_eq!(document.get("return_against"), None);
    assert_eq!(document["is_return"], 1);
}

#[test]
fn more_than_was_sold_is_not_given_back() {
    let mut world = World::with_a_shift();
    let sold = world.sell(cart(vec![line("KG-009", 3.0)]));
    world.post_exactly(sold);
    let first = world.give_back(sold, &[(0, -2.0)]);
    world.post_exactly(first);
    let second = world.give_back(sold, &[(0, -2.0)]);

    let outcome = world.post(second);

    let Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
    assert_eq!(refusal.kind, holdfast_sync::posting::RefusalKind::Original);
}
