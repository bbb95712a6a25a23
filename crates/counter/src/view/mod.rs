//! What is on the screen, ready to be shown: every text is formatted, every sentence is written.
//!
//! A view only lays these values out. They are plain data with `PartialEq`, so that a view can be kept while its value stays
//! the same. [`crate::Counter::screen`] says which screen is shown; the large, fast parts of selling (items, cart) are asked
//! for on their own.

mod enrol;
mod lock;
mod pay;
mod sell;
mod shift;
mod status;
mod today;

pub use enrol::{ChooseView, CredentialsView, EnrolView, LoadingView, ProfileView};
pub use lock::{EmployeeView, LockView};
pub use pay::{ModeView, PayView, PaymentView, QuickView, ReceiptView};
pub use sell::{
    CartView, CustomerView, CustomersView, GroupView, HeldView, ItemsView, LineEditView, LineView, TileView, TotalView,
    UomView,
};
pub use shift::{CloseView, ClosedView, CountView, DifferenceView, ModeCountView, OpenView};
pub use status::{Light, NoticeView, StatusView, Tone};
pub use today::{SaleView, TodayView};

/// Which screen is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Screen {
    /// Reading what is stored. Usually too short to be seen.
    Starting,
    /// The start failed; a sentence, and whether trying again may help.
    Failed(String),
    /// Another tab holds the journal: a sentence. The way on is [`crate::action::App::TakeOver`].
    Elsewhere(String),
    /// Not enrolled yet.
    Enrol(EnrolView),
    /// The catalogue is being fetched or opened.
    Loading(LoadingView),
    /// Nobody is signed in.
    Locked(LockView),
    /// Signed in, no shift is open.
    Open(OpenView),
    /// Selling. See [`crate::Counter::items`], [`crate::Counter::tiles`], [`crate::Counter::cart`],
    /// [`crate::Counter::line_edit`], [`crate::Counter::customers`].
    Selling,
    /// Taking payment.
    Paying(PayView),
    /// A sale is complete.
    Receipt(ReceiptView),
    /// Today's list.
    Today(TodayView),
    /// Counting at the end of a shift.
    Closing(CloseView),
    /// The shift is closed.
    Closed(ClosedView),
}
