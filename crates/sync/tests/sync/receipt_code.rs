//! Codes on receipts: how large they are, what is rebuilt from them, and that it is the same row as the entry's.

use crate::{
    samples::{SHIFT, sale},
    signer::{TERMINAL, journal, key, sign},
};
use holdfast_engine::{InvoiceItem, InvoiceTax};
use holdfast_sync::{
    Body, Entry, Signature,
    body::Sale,
    posting::{PostingId, Task},
    receipt_code::{BadCode, PARTS_MAX, Rebuilt, Unsigned, rebuild},
};
use qrcodegen::{QrCode, QrCodeEcc};
use std::{fs, path::PathBuf};

/// What a printer for paper 58 mm wide prints in a row, at 203 dots an inch.
const DOTS: i32 = 384;

/// Less than three dots, 0.375 mm, a module is hard to read for a camera.
const DOTS_A_MODULE_MIN: i32 = 3;

fn with_lines(count: usize) -> Sale {
    let mut sale = sale();
    let template = sale.invoice.items[0].clone();
    sale.invoice.items = (0..count)
        .map(|at| InvoiceItem {
            item_code: format!("ITEM-{at:05}"),
            uom: "Nos".into(),
            warehouse: "Stores - CS".into(),
            conversion_factor: 1.0,
            price_list_rate: 23.95,
            batch_no: String::new(),
            serial_nos: Vec::new(),
            ..template.clone()
        })
        .collect();
    sale
}

fn entry(sale: Sale) -> Entry {
    journal(Some(SHIFT), vec![Body::Sale(Box::new(sale))]).remove(0)
}

fn codes(entry: &Entry) -> Vec<String> {
    let unsigned = Unsigned::of(entry).expect("it is a sale");
    let signature = sign(unsigned.to_sign());
    unsigned.seal(signature)
}

fn read(codes: &[String]) -> Result<Rebuilt, BadCode> {
    let texts: Vec<&str> = codes.iter().map(String::as_str).collect();
    rebuild(&texts, |terminal| (terminal == TERMINAL).then(key))
}

/// For each code how many modules it has a side, and how many dots a module gets on narrow paper with the quiet zone.
fn sizes(codes: &[String]) -> Vec<(i32, i32)> {
    let qr = |text: &String| QrCode::encode_text(text, QrCodeEcc::Medium).expect("it fits").size();
    codes.iter().map(qr).map(|size| (size, DOTS / (size + 8))).collect()
}

#[test]
fn one_five_and_twenty_lines_are_printable_on_narrow_paper() {
    let sizes: Vec<_> = [1, 5, 20, 60].map(|lines| sizes(&codes(&entry(with_lines(lines))))).into();

    // Modules a side, dots a module: one code up to about fifteen lines, two for twenty, four for sixty.
    assert_eq!(sizes, [vec![(65, 5)], vec![(77, 4)], vec![(81, 4); 2], vec![(89, 3); 4]]);
    assert!(sizes.iter().flatten().all(|(_, dots)| *dots >= DOTS_A_MODULE_MIN));
}

#[test]
fn a_sale_is_rebuilt_to_the_last_bit_of_its_money() {
    let sale = with_lines(3);
    let entry = entry(sale.clone());

    let rebuilt = read(&codes(&entry)).expect("it is genuine");

    let (ours, theirs) = (&rebuilt.sale.invoice, &sale.invoice);
    assert_eq!((ours.grand_total, ours.change_amount, ours.paid_amount), (47.4, 2.6, 50.0));
    let line = |item: &InvoiceItem| (item.item_code.clone(), item.qty.to_bits(), item.rate.to_bits());
    assert_eq!(ours.items.iter().map(line).collect::<Vec<_>>(), theirs.items.iter().map(line).collect::<Vec<_>>());
    let tax = |tax: &InvoiceTax| (tax.account_head.clone(), (tax.tax_amount * 100.0).round().to_bits());
    assert_eq!(ours.taxes.iter().map(tax).collect::<Vec<_>>(), theirs.taxes.iter().map(tax).collect::<Vec<_>>());
    assert_eq!((rebuilt.employee.as_deref(), rebuilt.shift), (Some("EMP-1"), Some(SHIFT)));
    assert!(rebuilt.is_complete);
}

#[test]
fn what_is_rebuilt_and_what_comes_later_from_the_journal_are_one_row() {
    let entry = entry(with_lines(5));

    let rebuilt = read(&codes(&entry)).expect("it is genuine");

    assert_eq!(rebuilt.task().id, Task::of(&entry).expect("a sale is booked").id);
    assert_eq!(rebuilt.id, PostingId::of(&entry));
    assert_eq!(rebuilt.differences(&entry), Some(Vec::new()));
}

#[test]
fn codes_are_read_in_any_order_but_all_of_them() {
    let mut codes = codes(&entry(with_lines(20)));
    codes.reverse();

    assert!(read(&codes).is_ok());
    assert_eq!(read(&codes[1..]), Err(BadCode::Incomplete(1, 2)));
}

#[test]
fn a_very_long_sale_is_told_without_its_lines() {
    let codes = codes(&entry(with_lines(400)));

    let rebuilt = read(&codes).expect("it is genuine");

    assert!(codes.len() <= PARTS_MAX && !rebuilt.is_complete);
    assert_eq!(rebuilt.sale.invoice.grand_total, 47.4);
}

#[test]
fn a_forged_code_is_refused() {
    let unsigned = Unsigned::of(&entry(with_lines(1))).expect("it is a sale");

    let forged = unsigned.seal(Signature([1; 64]));

    assert_eq!(read(&forged), Err(BadCode::BadSignature(TERMINAL)));
}

#[test]
fn an_altered_character_anywhere_is_noticed() {
    let codes = codes(&entry(with_lines(1)));
    let other = |character: u8| if character == b'7' { b'8' } else { b'7' };

    for at in 0..codes[0].len() {
        let mut altered = codes[0].clone().into_bytes();
        altered[at] = other(altered[at]);
        let text = String::from_utf8(altered).expect("it is ASCII");
        assert!(read(&[text]).is_err(), "character {at}");
    }
}

#[test]
fn other_codes_are_told_from_ours() {
    assert_eq!(read(&["https://example.com".into()]), Err(BadCode::Other));
    assert_eq!(read(&["HF211ABC".into()]), Err(BadCode::TooNew));
}

#[test]
fn codes_that_were_printed_are_read_for_ever() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/sync/golden/receipt_code_v1.txt");
    if std::env::var_os("HOLDFAST_BLESS").is_some() && !path.exists() {
        fs::write(&path, codes(&entry(with_lines(2))).concat() + "\n").expect("the folder is there");
    }
    let golden = fs::read_to_string(path).expect("the file is there").trim_end_matches('\n').to_owned();

    let rebuilt = read(&[golden]).expect("it was printed by version 1");

    assert_eq!(rebuilt.sale.receipt_number, "A01-000007");
    assert_eq!(rebuilt.sale.invoice.items.len(), 2);
}
