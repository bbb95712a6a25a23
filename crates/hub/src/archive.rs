//! Journals in and out as files. They come in through the same doors as a push: every signature is checked, and what is there
//! already changes nothing.

use holdfast_store::{NewAuditLine, Store, StoreError, TerminalRow};
use holdfast_sync::{
    PublicKey,
    archive::{Archive, Journal, NoArchive},
    entry::Sealed,
    wire::{Introduction, PushAnswer},
};

/// Most entries in one transaction.
const ENTRIES_AT_ONCE: usize = 500;

/// Why a file does not come in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is not what it should be.
    #[error(transparent)]
    File(#[from] NoArchive),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What one journal of a file came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The counter's code and name.
    pub name: String,
    /// Entries that are new here.
    pub stored: usize,
    /// Entries of a second line.
    pub forked: usize,
    /// Entries that were here.
    pub known: usize,
    /// Whether entries before these are missing here, so that not all could be taken.
    pub has_gap: bool,
}

/// The journals of some terminals.
pub fn export(store: &Store, now_ms: i64, is_wanted: impl Fn(&TerminalRow) -> bool) -> Result<Archive, StoreError> {
    let mut journals = Vec::new();
    for terminal in store.terminals()?.into_iter().filter(is_wanted) {
        let read = |bytes: Vec<u8>| postcard::from_bytes::<Sealed>(&bytes).ok();
        journals.push(Journal {
            entries: store.journal(terminal.id)?.into_iter().filter_map(|line| read(line.sealed)).collect(),
            beside: store.beside(terminal.id)?.into_iter().filter_map(read).collect(),
            terminal: Introduction {
                terminal: terminal.id,
                name: terminal.name,
                code: terminal.code,
                pos_profile: terminal.pos_profile,
                public_key: terminal.public_key,
            },
        });
    }
    Ok(Archive { made_at_ms: now_ms, journals })
}

/// Takes a file in. A terminal that is new here is introduced by it; one that is known must have the same key.
pub fn import(store: &Store, archive: Archive, line: &NewAuditLine) -> Result<Vec<Imported>, ImportError> {
    let mut all = Vec::new();
    for journal in archive.journals {
        let introduction = journal.terminal.clone();
        let known: Option<PublicKey> = store.terminal(introduction.terminal)?.map(|terminal| terminal.public_key);
        let entries = journal.verify(known.as_ref())?;
        let code = store.introduce(&introduction, line.at_ms)?;
        let mut imported = Imported {
            name: format!("{code} {}", introduction.name),
            stored: 0,
            forked: 0,
            known: entries.len(),
            has_gap: false,
        };
        for chunk in entries.chunks(ENTRIES_AT_ONCE) {
            let pushed = store.push(introduction.terminal, chunk.to_vec(), line.at_ms)?;
            imported.stored += pushed.stored;
            imported.forked += pushed.forked;
            imported.has_gap |= matches!(pushed.answer, PushAnswer::Gap(_));
        }
        imported.known -= imported.stored + imported.forked;
        let details = format!("{}: {} new", imported.name, imported.stored);
        store.change(|change| change.audit(&NewAuditLine { details, ..line.clone() }))?;
        all.push(imported);
    }
    Ok(all)
}
