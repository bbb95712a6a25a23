//! Codes that are scanned: of goods, of scales, of receipts.

use super::{Target, files};
use holdfast_engine::barcode::{BarcodePattern, check_digit, read_gs1};
use holdfast_sync::{TerminalId, entry::Key, receipt_code};

pub(super) const SCAN: Target = Target { name: "barcode", tested: 30_000, seeds: scans, check: scan };
pub(super) const RECEIPT: Target = Target { name: "receipt-code", tested: 20_000, seeds: receipts, check: receipt };

/// Codes, some with a layout before them.
fn scans() -> Vec<Vec<u8>> {
    [
        "4001000000009",
        "]C10104012345678901\u{1d}10LOT7\u{1d}3103001250",
        "(01)04012345678901(3103)001250(10)LOT7",
        "010401234567890117261231392200199",
        "21IIIIIWWWWWC 2112345012340",
        "2IIIIIIPPPPPC 2000017009991",
    ]
    .iter()
    .map(|code| code.as_bytes().to_vec())
    .collect()
}

fn scan(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    drop((read_gs1(&text), check_digit(&text)));
    if let Some((layout, code)) = text.split_once(' ') {
        for decimals in [0, 3, 255] {
            drop(BarcodePattern { layout: layout.to_owned(), decimals }.read(code));
        }
    }
}

/// A receipt's codes as they were printed once, a line each.
fn receipts() -> Vec<Vec<u8>> {
    let golden =
        files("crates/sync/tests/sync/golden").into_iter().filter(|(name, _)| name.starts_with("receipt_code"));
    golden.map(|(_, text)| text).collect()
}

fn receipt(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let texts: Vec<&str> = text.lines().collect();
    let nobody = |_: TerminalId| None::<Key>;
    assert!(receipt_code::rebuild(&texts, nobody).is_err(), "nobody's key fits");
    let anybody = |_: TerminalId| Some(Anybody);
    drop(receipt_code::rebuild(&texts, anybody));
}

/// Takes every signature, so that what is signed is read as well.
struct Anybody;

impl holdfast_sync::entry::Verifier for Anybody {
    fn verifies(&self, _message: &[u8], _signature: &holdfast_sync::Signature) -> bool {
        true
    }
}
