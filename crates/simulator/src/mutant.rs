//! Planted defects: each is a host that breaks one rule. The simulation is worth something only if it finds every one of them.
//!
//! They live in the simulator's hosts, which play browser, hub server and connector; the production code has no switch.

/// A defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mutant {
    /// The hub answers before its transaction is durable.
    AcknowledgeBeforeCommit,
    /// The receipt is printed before the sale is durable.
    ReceiptBeforeCommit,
    /// After an unclear answer the document is made again without looking, and it has no unique field.
    RetryWithoutLooking,
    /// What ERPNext refuses is forgotten.
    DropOnRefusal,
    /// The hub appends whatever comes, also after a gap.
    AcceptGap,
    /// Failed pushes are repeated at once.
    ForgetBackoff,
    /// The manifest comes in force before all of its segments are there.
    SwitchEarly,
    /// Old segments are dropped before the switch.
    DropEarly,
    /// The hub keeps the way into the books in memory only.
    ForgetRows,
    /// The closing is posted without waiting for the sales.
    CloseEarly,
    /// Two tabs write without lock and without checking the head.
    TwoWriters,
    /// A terminal believes what was once acknowledged, whatever the hub says later.
    NeverSendAgain,
    /// A terminal with nothing to send never asks the hub.
    NeverAsk,
    /// The books get other money, and nobody compares.
    WrongMoney,
    /// The second line of a journal is thrown away.
    DropFork,
    /// The cart is not emptied in the sale's transaction.
    KeepCart,
    /// A terminal stops sending at a fork.
    StopAtFork,
    /// A hub forgets what it has to relay when it restarts.
    RelayFromNow,
}

impl Mutant {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::AcknowledgeBeforeCommit,
        Self::ReceiptBeforeCommit,
        Self::RetryWithoutLooking,
        Self::DropOnRefusal,
        Self::AcceptGap,
        Self::ForgetBackoff,
        Self::SwitchEarly,
        Self::DropEarly,
        Self::ForgetRows,
        Self::CloseEarly,
        Self::TwoWriters,
        Self::NeverSendAgain,
        Self::NeverAsk,
        Self::WrongMoney,
        Self::DropFork,
        Self::KeepCart,
        Self::StopAtFork,
        Self::RelayFromNow,
    ];
}
