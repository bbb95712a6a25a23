//! A browser at a counter: its disk, its app, and the order in which it does things. The decisions are `sync`'s.

use crate::{
    format,
    goods::{self, MODES, taken},
    scenario::{Act, Doing, Moment},
    signer::CheapKey,
};
use holdfast_sync::{
    Body, Entry, Hash, Position, Sealed, Seq, ShiftId, TerminalId,
    body::{CashMoved, CustomerSaved, Enrolled, ModeAmount, Sale, ShiftClosed, ShiftOpened},
    pull::Pull,
    terminal::Journal,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

/// What is durable in a browser.
#[derive(Clone, Default)]
pub struct Disk {
    /// The journal.
    pub entries: Vec<Rc<Entry>>,
    /// Where it ends.
    pub head: Position,
    /// Up to where the hub has it.
    pub acknowledged: Position,
    /// Which act is next: the cart, so to speak.
    pub next_act: usize,
    /// The catalogue in force, by its number.
    pub manifest: Option<usize>,
    /// The segments that are held.
    pub segments: BTreeSet<Hash>,
}

/// A machine at a counter.
pub struct Machine {
    /// Its hub.
    pub hub: usize,
    /// What is done at it.
    pub acts: Vec<Act>,
    /// Who it is.
    pub terminal: TerminalId,
    /// How often its data was thrown away.
    pub generation: u64,
    /// What is durable.
    pub disk: Disk,
    /// The app, while it runs.
    pub app: Option<App>,
    /// A first tab that does not know yet that a second has the lock.
    pub stale: Option<App>,
    /// The format that the app writes.
    pub format: u8,
    /// How wrong the clock is.
    pub clock_ms: i64,
    /// When to die.
    pub kill_at: Option<Moment>,
    /// So many writes will be refused.
    pub refuses: u32,
    /// Until when the disk is full.
    pub full_until_ms: u64,
    /// A copy of the data.
    pub copy: Option<(TerminalId, Disk)>,
    /// Only the latest plan for the next act counts.
    pub plan: u64,
    /// How many requests were made, over all lives.
    pub requests: u64,
    /// When it was started or something was done at it, lately: each may cause some tries at once.
    pub busy_at_ms: Vec<u64>,
    /// When tries failed lately.
    pub failed_at_ms: Vec<u64>,
}

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Asked {
    /// A push whose last entry has this place.
    Push(Seq),
    /// What the catalogue consists of.
    Manifest,
    /// One of its segments.
    Segment(Hash),
}

/// The app's memory.
pub struct App {
    /// The journal's state.
    pub journal: Journal,
    /// The shift that is open.
    pub shift: Option<Shift>,
    /// The last sale of this journal that was not given back.
    pub last_sale: Option<Rc<Entry>>,
    /// Requests under way.
    pub asked: BTreeMap<u64, Asked>,
    /// A change of catalogue under way, and to which.
    pub pull: Option<(usize, Pull)>,
    /// Only the latest planned look counts.
    pub look: u64,
    /// Whether this round's push was made.
    pub is_pushed: bool,
    /// The mutant that stops at a fork has stopped.
    pub has_stopped: bool,
}

/// An open shift.
#[derive(Clone, Debug)]
pub struct Shift {
    id: ShiftId,
    opened_at: Seq,
    /// What should be in the drawer, in cents by mode.
    expected: [i64; 2],
    sales: u32,
    total: i64,
}

impl App {
    /// Starts from what is durable.
    pub fn start(terminal: TerminalId, disk: &Disk) -> Self {
        let made_at = disk.entries.last().map_or(0, |entry| entry.header.made_at_ms);
        let mut app = Self {
            journal: Journal::new(terminal, disk.head, made_at, disk.acknowledged),
            shift: None,
            last_sale: None,
            asked: BTreeMap::new(),
            pull: None,
            look: 0,
            is_pushed: false,
            has_stopped: false,
        };
        for entry in &disk.entries {
            app.learn(entry);
        }
        app
    }

    /// What an entry changes at the counter.
    pub fn learn(&mut self, entry: &Rc<Entry>) {
        match &entry.body {
            Body::ShiftOpened(opened) => {
                self.shift = Some(Shift {
                    id: opened.shift,
                    opened_at: entry.header.seq,
                    expected: opening(opened),
                    sales: 0,
                    total: 0,
                });
            }
            Body::Sale(sale) => {
                self.last_sale = (!sale.invoice.is_return).then(|| Rc::clone(entry));
                if let Some(shift) = &mut self.shift {
                    let [cash, card] = taken(&sale.invoice);
                    shift.expected[0] += cash;
                    shift.expected[1] += card;
                    shift.sales += 1;
                    shift.total += cash + card;
                }
            }
            Body::CashMoved(moved) => {
                if let Some(shift) = &mut self.shift {
                    shift.expected[0] += goods::minor(moved.amount);
                }
            }
            Body::ShiftClosed(_) => self.shift = None,
            _ => {}
        }
    }

    /// The body for what is to be done, and whether the act is then done.
    pub fn body(&self, machine: usize, doing: &Doing, format: u8) -> (Body, bool) {
        let at = self.journal.head().seq.next();
        if at == Seq(1) {
            return (Body::Enrolled(Enrolled { code: "A".into(), ..Enrolled::default() }), false);
        }
        let number = format!("A{machine:02}-{at:0>6}");
        let Some(shift) = &self.shift else {
            return match doing {
                Doing::SignIn | Doing::Close => (Body::SignedIn, true),
                _ => (open(shift_id(machine, at, self.journal.head().hash)), false),
            };
        };
        let body = match (doing, &self.last_sale) {
            (Doing::Sell(what), _) => Body::Sale(Box::new(goods::sale(number, *what))),
            (Doing::Return, Some(entry)) => give_back(number, entry),
            (Doing::Customer, _) if format >= 2 => {
                Body::CustomerSaved(Box::new(CustomerSaved { customer_name: number, ..CustomerSaved::default() }))
            }
            (Doing::Cash, _) if format >= 2 => Body::CashMoved(CashMoved {
                mode_of_payment: MODES[0].into(),
                amount: -1.5,
                reason: "stamps".into(),
                account: String::new(),
            }),
            (Doing::Close, _) => close(shift),
            _ => Body::SignedIn,
        };
        (body, true)
    }

    /// The entry for a body, signed.
    pub fn seal(&self, terminal: TerminalId, format: u8, now_ms: i64, body: Body) -> Entry {
        let shift = match &body {
            Body::ShiftOpened(opened) => Some(opened.shift),
            _ => self.shift.as_ref().map(|shift| shift.id),
        };
        let key = CheapKey::of(terminal);
        if format == 1 {
            let head = self.journal.head();
            return format::seal_v1(terminal, key, head, self.journal.time_for(now_ms), shift, &body);
        }
        let unsigned = self.journal.prepare(now_ms, None, shift, Some("EMP-1".into()), body);
        let signature = key.sign(unsigned.to_sign());
        unsigned.seal(signature)
    }
}

impl Disk {
    /// The hash at a place.
    pub fn hash_at(&self, seq: Seq) -> Option<Hash> {
        self.entries.get(usize::try_from(seq.0).ok()?.checked_sub(1)?).map(|entry| entry.hash)
    }

    /// What to send after a place.
    pub fn after(&self, after: Seq, most: usize) -> Vec<Sealed> {
        let from = usize::try_from(after.0).unwrap_or(usize::MAX).min(self.entries.len());
        self.entries[from..].iter().take(most).map(|entry| entry.sealed.clone()).collect()
    }
}

fn shift_id(machine: usize, at: Seq, hash: Hash) -> ShiftId {
    let mut id = [0; 16];
    id.copy_from_slice(&hash.0[..16]);
    id[0] = u8::try_from(machine & 0xFF).unwrap_or_default();
    id[1] = u8::try_from(at.0 & 0xFF).unwrap_or_default();
    ShiftId(id)
}

fn open(shift: ShiftId) -> Body {
    Body::ShiftOpened(ShiftOpened {
        shift,
        pos_profile: "Main Till".into(),
        company: "Corner Shop".into(),
        currency: "EUR".into(),
        opening: vec![ModeAmount { mode_of_payment: MODES[0].into(), amount: 100.0 }],
        counted: Vec::new(),
    })
}

/// What was in the drawer at the opening.
pub fn opening(opened: &ShiftOpened) -> [i64; 2] {
    let of = |mode: &str| {
        opened.opening.iter().filter(|it| it.mode_of_payment == mode).map(|it| goods::minor(it.amount)).sum()
    };
    MODES.map(of)
}

fn close(shift: &Shift) -> Body {
    let amounts = || {
        let modes = MODES.iter().zip(shift.expected);
        modes
            .map(|(mode, cents)| ModeAmount { mode_of_payment: (*mode).into(), amount: cents as f64 / 100.0 })
            .collect()
    };
    Body::ShiftClosed(ShiftClosed {
        shift: shift.id,
        opened_at: shift.opened_at,
        expected: amounts(),
        counted: amounts(),
        cash: Vec::new(),
        sales: shift.sales,
        total: shift.total as f64 / 100.0,
    })
}

fn give_back(number: String, entry: &Rc<Entry>) -> Body {
    let Body::Sale(original) = &entry.body else { return Body::SignedIn };
    let sale: Sale = goods::give_back(number, original, entry.at());
    Body::Sale(Box::new(sale))
}
