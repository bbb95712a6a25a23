//! What a real ERPNext 15.71 answered, heard by the same code.

use flate2::read::GzDecoder;
use holdfast_erpnext::{
    Answer, Conversation, Heard, Request, Step, Trouble,
    pull::{Change, Cursor, ReadPage, Row, Scope, wanted},
    site::{InvoiceType, Look, Version},
};
use serde_json::{Value, json};
use std::{fs::File, io::Read as _, path::Path};

/// An exchange by the file that it was recorded in and its number.
fn exchange(file: &str, seq: u64) -> Value {
    let all = exchanges();
    all.into_iter().find(|exchange| exchange["file"] == file && exchange["seq"] == seq).expect("it was recorded")
}

fn exchanges() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/recorded.jsonl.gz");
    let mut text = String::new();
    GzDecoder::new(File::open(path).expect("it is part of the project")).read_to_string(&mut text).expect("a text");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn heard(exchange: &Value) -> Heard {
    let status = exchange["status"].as_u64().and_then(|status| status.try_into().ok()).expect("a status");
    Heard::Answer(Answer {
        status,
        retry_after_ms: None,
        // 2026-11-23 18:58:19 in New York.
        date_ms: Some(1_795_478_299_000),
        body: exchange["response"].to_string().into_bytes(),
    })
}

fn answered(data: &Value) -> Heard {
    let body = json!({ "message": data }).to_string().into_bytes();
    Heard::Answer(Answer { status: 200, retry_after_ms: None, date_ms: Some(1_795_478_299_000), body })
}

fn scope() -> Scope {
    let about =
        holdfast_erpnext::Site { time_zone: "America/New_York".to_owned(), ..holdfast_erpnext::Site::default() };
    Scope::new(&about, 1, vec!["Shop Floor - CS".to_owned()], 1_795_478_299_000)
}

/// What a page reads of recorded rows, child tables being answered from their documents.
fn rows(doctype: &str, documents: &[Value]) -> Vec<Row> {
    let mut page = ReadPage::new(wanted(doctype).expect("it is wanted"), &scope(), &Cursor::default(), 0);
    let mut step = page.next(None);
    while let Step::Ask(request) = step {
        step = page.next(Some(answer_from(documents, &request)));
    }
    let Step::Done(Ok(page)) = step else {
        panic!("{step:?}");
    };
    let row = |change| match change {
        Change::Upsert(row) => row,
        Change::Delete(name) => panic!("{name}"),
    };
    page.changes.into_iter().map(row).collect()
}

fn answer_from(documents: &[Value], request: &Request) -> Heard {
    let Some(arguments) = &request.body else {
        let name = request.path.rsplit('/').next().unwrap_or_default().replace("%20", " ");
        return answered(documents.iter().find(|document| document["name"] == name.as_str()).expect("it was listed"));
    };
    if arguments["parent"].is_null() {
        return answered(&documents.into());
    }
    let table = arguments["filters"][2][2].as_str().expect("a table");
    let rows = documents.iter().flat_map(|document| document[table].as_array().cloned().unwrap_or_default());
    answered(&rows.collect::<Value>())
}

#[test]
fn the_first_look_reads_versions_zone_and_user() {
    let mut look = Look::new(1_795_478_298_000);
    let zone = exchange("reads.jsonl", 227)["response"]["message"]["time_zone"].clone();
    let answers = [
        answered(&json!("cashier@example.com")),
        heard(&exchange("reads.jsonl", 226)),
        answered(&json!({ "time_zone": zone })),
        answered(&json!({ "name": "POS Settings" })),
    ];

    let mut step = look.next(None);
    for answer in answers {
        assert!(matches!(step, Step::Ask(_)));
        step = look.next(Some(answer));
    }

    let Step::Done(Ok(site)) = step else {
        panic!("{step:?}");
    };
    assert_eq!((site.erpnext, site.frappe), (Version::parse("15.71.1"), Version::parse("15.72.4").expect("a version")));
    assert_eq!((&*site.time_zone, site.invoice_type), ("America/New_York", InvoiceType::PosInvoice));
    assert_eq!(site.clock_ahead_ms, 1_000);
}

#[test]
fn an_item_is_read_with_its_tables_and_without_what_is_empty() {
    let document = exchange("reads.jsonl", 206)["response"]["data"].clone();

    let rows = rows("Item", &[document]);

    let [row] = rows.as_slice() else {
        panic!("{rows:?}");
    };
    assert_eq!((&*row.name, row.modified.to_string()), ("SKU-0001", "2026-11-23 17:40:34.970979".to_owned()));
    assert_eq!(row.fields["uoms"][1], json!({ "uom": "Case", "conversion_factor": 48.0 }));
    assert_eq!(row.fields["barcodes"].as_array().map(Vec::len), Some(3));
    assert!(!row.fields.contains_key("image") && !row.fields.contains_key("valuation_rate"));
}

#[test]
fn profiles_and_templates_are_read_whole() {
    let profile = exchange("reads.jsonl", 208)["response"]["data"].clone();
    let template = exchange("reads.jsonl", 209)["response"]["data"].clone();

    let profiles = rows("POS Profile", &[profile]);
    let templates = rows("Sales Taxes and Charges Template", &[template]);

    assert_eq!(profiles[0].fields["payments"][0]["mode_of_payment"], "Cash");
    assert_eq!(profiles[0].fields["applicable_for_users"][0], json!({ "user": "cashier@example.com", "default": 1 }));
    assert_eq!(templates[0].fields["taxes"][1]["row_id"], "1");
}

#[test]
fn every_kind_of_recorded_master_is_a_row() {
    for exchange in exchanges() {
        let document = &exchange["response"]["data"];
        let doctype = document["doctype"].as_str().unwrap_or_default().to_owned();
        if exchange["status"] == 200 && wanted(&doctype).is_some() {
            let rows = rows(&doctype, std::slice::from_ref(document));
            assert_eq!(rows.len(), 1, "{doctype}");
            assert_eq!(rows[0].name, document["name"].as_str().expect("a name"));
            assert!(!rows[0].fields.is_empty(), "{doctype}");
        }
    }
}

#[test]
fn a_field_that_the_site_does_not_know_is_left_out_next_time() {
    let mut page = ReadPage::new(wanted("Item").expect("it is wanted"), &scope(), &Cursor::default(), 0);
    let Step::Ask(first) = page.next(None) else {
        panic!("it asks");
    };
    assert!(first.body.expect("a body")["fields"].as_array().expect("fields").contains(&json!("grant_commission")));
    let text = exchange("errors.jsonl", 79).to_string().replace("no_such_field", "grant_commission");
    let refusal: Value = serde_json::from_str(&text).expect("JSON");

    let Step::Ask(second) = page.next(Some(heard(&refusal))) else {
        panic!("it asks again");
    };

    assert!(!second.body.expect("a body")["fields"].as_array().expect("fields").contains(&json!("grant_commission")));
}

#[test]
fn a_refusal_that_is_about_nothing_we_asked_for_is_passed_on() {
    let mut page = ReadPage::new(wanted("Item").expect("it is wanted"), &scope(), &Cursor::default(), 0);
    assert!(matches!(page.next(None), Step::Ask(_)));

    let step = page.next(Some(heard(&exchange("errors.jsonl", 79))));

    assert!(matches!(step, Step::Done(Err(Trouble::Refused { status: 417, .. }))));
}

#[test]
fn refusals_are_told_from_troubles() {
    let trouble = |seq| heard(&exchange("errors.jsonl", seq)).read().expect_err("it was refused");

    assert_eq!(trouble(4), Trouble::SignedOut);
    assert!(matches!(trouble(12), Trouble::Refused { status: 403, ref exc_type, .. } if exc_type == "PermissionError"));
    assert!(matches!(trouble(69), Trouble::Refused { status: 404, .. }));
    assert!(!trouble(31).is_transient());
}
