//! Figures of a shift, from the journal alone.

use super::{SHOP, Till, cash, context};
use holdfast_counter::{Basket, Book, Ticket, popular, report::report};
use holdfast_sync::{Body, body::CashMoved};

fn till() -> Till {
    let mut till = Till::new();
    till.open(100.0);
    for place in [0, 0, 7] {
        let mut basket = Basket::default();
        basket.add(&SHOP.items()[place], "", "", "", 2.0);
        till.sell(&basket, 10.0).expect("it can be sold");
    }
    let mut bringing = Basket::default();
    bringing.add_back(&SHOP.items()[7], "", "", "", 1.0);
    let due = Ticket::of(&bringing, &*SHOP, &context()).due();
    till.settle(&bringing, &[cash(due)]);
    till
}

#[test]
fn every_view_of_a_day_adds_up_to_the_same() {
    let book = Book::replay(&till().entries);

    let report = report(book.sales.iter(), |_| 14);

    let amount = |sums: &[(String, holdfast_counter::report::Sum)]| sums.iter().map(|(_, sum)| sum.amount).sum::<f64>();
    let shift = book.shift.as_ref().expect("it is open");
    assert_eq!((report.sales.count, report.returns.count), (3.0, 1.0));
    assert_eq!(report.total(), shift.total);
    assert_eq!(report.by_hour[0].0, 14);
    for sum in [report.by_hour[0].1.amount, amount(&report.by_employee), amount(&report.by_mode)] {
        assert!((sum - report.total()).abs() < 1e-9);
    }
    assert!((shift.expected[0].amount - 100.0 - report.total()).abs() < 1e-9, "change is in nobody's sum");
}

#[test]
fn cash_that_is_moved_is_expected_in_the_drawer_or_no_longer() {
    let mut till = till();
    let before = Book::replay(&till.entries).shift.expect("it is open").expected[0].amount;
    for (amount, reason) in [(-50.0, "to the bank"), (20.0, "change")] {
        till.write(Body::CashMoved(CashMoved {
            mode_of_payment: "Cash".into(),
            amount,
            reason: reason.into(),
            account: String::new(),
        }));
    }

    let shift = Book::replay(&till.entries).shift.expect("it is open");

    assert_eq!(shift.expected[0].amount, holdfast_counter::book::cents(before - 30.0));
    assert_eq!(
        shift.moved.iter().map(|moved| moved.cash.reason.as_str()).collect::<Vec<_>>(),
        ["to the bank", "change"]
    );
}

#[test]
fn what_is_on_most_receipts_is_popular() {
    let book = Book::replay(&till().entries);

    let codes = popular::item_codes(book.sales.iter(), 5);

    assert_eq!(codes, [SHOP.items()[0].item_code.clone(), SHOP.items()[7].item_code.clone()]);
    assert_eq!(popular::item_codes(book.sales.iter(), 1).len(), 1);
}
