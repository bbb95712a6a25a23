//! Journals in files.

use crate::shop::Shop;
use holdfast_hub::{archive, audit_line};
use holdfast_store::NewTerminal;
use holdfast_sync::{
    Body, Position, PublicKey, Signature, TerminalId,
    archive::{Archive, NoArchive},
    body::Sale,
    terminal::Journal,
};
use p256::ecdsa::{SigningKey, signature::Signer};

const TERMINAL: TerminalId = TerminalId([3; 16]);

fn shop(name: &str) -> Shop {
    Shop::new(&format!("archive-{name}"), "127.0.0.1:1".parse().expect("an address"))
}

/// A shop whose one counter sold three times.
fn sold(name: &str) -> Shop {
    let shop = shop(name);
    let key = SigningKey::from_slice(&[7; 32]).expect("a key");
    let public_key = PublicKey(key.verifying_key().to_encoded_point(false).as_bytes().to_vec());
    let (name, pos_profile, account) = ("Till".to_owned(), "Main".to_owned(), "ada".to_owned());
    shop.store.enrol(&NewTerminal { id: TERMINAL, name, pos_profile, public_key, account }, 0).expect("enrolled");
    let mut journal = Journal::new(TERMINAL, Position::default(), 0, Position::default());
    for number in 0..3 {
        let sale = Sale { receipt_number: format!("A01-{number}"), ..Sale::default() };
        let unsigned = journal.prepare(number, None, None, None, Body::Sale(Box::new(sale)));
        let signature: p256::ecdsa::Signature = key.sign(unsigned.to_sign());
        let entry = unsigned.seal(Signature(signature.to_bytes().into()));
        journal.committed(&entry);
        shop.store.push(TERMINAL, vec![entry], number).expect("stored");
    }
    shop
}

#[test]
fn a_file_brings_a_journal_to_another_hub_once() {
    let (from, to) = (sold("from"), shop("to"));
    let file = archive::export(&from.store, 9, |_| true).expect("read").to_bytes();
    let read = || Archive::from_bytes(&file).expect("whole");

    let first = archive::import(&to.store, read(), &audit_line("journals.imported", "file")).expect("taken");
    let again = archive::import(&to.store, read(), &audit_line("journals.imported", "file")).expect("taken");

    assert_eq!((first[0].stored, first[0].known, first[0].has_gap), (3, 0, false));
    assert_eq!((again[0].stored, again[0].known), (0, 3));
    assert_eq!(to.store.journal(TERMINAL).expect("read").len(), 3);
    assert_eq!(to.store.unsettled_postings().expect("read").len(), 3);
    assert_eq!(to.store.terminals().expect("read")[0].code, "A01");
}

#[test]
fn a_terminal_with_the_same_code_gets_another() {
    let (from, to) = (sold("code-from"), shop("code-to"));
    let other = NewTerminal {
        id: TerminalId([4; 16]),
        name: "Other".into(),
        pos_profile: "Main".into(),
        public_key: PublicKey(vec![4; 65]),
        account: "ada".into(),
    };
    to.store.enrol(&other, 0).expect("enrolled");
    let archive = archive::export(&from.store, 9, |_| true).expect("read");

    let imported = archive::import(&to.store, archive, &audit_line("journals.imported", "file")).expect("taken");

    assert_eq!(imported[0].name, "A01-03030303 Till");
}

#[test]
fn a_journal_with_another_key_does_not_come_in() {
    let (from, to) = (sold("key-from"), shop("key-to"));
    let impostor = NewTerminal {
        id: TERMINAL,
        name: "Till".into(),
        pos_profile: "Main".into(),
        public_key: PublicKey(vec![4; 65]),
        account: "ada".into(),
    };
    to.store.enrol(&impostor, 0).expect("enrolled");
    let archive = archive::export(&from.store, 9, |_| true).expect("read");

    let refused = archive::import(&to.store, archive, &audit_line("journals.imported", "file"));

    assert!(matches!(refused, Err(archive::ImportError::File(NoArchive::OtherKey(_)))));
    assert_eq!(to.store.journal(TERMINAL).expect("read").len(), 0);
}
