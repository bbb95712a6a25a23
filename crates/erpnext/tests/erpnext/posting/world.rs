//! A counter, a hub's rows and the stand-in, without anything between them but a line that may be bad.

use holdfast_engine::{Cart, Context, Date, Invoice, Line, Payment};
use holdfast_erpnext::{
    Conversation, Step,
    post::{Job, Post},
    site::{InvoiceType, Site},
};
use holdfast_erpnext_standin::{Caller, Doc, Fault, StandIn, corner_shop::COMPANY};
use holdfast_sync::{
    Body, Entry, EntryRef, Header, Seq, ShiftId, Signature, TerminalId, Unsigned,
    body::{ModeAmount, Returned, Sale, ShiftClosed, ShiftOpened},
    posting::{BookedDocument, Outcome, Row, State, Task},
};

use std::sync::LazyLock;

pub use holdfast_erpnext_standin::corner_shop::CASHIER;

pub const TILL: &str = "Main Till";
const TERMINAL: TerminalId = TerminalId([7; 16]);
const SHIFT: ShiftId = ShiftId([5; 16]);

/// 2026-11-24 09:00 in New York.
const MORNING_MS: i64 = 1_795_528_800_000;

/// What befalls the requests, one after the other; nothing when they are used up.
pub type Faults = Vec<Option<Fault>>;

pub struct World {
    pub site: StandIn,
    pub now_ms: i64,
    pub entries: Vec<(Entry, Row)>,
    pub faults: Faults,
    /// Requests that were sent.
    pub requests: usize,
    pub expected: Vec<ModeAmount>,
    pub profile: &'static str,
    pub erp: Site,
}

/// Read once; a copy costs next to nothing.
static SHOP: LazyLock<StandIn> = LazyLock::new(StandIn::corner_shop);

impl World {
    pub fn new() -> Self {
        let mut site = SHOP.clone();
        site.put_holdfast_fields();
        let roles = ["Sales User", "Sales Manager", "Accounts User", "Accounts Manager", "Stock User", "Item Manager"];
        site.put_user(CASHIER, &roles);
        let erp = Site {
            user: CASHIER.into(),
            time_zone: "America/New_York".into(),
            invoice_type: InvoiceType::PosInvoice,
            ..Site::default()
        };
        Self {
            site,
            now_ms: MORNING_MS,
            entries: Vec::new(),
            faults: Vec::new(),
            requests: 0,
            expected: Vec::new(),
            profile: TILL,
            erp,
        }
    }

    /// A world in which a shift is open, in ERPNext, too.
    pub fn with_a_shift() -> Self {
        let mut world = Self::new();
        let opening = world.open_shift();
        assert!(matches!(world.post(opening), Outcome::Booked { .. }));
        world
    }

    pub fn open_shift(&mut self) -> usize {
        let mode = |name: &str, amount| ModeAmount { mode_of_payment: name.into(), amount };
        let opening = vec![mode("Cash", 100.0), mode("Card", 0.0)];
        self.expected.clone_from(&opening);
        self.note(Body::ShiftOpened(ShiftOpened {
            shift: SHIFT,
            pos_profile: self.profile.into(),
            company: COMPANY.into(),
            currency: "USD".into(),
            opening,
            counted: Vec::new(),
        }))
    }

    /// Journals something.
    pub fn note(&mut self, body: Body) -> usize {
        self.now_ms += 60_000;
        let header = Header {
            terminal: TERMINAL,
            seq: Seq(self.entries.len() as u64 + 1),
            made_at_ms: self.now_ms,
            shift: Some(SHIFT),
            employee: Some("HR-EMP-00001".into()),
            ..Header::default()
        };
        let entry = Unsigned::new(header, body).seal(Signature([0; 64]));
        let row = Row::from(Task::of(&entry).expect("the books have to know"));
        self.entries.push((entry, row));
        self.entries.len() - 1
    }

    /// Prices a cart as the counter does, pays it with the given payments (or exactly, in cash), and journals it.
    pub fn sell(&mut self, cart: Cart) -> usize {
        let (sale, _) = self.sale(cart);
        self.note_sale(sale)
    }

    pub fn note_sale(&mut self, sale: Sale) -> usize {
        let change = sale.invoice.change_amount;
        for (at, payment) in sale.invoice.payments.iter().enumerate() {
            let amount = if at == 0 { payment.amount - change } else { payment.amount };
            let mode = self.expected.iter_mut().find(|mode| mode.mode_of_payment == payment.mode_of_payment);
            mode.expect("the shift knows the mode").amount += amount;
        }
        self.note(Body::Sale(Box::new(sale)))
    }

    pub fn sale(&mut self, mut cart: Cart) -> (Sale, Invoice) {
        let context = Context { posting_date: Date::new(2026, 11, 24).expect("a day"), posting_time_s: 36_000 };
        if cart.payments.is_empty() {
            let due = self.site.at_the_counter(self.profile, &cart, &context).invoice;
            let points = if due.redeem_loyalty_points { due.loyalty_amount } else { 0.0 };
            let amount = ((due.payable() - points) * 100.0).round() / 100.0;
            cart.payments = vec![Payment { mode_of_payment: "Cash".into(), amount, ..Payment::default() }];
        }
        let priced = self.site.at_the_counter(self.profile, &cart, &context);
        assert_eq!(priced.refusal, None);
        let sale = Sale {
            receipt_number: format!("A01-{:06}", self.entries.len()),
            pos_profile: self.profile.into(),
            company: COMPANY.into(),
            posted_local: "2026-11-24 10:00:00".into(),
            invoice: priced.invoice.clone(),
            ..Sale::default()
        };
        (sale, priced.invoice)
    }

    /// A return of some rows of an earlier sale.
    pub fn give_back(&mut self, sold: usize, rows: &[(usize, f64)]) -> usize {
        let Body::Sale(original) = self.entries[sold].0.body.clone() else { panic!("it is a sale") };
        let line = |(row, qty): &(usize, f64)| Line {
            item_code: original.invoice.items[*row].item_code.clone(),
            uom: original.invoice.items[*row].uom.clone(),
            qty: *qty,
            ..Line::default()
        };
        let cart = Cart {
            lines: rows.iter().map(line).collect(),
            return_rows: rows.iter().map(|(row, _)| *row).collect(),
            return_against: Some(Box::new(original.invoice.clone())),
            customer: original.invoice.customer.clone(),
            ..Cart::default()
        };
        let (mut sale, _) = self.sale(cart);
        sale.posted_local = "2026-11-24 11:00:00".into();
        let entry = Some(self.entries[sold].0.at());
        sale.returned =
            Some(Returned { receipt_number: original.receipt_number.clone(), entry, document: String::new() });
        self.note_sale(sale)
    }

    pub fn close_shift(&mut self, counted_cash: f64) -> usize {
        let mut counted = self.expected.clone();
        counted[0].amount = counted_cash;
        let sales = self.entries.iter().filter(|(entry, _)| matches!(entry.body, Body::Sale(_))).count() as u32;
        self.note(Body::ShiftClosed(ShiftClosed {
            shift: SHIFT,
            opened_at: Seq(1),
            expected: self.expected.clone(),
            counted,
            cash: Vec::new(),
            sales,
            total: 0.0,
        }))
    }

    pub fn job(&self, at: usize, is_first: bool) -> Job {
        let (entry, row) = self.entries[at].clone();
        let documents = |need: &EntryRef| {
            let found = self.entries.iter().find(|(entry, _)| entry.at() == *need);
            (*need, found.map(|(_, row)| row.documents().to_vec()).unwrap_or_default())
        };
        Job {
            needs: row.needs.iter().map(documents).collect(),
            shift: self.entries.clone(),
            entry,
            row,
            is_first,
            site: self.erp.clone(),
            user: CASHIER.into(),
            now_ms: self.now_ms,
        }
    }

    /// One try, as a hub holds the conversation.
    pub fn try_once(&mut self, at: usize, is_first: bool) -> Outcome {
        let mut conversation = Post::new(self.job(at, is_first));
        let mut heard = None;
        loop {
            heard = match conversation.next(heard.take()) {
                Step::Ask(request) => {
                    self.now_ms += 10;
                    self.requests += 1;
                    let fault = if self.faults.is_empty() { None } else { self.faults.remove(0) };
                    Some(self.site.hear(&Caller::User(CASHIER.into()), &request, self.now_ms, fault))
                }
                Step::Wait { ms } => {
                    self.now_ms += ms.cast_signed();
                    None
                }
                Step::Done(outcome) => return outcome,
            };
        }
    }

    /// Tries until there is an outcome that stays.
    pub fn post(&mut self, at: usize) -> Outcome {
        for attempt in 0..200 {
            let outcome = self.try_once(at, attempt == 0);
            match &outcome {
                Outcome::Unclear | Outcome::NotNow { .. } => self.now_ms += 1_000,
                Outcome::Underway { after_ms } => self.now_ms += after_ms.cast_signed(),
                Outcome::Booked { documents, differences } => {
                    self.entries[at].1.state = if differences.is_empty() {
                        State::Posted { documents: documents.clone() }
                    } else {
                        State::Discrepancy { documents: documents.clone(), differences: differences.clone() }
                    };
                    return outcome;
                }
                Outcome::Refused(_) => return outcome,
            }
        }
        panic!("no outcome after 200 tries");
    }

    /// Posts, and asserts that the books say what the receipt says, in one document.
    pub fn post_exactly(&mut self, at: usize) -> Vec<BookedDocument> {
        let outcome = self.post(at);
        let Outcome::Booked { documents, differences } = outcome else { panic!("{outcome:?}") };
        assert_eq!(differences, Vec::new());
        documents
    }

    /// Documents with this task's id.
    pub fn with_id<'a>(&'a self, doctype: &str, at: usize) -> Vec<&'a Doc> {
        let id = self.entries[at].1.id.to_string();
        self.site
            .documents(doctype)
            .filter(|doc| doc.get("holdfast_id").is_some_and(|held| held == id.as_str()))
            .collect()
    }
}

/// A line of a cart.
pub fn line(item_code: &str, qty: f64) -> Line {
    Line { item_code: item_code.into(), qty, ..Line::default() }
}

/// A cart of lines.
pub fn cart(lines: Vec<Line>) -> Cart {
    Cart { lines, ..Cart::default() }
}

/// A payment.
pub fn paid(mode: &str, amount: f64) -> Payment {
    Payment { mode_of_payment: mode.into(), amount, ..Payment::default() }
}
