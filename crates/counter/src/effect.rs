//! What the counter wants done. A host carries effects out and brings results back as [`crate::Action::Done`].
//!
//! The contract, on which the promise rests that nothing is lost or doubled:
//!
//! * [`Effect::Write`]s are carried out in the order in which they were given, never two at once. Each is one transaction:
//!   all of it or nothing. `Outcome::Wrote(Ok)` is reported only after a strict write is on disk.
//! * A write with [`Write::append`] is refused with [`WriteFailure::HeadMoved`] unless the stored head is `expected` when the
//!   transaction runs, and by a tab that no longer holds the journal's lock.
//! * Everything else may run at any time, in any order, and may fail. Results may come late, twice or never.

use crate::protocol::{Employee, EnrolmentRequest};
use holdfast_sync::{Hash, Position, Seq};
use std::fmt;

/// Which effect a result belongs to. Never used twice while the app runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EffectId(pub u64);

/// Something to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    // --- the journal's lock -------------------------------------------------------------------------------------------
    /// Take the journal's Web Lock, from another tab if `steal`. → [`Outcome::Lock`]. Losing it later is
    /// [`crate::Action::LockLost`].
    TakeLock {
        /// Which.
        id: EffectId,
        /// Whether to take it from another tab.
        steal: bool,
    },

    // --- storage ------------------------------------------------------------------------------------------------------
    /// Read the journal's head and all records that aren't private. → [`Outcome::Loaded`]
    Load {
        /// Which.
        id: EffectId,
    },
    /// Read and decrypt all private records. Needs the data key. → [`Outcome::Opened`]
    Open {
        /// Which.
        id: EffectId,
    },
    /// Read and decrypt entries after a place, at most `limit`, in order. → [`Outcome::Journal`]
    ReadJournal {
        /// Which.
        id: EffectId,
        /// Entries after this place.
        after: Seq,
        /// How many at most.
        limit: u32,
    },
    /// One transaction. → [`Outcome::Wrote`]
    Write(Write),
    /// Read segments. → [`Outcome::Segments`]
    ReadSegments {
        /// Which.
        id: EffectId,
        /// Which segments.
        segments: Vec<SegmentRef>,
    },
    /// Keep a verified segment. → [`Outcome::Wrote`]
    StoreSegment {
        /// Which.
        id: EffectId,
        /// Which segment.
        segment: SegmentRef,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Drop every segment but these. No result.
    KeepSegments {
        /// What the current manifest names.
        hashes: Vec<Hash>,
    },
    /// Ask the browser to keep the storage, and say how full it is. → [`crate::Action::StorageMeasured`]
    MeasureStorage,

    // --- keys ---------------------------------------------------------------------------------------------------------
    /// Make and store the signing key, the terminal key and the data key (which stays in memory). → [`Outcome::Keys`]
    MakeKeys {
        /// Which.
        id: EffectId,
    },
    /// Wrap the data key for these employees. Needs the data key. → [`Outcome::Wrapped`]
    Wrap {
        /// Which.
        id: EffectId,
        /// Whose.
        employees: Vec<Employee>,
    },
    /// Try a PIN: Argon2id, keyed with the terminal key, unwrap the data key, keep it in memory. → [`Outcome::Pin`]
    TryPin {
        /// Which.
        id: EffectId,
        /// Whose.
        lock: PinLock,
        /// What was typed.
        pin: Pin,
    },
    /// Sign a hash with the terminal's key. → [`Outcome::Signed`]
    Sign {
        /// Which.
        id: EffectId,
        /// The 32 bytes to sign.
        hash: [u8; 32],
    },

    // --- the hub ------------------------------------------------------------------------------------------------------
    /// `POST enrolment/profiles`. → [`Outcome::Profiles`]
    AskProfiles {
        /// Which.
        id: EffectId,
        /// Who.
        account: String,
        /// Their password.
        password: Password,
    },
    /// `POST enrolment`. → [`Outcome::Enrolled`]
    Enrol {
        /// Which.
        id: EffectId,
        /// The body.
        request: EnrolmentRequest,
    },
    /// `GET terminal`. → [`Outcome::Terminal`]
    AskTerminal {
        /// Which.
        id: EffectId,
    },
    /// `GET catalogue`. → [`Outcome::Manifest`]
    FetchManifest {
        /// Which.
        id: EffectId,
        /// The manifest that is held (`If-None-Match`).
        have: Option<Hash>,
    },
    /// `GET segments/{hash}`. → [`Outcome::Segment`]
    FetchSegment {
        /// Which.
        id: EffectId,
        /// Which segment.
        hash: Hash,
    },
    /// `POST journal` with the stored entries after a place, within the limits of `holdfast_sync::wire`. → [`Outcome::Pushed`]
    Push {
        /// Which.
        id: EffectId,
        /// Entries after this place.
        after: Seq,
    },

    // --- devices ------------------------------------------------------------------------------------------------------
    /// Print a document (a complete HTML page). No result: a printer never stops a sale.
    Print {
        /// The page.
        html: String,
    },
    /// Open the cash drawer, where there is one. No result.
    OpenDrawer,
    /// Make a sound. No result.
    Sound(Sound),
    /// Load the new build of the app. No result: the page goes away.
    TakeUpdate,
    /// Load the page again. No result.
    Reload,
}

/// A sound for the cashier's ear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// A scan became a line.
    Scanned,
    /// Something needs the cashier's eye.
    Refused,
}

/// One transaction over everything stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Write {
    /// Which.
    pub id: EffectId,
    /// Whether it must be on disk before it is reported.
    pub is_strict: bool,
    /// An entry to append to the journal.
    pub append: Option<Append>,
    /// Records to put.
    pub put: Vec<Record>,
    /// Keys of records to delete.
    pub delete: Vec<String>,
}

/// An entry to append.
#[derive(Clone, Debug, PartialEq)]
pub struct Append {
    /// Where the journal must end for this to be appended.
    pub expected: Position,
    /// Where it ends afterwards.
    pub position: Position,
    /// The entry's bytes (`holdfast_sync::Entry::to_bytes`); private.
    pub bytes: Vec<u8>,
}

/// Something that the counter keeps under a key.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// The key.
    pub key: String,
    /// The counter's own bytes.
    pub bytes: Vec<u8>,
    /// Whether it is encrypted with the data key.
    pub is_private: bool,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({}, {} bytes)", self.key, self.bytes.len())
    }
}

/// A segment of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentRef {
    /// Its content hash.
    pub hash: Hash,
    /// Whether it is encrypted with the data key.
    pub is_private: bool,
}

/// What a PIN is tried against: public, useless without the terminal's own key.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PinLock {
    /// The employee.
    pub employee: String,
    /// Argon2id salt.
    pub salt: Vec<u8>,
    /// Argon2id memory.
    pub memory_kib: u32,
    /// Argon2id passes.
    pub passes: u32,
    /// Argon2id lanes.
    pub lanes: u32,
    /// The data key, wrapped for this employee; the host's own form.
    pub wrapped: Vec<u8>,
    /// When the PIN was last changed, by the hub.
    pub changed_ms: i64,
}

/// A PIN on its way to be tried. Not shown, not logged.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pin(pub String);

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// A password on its way to the hub. Not shown, not logged.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteFailure {
    /// No room left.
    DiskFull,
    /// The journal goes further than expected, or the lock is lost: another tab sells on it.
    HeadMoved,
    /// Anything else, in the browser's words.
    Broken(String),
}
