//! What a site answers, and the masters that are read out of it.

use super::{Target, project};
use crate::Chance;
use flate2::read::GzDecoder;
use holdfast_engine::Date;
use holdfast_erpnext::{Answer, Heard, masters::Masters, pull::Row, site::Stamp};
use serde_json::{Map, Value, json};
use std::{fs::File, io::Read, sync::LazyLock};

pub(super) const ANSWER: Target = Target { name: "erpnext-answer", tested: 10_000, seeds: answers, check: answer };
pub(super) const MASTERS: Target = Target { name: "masters", tested: 60, seeds: shops, check: masters };

/// Answers as sites and the machines before them give them; the first byte chooses the status.
fn answers() -> Vec<Vec<u8>> {
    let messages = json!([json!({ "message": "Not <b>permitted</b>", "title": "Message" }).to_string()]).to_string();
    [
        json!({ "data": { "name": "ACC-PSINV-2026-00001", "docstatus": 1 } }).to_string(),
        json!({ "message": "ada@example.com" }).to_string(),
        json!({ "exc_type": "ValidationError", "_server_messages": messages, "exception": "x: y" }).to_string(),
        json!({ "exc_type": "PermissionError", "_error_message": "No <br>way" }).to_string(),
        json!({ "exc_type": "QueryDeadlockError" }).to_string(),
        "<html><body>502 Bad Gateway</body></html>".to_owned(),
    ]
    .iter()
    .enumerate()
    .map(|(at, text)| [&[u8::try_from(at).expect("few")], text.as_bytes()].concat())
    .collect()
}

fn answer(input: &[u8]) {
    const STATUSES: [u16; 12] = [200, 201, 417, 403, 500, 502, 401, 404, 409, 429, 302, 0];
    let Some((&which, body)) = input.split_first() else {
        return;
    };
    let status = STATUSES[usize::from(which) % STATUSES.len()];
    let heard = Heard::Answer(Answer { status, retry_after_ms: None, date_ms: None, body: body.to_vec() });
    if let Err(trouble) = heard.data() {
        drop((trouble.is_transient(), trouble.to_string()));
    }
}

/// A recorded shop: a list of documents for each doctype.
static SHOP: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let file = File::open(project("crates/oracle/data/master.json.gz")).expect("the recording is there");
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).expect("the recording can be read");
    match serde_json::from_str(&text).expect("the recording is JSON") {
        Value::Object(shop) => shop,
        other => panic!("the recording is {other}"),
    }
});

/// Seeds of what is done to the shop: JSON with a byte changed is mostly no JSON, so values are exchanged instead.
fn shops() -> Vec<Vec<u8>> {
    vec![vec![0; 8]]
}

fn masters(input: &[u8]) {
    let seed = input.iter().fold(0_u64, |seed, byte| seed.wrapping_mul(257).wrapping_add(u64::from(*byte)));
    let mut chance = Chance::new(seed);
    let mut masters = Masters::default();
    for (doctype, documents) in SHOP.iter() {
        for document in documents.as_array().into_iter().flatten() {
            let Value::Object(mut fields) = document.clone() else {
                continue;
            };
            if seed != 0 && chance.below(8) == 0 {
                exchange(&mut chance, &mut fields);
            }
            let name = fields.remove("name").and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
            let modified = Stamp::parse("2026-11-24 12:00:00.000000").expect("a time");
            masters.take(doctype, Row { name, modified, fields });
        }
    }
    let profiles = masters.profiles();
    assert!(seed != 0 || !profiles.is_empty(), "the recorded shop has profiles");
    for profile in &profiles {
        let today = Date::parse("2026-11-24").expect("a day");
        drop((masters.shop(profile, today), masters.stock(profile), masters.people(profile)));
    }
}

/// Puts something else in the place of some of a document's values.
fn exchange(chance: &mut Chance, fields: &mut Map<String, Value>) {
    let names: Vec<String> = fields.keys().cloned().collect();
    for _ in 0..=chance.below(3) {
        let Some(name) = chance.of(&names) else {
            return;
        };
        let others = [
            Value::Null,
            json!(""),
            json!(-1),
            json!(1e308),
            json!(u64::MAX),
            json!("NaN"),
            json!("9999-99-99"),
            json!(true),
            json!([]),
            json!({}),
            json!([{}]),
            json!([null, 1, "x"]),
            json!("\u{202e}\u{0}"),
            // A name of itself: whatever follows names must not go round for ever.
            fields.get("name").cloned().unwrap_or_default(),
        ];
        let other = chance.of(&others).cloned().unwrap_or_default();
        fields.insert(name.clone(), other);
    }
}
