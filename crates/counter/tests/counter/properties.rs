//! What holds whatever a cashier does, and whenever the power goes.

use super::{SHOP, context, records, signed};
use holdfast_counter::{
    Basket, Book, Ticket,
    basket::CartLine,
    pin::Tries,
    quick_cash,
    scan::{Key, Scanner},
};
use holdfast_engine::{Discount, Payment, Refusal, price};
use holdfast_sync::{
    Body, Entry, Position, ShiftId, TerminalId,
    body::{ModeAmount, ShiftOpened},
    terminal::Journal,
};
use proptest::prelude::*;

/// What may be pressed while there is a basket, sensible or not.
#[derive(Clone, Debug)]
enum Press {
    Add { item: usize, qty: f64 },
    Quantity { at: usize, qty: f64 },
    Uom { at: usize, uom: &'static str },
    Discount { at: usize, percent: f64 },
    Rate { at: usize, rate: f64 },
    Note { at: usize, note: &'static str },
    SaleDiscount(f64),
    Points(i64),
    Customer(&'static str),
    Clear,
    Undo,
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (0_u32..40_000).prop_map(|thousandths| f64::from(thousandths) / 1_000.0),
        3 => (1_u32..20).prop_map(f64::from),
        1 => prop::sample::select(vec![-1.0, 0.0, 1e300, 100.0, 100.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ]
}

fn press() -> impl Strategy<Value = Press> {
    let uom = prop::sample::select(vec!["Nos", "Kg", "Box", "", "no such unit"]);
    let customer = prop::sample::select(vec!["", "nobody we know"]);
    prop_oneof![
        6 => (0_usize..500, 1_u32..5).prop_map(|(item, qty)| Press::Add { item, qty: f64::from(qty) }),
        3 => (0_usize..8, number()).prop_map(|(at, qty)| Press::Quantity { at, qty }),
        1 => (0_usize..8, uom).prop_map(|(at, uom)| Press::Uom { at, uom }),
        2 => (0_usize..8, number()).prop_map(|(at, percent)| Press::Discount { at, percent }),
        1 => (0_usize..8, number()).prop_map(|(at, rate)| Press::Rate { at, rate }),
        1 => (0_usize..8, prop::sample::select(vec!["", "no ice", "a gift"])).prop_map(|(at, note)| Press::Note { at, note }),
        1 => number().prop_map(Press::SaleDiscount),
        1 => (-2_i64..3).prop_map(Press::Points),
        1 => customer.prop_map(Press::Customer),
        1 => Just(Press::Clear),
        2 => Just(Press::Undo),
    ]
}

fn apply(basket: &mut Basket, press: &Press) {
    match *press {
        Press::Add { item, qty } => {
            let item = &SHOP.items()[item % SHOP.items().len()];
            basket.add(item, "", "", "", qty);
        }
        Press::Quantity { at, qty } => basket.set_qty(at, qty),
        Press::Uom { at, uom } => basket.set_uom(at, uom),
        Press::Discount { at, percent } => basket.set_discount(at, percent),
        Press::Rate { at, rate } => basket.set_rate(at, Some(rate)),
        Press::Note { at, note } => basket.set_note(at, note),
        Press::SaleDiscount(percent) => basket.set_sale_discount(Some(Discount::Percentage(percent))),
        Press::Points(points) => basket.set_points(points),
        Press::Customer(customer) => basket.set_customer(customer),
        Press::Clear => basket.clear(),
        Press::Undo => {
            basket.undo();
        }
    }
}

type Shown<'a> = (&'a str, &'a [CartLine], Option<Discount>, i64);

fn shown(basket: &Basket) -> Shown<'_> {
    (&basket.customer, &basket.lines, basket.discount, basket.points)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_press_makes_a_line_that_cannot_be(presses in prop::collection::vec(press(), 1..60)) {
        let mut basket = Basket::default();
        for press in &presses {
            apply(&mut basket, press);
            for CartLine { line, note } in &basket.lines {
                prop_assert!(line.rate.is_none_or(|rate| rate >= 0.0 && rate.is_finite()), "{:?}", press);
                prop_assert!(note.len() <= 200 && basket.points >= 0);
                prop_assert!(line.qty > 0.0 && line.qty <= 1_000_000.0, "{:?} left {}", press, line.qty);
                prop_assert!((0.0..=100.0).contains(&line.discount_percentage), "{:?}", press);
            }
            prop_assert!(basket.selected.is_none_or(|at| at < basket.lines.len()), "{:?} selects nothing", press);
            let refusal = price(&basket.to_cart(&[]), &*SHOP, &context()).refusal;
            prop_assert_eq!(basket.is_empty(), refusal == Some(Refusal::Empty), "{:?}", press);
        }
    }

    #[test]
    fn undo_goes_back_step_by_step(presses in prop::collection::vec(press(), 1..40)) {
        let mut basket = Basket::default();
        let mut before = Vec::new();
        for press in presses.iter().filter(|press| !matches!(press, Press::Undo)) {
            let previous = basket.clone();
            apply(&mut basket, press);
            if shown(&basket) != shown(&previous) {
                before.push(previous);
            }
        }

        while let Some(previous) = before.pop() {
            // Presses that changed nothing may have left steps of their own.
            while shown(&basket) != shown(&previous) {
                prop_assert!(basket.undo(), "there was a change to take back");
            }
        }
        prop_assert!(basket.is_empty());
    }

    #[test]
    fn a_stored_basket_is_the_basket(presses in prop::collection::vec(press(), 0..40)) {
        let mut basket = Basket::default();
        for press in &presses {
            apply(&mut basket, press);
        }

        let restored = Basket::from_bytes(&basket.to_bytes());

        prop_assert_eq!(shown(&restored), shown(&basket));
        prop_assert_eq!(restored.selected, basket.selected);
    }

    #[test]
    fn scans_come_out_once_and_in_order(
        codes in prop::collection::vec("[0-9A-Z./-]{4,40}", 1..30), gap in 0_u32..20, pause in 0_u32..400,
    ) {
        let mut scanner = Scanner::default();
        let mut at = 1_000.0;
        for code in &codes {
            at += f64::from(pause);
            for character in code.chars() {
                at += f64::from(gap);
                prop_assert_eq!(scanner.character(character, at), Key::Pending);
            }
            at += f64::from(gap);
            prop_assert_eq!(scanner.enter(at), Key::Scanned(code.clone()));
        }
    }

    #[test]
    fn typing_is_never_a_scan(text in "[a-z ]{1,30}", gaps in prop::collection::vec(51_u32..900, 31)) {
        let mut scanner = Scanner::default();
        let mut at = 1_000.0;
        for (character, gap) in text.chars().zip(&gaps) {
            at += f64::from(*gap);
            scanner.character(character, at);
        }

        prop_assert_eq!(scanner.enter(at + f64::from(gaps[30])), Key::Enter);
    }

    #[test]
    fn suggested_cash_is_enough_and_can_be_handed_over(cents in 1_u32..10_000_000) {
        let due = f64::from(cents) / 100.0;
        let euros = [200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];

        let amounts = quick_cash::suggestions(due, &euros);

        prop_assert_eq!(amounts[0], due);
        prop_assert!(amounts.len() <= 5);
        prop_assert!(amounts.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(amounts[1..].iter().all(|amount| amount % 5.0 == 0.0), "{:?} needs coins", amounts);
    }

    #[test]
    fn waiting_after_wrong_pins_only_grows(tries in 0_u32..200, now in 0_i64..1 << 41, back in 0_i64..1 << 40) {
        let counted = |tries: u32| (0..tries).fold(Tries::default(), |before, _| before.begin(now));

        let (fewer, more) = (counted(tries), counted(tries + 1));

        prop_assert!(more.wait_ms(now, i64::MAX) >= fewer.wait_ms(now, i64::MAX));
        prop_assert!((0..=15 * 60_000).contains(&more.wait_ms(now, i64::MAX)));
        prop_assert_eq!(more.wait_ms(now - back, i64::MAX), more.wait_ms(now, i64::MAX), "a clock set back shortens nothing");
        prop_assert_eq!(more.wait_ms(now + back, 0), more.wait_ms(now, 0), "a clock set forward shortens nothing");
        let wait = more.wait_ms(now, 0);
        prop_assert_eq!(more.wait_ms(now + wait, wait), 0);
    }
}

/// What a counter does with its disk.
#[derive(Clone, Debug)]
enum Step {
    Press(Press),
    /// Takes the basket's money: part of it by card, the rest in cash, with so much more handed over.
    Sell {
        card_percent: u32,
        extra_cents: u32,
    },
    /// Closes the shift and opens the next one with so much in the drawer.
    NextShift {
        opening_cents: u32,
    },
    /// The power goes: what isn't on the disk is gone.
    PowerCut {
        in_the_middle_of_a_sale: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => press().prop_map(Step::Press),
        4 => (0_u32..=100, 0_u32..5_000)
            .prop_map(|(card_percent, extra_cents)| Step::Sell { card_percent, extra_cents }),
        1 => (0_u32..50_000).prop_map(|opening_cents| Step::NextShift { opening_cents }),
        2 => any::<bool>().prop_map(|in_the_middle_of_a_sale| Step::PowerCut { in_the_middle_of_a_sale }),
    ]
}

/// What survives a power cut: one transaction writes an entry together with the basket that is left after it.
#[derive(Default)]
struct Disk {
    entries: Vec<Vec<u8>>,
    basket: Vec<u8>,
}

/// A counter over that disk, and what a second pair of eyes wrote down about the open shift.
struct Counter {
    disk: Disk,
    journal: Journal,
    book: Book,
    basket: Basket,
    cash: f64,
    card: f64,
    sold: u32,
    shifts: u8,
}

impl Counter {
    fn new() -> Self {
        let journal = Journal::new(TerminalId([1; 16]), Position::default(), 0, Position::default());
        let (disk, book, basket) = (Disk::default(), Book::default(), Basket::default());
        let mut counter = Self { disk, journal, book, basket, cash: 0.0, card: 0.0, sold: 0, shifts: 0 };
        counter.open(100.0);
        counter
    }

    /// One transaction, then what follows from it.
    fn commit(&mut self, body: Body, basket_after: Basket) {
        let entry = signed(&self.journal, body);
        self.disk.entries.push(entry.to_bytes());
        self.disk.basket = basket_after.to_bytes();
        self.journal.committed(&entry);
        self.book.take(&entry);
        self.basket = basket_after;
    }

    fn open(&mut self, cash: f64) {
        self.shifts += 1;
        let opening = ["Cash", "Card"]
            .map(|mode| ModeAmount { mode_of_payment: mode.into(), amount: if mode == "Cash" { cash } else { 0.0 } });
        let shift = ShiftId([self.shifts; 16]);
        let opened = ShiftOpened { shift, opening: opening.to_vec(), ..ShiftOpened::default() };
        let basket = self.basket.clone();
        self.commit(Body::ShiftOpened(opened), basket);
        (self.cash, self.card, self.sold) = (cash, 0.0, 0);
    }

    /// The sale as it would be written; `None` where it cannot be sold.
    fn prepare(&self, card_percent: u32, extra_cents: u32) -> Option<Body> {
        let due = Ticket::of(&self.basket, &*SHOP, &context());
        if due.refusal().is_some() || self.basket.points > 0 {
            return None;
        }
        let payable = due.due();
        let card = (payable * f64::from(card_percent)).floor() / 100.0;
        let cash = ((payable - card + f64::from(extra_cents) / 100.0) * 100.0).round() / 100.0;
        let pay = |mode: &str, amount| Payment { mode_of_payment: mode.into(), amount, ..Payment::default() };
        let payments = [pay("Card", card), pay("Cash", cash)];
        let ticket = Ticket::settle(&self.basket, &*SHOP, &context(), &payments, false).expect("it is paid in full");
        let record = records(ticket, &self.basket, self.journal.head().seq.next()).swap_remove(0);
        Some(Body::Sale(Box::new(record)))
    }

    fn sell(&mut self, card_percent: u32, extra_cents: u32) {
        let Some(body) = self.prepare(card_percent, extra_cents) else {
            return;
        };
        let Body::Sale(sale) = &body else { unreachable!("a sale was prepared") };
        let invoice = &sale.invoice;
        self.card += invoice.payments[0].amount;
        self.cash += invoice.payments[1].amount - invoice.change_amount;
        self.sold += 1;
        self.commit(body, Basket::default());
    }

    /// A new life from what is on the disk.
    fn restart(&mut self) {
        let entries: Vec<Entry> =
            self.disk.entries.iter().map(|bytes| Entry::from_bytes(bytes).expect("it was written whole")).collect();
        self.book = Book::replay(&entries);
        self.journal =
            Journal::new(TerminalId([1; 16]), self.book.head, self.book.head_made_at_ms, Position::default());
        self.basket = Basket::from_bytes(&self.disk.basket);
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Press(press) => {
                apply(&mut self.basket, press);
                self.disk.basket = self.basket.to_bytes();
            }
            Step::Sell { card_percent, extra_cents } => self.sell(*card_percent, *extra_cents),
            Step::NextShift { opening_cents } => {
                let closing = self.book.closing(Vec::new(), Vec::new()).expect("a shift is open");
                let basket = self.basket.clone();
                self.commit(Body::ShiftClosed(closing), basket);
                self.open(f64::from(*opening_cents) / 100.0);
            }
            Step::PowerCut { in_the_middle_of_a_sale } => {
                let prepared = if *in_the_middle_of_a_sale { self.prepare(0, 0) } else { None };
                // Signed, but never committed: it must leave no trace.
                drop(prepared.map(|body| signed(&self.journal, body)));
                self.restart();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_sale_counts_once_whatever_happens(steps in prop::collection::vec(step(), 1..120)) {
        let mut counter = Counter::new();
        for step in &steps {
            let basket = counter.basket.clone();
            counter.take(step);

            if matches!(step, Step::PowerCut { .. }) {
                prop_assert_eq!(shown(&counter.basket), shown(&basket), "a power cut takes nothing out of a cart");
            }
            let shift = counter.book.shift.as_ref().expect("a shift is open");
            let expected = |mode: &str| shift.expected.iter().find(|row| row.mode_of_payment == mode).map_or(0.0, |row| row.amount);
            prop_assert_eq!(shift.sales, counter.sold);
            prop_assert!((expected("Cash") - counter.cash).abs() < 1e-6, "cash in the drawer");
            prop_assert!((expected("Card") - counter.card).abs() < 1e-6, "paid by card");
        }

        let mut head = Position::default();
        let mut numbers = Vec::new();
        for bytes in &counter.disk.entries {
            let entry = Entry::from_bytes(bytes).expect("it was written whole");
            prop_assert!(entry.follows(head), "no gap, no second entry at a place");
            head = entry.position();
            if let Body::Sale(sale) = entry.body {
                numbers.push(sale.receipt_number);
            }
        }
        prop_assert_eq!(head, counter.book.head);
        let count = numbers.len();
        numbers.sort();
        numbers.dedup();
        prop_assert_eq!(numbers.len(), count, "a receipt number is given once");
        prop_assert_eq!(counter.book.sales_count, count as u64);
    }

    #[test]
    fn a_book_that_followed_along_is_the_book_that_is_replayed(steps in prop::collection::vec(step(), 1..60)) {
        let mut counter = Counter::new();
        for step in steps.iter().filter(|step| !matches!(step, Step::PowerCut { .. })) {
            counter.take(step);
        }
        let followed = counter.book.clone();

        counter.restart();

        prop_assert_eq!(counter.book, followed);
    }
}
