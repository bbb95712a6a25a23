//! What the views show: plain values in signals.

use holdfast_counter::{Basket, Book, Right, Ticket, booked::Booked, desk::Held};
use holdfast_engine::Payment;
use holdfast_sync::Seq;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Which screen is up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    Starting,
    /// The app cannot run here; why.
    Broken(String),
    OtherTab,
    TakenOver,
    Enrol,
    Loading,
    SignIn,
    OpenShift,
    Sell,
    CloseShift,
}

/// What lies over the selling screen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Overlay {
    Pay,
    /// What was just finished: one sale, one return, or both.
    Done(Vec<Seq>),
    /// A sale out of the list.
    Sale(Seq),
    Today,
    Customers,
    /// A customer to be entered; with the key of one to be changed.
    Customer(Option<String>),
    /// A line of the basket.
    Line(usize),
    /// The variants of a template.
    Variants(String),
    Menu,
    /// What concerns the whole cart.
    CartMenu,
    /// Carts that wait.
    Held,
    /// A sale whose goods come back; without one it is asked for.
    Return(Option<Seq>),
    MoveCash,
    Figures,
    /// A supervisor is asked.
    Allow(Right),
}

/// This terminal, as stored. Names are shown before anybody signs in; verifiers are never stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TerminalInfo {
    pub(crate) terminal: String,
    pub(crate) code: String,
    pub(crate) shop: String,
    pub(crate) terminal_name: String,
    pub(crate) pos_profile: String,
    pub(crate) employees: Vec<Employee>,
}

/// Somebody who may sign in, with the data key wrapped for their PIN.
#[expect(clippy::struct_field_names, reason = "`employee` is the key's name on the wire")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Employee {
    pub(crate) employee: String,
    pub(crate) full_name: String,
    pub(crate) role: String,
    /// How many digits the PIN has.
    #[serde(default = "four")]
    pub(crate) digits: u8,
    pub(crate) salt: String,
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
    pub(crate) wrapped: String,
    /// Tells a changed PIN from an unchanged one without storing the verifier.
    pub(crate) edition: String,
}

/// What a hub that does not say it means.
pub(crate) fn four() -> u8 {
    4
}

/// A sentence that comes and goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) text: String,
    pub(crate) is_error: bool,
}

/// The status light.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SyncView {
    pub(crate) entries_waiting: u64,
    pub(crate) sales_waiting: usize,
    pub(crate) since: Option<String>,
    pub(crate) answering: holdfast_counter::words::Answering,
    pub(crate) trouble: Option<&'static str>,
}

/// Every signal. Copied into views.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    pub(crate) screen: RwSignal<Screen>,
    pub(crate) overlay: RwSignal<Option<Overlay>>,
    pub(crate) terminal: RwSignal<TerminalInfo>,
    pub(crate) employee: RwSignal<Option<Employee>>,
    pub(crate) basket: RwSignal<Basket>,
    /// Carts that wait.
    pub(crate) held: RwSignal<Vec<Held>>,
    /// What the basket comes to.
    pub(crate) ticket: RwSignal<Ticket>,
    /// While set, what is scanned or tapped comes back without a receipt.
    pub(crate) is_taking_back: RwSignal<bool>,
    /// Codes of items that the counter's people marked.
    pub(crate) favourites: RwSignal<Vec<String>>,
    pub(crate) payments: RwSignal<Vec<Payment>>,
    pub(crate) book: RwSignal<Book>,
    /// What became of the sales in the books.
    pub(crate) booked: RwSignal<Booked>,
    /// Changes whenever another catalogue is in use.
    pub(crate) catalogue: RwSignal<u32>,
    pub(crate) progress: RwSignal<(usize, usize)>,
    pub(crate) notice: RwSignal<Option<Notice>>,
    pub(crate) sync: RwSignal<SyncView>,
    pub(crate) busy: RwSignal<bool>,
    /// A newer build of the app is here and waits to be taken.
    pub(crate) is_update_waiting: RwSignal<bool>,
    pub(crate) query: RwSignal<String>,
    pub(crate) group: RwSignal<String>,
}

impl Ui {
    pub(crate) fn new() -> Self {
        Self {
            screen: RwSignal::new(Screen::Starting),
            overlay: RwSignal::new(None),
            terminal: RwSignal::new(TerminalInfo::default()),
            employee: RwSignal::new(None),
            basket: RwSignal::new(Basket::default()),
            held: RwSignal::new(Vec::new()),
            ticket: RwSignal::new(Ticket::default()),
            is_taking_back: RwSignal::new(false),
            favourites: RwSignal::new(Vec::new()),
            payments: RwSignal::new(Vec::new()),
            book: RwSignal::new(Book::default()),
            booked: RwSignal::new(Booked::default()),
            catalogue: RwSignal::new(0),
            progress: RwSignal::new((0, 0)),
            notice: RwSignal::new(None),
            sync: RwSignal::new(SyncView::default()),
            busy: RwSignal::new(false),
            is_update_waiting: RwSignal::new(false),
            query: RwSignal::new(String::new()),
            group: RwSignal::new(String::new()),
        }
    }

    /// Says something that went wrong.
    pub(crate) fn complain(&self, text: impl Into<String>) {
        self.notice.set(Some(Notice { text: text.into(), is_error: true }));
    }

    /// Says something that is good to know.
    pub(crate) fn tell(&self, text: impl Into<String>) {
        self.notice.set(Some(Notice { text: text.into(), is_error: false }));
    }
}
