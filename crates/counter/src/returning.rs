//! What can still be given back of a sale, and which sale a code on a receipt means.

use crate::book::{Book, BookedSale, cents};
use holdfast_sync::{EntryRef, TerminalId, body::Returned};

/// A row of a sale that may come back.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The invoice's row.
    pub row: usize,
    /// `item_name`.
    pub item_name: String,
    /// `uom`.
    pub uom: String,
    /// What one cost.
    pub rate: f64,
    /// How much was sold.
    pub sold: f64,
    /// How much has come back already.
    pub returned: f64,
    /// Given free of charge by a rule.
    pub is_free_item: bool,
}

impl Row {
    /// How much can still come back.
    pub fn left(&self) -> f64 {
        cents(self.sold - self.returned).max(0.0)
    }
}

/// The rows of a sale with what has come back of them; none for what is a return itself.
pub fn rows(book: &Book, booked: &BookedSale) -> Vec<Row> {
    let invoice = &booked.sale.invoice;
    if invoice.is_return {
        return Vec::new();
    }
    let returned = book.returned(&booked.sale.receipt_number);
    let row = |(row, item): (usize, &holdfast_engine::InvoiceItem)| Row {
        row,
        item_name: item.item_name.clone(),
        uom: item.uom.clone(),
        rate: item.rate,
        sold: item.qty,
        returned: returned.iter().find(|(at, _)| *at == row).map_or(0.0, |(_, qty)| *qty),
        is_free_item: item.is_free_item,
    };
    invoice.items.iter().enumerate().map(row).collect()
}

/// Finds a sale by what is printed or encoded on its receipt: the number, or a text that ends with it.
pub fn find<'a>(book: &'a Book, code: &str) -> Option<&'a BookedSale> {
    let code = code.trim();
    let is_meant = |booked: &&BookedSale| {
        let number = &booked.sale.receipt_number;
        !number.is_empty() && (number.eq_ignore_ascii_case(code) || ends_with(code, number))
    };
    book.sales.iter().rev().find(is_meant)
}

/// Whether a longer code, such as a receipt's QR code, has the number as its last word.
fn ends_with(code: &str, number: &str) -> bool {
    let is_number_part = |c: char| c.is_alphanumeric() || c == '-';
    code.rsplit(|c: char| !is_number_part(c)).next().is_some_and(|last| last.eq_ignore_ascii_case(number))
}

/// How a return names the sale.
pub fn reference(terminal: TerminalId, booked: &BookedSale) -> Returned {
    Returned {
        receipt_number: booked.sale.receipt_number.clone(),
        entry: Some(EntryRef { terminal, seq: booked.seq }),
        document: String::new(),
    }
}
