//! What happens at a counter: acts become entries, entries become durable, receipts are handed over. In that order.

use crate::{
    fate::mix,
    mutant::Mutant,
    scenario::{Act, Moment},
    till::{App, Disk, Machine},
    world::{EPOCH_MS, Event, World},
};
use holdfast_sync::{Body, Entry, Position, TerminalId};
use std::rc::Rc;

/// Why a sale did not become durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NotWritten {
    /// The disk said no; the cart stays.
    Refused,
    /// Another tab has written since.
    Moved,
    /// The browser is gone.
    Died,
}

impl Machine {
    /// A machine with nothing on it.
    pub fn new(hub: usize, terminal: TerminalId, format: u8, clock_ms: i64, acts: Vec<Act>) -> Self {
        Self {
            hub,
            acts,
            terminal,
            generation: 0,
            disk: Disk::default(),
            app: None,
            stale: None,
            format,
            clock_ms,
            kill_at: None,
            refuses: 0,
            full_until_ms: 0,
            copy: None,
            plan: 0,
            requests: 0,
            busy_at_ms: Vec::new(),
            failed_at_ms: Vec::new(),
        }
    }

    /// Whether the app may write now.
    fn is_full(&self, now_ms: u64) -> bool {
        now_ms < self.full_until_ms
    }
}

impl World<'_> {
    /// Starts the app from what is durable.
    pub fn start_till(&mut self, at: usize) {
        let machine = &mut self.machines[at];
        if machine.app.is_some() {
            return;
        }
        machine.app = Some(App::start(machine.terminal, &machine.disk));
        machine.busy_at_ms.extend([self.now_ms; 5]);
        // A sale that became durable as the power went is in the list of sales, and its receipt is printed from there.
        if let Some(last) = machine.disk.entries.last() {
            self.paper.hand_over(last);
        }
        self.plan_act(at, self.now_ms + 1_000);
        self.look_soon(at, 500);
    }

    /// The browser is killed, and started again by somebody.
    pub fn kill_till(&mut self, at: usize) {
        let machine = &mut self.machines[at];
        machine.app = None;
        machine.stale = None;
        machine.kill_at = None;
        let wait = 5_000 + self.fate(&[3, at as u64, self.now_ms]) % 60_000;
        self.after(if self.is_healed { 1_000 } else { wait }, Event::StartTill(at));
    }

    fn plan_act(&mut self, machine: usize, at_ms: u64) {
        self.machines[machine].plan += 1;
        let plan = self.machines[machine].plan;
        self.at(at_ms, Event::Act { machine, plan });
    }

    /// The cashier does what is next.
    pub fn act(&mut self, at: usize, plan: u64) {
        let machine = &self.machines[at];
        if machine.plan != plan {
            return;
        }
        let Some(app) = &machine.app else { return };
        let Some(act) = machine.acts.get(machine.disk.next_act) else { return };
        if act.at_ms > self.now_ms {
            let at_ms = act.at_ms;
            return self.plan_act(at, at_ms);
        }
        // A first tab that lost the lock may still be the one that is looked at.
        let is_stale = machine.stale.is_some() && mix(&[at as u64, self.now_ms]).is_multiple_of(2);
        let used = if is_stale { machine.stale.as_ref().unwrap_or(app) } else { app };
        let (body, is_done) = used.body(at, &act.doing, machine.format);
        let now = EPOCH_MS + i64::try_from(self.now_ms).unwrap_or_default() + machine.clock_ms;
        let entry = Rc::new(used.seal(machine.terminal, machine.format, now, body));
        let cart = is_done.then_some(machine.disk.next_act);
        match self.write(at, is_stale, &entry, cart) {
            Ok(()) => {
                self.paper.hand_over(&entry);
                self.machines[at].busy_at_ms.push(self.now_ms);
                let next = self.machines[at].acts.get(self.machines[at].disk.next_act).map(|act| act.at_ms);
                if let Some(next) = next {
                    self.plan_act(at, next.max(self.now_ms + 1_000));
                }
                self.look_soon(at, 0);
            }
            Err(NotWritten::Refused) => self.plan_act(at, self.now_ms + 30_000),
            Err(NotWritten::Moved) => {
                // Somebody wrote in another tab: this one is done with, and what is durable is looked at anew.
                self.fire("stale_tab_stopped");
                let machine = &mut self.machines[at];
                machine.stale = None;
                if is_stale {
                    self.plan_act(at, self.now_ms + 2_000);
                } else {
                    machine.app = None;
                    self.start_till(at);
                }
            }
            Err(NotWritten::Died) => self.kill_till(at),
        }
    }

    /// One transaction: entry, head, cart. What comes after it, comes after it.
    fn write(&mut self, at: usize, is_stale: bool, entry: &Rc<Entry>, cart: Option<usize>) -> Result<(), NotWritten> {
        if self.is_mutant(Mutant::ReceiptBeforeCommit) {
            self.paper.hand_over(entry);
        }
        let fate = self.fate(&[4, at as u64, self.now_ms]);
        let is_two_writers = self.is_mutant(Mutant::TwoWriters);
        let now_ms = self.now_ms;
        let machine = &mut self.machines[at];
        let dies = machine.kill_at.take();
        if dies == Some(Moment::BeforeCommit) {
            self.fire("died_before_commit");
            return Err(NotWritten::Died);
        }
        if machine.refuses > 0 || machine.is_full(now_ms) {
            let class = if machine.refuses > 0 { "write_refused" } else { "write_without_room" };
            machine.refuses = machine.refuses.saturating_sub(1);
            machine.kill_at = dies;
            self.fire(class);
            return Err(NotWritten::Refused);
        }
        if !entry.follows(machine.disk.head) {
            if !is_two_writers {
                return Err(NotWritten::Moved);
            }
            // Without the check the later writer wins, as with a key that is the place.
            machine.disk.entries.truncate(usize::try_from(entry.header.seq.0 - 1).unwrap_or_default());
        }
        if dies == Some(Moment::InsideCommit) && fate.is_multiple_of(2) {
            self.fire("died_inside_commit_without_it");
            return Err(NotWritten::Died);
        }
        self.store(at, entry, cart, dies.is_some());
        if dies.is_some() {
            self.fire("died_with_the_entry_durable");
            return Err(NotWritten::Died);
        }
        let machine = &mut self.machines[at];
        let app = if is_stale { machine.stale.as_mut() } else { machine.app.as_mut() };
        if let Some(app) = app {
            app.journal.committed(entry);
            app.learn(entry);
        }
        Ok(())
    }

    fn store(&mut self, at: usize, entry: &Rc<Entry>, cart: Option<usize>, is_dying: bool) {
        let keeps_cart = self.is_mutant(Mutant::KeepCart) && is_dying;
        let machine = &mut self.machines[at];
        machine.disk.entries.push(Rc::clone(entry));
        machine.disk.head = Position { seq: entry.header.seq, hash: entry.hash };
        if let Some(cart) = cart.filter(|_| !keeps_cart) {
            machine.disk.next_act = cart + 1;
        }
        let is_sale = matches!(entry.body, Body::Sale(_));
        self.paper.write(entry, cart.filter(|_| is_sale).map(|cart| (at, cart)));
    }
}
