//! Today's list, as it is shown.

use holdfast_sync::Seq;

/// Today's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TodayView {
    /// Newest first.
    pub sales: Vec<SaleView>,
    /// `23 sales, $ 512.30`.
    pub summary: String,
    /// The chosen sale's receipt, marked as a copy, as a complete page; `None` while it is read or none is chosen.
    pub html: Option<String>,
    /// What went wrong, or that there are no sales yet.
    pub message: Option<String>,
}

/// A sale of today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaleView {
    /// The key to choose it by.
    pub seq: Seq,
    /// Its number.
    pub number: String,
    /// `14:05`.
    pub time: String,
    /// Customer.
    pub customer: String,
    /// Cashier.
    pub employee: String,
    /// `5 items`.
    pub count: String,
    /// What was to be paid.
    pub total: String,
    /// `with the hub` or `waits`.
    pub state: String,
    /// Whether it still waits for the hub.
    pub is_waiting: bool,
    /// Whether it is the chosen one.
    pub is_chosen: bool,
}
