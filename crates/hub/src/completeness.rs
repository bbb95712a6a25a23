//! The proof that a counter's journal is here whole, and where each entry stands: as a value, and signed by this hub.

use crate::vault::{Vault, VaultError};
use base64::{Engine, prelude::BASE64_STANDARD};
use holdfast_store::{Store, StoreError, TerminalRow};
use holdfast_sync::{
    audit::{Standing, Statement, examine},
    entry::{Key, Sealed},
    posting::{PostingId, Row},
};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The secret of the store that holds the key which statements are signed with.
const SIGNING_KEY: &str = "hub/signing-key";

/// Why a statement cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum UnsignedError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault did not open.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// There is no key.
    #[error("this hub has no signing key yet; it makes one when it is started")]
    NoKey,
}

/// Examines a counter's journal, entry by entry, signatures included.
pub fn statement(store: &Store, terminal: &TerminalRow, now_ms: i64) -> Result<Statement, StoreError> {
    let lines = store.journal(terminal.id)?;
    let beside = store.beside(terminal.id)?;
    let rows: HashMap<PostingId, Row> =
        store.postings_of(terminal.id)?.into_iter().map(|line| (line.row.id, line.row)).collect();
    // Bytes that are no entry at all stay in their place, as one that is not genuine.
    let damaged = || Sealed { payload: Vec::new(), signature: holdfast_sync::Signature([0; 64]) };
    let read = |bytes: Vec<u8>| postcard::from_bytes(&bytes).unwrap_or_else(|_| damaged());
    let line = lines.into_iter().map(|line| read(line.sealed));
    let beside = beside.into_iter().map(read);
    let key = Key::new(&terminal.public_key);
    let verifier = Genuine(key);
    Ok(examine(terminal.id, &verifier, now_ms, line, beside, |id| rows.get(&id).cloned()))
}

/// A terminal whose key cannot be read has no genuine entry.
struct Genuine(Option<Key>);

impl holdfast_sync::entry::Verifier for Genuine {
    fn verifies(&self, message: &[u8], signature: &holdfast_sync::Signature) -> bool {
        self.0.as_ref().is_some_and(|key| key.verifies(message, signature))
    }
}

/// Makes the hub's signing key, if there is none yet.
pub fn ensure_key(store: &Store, vault: &Vault, now_ms: i64) -> Result<(), StoreError> {
    if store.secret(SIGNING_KEY)?.is_some() {
        return Ok(());
    }
    let key = loop {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        // Nearly every number is a key; the few that are not are drawn again.
        if SigningKey::from_slice(&bytes).is_ok() {
            break bytes;
        }
    };
    store.change(|change| change.set_secret(SIGNING_KEY, &vault.seal(SIGNING_KEY, &key), now_ms))
}

/// A statement with this hub's signature, as a file for whoever wants to keep it. The signature is over `signed_bytes`; the rest
/// says the same for people.
pub fn signed(
    store: &Store,
    vault: &Vault,
    terminal: &TerminalRow,
    statement: &Statement,
) -> Result<Value, UnsignedError> {
    let sealed = store.secret(SIGNING_KEY)?.ok_or(UnsignedError::NoKey)?;
    let key = vault.open(SIGNING_KEY, &sealed)?;
    let key = SigningKey::from_slice(&key).map_err(|_| UnsignedError::NoKey)?;
    let bytes = statement.to_bytes();
    let signature: Signature = key.sign(&bytes);
    let mut file = plain(terminal, statement);
    file["signed_bytes"] = BASE64_STANDARD.encode(&bytes).into();
    file["signature"] = BASE64_STANDARD.encode(signature.to_bytes()).into();
    file["hub_key"] = BASE64_STANDARD.encode(key.verifying_key().to_encoded_point(false).as_bytes()).into();
    Ok(file)
}

/// A statement for people and programs.
pub fn plain(terminal: &TerminalRow, statement: &Statement) -> Value {
    let line = |line: &holdfast_sync::audit::Line| {
        json!({
            "seq": line.seq.0,
            "hash": line.hash.to_string(),
            "kind": line.kind,
            "standing": word(&line.standing),
            "details": details(&line.standing),
        })
    };
    let (waiting, to_decide) = statement.waiting();
    json!({
        "what": "holdfast completeness statement 1",
        "counter": terminal.code,
        "name": terminal.name,
        "terminal": terminal.id.to_string(),
        "made_at_ms": statement.made_at_ms,
        "entries": statement.head.seq.0,
        "last_hash": statement.head.hash.to_string(),
        "is_whole": statement.is_whole(),
        "faults": statement.faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "waiting": waiting,
        "to_decide": to_decide,
        "lines": statement.lines.iter().map(line).collect::<Vec<_>>(),
        "beside": statement.beside.iter().map(line).collect::<Vec<_>>(),
    })
}

/// A stable word for where an entry stands.
pub fn word(standing: &Standing) -> &'static str {
    match standing {
        Standing::NotForTheBooks => "not_for_the_books",
        Standing::Booked(_) => "booked",
        Standing::Waiting => "waiting",
        Standing::Person(_) => "to_decide",
        Standing::Settled(_) => "settled",
        Standing::Forgotten => "forgotten",
    }
}

/// What else there is to say of it.
pub fn details(standing: &Standing) -> String {
    match standing {
        Standing::Booked(documents) => documents.join(", "),
        Standing::Person(words) | Standing::Settled(words) => words.clone(),
        Standing::NotForTheBooks | Standing::Waiting | Standing::Forgotten => String::new(),
    }
}
