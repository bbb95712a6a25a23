//! Carts that wait, and who may do what.

use super::SHOP;
use holdfast_counter::{
    Basket, Desk, Right,
    desk::{Aside, HELD_MAX},
    rights::{is_supervisor, permit},
};
use holdfast_engine::{Masters, masters::Permit};
use proptest::prelude::*;

fn aside(label: &str) -> Aside {
    Aside { label: label.into(), at_ms: 1, employee: "amara".into(), total: 2.0 }
}

fn with_item(number: usize) -> Basket {
    let mut basket = Basket::default();
    basket.add(&SHOP.items()[number], "", "", "", 1.0);
    basket
}

#[test]
fn a_cart_waits_and_comes_back_as_it_was() {
    let mut desk = Desk { basket: with_item(3), held: Vec::new() };
    let before = desk.basket.clone();

    let number = desk.hold(aside("blue coat")).expect("there is room");
    assert!(desk.basket.is_empty());
    assert!(desk.hold(aside("")).is_none(), "an empty cart does not wait");

    assert!(desk.reopen(number, aside("")));
    assert_eq!(desk.basket, before);
    assert!(desk.held.is_empty());
    assert!(!desk.reopen(number, aside("")), "it waits no longer");
}

#[test]
fn reopening_puts_the_cart_on_the_screen_aside() {
    let mut desk = Desk { basket: with_item(3), held: Vec::new() };
    let first = desk.hold(aside("first")).expect("there is room");
    desk.basket = with_item(4);

    assert!(desk.reopen(first, aside("second")));

    assert_eq!(desk.held.len(), 1);
    assert_eq!(desk.held[0].label, "second");
    assert_eq!(desk.held[0].basket.lines[0].line.item_code, SHOP.items()[4].item_code);
}

#[test]
fn there_is_room_for_fifty_also_when_one_is_reopened() {
    let mut desk = Desk::default();
    for _ in 0..HELD_MAX {
        desk.basket = with_item(5);
        assert!(desk.hold(aside("")).is_some());
    }
    desk.basket = with_item(6);
    assert!(desk.hold(aside("")).is_none());
    assert!(!desk.basket.is_empty(), "a cart for which there is no room stays on the screen");

    let number = desk.held[7].number;
    assert!(desk.reopen(number, aside("")));
    assert_eq!(desk.held.len(), HELD_MAX);
}

#[test]
fn bytes_of_another_format_are_not_taken_for_carts() {
    let desk = Desk { basket: with_item(3), held: Vec::new() };
    let mut bytes = desk.to_bytes();
    assert_eq!(Desk::from_bytes(&bytes).as_ref().map(|desk| desk.basket.lines.len()), Some(1));

    bytes[0] = 99;
    assert_eq!(Desk::from_bytes(&bytes), None);
    assert_eq!(Desk::from_bytes(&[]), None);
}

#[test]
fn what_needs_a_supervisor_a_supervisor_may_and_what_is_refused_nobody() {
    let mut profile = SHOP.tables().profile.clone();
    profile.allow_rate_change = false;
    profile.is_closing_blind = true;
    profile.policy.price_change = Permit::Supervisor;

    for right in [Right::ChangePrice, Right::SeeExpected, Right::ReturnWithoutReceipt] {
        assert_eq!(permit("Cashier", &profile, right), Permit::Supervisor, "{right:?}");
        assert_eq!(permit("Supervisor", &profile, right), Permit::Allowed, "{right:?}");
    }
    profile.allow_rate_change = true;
    assert_eq!(permit("Cashier", &profile, Right::ChangePrice), Permit::Allowed);
    profile.policy.returns = Permit::Refused;
    assert_eq!(permit("Supervisor", &profile, Right::ReturnWithoutReceipt), Permit::Refused);
    profile.allow_partial_payment = false;
    profile.policy.credit = Permit::Allowed;
    assert_eq!(permit("Supervisor", &profile, Right::Credit), Permit::Refused, "ERPNext would refuse it");
    assert!(is_supervisor("Supervisor") && !is_supervisor("Cashier"));
}

#[test]
fn a_discount_is_free_up_to_the_limit() {
    let mut profile = SHOP.tables().profile.clone();
    profile.allow_discount_change = true;
    profile.policy.discount_percent_max = 10.0;

    assert_eq!(permit("Cashier", &profile, Right::Discount(10.0)), Permit::Allowed);
    assert_eq!(permit("Cashier", &profile, Right::Discount(10.5)), Permit::Supervisor);
    profile.policy.discount_percent_max = 0.0;
    assert_eq!(permit("Cashier", &profile, Right::Discount(100.0)), Permit::Allowed);
}

/// What may happen to the carts of a counter.
#[derive(Clone, Debug)]
enum Step {
    Add(usize),
    Hold,
    Reopen(usize),
    PowerCut,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_order_of_holding_and_power_cuts_loses_a_line(steps in prop::collection::vec(prop_oneof![
        4 => (0_usize..100).prop_map(Step::Add),
        2 => Just(Step::Hold),
        2 => (0_usize..6).prop_map(Step::Reopen),
        1 => Just(Step::PowerCut),
    ], 1..80)) {
        let mut desk = Desk::default();
        let mut added = 0.0;
        for step in steps {
            match step {
                Step::Add(item) => added += f64::from(u8::from(desk.basket.add(&SHOP.items()[item], "", "", "", 1.0))),
                Step::Hold => {
                    desk.hold(aside(""));
                }
                Step::Reopen(at) => {
                    if let Some(number) = desk.held.get(at).map(|held| held.number) {
                        prop_assert!(desk.reopen(number, aside("")));
                    }
                }
                Step::PowerCut => desk = Desk::from_bytes(&desk.to_bytes()).expect("they were written whole"),
            }
            let pieces = |basket: &Basket| basket.lines.iter().map(|row| row.line.qty).sum::<f64>();
            let all = pieces(&desk.basket) + desk.held.iter().map(|held| pieces(&held.basket)).sum::<f64>();
            prop_assert_eq!(all, added);
            let mut numbers: Vec<u32> = desk.held.iter().map(|held| held.number).collect();
            numbers.sort_unstable();
            numbers.dedup();
            prop_assert_eq!(numbers.len(), desk.held.len(), "each number stands for one cart");
        }
    }
}
