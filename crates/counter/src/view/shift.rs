//! Opening and closing a shift, as they are shown.

use super::Tone;

/// Opening a shift.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenView {
    /// Who is signed in.
    pub employee: String,
    /// Whether cash is counted by notes and coins.
    pub by_denominations: bool,
    /// Whether the profile has notes and coins to count.
    pub has_denominations: bool,
    /// Notes and coins.
    pub counts: Vec<CountView>,
    /// Modes of payment with what is in the drawer; cash first. Cash is computed where notes and coins are counted.
    pub modes: Vec<ModeCountView>,
    /// All cash.
    pub total: String,
    /// Whether it is being written.
    pub is_writing: bool,
    /// What went wrong.
    pub message: Option<String>,
}

/// A note or coin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountView {
    /// Its face value.
    pub label: String,
    /// How many, as typed.
    pub count: String,
    /// What they are worth.
    pub amount: String,
}

/// A mode of payment that is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModeCountView {
    /// The mode.
    pub mode: String,
    /// Whether it is cash.
    pub is_cash: bool,
    /// As typed.
    pub amount: String,
    /// What should be there; `None` while opening and in a blind closing.
    pub expected: Option<String>,
    /// Counted less expected.
    pub difference: Option<DifferenceView>,
}

/// How far counted and expected lie apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DifferenceView {
    /// `exact`, `$ 2.00 too much`, `$ 2.00 missing`.
    pub text: String,
    /// How it looks.
    pub tone: Tone,
}

/// Closing a shift.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloseView {
    /// `Open since 08:02 by Ada Lovelace`.
    pub since: String,
    /// `23 sales, $ 512.30`; empty in a blind closing.
    pub sales: String,
    /// Whether cash is counted by notes and coins.
    pub by_denominations: bool,
    /// Whether the profile has notes and coins to count.
    pub has_denominations: bool,
    /// Notes and coins.
    pub counts: Vec<CountView>,
    /// What is counted, cash first.
    pub modes: Vec<ModeCountView>,
    /// Carts that are put aside, or sales that still wait: said, never in the way.
    pub notes: Vec<String>,
    /// Whether it is being written.
    pub is_writing: bool,
    /// What went wrong.
    pub message: Option<String>,
}

/// A closed shift.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClosedView {
    /// `23 sales, $ 512.30`.
    pub sales: String,
    /// By mode: expected, counted, difference.
    pub modes: Vec<ModeCountView>,
    /// What is still on the way to the hub.
    pub note: String,
    /// The report as a complete page, for a frame and the printer.
    pub html: String,
}
