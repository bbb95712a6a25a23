//! A hub's machine: its disk with atomic transactions, its memory, and when it dies.

use crate::scenario::Moment;
use holdfast_sync::{
    Entry, Hash, Position, Sealed, Seq, TerminalId,
    posting::{Commit, Poster, PostingId, Row},
    receipt_code::Rebuilt,
    relay::{Relay, Trace},
    wire::Introduction,
};
use std::{collections::BTreeMap, rc::Rc};

/// A terminal's journal at a hub.
#[derive(Clone)]
pub struct Kept {
    /// Who it is.
    pub introduction: Introduction,
    /// The hub's line.
    pub line: Vec<Rc<Entry>>,
    /// What is beside it.
    pub beside: BTreeMap<Hash, Rc<Entry>>,
}

/// What is durable at a hub.
#[derive(Clone, Default)]
pub struct HubDisk {
    /// The journals.
    pub journals: BTreeMap<TerminalId, Kept>,
    /// How far each entry is on its way into the books; only where they are posted from.
    pub rows: BTreeMap<PostingId, Row>,
    /// How often a second line of a journal was raised.
    pub forks_raised: u64,
    /// Sales that were rebuilt from paper.
    pub rebuilt: BTreeMap<PostingId, Rebuilt>,
}

impl Kept {
    /// Where the line ends.
    pub fn head(&self) -> Position {
        self.line.last().map_or_else(Position::default, |entry| entry.position())
    }

    /// The line's hash at a place.
    pub fn hash_at(&self, seq: Seq) -> Option<Hash> {
        self.line.get(usize::try_from(seq.0).ok()?.checked_sub(1)?).map(|entry| entry.hash)
    }

    /// Everything, the line first, then what is beside in the order of its places.
    pub fn all(&self) -> impl Iterator<Item = &Rc<Entry>> {
        let mut beside: Vec<&Rc<Entry>> = self.beside.values().collect();
        beside.sort_by_key(|entry| (entry.header.seq, entry.hash));
        self.line.iter().chain(beside)
    }

    /// Whether an entry is here.
    pub fn has(&self, seq: Seq, hash: Hash) -> bool {
        self.hash_at(seq) == Some(hash) || self.beside.contains_key(&hash)
    }

    /// Follows a line that ends at `head`.
    pub fn trace(&self, head: Position) -> Trace {
        Trace::back(head, |seq| self.hash_at(seq), |hash| self.beside.get(&hash).map(|entry| entry.header.prev))
    }

    /// Entries of a line after a place.
    pub fn after(&self, trace: &Trace, head: Position, after: Seq, most: usize) -> Vec<Sealed> {
        let places = (after.0 + 1..=head.seq.0).take(most);
        let entries = places.filter_map(|seq| match trace.hash_at(Seq(seq)) {
            Some(hash) => self.beside.get(&hash),
            None => self.line.get(usize::try_from(seq).ok()? - 1),
        });
        entries.map(|entry| entry.sealed.clone()).collect()
    }
}

impl HubDisk {
    /// The entry with an id.
    pub fn entry(&self, id: PostingId) -> Option<&Rc<Entry>> {
        let kept = self.journals.get(&id.terminal)?;
        let at = usize::try_from(id.seq.0).ok()?.checked_sub(1)?;
        let of = |entry: &&Rc<Entry>| PostingId::of(entry) == id;
        kept.line.get(at).filter(of).or_else(|| kept.beside.values().find(of))
    }
}

/// Why a commit did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The disk said no, and nothing changed.
    Refused,
    /// The machine is gone.
    Died,
}

/// A disk that can fail.
#[derive(Default)]
pub struct Durable {
    /// What is on it.
    pub disk: HubDisk,
    /// When the machine dies.
    pub kill_at: Option<Moment>,
    /// So many writes will be refused.
    pub refuses: u32,
    /// How many commits there were: the identity of the next.
    pub commits: u64,
}

impl Durable {
    /// Makes a change, all of it or nothing.
    pub fn commit(&mut self, fate: u64, change: impl FnOnce(&mut HubDisk)) -> Result<(), Failure> {
        self.commits += 1;
        if self.refuses > 0 {
            self.refuses -= 1;
            return Err(Failure::Refused);
        }
        match self.kill_at.take() {
            None | Some(Moment::Now) => {
                change(&mut self.disk);
                Ok(())
            }
            Some(Moment::BeforeCommit) => Err(Failure::Died),
            Some(Moment::InsideCommit) => {
                if fate.is_multiple_of(2) {
                    change(&mut self.disk);
                }
                Err(Failure::Died)
            }
            Some(Moment::AfterCommit) => {
                change(&mut self.disk);
                Err(Failure::Died)
            }
        }
    }
}

/// The rows' transaction.
pub struct Rows<'a> {
    /// The disk.
    pub durable: &'a mut Durable,
    /// What decides a commit that is cut short.
    pub fate: u64,
}

impl Commit for Rows<'_> {
    type Error = Failure;

    fn commit(&mut self, rows: &[Row]) -> Result<(), Failure> {
        self.durable.commit(self.fate, |disk| disk.rows.extend(rows.iter().map(|row| (row.id, row.clone()))))
    }
}

/// What is in a hub's memory.
pub struct Up {
    /// What goes into the books.
    pub poster: Poster,
    /// What goes to the hub above.
    pub relay: Relay,
    /// When it looks again.
    pub tick_at_ms: u64,
}

/// A hub.
pub struct Hub {
    /// Its disk.
    pub durable: Durable,
    /// Its memory, while it runs.
    pub up: Option<Up>,
    /// The newest format that it reads.
    pub format: u8,
    /// How wrong its clock is.
    pub clock_ms: i64,
    /// Its last backup.
    pub backup: Option<HubDisk>,
    /// Which life this is.
    pub life: u64,
    /// Requests to the hub above, over all lives.
    pub requests: u64,
}

impl Up {
    /// Starts from what is durable.
    pub fn start(disk: &HubDisk, has_upstream: bool) -> Self {
        let mut relay = Relay::default();
        if has_upstream {
            for (terminal, kept) in &disk.journals {
                for entry in kept.all() {
                    relay.stored(*terminal, entry.position(), entry.header.prev);
                }
            }
        }
        Self { poster: Poster::new(disk.rows.values().cloned()), relay, tick_at_ms: u64::MAX }
    }
}
