//! Prices, discounts, notes, returns and exchanges: what a ticket comes to and what is written of it.

use super::{SHOP, Till, cash, context, records};
use holdfast_counter::{Basket, Book, Ticket, basket::ReceiptBack, returning, ticket::SettleError};
use holdfast_engine::{Discount, Payment, Refusal};
use holdfast_sync::{Body, Seq, TerminalId};
use proptest::prelude::*;

/// An item that no rule touches.
fn plain() -> &'static holdfast_engine::masters::Item {
    let groups = ["Cleaning", "Kitchen", "Candles"];
    SHOP.items().iter().find(|item| groups.contains(&item.item_group.as_str()) && !item.has_variants).expect("one is")
}

fn basket(qty: f64) -> Basket {
    let mut basket = Basket::default();
    assert!(basket.add(plain(), "", "", "", qty));
    basket
}

/// Some of a sale that is in the book.
fn back(book: &Book, seq: Seq, rows: &[(usize, f64)]) -> ReceiptBack {
    let booked = book.sale(seq).expect("it was sold");
    ReceiptBack {
        returned: returning::reference(TerminalId([1; 16]), booked),
        original: booked.sale.invoice.clone(),
        rows: rows.to_vec(),
    }
}

#[test]
fn a_price_that_was_set_and_a_discount_take_each_others_place() {
    let mut basket = basket(2.0);

    basket.set_discount(0, 10.0);
    basket.set_rate(0, Some(5.0));
    assert_eq!(Ticket::of(&basket, &*SHOP, &context()).due(), 10.0);

    basket.set_discount(0, 50.0);
    let line = &basket.lines[0].line;
    assert_eq!((line.rate, line.discount_percentage), (None, 50.0));
    basket.set_rate(0, None);
    assert_eq!(basket.lines[0].line.discount_percentage, 0.0);
}

#[test]
fn a_note_is_written_on_the_row_of_its_line() {
    let mut basket = Basket::default();
    let chocolate = SHOP.items().iter().find(|item| item.brand == "Korhonen" && !item.has_variants).expect("there is");
    basket.add(chocolate, "", "", "", 2.0);
    basket.add(plain(), "", "", "", 1.0);
    basket.set_note(1, "  for the window  ");
    basket.set_sale_discount(Some(Discount::Percentage(10.0)));
    basket.set_sales_person("Mei");

    let ticket = Ticket::of(&basket, &*SHOP, &context());
    let record = records(ticket, &basket, Seq(7)).swap_remove(0);

    let note = &record.notes[0];
    assert_eq!(note.text, "for the window");
    assert_eq!(record.invoice.items[note.row as usize].item_code, plain().item_code);
    assert_eq!(record.sales_team[0].sales_person, "Mei");
    assert!(record.invoice.discount_amount > 0.0);
}

#[test]
fn a_line_with_a_note_does_not_grow() {
    let mut basket = basket(1.0);
    basket.set_note(0, "a gift");

    basket.add(plain(), "", "", "", 1.0);

    assert_eq!(basket.lines.len(), 2);
}

#[test]
fn a_sale_that_costs_nothing_can_be_finished() {
    let mut basket = basket(1.0);
    basket.set_discount(0, 100.0);

    let ticket = Ticket::settle(&basket, &*SHOP, &context(), &[], false).expect("nothing is missing");

    assert_eq!(ticket.sale.expect("a sale").invoice.payable(), 0.0);
}

#[test]
fn what_is_missing_or_left_open_is_said() {
    let basket = basket(1.0);
    let due = Ticket::of(&basket, &*SHOP, &context()).due();

    let missing = Ticket::settle(&basket, &*SHOP, &context(), &[cash(due - 1.0)], false);
    assert_eq!(missing, Err(SettleError::Missing(1.0)));
    let open = Ticket::settle(&basket, &*SHOP, &context(), &[cash(due - 1.0)], true).expect("credit is given");
    assert_eq!(open.sale.expect("a sale").invoice.outstanding_amount, 1.0);
}

#[test]
fn a_return_takes_what_was_paid_out_of_the_drawer_and_off_what_can_come_back() {
    let mut till = Till::new();
    till.open(100.0);
    till.sell(&basket(3.0), 0.0).expect("it can be sold");
    let book = Book::replay(&till.entries);
    let mut bringing = Basket::default();
    bringing.set_back(back(&book, Seq(2), &[(0, 2.0)]));
    let due = Ticket::of(&bringing, &*SHOP, &context()).due();

    till.settle(&bringing, &[cash(due)]);

    let book = Book::replay(&till.entries);
    let rows = returning::rows(&book, book.sale(Seq(2)).expect("it was sold"));
    assert_eq!((rows[0].sold, rows[0].returned, rows[0].left()), (3.0, 2.0, 1.0));
    let shift = book.shift.as_ref().expect("it is open");
    assert!((due + rows[0].rate * 2.0).abs() < 1e-9, "two of them are paid out");
    assert_eq!((shift.sales, shift.returns), (2, 1));
    assert!((shift.expected[0].amount - 100.0 - rows[0].rate).abs() < 1e-9, "one of three is still sold");
    let Body::Sale(record) = &till.entries[2].body else { panic!("a return is a sale's entry") };
    let returned = record.returned.as_ref().expect("against a receipt");
    assert_eq!((returned.receipt_number.as_str(), returned.entry.expect("here").seq), ("A01-000002", Seq(2)));
    assert!(returning::rows(&book, book.sale(Seq(3)).expect("booked")).is_empty(), "a return does not come back");
}

#[test]
fn more_than_was_sold_does_not_come_back() {
    let mut till = Till::new();
    till.open(0.0);
    till.sell(&basket(1.0), 0.0).expect("it can be sold");
    let mut bringing = Basket::default();
    bringing.set_back(back(&Book::replay(&till.entries), Seq(2), &[(0, 2.0)]));

    let ticket = Ticket::of(&bringing, &*SHOP, &context());

    assert!(matches!(ticket.refusal(), Some(Refusal::OverReturn { .. })));
}

#[test]
fn receipts_are_found_by_number_and_by_what_their_code_says() {
    let mut till = Till::new();
    till.open(0.0);
    till.sell(&basket(1.0), 0.0).expect("it can be sold");
    let book = Book::replay(&till.entries);

    for code in ["A01-000002", " a01-000002 ", "https://shop.example/r/A01-000002"] {
        assert_eq!(returning::find(&book, code).map(|booked| booked.seq), Some(Seq(2)), "{code}");
    }
    for code in ["A01-000001", "", "000002", "A01-0000022", "XA01-000002"] {
        assert!(returning::find(&book, code).is_none(), "{code}");
    }
}

#[test]
fn goods_without_a_receipt_come_back_at_todays_price() {
    let mut bringing = Basket::default();
    assert!(bringing.add_back(plain(), "", "", "", 2.0));
    let price = Ticket::of(&basket(2.0), &*SHOP, &context()).due();

    assert_eq!(Ticket::of(&bringing, &*SHOP, &context()).due(), -price);

    bringing.clear_back();
    assert!(bringing.is_empty());
    assert!(bringing.undo() && !bringing.is_empty());
}

#[test]
fn rows_that_come_back_are_taken_out_one_by_one() {
    let mut bringing = Basket::default();
    bringing.add_back(plain(), "", "", "", 1.0);
    bringing.add_back(&SHOP.items()[0], "", "", "", 1.0);

    bringing.drop_back(0);
    let cart = bringing.to_return_cart(&[]).expect("one is left");
    assert_eq!(cart.lines[0].item_code, SHOP.items()[0].item_code);
    bringing.drop_back(5);
    bringing.drop_back(0);
    assert!(bringing.is_empty());
}

#[test]
fn a_return_pays_out_exactly_what_is_given_back() {
    let mut bringing = Basket::default();
    bringing.add_back(plain(), "", "", "", 1.0);
    let due = Ticket::of(&bringing, &*SHOP, &context()).due();

    let settle = |amount: f64| Ticket::settle(&bringing, &*SHOP, &context(), &[cash(amount)], false);

    assert!(settle(due).is_ok());
    assert!(matches!(settle(due + 0.5), Err(SettleError::Missing(_))));
    assert!(matches!(settle(due - 0.5), Err(SettleError::TooMuch(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever is sold, brought back and paid by whichever modes: each mode ends up with what was handed over.
    #[test]
    fn an_exchange_moves_what_was_handed_over_and_nothing_else(
        sold in 1_u32..6, came_back in 1_u32..4, bought in prop::collection::vec((0_usize..500, 1_u32..4), 1..5),
        card_percent in 0_u32..=100, extra in 0_u32..2_000,
    ) {
        let mut till = Till::new();
        till.open(500.0);
        till.sell(&basket(f64::from(sold)), 0.0).expect("it can be sold");
        let before = Book::replay(&till.entries);
        let mut exchange = Basket::default();
        exchange.set_back(back(&before, Seq(2), &[(0, f64::from(came_back.min(sold)))]));
        for (item, qty) in bought {
            exchange.add(&SHOP.items()[item % SHOP.items().len()], "", "", "", f64::from(qty));
        }
        let ticket = Ticket::of(&exchange, &*SHOP, &context());
        prop_assume!(ticket.refusal().is_none() && ticket.sale.is_some());
        let due = ticket.due();
        let card = (due * f64::from(card_percent)).trunc() / 100.0;
        // Only who pays can hand over more.
        let change = if due > 0.0 && card < due { f64::from(extra) / 100.0 } else { 0.0 };
        let rest = ((due - card + change) * 100.0).round() / 100.0;
        let by_card = Payment { mode_of_payment: "Card".into(), amount: card, ..Payment::default() };
        let given: Vec<Payment> = [by_card, cash(rest)].into_iter().filter(|row| row.amount != 0.0).collect();

        till.settle(&exchange, &given);

        let after = Book::replay(&till.entries);
        prop_assert_eq!(after.sales.len(), 3, "one document for what comes back, one for what is sold");
        let amount = |book: &Book, mode: &str| {
            let shift = book.shift.as_ref().expect("it is open");
            shift.expected.iter().find(|row| row.mode_of_payment == mode).map_or(0.0, |row| row.amount)
        };
        let moved = |mode: &str| amount(&after, mode) - amount(&before, mode);
        prop_assert!((moved("Card") - card).abs() < 1e-6, "card {} instead of {}", moved("Card"), card);
        prop_assert!((moved("Cash") - (due - card)).abs() < 1e-6, "cash {} instead of {}", moved("Cash"), due - card);
        for booked in &after.sales {
            prop_assert_eq!(booked.sale.invoice.outstanding_amount, 0.0);
        }
    }
}
