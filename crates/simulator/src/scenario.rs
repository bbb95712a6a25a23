//! A scenario as data: who sells what, what fails when. Small enough to be read, and to be kept as a file.

use serde::{Deserialize, Serialize};

/// Everything that a run depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Decides, together with a message's identity, what becomes of it.
    pub salt: u64,
    /// The chain: the first hub books, each other one relays to the one before it. The format that each can read.
    pub hubs: Vec<u8>,
    /// The tills.
    pub tills: Vec<Till>,
    /// The lines between them.
    pub network: Network,
    /// What fails, in the order of time.
    pub faults: Vec<Fault>,
    /// From when on nothing fails any more, milliseconds.
    pub heal_at_ms: u64,
}

/// One browser at one counter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Till {
    /// Which hub it speaks to.
    pub hub: usize,
    /// The format of the entries that it writes.
    pub format: u8,
    /// How wrong its clock is.
    pub clock_ms: i64,
    /// What is done at it.
    pub acts: Vec<Act>,
}

/// Something that a cashier does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// When.
    pub at_ms: u64,
    /// What.
    pub doing: Doing,
}

/// What a cashier does. Where no shift is open, one is opened first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Doing {
    /// Signs in.
    SignIn,
    /// Sells; the number decides what, and how it is paid.
    Sell(u32),
    /// Gives back the last sale.
    Return,
    /// Enters a new customer.
    Customer,
    /// Takes cash out.
    Cash,
    /// Closes the shift.
    Close,
}

/// The lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// How many of a thousand messages are lost.
    pub loss_permille: u64,
    /// How many of a thousand come twice.
    pub repeat_permille: u64,
    /// How many of a thousand downloads are damaged.
    pub damage_permille: u64,
    /// The longest that a message takes; messages overtake each other.
    pub delay_ms_max: u64,
}

/// Something that fails.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// When.
    pub at_ms: u64,
    /// What.
    pub what: What,
}

/// When exactly something dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Moment {
    /// At once.
    Now,
    /// Right before its next commit.
    BeforeCommit,
    /// Inside its next commit: the disk has all of it or nothing, and nobody is told which.
    InsideCommit,
    /// After its next commit, before anything is done about it.
    AfterCommit,
}

/// What fails.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are a till or hub by its number, and durations")]
pub enum What {
    /// Nothing gets from a till to its hub.
    CutUp { till: usize, ms: u64 },
    /// Nothing gets from a hub to its till.
    CutDown { till: usize, ms: u64 },
    /// The line from a hub to the one above is cut.
    CutHubs { hub: usize, ms: u64 },
    /// The browser is killed.
    KillTill { till: usize, moment: Moment },
    /// The hub is killed.
    KillHub { hub: usize, moment: Moment },
    /// The till's disk refuses so many writes.
    TillRefuses { till: usize, times: u32 },
    /// The till's disk is full.
    TillFull { till: usize, ms: u64 },
    /// The browser throws the till's data away.
    Evict { till: usize },
    /// The hub's disk refuses so many writes.
    HubRefuses { hub: usize, times: u32 },
    /// The hub's data is copied.
    Backup { hub: usize },
    /// The hub gets its last backup for its data.
    Restore { hub: usize },
    /// The till's data is copied.
    Copy { till: usize },
    /// The till gets its last copy for its data.
    PutBack { till: usize },
    /// A second machine runs with the till's data and key.
    Clone { till: usize, acts: Vec<Act> },
    /// The till's clock jumps.
    TillClock { till: usize, by_ms: i64 },
    /// The hub's clock jumps.
    HubClock { hub: usize, by_ms: i64 },
    /// A second tab takes the lock while the first still thinks that it has it.
    Tabs { till: usize },
    /// The app is updated.
    UpdateTill { till: usize },
    /// The hub is updated.
    UpdateHub { hub: usize },
    /// ERPNext does not answer at all.
    BooksDown { ms: u64 },
    /// ERPNext is slow.
    BooksSlow { ms: u64 },
    /// ERPNext commits and its answers are lost.
    BooksMute { ms: u64 },
    /// The posting account has lost a right.
    BooksForbid { ms: u64 },
    /// An item is disabled.
    BooksRefuse { ms: u64 },
    /// ERPNext books other cents than the receipt says.
    BooksDiffer { ms: u64 },
    /// Somebody decides about what waits for a person.
    Person { settles: bool },
    /// A new catalogue comes out.
    Publish { segments: u8 },
}

impl What {
    /// The class of the fault, in a stable word.
    pub fn class(&self) -> &'static str {
        match self {
            Self::CutUp { .. } => "cut_up",
            Self::CutDown { .. } => "cut_down",
            Self::CutHubs { .. } => "cut_hubs",
            Self::KillTill { moment, .. } => match moment {
                Moment::Now => "till_killed",
                Moment::BeforeCommit => "till_killed_before_commit",
                Moment::InsideCommit => "till_killed_inside_commit",
                Moment::AfterCommit => "till_killed_after_commit",
            },
            Self::KillHub { moment, .. } => match moment {
                Moment::Now => "hub_killed",
                Moment::BeforeCommit => "hub_killed_before_commit",
                Moment::InsideCommit => "hub_killed_inside_commit",
                Moment::AfterCommit => "hub_killed_after_commit",
            },
            Self::TillRefuses { .. } => "till_disk_refuses",
            Self::TillFull { .. } => "till_disk_full",
            Self::Evict { .. } => "till_evicted",
            Self::HubRefuses { .. } => "hub_disk_refuses",
            Self::Backup { .. } => "hub_backup",
            Self::Restore { .. } => "hub_restored",
            Self::Copy { .. } => "till_copied",
            Self::PutBack { .. } => "till_put_back",
            Self::Clone { .. } => "till_cloned",
            Self::TillClock { .. } => "till_clock",
            Self::HubClock { .. } => "hub_clock",
            Self::Tabs { .. } => "two_tabs",
            Self::UpdateTill { .. } => "till_updated",
            Self::UpdateHub { .. } => "hub_updated",
            Self::BooksDown { .. } => "books_down",
            Self::BooksSlow { .. } => "books_slow",
            Self::BooksMute { .. } => "books_mute",
            Self::BooksForbid { .. } => "books_forbid",
            Self::BooksRefuse { .. } => "books_refuse",
            Self::BooksDiffer { .. } => "books_differ",
            Self::Person { .. } => "person",
            Self::Publish { .. } => "published",
        }
    }
}

impl Scenario {
    /// How large it is: what shrinking makes less of.
    pub fn size(&self) -> usize {
        let acts = |acts: &[Act]| acts.len();
        let tills: usize = self.tills.iter().map(|till| 1 + acts(&till.acts)).sum();
        let faults = self.faults.iter().map(|fault| match &fault.what {
            What::Clone { acts, .. } => 1 + acts.len(),
            _ => 1,
        });
        let network = usize::from(self.network.loss_permille > 0) + usize::from(self.network.repeat_permille > 0);
        self.hubs.len() + tills + faults.sum::<usize>() + network
    }
}
