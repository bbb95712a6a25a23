//! What the journal says: the open shift, its sales, and the money that should be in the drawer.
//!
//! Never stored: rebuilt from the entries at each start, so that it cannot disagree with them.

use holdfast_sync::{
    Body, Entry, Position, Seq, ShiftId,
    body::{ModeAmount, Sale, ShiftClosed, ShiftOpened},
};

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
    /// Sales ever made here; the next receipt's number follows from it.
    pub sales_count: u64,
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
    /// Sum of what was to be paid.
    pub total: f64,
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
            total: 0.0,
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
            sale: sale.clone(),
        });
        let Some(shift) = &mut self.shift else { return };
        shift.sales += 1;
        shift.total = cents(shift.total + sale.invoice.payable());
        let change = sale.invoice.change_amount;
        let cash = sale.invoice.payments.iter().position(|payment| payment.kind == "Cash");
        for (at, payment) in sale.invoice.payments.iter().enumerate() {
            let amount = if Some(at) == cash { payment.amount - change } else { payment.amount };
            let mode = &payment.mode_of_payment;
            match shift.expected.iter_mut().find(|expected| expected.mode_of_payment == *mode) {
                Some(expected) => expected.amount = cents(expected.amount + amount),
                None => shift.expected.push(ModeAmount { mode_of_payment: mode.clone(), amount: cents(amount) }),
            }
        }
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

/// Sums of amounts that have at most six decimals, kept free of binary noise.
pub fn cents(amount: f64) -> f64 {
    (amount * 1e6).round() / 1e6
}
