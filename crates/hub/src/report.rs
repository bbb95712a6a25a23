//! What the hub holds of each journal, for people and for programs.

use holdfast_store::{Store, StoreError, TerminalRow};
use holdfast_sync::{Body, Entry, Position, entry::Key};
use serde::Serialize;

/// One terminal's journal.
#[derive(Debug, Serialize)]
pub struct JournalReport {
    /// Its short code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Entries from 1 to this, all present.
    pub entries: u64,
    /// Whether places, hashes and signatures are all right.
    pub is_intact: bool,
    /// Entries of a second line.
    pub forked: u64,
    /// Sales and returns.
    pub sales: Vec<SaleLine>,
    /// Shifts that were closed.
    pub shifts_closed: u64,
}

/// One sale.
#[derive(Debug, Serialize)]
pub struct SaleLine {
    /// Its entry.
    pub seq: u64,
    /// What is on the receipt.
    pub receipt_number: String,
    /// By the shop's clock.
    pub posted_local: String,
    /// The employee.
    pub employee: String,
    /// What was to be paid.
    #[serde(with = "holdfast_engine::decimal")]
    pub payable: f64,
    /// What was paid.
    #[serde(with = "holdfast_engine::decimal")]
    pub paid: f64,
    /// What was given back.
    #[serde(with = "holdfast_engine::decimal")]
    pub change: f64,
}

/// Reads and checks the journals of all terminals.
pub fn journals(store: &Store) -> Result<Vec<JournalReport>, StoreError> {
    store.terminals()?.into_iter().map(|terminal| journal(store, &terminal)).collect()
}

fn journal(store: &Store, terminal: &TerminalRow) -> Result<JournalReport, StoreError> {
    let lines = store.journal(terminal.id)?;
    let key = Key::new(&terminal.public_key);
    let mut report = JournalReport {
        code: terminal.code.clone(),
        name: terminal.name.clone(),
        entries: lines.len() as u64,
        is_intact: key.is_some(),
        forked: store.forks(terminal.id)?,
        sales: Vec::new(),
        shifts_closed: 0,
    };
    let mut end = Position::default();
    for line in &lines {
        let entry = Entry::from_bytes(&line.sealed).ok();
        let Some(entry) = entry.filter(|entry| {
            let is_signed = key.as_ref().is_some_and(|key| entry.verify(terminal.id, key).is_ok());
            is_signed && entry.follows(end) && entry.hash == line.hash
        }) else {
            report.is_intact = false;
            break;
        };
        end = entry.position();
        note(&mut report, entry);
    }
    report.is_intact &= end == terminal.head;
    Ok(report)
}

fn note(report: &mut JournalReport, entry: Entry) {
    match entry.body {
        Body::Sale(sale) => report.sales.push(SaleLine {
            seq: entry.header.seq.0,
            receipt_number: sale.receipt_number,
            posted_local: sale.posted_local,
            employee: entry.header.employee.unwrap_or_default(),
            payable: sale.invoice.payable(),
            paid: sale.invoice.paid_amount,
            change: sale.invoice.change_amount,
        }),
        Body::ShiftClosed(_) => report.shifts_closed += 1,
        _ => {}
    }
}
