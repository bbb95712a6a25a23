//! A day at the counter, and cashiers who press anything at any time.

use holdfast_counter::{
    Basket, Book, Ticket,
    pin::{Tries, is_pin},
    quick_cash,
    sale::{self, Making},
    scan::{Key, Scanner},
};
use holdfast_engine::{Context, Date, Masters, Payment, Shop};
use holdfast_sync::{
    Body, Entry, Position, Seq, ShiftId, Signature, TerminalId,
    body::{ModeAmount, ShiftOpened},
    terminal::Journal,
};
use std::sync::LazyLock;

mod carts;
mod desk;
mod people;
mod properties;
mod reports;

static SHOP: LazyLock<Shop> = LazyLock::new(|| holdfast_demo::shop(0));

fn context() -> Context {
    Context::on(Date::new(2026, 11, 24).expect("a day"))
}

/// The next entry. The signature is the hub's to check: here any will do.
fn signed(journal: &Journal, body: Body) -> Entry {
    journal.prepare(1, None, None, Some("amara".into()), body).seal(Signature([0; 64]))
}

/// A journal that is written at once: the disk of these tests.
struct Till {
    journal: Journal,
    entries: Vec<Entry>,
}

impl Till {
    fn new() -> Self {
        let journal = Journal::new(TerminalId([1; 16]), Position::default(), 0, Position::default());
        Self { journal, entries: Vec::new() }
    }

    fn write(&mut self, body: Body) {
        let entry = signed(&self.journal, body);
        self.journal.committed(&entry);
        self.entries.push(entry);
    }

    fn open(&mut self, cash: f64) {
        let opening = vec![ModeAmount { mode_of_payment: "Cash".into(), amount: cash }];
        self.write(Body::ShiftOpened(ShiftOpened { shift: ShiftId([2; 16]), opening, ..ShiftOpened::default() }));
    }

    /// Sells a basket for cash, with `extra` handed over on top.
    fn sell(&mut self, basket: &Basket, extra: f64) -> Option<f64> {
        let due = Ticket::of(basket, &*SHOP, &context());
        due.refusal().is_none().then(|| {
            self.settle(basket, &[cash(due.due() + extra)]);
            due.due()
        })
    }

    /// Settles whatever is in a basket and writes what comes of it.
    fn settle(&mut self, basket: &Basket, given: &[Payment]) {
        let ticket = Ticket::settle(basket, &*SHOP, &context(), given, false).expect("it can be settled");
        for record in records(ticket, basket, self.journal.head().seq.next()) {
            self.write(Body::Sale(Box::new(record)));
        }
    }
}

fn cash(amount: f64) -> Payment {
    Payment { mode_of_payment: "Cash".into(), amount, ..Payment::default() }
}

/// A ticket as it is journalled from a place on.
fn records(ticket: Ticket, basket: &Basket, seq: Seq) -> Vec<holdfast_sync::body::Sale> {
    let people = holdfast_counter::people::People::default();
    let posted_local = "2026-11-24 10:00:00";
    let making = Making { tables: SHOP.tables(), people: &people, code: "A01", seq, posted_local };
    sale::records(ticket, basket, making, str::to_owned)
}

#[test]
fn cash_in_the_drawer_is_what_was_there_and_what_was_sold() {
    let mut till = Till::new();
    till.open(150.0);
    let mut basket = Basket::default();
    basket.add(&SHOP.items()[0], "", "", "", 2.0);

    let paid = till.sell(&basket, 13.2).expect("it can be sold");

    let book = Book::replay(&till.entries);
    let shift = book.shift.expect("it is open");
    assert_eq!((shift.sales, shift.total), (1, paid));
    assert_eq!(shift.expected[0].amount, 150.0 + paid);
}

#[test]
fn a_closed_shift_is_closed_and_its_sales_stay_in_the_list() {
    let mut till = Till::new();
    till.open(0.0);
    let mut basket = Basket::default();
    basket.add(&SHOP.items()[3], "", "", "", 1.0);
    till.sell(&basket, 0.0).expect("it can be sold");
    let closing = Book::replay(&till.entries).closing(Vec::new(), Vec::new()).expect("a shift is open");

    till.write(Body::ShiftClosed(closing));

    let book = Book::replay(&till.entries);
    assert!(book.shift.is_none());
    assert_eq!(book.sales.len(), 1);
    assert_eq!(book.sales_waiting(Seq(1)), 1);
    assert_eq!(book.sales_waiting(Seq(2)), 0);
}

#[test]
fn the_same_item_grows_and_undo_takes_it_back() {
    let mut basket = Basket::default();
    basket.add(&SHOP.items()[0], "", "", "", 1.0);
    basket.add(&SHOP.items()[0], "", "", "", 1.0);
    assert_eq!((basket.lines.len(), basket.lines[0].line.qty), (1, 2.0));

    basket.clear();
    assert!(basket.is_empty());
    assert!(basket.undo());
    assert_eq!(basket.lines[0].line.qty, 2.0);
}

#[test]
fn a_basket_survives_its_bytes_and_rubbish_is_an_empty_one() {
    let mut basket = Basket::default();
    basket.add(&SHOP.items()[5], "", "", "", 3.0);

    assert_eq!(Basket::from_bytes(&basket.to_bytes()).lines, basket.lines);
    assert!(Basket::from_bytes(&[255; 9]).is_empty());
}

#[test]
fn scans_are_told_from_typing_however_fast_they_come() {
    let mut scanner = Scanner::default();
    let mut at = 0.0;
    for code in ["4001000000014", "4001000000021"] {
        for digit in code.chars() {
            at += 2.0;
            scanner.character(digit, at);
        }
        at += 2.0;
        assert_eq!(scanner.enter(at), Key::Scanned(code.to_owned()));
    }
    for letter in "milk".chars() {
        at += 180.0;
        scanner.character(letter, at);
    }
    assert_eq!(scanner.enter(at + 180.0), Key::Enter);
}

#[test]
fn wrong_pins_cost_more_each_time_and_a_clock_set_back_does_not_help() {
    let mut tries = Tries::default();
    for _ in 0..3 {
        assert_eq!(tries.wait_ms(0, i64::MAX), 0);
        tries = tries.begin(0);
    }
    assert_eq!(tries.wait_ms(0, i64::MAX), 5_000);
    tries = tries.begin(10_000);
    assert_eq!(tries.wait_ms(10_000, i64::MAX), 10_000);
    assert_eq!(tries.wait_ms(-999_999, i64::MAX), 10_000);
    assert_eq!(tries.wait_ms(20_000, i64::MAX), 0);
    assert!(is_pin("4071") && !is_pin("407") && !is_pin("40a1"));
}

#[test]
fn quick_cash_starts_with_the_exact_amount() {
    let euros = [200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0];
    assert_eq!(quick_cash::suggestions(12.3, &euros), [12.3, 15.0, 20.0, 50.0, 100.0]);
    assert_eq!(quick_cash::suggestions(50.0, &euros), [50.0, 60.0, 100.0, 200.0]);
    assert!(quick_cash::suggestions(0.0, &euros).is_empty());
}

#[test]
fn a_receipt_says_what_was_paid_and_a_reprint_says_that_it_is_one() {
    let mut till = Till::new();
    till.open(0.0);
    let mut basket = Basket::default();
    basket.add(&SHOP.items()[0], "", "", "", 1.0);
    till.sell(&basket, 5.0).expect("it can be sold");
    let book = Book::replay(&till.entries);

    let document = sale::receipt(&book.sales[0].sale, SHOP.tables(), "Amara", true);

    assert_eq!(document.copy_mark.as_deref(), Some("COPY"));
    assert_eq!(document.change.as_deref(), Some("5.00"));
    assert_eq!(document.number, "A01-000002");
}

#[test]
fn weights_add_up_as_on_the_scale() {
    let mut basket = Basket::default();
    basket.add(&SHOP.items()[0], "", "", "", 0.1);
    basket.add(&SHOP.items()[0], "", "", "", 0.2);

    assert_eq!(basket.lines[0].line.qty, 0.3);
}

#[test]
fn what_is_no_quantity_is_not_added() {
    let mut basket = Basket::default();
    for qty in [0.0, -1.0, f64::NAN, f64::INFINITY, 1_000_001.0] {
        assert!(!basket.add(&SHOP.items()[0], "", "", "", qty), "{qty}");
    }

    assert!(basket.is_empty() && !basket.can_undo());
}

#[test]
fn sales_that_wait_are_all_counted_also_beyond_the_list() {
    let mut till = Till::new();
    till.open(0.0);
    for _ in 0..2_100 {
        till.write(Body::Sale(Box::default()));
    }

    let book = Book::replay(&till.entries);

    assert_eq!(book.sales.len(), 2_000);
    assert_eq!(book.sales_waiting(Seq(0)), 2_100);
    assert_eq!(book.sales_waiting(Seq(2_000)), 101);
    assert_eq!(book.waiting_since_ms(Seq(2_101)), None);
}

#[test]
fn a_receipt_writes_quantities_as_the_shop_writes_numbers() {
    let mut tables = SHOP.tables().clone();
    tables.settings.number_format = "#.###,##".into();
    let mut basket = Basket::default();
    let item = SHOP.items().iter().find(|item| item.stock_uom == "Kg").expect("something is sold by weight");
    basket.add(item, "Kg", "", "", 1.25);
    let record = records(Ticket::of(&basket, &*SHOP, &context()), &basket, Seq(1)).swap_remove(0);

    let document = sale::receipt(&record, &tables, "Amara", false);

    assert_eq!(document.lines[0].quantity, "1,25 Kg");
}
