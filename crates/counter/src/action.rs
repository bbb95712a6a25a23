//! What happens to the counter: what a cashier does, and how effects came out.

use crate::{
    carts::{CartId, LineKey},
    effect::{EffectId, PinLock, Record, WriteFailure},
    protocol::{EnrolmentAnswer, HubFailure, ProfilesAnswer, TerminalAnswer},
};
use holdfast_sync::{Hash, Position, PublicKey, Seq, Signature, wire::PushAnswer};

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Time passes. Send about once a second, and when the page becomes visible again.
    Tick,
    /// Enrolment.
    Enrol(Enrol),
    /// The lock screen.
    SignIn(SignIn),
    /// Finding items.
    Find(Find),
    /// The cart.
    Sell(Sell),
    /// Payment.
    Pay(Pay),
    /// Opening and closing a shift.
    Shift(Shift),
    /// Today's list.
    Today(Today),
    /// Everything else that somebody presses.
    App(App),
    /// A key went down anywhere on the page. Feeds the scan decoder; send every one, in order, before its default happens.
    Key(Key),
    /// An effect came out.
    Done(EffectId, Outcome),
    /// Another tab took the journal's lock.
    LockLost,
    /// How full the storage is.
    StorageMeasured {
        /// Bytes used.
        used: u64,
        /// Bytes that may be used.
        quota: u64,
        /// Whether the browser promised to keep it.
        is_persistent: bool,
    },
    /// A newer build of the app is there and ready.
    UpdateReady,
    /// The browser says that the network may be back: a good moment to try the hub.
    NetworkChanged,
}

/// Enrolment: credentials, then profile and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enrol {
    /// Ask the hub what may be picked.
    Credentials {
        /// The account.
        account: String,
        /// Its password.
        password: String,
    },
    /// Enrol under a profile.
    Register {
        /// The profile's name.
        pos_profile: String,
        /// What this terminal is to be called.
        terminal_name: String,
    },
    /// Back to the credentials.
    Back,
    /// Try the catalogue's download again.
    RetryDownload,
}

/// The lock screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// Who it is.
    Choose(String),
    /// Back to the employees.
    Back,
    /// A digit of the PIN pad.
    Digit(u8),
    /// The last digit was wrong.
    Erase,
    /// Try it.
    Enter,
    /// Lock the screen; the carts stay.
    Lock,
}

/// Finding items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Find {
    /// The search field's text changed.
    Text(String),
    /// Show a group; `None` for all.
    Group(Option<String>),
    /// Enter in the search field: adds the item if the text is a barcode or a code, or if just one was found.
    Submit,
}

/// The cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sell {
    /// Add one of an item.
    Add {
        /// `item_code`.
        item_code: String,
    },
    /// A code from a camera or another scanner that isn't a keyboard.
    Scan(String),
    /// Choose a line.
    Select(Option<LineKey>),
    /// One more.
    More(LineKey),
    /// One less; the last one removes the line.
    Less(LineKey),
    /// Take a line out.
    Remove(LineKey),
    /// Set a quantity; text in the shop's number format.
    Quantity(LineKey, String),
    /// Sell in another UOM.
    Uom(LineKey, String),
    /// Discount in percent, if the profile allows; text in the shop's number format, empty for none.
    Discount(LineKey, String),
    /// A price, if the profile allows; empty for the list's.
    Rate(LineKey, String),
    /// Sell from a batch.
    Batch(LineKey, String),
    /// Serial numbers of a line.
    Serials(LineKey, Vec<String>),
    /// Empty the cart. Can be undone until something else is done.
    Clear,
    /// Take back the last change of the cart.
    Undo,
    /// Put the cart aside and start another.
    Hold,
    /// Go on with a held cart.
    Reopen(CartId),
    /// Choose the customer; `None` for the profile's.
    Customer(Option<String>),
    /// The customer search's text changed.
    CustomerText(String),
    /// Go to payment.
    Pay,
}

/// A key of the keypad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pad {
    /// 0 to 9.
    Digit(u8),
    /// `00`.
    DoubleZero,
    /// The decimal mark, whichever it is here.
    Mark,
    /// Take the last one back.
    Erase,
    /// Start again.
    Clear,
}

/// Payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pay {
    /// Choose a mode.
    Mode(String),
    /// The keypad.
    Pad(Pad),
    /// One of the suggested amounts, by its place in the view: with enough paid this completes the sale.
    Quick(usize),
    /// Take the typed amount (or what is still due) in the chosen mode, as part of the payment.
    Add,
    /// Take a payment back, by its place in the view.
    Remove(usize),
    /// Complete the sale. What was typed, or what is still due in the chosen mode, is added first.
    Complete,
    /// Back to the cart.
    Back,
    /// The receipt was seen: next customer.
    Next,
    /// Print the receipt on the screen.
    Print,
}

/// Opening and closing a shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shift {
    /// Count by notes and coins, or by total.
    ByDenominations(bool),
    /// How many of a note or coin, by its place in the view; text.
    Count(usize, String),
    /// An amount of a mode, by its place in the view; text.
    Amount(usize, String),
    /// Open the shift.
    Open,
    /// Start closing.
    StartClosing,
    /// Show what should be there (not in a blind closing).
    Close,
    /// Not yet.
    Back,
    /// The summary of the closed shift was seen.
    Seen,
}

/// Today's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Today {
    /// Show the list.
    Show,
    /// Show one sale's receipt.
    Choose(Seq),
    /// Print the chosen one, marked as a copy.
    Reprint,
    /// Back to the list, or from the list to selling.
    Back,
}

/// Everything else that somebody presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum App {
    /// Take the journal over from another tab.
    TakeOver,
    /// Load the new build now.
    Update,
    /// A notice was read, by its id.
    Dismiss(u32),
    /// Try again what failed at the start.
    Retry,
}

/// A key as the scan decoder sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A key that writes a character.
    Char(char),
    /// Enter or Tab, which scanners end with.
    End,
    /// Any other key.
    Other,
}

/// How an effect came out.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Whether this tab now holds the journal's lock.
    Lock(bool),
    /// What is stored.
    Loaded(Result<Loaded, String>),
    /// The private records.
    Opened(Result<Vec<Record>, String>),
    /// Entries' bytes, in order.
    Journal(Result<Vec<Vec<u8>>, String>),
    /// A write came out.
    Wrote(Result<(), WriteFailure>),
    /// Segments' bytes, in the order asked; `None` for those that aren't there or cannot be decrypted.
    Segments(Vec<Option<Vec<u8>>>),
    /// The new public key.
    Keys(Result<PublicKey, String>),
    /// The data key, wrapped for each employee.
    Wrapped(Result<Vec<PinLock>, String>),
    /// How a PIN did.
    Pin(PinOutcome),
    /// The signature.
    Signed(Result<Signature, String>),
    /// What may be picked.
    Profiles(Result<ProfilesAnswer, HubFailure>),
    /// The new terminal.
    Enrolled(Result<EnrolmentAnswer, HubFailure>),
    /// What the hub knows of this terminal.
    Terminal(Result<TerminalAnswer, HubFailure>),
    /// The manifest's bytes; `None` if the one that is held is current.
    Manifest(Result<Option<Vec<u8>>, HubFailure>),
    /// A segment's bytes.
    Segment(Result<Vec<u8>, HubFailure>),
    /// The hub's answer to a push.
    Pushed(Result<Pushed, HubFailure>),
}

/// What is stored, without the data key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    /// Where the journal ends.
    pub head: Position,
    /// All records that aren't private.
    pub records: Vec<Record>,
}

/// How a PIN did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PinOutcome {
    /// The data key is open and in memory.
    Right,
    /// It opened nothing.
    Wrong,
    /// It could not be tried, in the browser's words.
    Failed(String),
}

/// A hub's answer to a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// The answer.
    pub answer: PushAnswer,
    /// The hash of this terminal's own stored entry at the place that the answer names, if it has one there.
    pub own: Option<Hash>,
    /// The hub's clock (`Holdfast-Hub-Time`), Unix milliseconds.
    pub hub_time_ms: Option<i64>,
}
