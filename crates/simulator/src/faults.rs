//! What a fault does to the world, and what healing is.

use crate::{
    scenario::{Act, Moment, What},
    signer::CheapKey,
    till::Disk,
    world::{Event, World, segment, terminal_id},
};
use holdfast_sync::{
    Entry, Hash,
    posting::{Event as PosterEvent, Row},
    receipt_code::{Unsigned, rebuild},
};
use std::{collections::BTreeSet, rc::Rc};

impl World<'_> {
    /// A fault begins. One that is about a machine or hub that does not exist does nothing.
    pub fn fault(&mut self, at: usize) {
        if self.is_healed {
            return;
        }
        let scenario = self.scenario;
        let Some(fault) = scenario.faults.get(at) else { return };
        let (what, now) = (&fault.what, self.now_ms);
        if !self.exists(what) {
            return;
        }
        self.fire(what.class());
        match what {
            What::CutUp { till, ms } => drop(self.up_cut_ms.insert(*till, now + ms)),
            What::CutDown { till, ms } => drop(self.down_cut_ms.insert(*till, now + ms)),
            What::CutHubs { hub, ms } => drop(self.hub_cut_ms.insert(*hub, now + ms)),
            What::KillTill { till, moment: Moment::Now } => self.kill_till(*till),
            What::KillTill { till, moment } => self.machines[*till].kill_at = Some(*moment),
            What::KillHub { hub, moment: Moment::Now } => self.kill_hub(*hub),
            What::KillHub { hub, moment } => self.hubs[*hub].durable.kill_at = Some(*moment),
            What::TillRefuses { till, times } => self.machines[*till].refuses = *times,
            What::TillFull { till, ms } => self.machines[*till].full_until_ms = now + ms,
            What::HubRefuses { hub, times } => self.hubs[*hub].durable.refuses = *times,
            What::Backup { hub } => self.hubs[*hub].backup = Some(self.hubs[*hub].durable.disk.clone()),
            What::TillClock { till, by_ms } => self.machines[*till].clock_ms += by_ms,
            What::HubClock { hub, by_ms } => self.hubs[*hub].clock_ms += by_ms,
            What::BooksDown { ms } => self.books.down_until_ms = now + ms,
            What::BooksSlow { ms } => self.books.slow_until_ms = now + ms,
            What::BooksMute { ms } => self.books.mute_until_ms = now + ms,
            What::BooksForbid { ms } => self.books.forbids_until_ms = now + ms,
            What::BooksRefuse { ms } => self.books.refuses_until_ms = now + ms,
            What::BooksDiffer { ms } => self.books.differs_until_ms = now + ms,
            What::Person { settles } => self.person(*settles),
            What::UpdateHub { hub } => self.hubs[*hub].format = 2,
            What::Publish { segments } => self.publish(*segments),
            What::Evict { till } => self.evict(*till),
            What::Copy { till } => {
                let machine = &mut self.machines[*till];
                machine.copy = Some((machine.terminal, machine.disk.clone()));
            }
            What::PutBack { till } => self.put_back(*till),
            What::Clone { till, acts } => self.clone_till(*till, acts),
            What::Tabs { till } => self.second_tab(*till),
            What::UpdateTill { till } => {
                self.machines[*till].format = 2;
                self.kill_till(*till);
            }
            What::Restore { hub } => self.restore(*hub),
        }
    }

    fn exists(&self, what: &What) -> bool {
        match what {
            What::CutUp { till, .. }
            | What::CutDown { till, .. }
            | What::KillTill { till, .. }
            | What::TillRefuses { till, .. }
            | What::TillFull { till, .. }
            | What::Evict { till }
            | What::Copy { till }
            | What::Clone { till, .. }
            | What::TillClock { till, .. }
            | What::Tabs { till }
            | What::UpdateTill { till } => *till < self.machines.len(),
            What::PutBack { till } => self.machines.get(*till).is_some_and(|machine| machine.copy.is_some()),
            What::KillHub { hub, .. }
            | What::HubRefuses { hub, .. }
            | What::Backup { hub }
            | What::HubClock { hub, .. }
            | What::UpdateHub { hub } => *hub < self.hubs.len(),
            What::Restore { hub } => self.hubs.get(*hub).is_some_and(|hub| hub.backup.is_some()),
            What::CutHubs { hub, .. } => *hub > 0 && *hub < self.hubs.len(),
            _ => true,
        }
    }

    fn publish(&mut self, segments: u8) {
        let number = self.catalogues.len() as u64;
        // The first segment stays as it is, the others are new.
        let new = (0..u64::from(segments.max(1))).map(|at| segment(number * 20 + at));
        self.catalogues.push(std::iter::once(segment(0)).chain(new).collect());
    }

    fn evict(&mut self, at: usize) {
        let machine = &mut self.machines[at];
        let old = std::mem::take(&mut machine.disk);
        machine.disk.next_act = old.next_act;
        machine.generation += 1;
        machine.terminal = terminal_id(at, machine.generation);
        self.destroyed(old.entries.iter());
        self.kill_till(at);
    }

    fn put_back(&mut self, at: usize) {
        let machine = &mut self.machines[at];
        let Some((terminal, disk)) = machine.copy.clone() else { return };
        let old = std::mem::replace(&mut machine.disk, disk);
        machine.terminal = terminal;
        self.doubled.insert(terminal);
        let machine = &mut self.machines[at];
        // The cashier knows what was sold already.
        machine.disk.next_act = old.next_act;
        self.destroyed(old.entries.iter());
        self.kill_till(at);
    }

    fn clone_till(&mut self, at: usize, acts: &[Act]) {
        let machine = &self.machines[at];
        let disk = Disk { next_act: 0, ..machine.disk.clone() };
        let (hub, terminal, format) = (machine.hub, machine.terminal, machine.format);
        let mut clone = crate::till::Machine::new(hub, terminal, format, machine.clock_ms, acts.to_vec());
        clone.disk = disk;
        clone.generation = 1 << 32;
        self.doubled.insert(terminal);
        self.add_machine(clone);
    }

    fn second_tab(&mut self, at: usize) {
        let machine = &mut self.machines[at];
        let Some(first) = machine.app.take() else { return };
        machine.stale = Some(first);
        self.start_till(at);
    }

    fn restore(&mut self, hub: usize) {
        let Some(backup) = self.hubs[hub].backup.clone() else { return };
        let old = std::mem::replace(&mut self.hubs[hub].durable.disk, backup);
        let entries: Vec<Rc<Entry>> = old.journals.values().flat_map(|kept| kept.all().cloned()).collect();
        self.destroyed(entries.iter());
        self.kill_hub(hub);
    }

    /// Notes which entries have no copy anywhere any more.
    fn destroyed<'e>(&mut self, entries: impl Iterator<Item = &'e Rc<Entry>>) {
        let everywhere = self.everywhere();
        let gone: Vec<Hash> = entries.map(|entry| entry.hash).filter(|hash| !everywhere.contains(hash)).collect();
        if !gone.is_empty() {
            self.fire("last_copy_destroyed");
        }
        self.paper.excused.extend(gone);
    }

    /// Every entry that is durable anywhere.
    pub fn everywhere(&self) -> BTreeSet<Hash> {
        let tills = self.machines.iter().flat_map(|machine| machine.disk.entries.iter());
        let kept = self.hubs.iter().flat_map(|hub| hub.durable.disk.journals.values());
        let hubs = kept.flat_map(|kept| kept.line.iter().chain(kept.beside.values()));
        tills.chain(hubs).map(|entry| entry.hash).collect()
    }

    /// From now on nothing fails: lines hold, machines run, clocks are right, everything is up to date, and customers of
    /// counters that burnt down bring their receipts.
    pub fn heal(&mut self) {
        self.is_healed = true;
        self.up_cut_ms.clear();
        self.down_cut_ms.clear();
        self.hub_cut_ms.clear();
        let now = self.now_ms;
        let books = &mut self.books;
        for until in [
            &mut books.down_until_ms,
            &mut books.slow_until_ms,
            &mut books.mute_until_ms,
            &mut books.forbids_until_ms,
            &mut books.refuses_until_ms,
            &mut books.differs_until_ms,
        ] {
            *until = (*until).min(now);
        }
        for at in 0..self.hubs.len() {
            let hub = &mut self.hubs[at];
            hub.format = 2;
            hub.clock_ms = 0;
            hub.durable.refuses = 0;
            hub.durable.kill_at = None;
            self.start_hub(at);
            self.plan_tick(at);
        }
        for at in 0..self.machines.len() {
            let machine = &mut self.machines[at];
            machine.format = 2;
            machine.clock_ms = 0;
            machine.refuses = 0;
            machine.full_until_ms = 0;
            machine.kill_at = None;
            machine.stale = None;
            self.start_till(at);
        }
        self.bring_receipts();
        for round in 1..=4 {
            self.after(round * 30 * 60_000, Event::Person);
        }
    }

    /// Sales are rebuilt from the codes on receipts whose entries are lost.
    fn bring_receipts(&mut self) {
        let everywhere = self.everywhere();
        let lost = self.paper.receipts.values().filter(|entry| !everywhere.contains(&entry.hash));
        let mut rows: Vec<Row> = Vec::new();
        for entry in lost.cloned().collect::<Vec<_>>() {
            let key = CheapKey::of(entry.header.terminal);
            let Some(code) = Unsigned::of(&entry) else { continue };
            let signature = key.sign(code.to_sign());
            let texts = code.seal(signature);
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            match rebuild(&texts, |terminal| Some(CheapKey::of(terminal))) {
                Ok(rebuilt) => {
                    let disk = &mut self.hubs[0].durable.disk;
                    let row = disk.rows.entry(rebuilt.id).or_insert_with(|| Row::from(rebuilt.task())).clone();
                    disk.rebuilt.insert(rebuilt.id, rebuilt);
                    self.out_of_order.insert(row.id);
                    rows.push(row);
                }
                Err(bad) => self.violate("receipt_durable", format!("a receipt's code does not read: {bad}")),
            }
        }
        if !rows.is_empty() {
            self.fire("receipts_brought");
            self.post(0, PosterEvent::Received(rows));
        }
    }
}
