//! What every store must keep.

mod console;
mod journal;
mod mirror;
mod posting;

use holdfast_store::{NewTerminal, Store};
use holdfast_sync::{PublicKey, TerminalId};
use std::path::PathBuf;

const TERMINAL: TerminalId = TerminalId([3; 16]);

/// An empty directory that goes away with the test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("holdfast-store-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    fn open(&self) -> Store {
        Store::open(&self.0).expect("an empty directory, or this store's")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn terminal(id: TerminalId) -> NewTerminal {
    NewTerminal {
        id,
        name: "Till".into(),
        pos_profile: "Harbour Street".into(),
        public_key: PublicKey(vec![4; 65]),
        account: "manager".into(),
    }
}

fn enrolled(directory: &Directory) -> Store {
    let store = directory.open();
    store.enrol(&terminal(TERMINAL), 0).expect("a new terminal");
    store
}
