//! What the journal says: the open shift, its sales, the money that should be in the drawer, what was given back of which sale,
//! and who was made a customer.
//!
//! Never stored: rebuilt from the entries at each start, so that it cannot disagree with them.

use crate::people::People;
use holdfast_sync::{
    Body, Entry, Position, Seq, ShiftId,
    body::{CashMoved, ModeAmount, Sale, ShiftClosed, ShiftOpened},
};
use std::collections::BTreeMap;

/// Most sales that are kept at hand for the list.
const SALES_MAX: usize = 2_000;

/// The state that follows from a journal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    /// Where the journal ends.
    pub head: Position,
    /// When its last entry was made.
    pub head_made_at_ms: i64,
    /// The open shift.
    pub shift: Option<OpenShift>,
    /// The last sales, oldest first.
    pub sales: Vec<BookedSale>,
    /// Sales ever made here.
    pub sales_count: u64,
    /// Customers that were made or changed here.
    pub people: People,
    /// What was given back, by receipt number: invoice rows with quantities.
    returned: BTreeMap<String, Vec<(usize, f64)>>,
    /// When each entry was made, in order.
    made_at: Vec<(Seq, i64)>,
    /// Every sale, in order: more may wait for a hub than are at hand for the list.
    sale_seqs: Vec<Seq>,
}

/// A shift in progress.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenShift {
    /// Its id.
    pub id: ShiftId,
    /// The entry that opened it.
    pub opened_at: Seq,
    /// When.
    pub opened_at_ms: i64,
    /// Who.
    pub opened_by: String,
    /// What should be there, by mode of payment: opening plus payments less change.
    pub expected: Vec<ModeAmount>,
    /// Sales and returns.
    pub sales: u32,
    /// Returns among them.
    pub returns: u32,
    /// Sum of what was to be paid.
    pub total: f64,
    /// Cash that was put in or taken out, in order.
    pub moved: Vec<Moved>,
    /// What was there at the opening, by mode.
    pub opening: Vec<ModeAmount>,
}

/// Cash that was put in or taken out.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// When, by the terminal's clock.
    pub made_at_ms: i64,
    /// Who.
    pub employee: String,
    /// How much and why.
    pub cash: CashMoved,
}

/// A sale that is on the disk.
#[derive(Clone, Debug, PartialEq)]
pub struct BookedSale {
    /// Its entry.
    pub seq: Seq,
    /// When, by the terminal's clock.
    pub made_at_ms: i64,
    /// Who sold.
    pub employee: String,
    /// In which shift.
    pub shift: Option<ShiftId>,
    /// What.
    pub sale: Sale,
}

impl Book {
    /// Rebuilds the state from all entries of a journal, in order.
    pub fn replay<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut book = Self::default();
        for entry in entries {
            book.take(entry);
        }
        book
    }

    /// Takes one more committed entry in.
    pub fn take(&mut self, entry: &Entry) {
        self.head = entry.position();
        self.head_made_at_ms = entry.header.made_at_ms;
        self.made_at.push((entry.header.seq, entry.header.made_at_ms));
        match &entry.body {
            Body::ShiftOpened(opened) => self.open(entry, opened),
            Body::ShiftClosed(_) => self.shift = None,
            Body::Sale(sale) => self.sell(entry, sale),
            Body::CashMoved(cash) => self.move_cash(entry, cash),
            Body::CustomerSaved(saved) => self.people.take(entry.at(), saved),
            _ => {}
        }
    }

    fn open(&mut self, entry: &Entry, opened: &ShiftOpened) {
        self.shift = Some(OpenShift {
            id: opened.shift,
            opened_at: entry.header.seq,
            opened_at_ms: entry.header.made_at_ms,
            opened_by: entry.header.employee.clone().unwrap_or_default(),
            expected: opened.opening.clone(),
            sales: 0,
            returns: 0,
            total: 0.0,
            moved: Vec::new(),
            opening: opened.opening.clone(),
        });
    }

    fn sell(&mut self, entry: &Entry, sale: &Sale) {
        self.sales_count += 1;
        self.sale_seqs.push(entry.header.seq);
        if self.sales.len() == SALES_MAX {
            self.sales.remove(0);
        }
        self.sales.push(BookedSale {
            seq: entry.header.seq,
            made_at_ms: entry.header.made_at_ms,
            employee: entry.header.employee.clone().unwrap_or_default(),
            shift: entry.header.shift,
            sale: sale.clone(),
        });
        if let Some(returned) = &sale.returned {
            self.give_back(&returned.receipt_number, sale);
        }
        let Some(shift) = &mut self.shift else { return };
        shift.sales += 1;
        shift.returns += u32::from(sale.invoice.is_return);
        shift.total = cents(shift.total + sale.invoice.payable());
        for (mode, amount) in received(sale) {
            shift.add(&mode, amount);
        }
    }

    fn give_back(&mut self, receipt_number: &str, sale: &Sale) {
        let rows = self.returned.entry(receipt_number.to_owned()).or_default();
        for item in &sale.invoice.items {
            let Some(row) = item.returned_row else { continue };
            match rows.iter_mut().find(|(at, _)| *at == row) {
                Some((_, qty)) => *qty = cents(*qty - item.qty),
                None => rows.push((row, -item.qty)),
            }
        }
    }

    fn move_cash(&mut self, entry: &Entry, cash: &CashMoved) {
        let Some(shift) = &mut self.shift else { return };
        shift.add(&cash.mode_of_payment, cash.amount);
        shift.moved.push(Moved {
            made_at_ms: entry.header.made_at_ms,
            employee: entry.header.employee.clone().unwrap_or_default(),
            cash: cash.clone(),
        });
    }

    /// What was given back of a receipt here: invoice rows with quantities.
    pub fn returned(&self, receipt_number: &str) -> &[(usize, f64)] {
        self.returned.get(receipt_number).map(Vec::as_slice).unwrap_or_default()
    }

    /// A sale by its entry.
    pub fn sale(&self, seq: Seq) -> Option<&BookedSale> {
        let at = self.sales.binary_search_by_key(&seq, |booked| booked.seq).ok()?;
        self.sales.get(at)
    }

    /// The sales of the open shift, oldest first.
    pub fn shift_sales(&self) -> impl Iterator<Item = &BookedSale> {
        let shift = self.shift.as_ref().map(|shift| shift.id);
        self.sales.iter().filter(move |booked| shift.is_some() && booked.shift == shift)
    }

    /// When the oldest entry after `acknowledged` was made; `None` if nothing waits.
    pub fn waiting_since_ms(&self, acknowledged: Seq) -> Option<i64> {
        let at = self.made_at.partition_point(|(seq, _)| *seq <= acknowledged);
        self.made_at.get(at).map(|(_, made_at)| *made_at)
    }

    /// How many sales come after `acknowledged`.
    pub fn sales_waiting(&self, acknowledged: Seq) -> usize {
        self.sale_seqs.len() - self.sale_seqs.partition_point(|seq| *seq <= acknowledged)
    }

    /// The entry that closes the open shift with what was counted; `None` if no shift is open.
    pub fn closing(&self, counted: Vec<ModeAmount>, cash: Vec<holdfast_sync::body::Counted>) -> Option<ShiftClosed> {
        let shift = self.shift.as_ref()?;
        Some(ShiftClosed {
            shift: shift.id,
            opened_at: shift.opened_at,
            expected: shift.expected.clone(),
            counted,
            cash,
            sales: shift.sales,
            total: shift.total,
        })
    }
}

impl OpenShift {
    fn add(&mut self, mode_of_payment: &str, amount: f64) {
        match self.expected.iter_mut().find(|expected| expected.mode_of_payment == mode_of_payment) {
            Some(expected) => expected.amount = cents(expected.amount + amount),
            None => {
                self.expected.push(ModeAmount { mode_of_payment: mode_of_payment.to_owned(), amount: cents(amount) });
            }
        }
    }
}

/// What came in by which mode of payment, change taken off where it was given: from the first cash.
pub fn received(sale: &Sale) -> Vec<(String, f64)> {
    let payments = &sale.invoice.payments;
    let cash = payments.iter().position(|payment| payment.kind == "Cash");
    let amount = |at: usize, amount: f64| if Some(at) == cash { amount - sale.invoice.change_amount } else { amount };
    let rows = payments.iter().enumerate();
    rows.map(|(at, row)| (row.mode_of_payment.clone(), cents(amount(at, row.amount)))).collect()
}

/// Sums of amounts that have at most six decimals, kept free of binary noise.
pub fn cents(amount: f64) -> f64 {
    (amount * 1e6).round() / 1e6
}
