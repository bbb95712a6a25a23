//! Payment and the receipt, as they are shown.

/// Taking payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayView {
    /// What is to be paid.
    pub payable: String,
    /// Modes to pay by.
    pub modes: Vec<ModeView>,
    /// What was taken so far.
    pub payments: Vec<PaymentView>,
    /// What was typed, or what pressing Complete would take.
    pub entry: String,
    /// Whether `entry` was typed.
    pub is_typed: bool,
    /// Suggested amounts for cash; empty for other modes.
    pub quick: Vec<QuickView>,
    /// `Still to pay` or `Change`.
    pub rest_label: String,
    /// How much of it.
    pub rest: String,
    /// Whether money goes back.
    pub is_change: bool,
    /// Whether pressing Complete would complete the sale.
    pub can_complete: bool,
    /// Whether the sale is being written: nothing can be pressed.
    pub is_writing: bool,
    /// What went wrong.
    pub message: Option<String>,
    /// The decimal mark of the keypad; empty where the currency has no decimals.
    pub decimal_mark: String,
}

/// A mode of payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModeView {
    /// Its name.
    pub mode: String,
    /// ERPNext's type: `Cash`, `Bank`, ...
    pub kind: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

/// Something that was paid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentView {
    /// The mode.
    pub mode: String,
    /// How much.
    pub amount: String,
}

/// A suggested amount.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuickView {
    /// The amount.
    pub label: String,
    /// Whether it is exactly what is due.
    pub is_exact: bool,
}

/// A completed sale.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceiptView {
    /// Its number.
    pub number: String,
    /// What was to be paid.
    pub total: String,
    /// What goes back; `None` if nothing does.
    pub change: Option<String>,
    /// What was paid by what.
    pub payments: Vec<PaymentView>,
    /// The receipt as a complete page, for a frame.
    pub html: String,
    /// Said above it, after a restart: the sale is complete.
    pub message: Option<String>,
}
