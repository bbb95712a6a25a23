//! Requests have the shape of those that a real ERPNext took, as recorded.

use super::world::{World, cart, line};
use holdfast_engine::Line;
use holdfast_erpnext::{Conversation, Method, Request, Step, post::Post};
use holdfast_erpnext_standin::{Caller, corner_shop::CASHIER};
use serde_json::Value;
use std::{collections::BTreeSet, io::Read};

static PROVE: &[u8] = include_bytes!("../../../../erpnext-standin/data/recorded/prove.jsonl.gz");

/// Bodies of the first recorded request with such a note.
fn recorded(note: &str) -> Value {
    let mut text = String::new();
    flate2::read::GzDecoder::new(PROVE).read_to_string(&mut text).expect("the file is whole");
    let exchanges = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let found =
        exchanges.into_iter().find(|exchange| exchange["note"].as_str().is_some_and(|text| text.starts_with(note)));
    found.expect("it was recorded")["request"].clone()
}

/// What is sent to make the document of a task.
fn sent(world: &mut World, at: usize) -> Value {
    let mut conversation = Post::new(world.job(at, true));
    let mut heard = None;
    loop {
        match conversation.next(heard.take()) {
            Step::Ask(Request { method: Method::Post, path, body: Some(body), .. })
                if path.starts_with("/api/resource/") =>
            {
                return body;
            }
            Step::Ask(request) => {
                heard = Some(world.site.hear(&Caller::User(CASHIER.into()), &request, world.now_ms, None));
            }
            Step::Wait { .. } => {}
            Step::Done(outcome) => panic!("{outcome:?}"),
        }
    }
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// Every field of the recording is sent, too, in the document and in the first row of its tables.
fn assert_covers(sent: &Value, recorded: &Value) {
    for (name, value) in recorded.as_object().expect("an object") {
        assert!(keys(sent).contains(name.as_str()), "{name} is not sent");
        if let (Some(theirs), Some(ours)) = (value.get(0), sent[name].get(0)) {
            let missing: Vec<&str> = keys(theirs).difference(&keys(ours)).copied().collect();
            assert_eq!(missing, Vec::<&str>::new(), "{name}");
        }
    }
}

#[test]
fn an_opening_entry_is_asked_for_as_recorded() {
    let mut world = World::new();
    let opening = world.open_shift();

    assert_covers(&sent(&mut world, opening), &recorded("open a shift"));
}

#[test]
fn invoices_are_asked_for_as_recorded() {
    let mut world = World::with_a_shift();
    let batch = Line { batch_no: "BATCH-01-B1".into(), ..line("BATCH-01", 2.0) };
    let serial = Line { serial_nos: vec!["SER-01-S012".into()], ..line("SER-01", 1.0) };
    for (note, lines) in [
        ("insert already submitted", vec![line("SKU-0005", 1.0)]),
        ("batch item (insert draft)", vec![batch]),
        ("serial item (insert draft)", vec![serial]),
    ] {
        let sold = world.sell(cart(lines));

        assert_covers(&sent(&mut world, sold), &recorded(note));
    }
}

#[test]
fn a_closing_entry_is_asked_for_as_recorded() {
    let mut world = World::with_a_shift();
    let sold = world.sell(cart(vec![line("KG-005", 1.0)]));
    world.post_exactly(sold);
    let closing = world.close_shift(world.expected[0].amount);

    assert_covers(&sent(&mut world, closing), &recorded("closing entry draft"));
}
