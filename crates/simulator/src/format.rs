//! An app of the first released format: what it wrote, byte by byte.

use crate::signer::CheapKey;
use holdfast_sync::{Body, Entry, Hash, Header, Position, Sealed, ShiftId, TerminalId};

/// The bodies of format 1 are the first of today's, in the same order; only the sale was shorter.
const SALE_VARIANT: u8 = 5;

/// Writes an entry as format 1 did.
///
/// # Panics
/// If the body is none that format 1 had.
pub fn seal_v1(
    terminal: TerminalId,
    key: CheapKey,
    head: Position,
    made_at_ms: i64,
    shift: Option<ShiftId>,
    body: &Body,
) -> Entry {
    let header = Header {
        terminal,
        seq: head.seq.next(),
        prev: head.hash,
        made_at_ms,
        hub_offset_ms: None,
        shift,
        employee: Some("EMP-1".into()),
    };
    let mut payload = vec![1];
    payload.extend(postcard::to_allocvec(&header).expect("headers can be written"));
    match body {
        Body::Sale(sale) => {
            payload.push(SALE_VARIANT);
            let texts = (&sale.receipt_number, &sale.engine_version, &sale.pos_profile, &sale.company);
            let returned = sale.returned.as_ref().map(|returned| &returned.receipt_number);
            let rest = (texts, &sale.customer_name, &sale.posted_local, &sale.invoice, returned);
            payload.extend(postcard::to_allocvec(&rest).expect("sales can be written"));
        }
        other => payload.extend(postcard::to_allocvec(other).expect("bodies can be written")),
    }
    let signature = key.sign(&Hash::of(&payload).0);
    Entry::read(Sealed { payload, signature }).expect("format 1 is read for ever")
}
