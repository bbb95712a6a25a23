//! Whatever is lost, repeated or stamped wrongly: the mirror comes to equal the site.

use crate::{
    faults::{Fault, Faults},
    site::Site,
};
use holdfast_erpnext::{
    Conversation, Heard, Step, Trouble,
    pull::{Change, Check, Cursor, Deletions, Mirror, ReadPage, ReadSome, Scope, wanted},
    site::Version,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// 2026-11-01 05:00 UTC: an hour before New York puts its clocks back.
const START_MS: i64 = 1_793_509_200_000;
const MINUTE_MS: i64 = 60_000;

/// Doctypes of each way of reading.
const DOCTYPES: [&str; 3] = ["Item", "Pricing Rule", "Item Price"];

/// What a hub does: it stores what pages bring, and comes back.
struct Host {
    mirror: Mirror,
    cursors: BTreeMap<&'static str, Cursor>,
    deletions: Cursor,
}

impl Host {
    fn new() -> Self {
        Self { mirror: Mirror::default(), cursors: BTreeMap::new(), deletions: Cursor::default() }
    }

    fn scope(site: &Site) -> Scope {
        let about = holdfast_erpnext::Site {
            erpnext: Version::parse("15.71.1"),
            time_zone: site.zone.name().to_owned(),
            ..holdfast_erpnext::Site::default()
        };
        Scope::new(&about, 1, vec!["Shop".to_owned()], site.now_ms)
    }

    /// One page; says whether there are more.
    fn page(&mut self, doctype: &'static str, site: &mut Site, lost: &mut Faults) -> bool {
        let cursor = self.cursors.entry(doctype).or_default();
        let wanted = wanted(doctype).expect("it is wanted");
        let Some(Ok(page)) = lost.run(site, ReadPage::new(wanted, &Self::scope(site), cursor, site.now_ms)) else {
            return true;
        };
        *cursor = page.cursor;
        for change in page.changes {
            self.mirror.apply(doctype, change);
        }
        page.has_more
    }

    fn round(&mut self, site: &mut Site, lost: &mut Faults) {
        for doctype in DOCTYPES {
            while self.page(doctype, site, lost) {}
        }
        loop {
            let conversation = Deletions::new(&Self::scope(site), &self.deletions, site.now_ms);
            let Some(Ok(deleted)) = lost.run(site, conversation) else {
                continue;
            };
            self.deletions = deleted.cursor;
            for (doctype, changes) in deleted.changes {
                for change in changes {
                    self.mirror.apply(doctype, change);
                }
            }
            if !deleted.has_more {
                break;
            }
        }
    }

    fn check(&mut self, site: &mut Site) -> usize {
        let mut repaired = 0;
        for doctype in DOCTYPES {
            let wanted = wanted(doctype).expect("it is wanted");
            let absent = self.cursors[doctype].absent_fields().to_vec();
            let known = self.mirror.known(doctype);
            let checked = site.run(Check::new(wanted, &Self::scope(site), known, &absent)).expect("nothing is lost");
            assert!(!checked.has_more);
            repaired += checked.missing + checked.outdated + checked.gone;
            for change in checked.changes {
                self.mirror.apply(doctype, change);
            }
        }
        repaired
    }

    fn assert_equals(&self, site: &Site) {
        for doctype in DOCTYPES {
            let held: BTreeMap<String, Value> =
                self.mirror.rows(doctype).map(|row| (row.name.clone(), content(&row.fields.clone().into()))).collect();
            let there = site.documents.get(doctype).cloned().unwrap_or_default();
            let there = there.into_iter().map(|(name, document)| (name, content(&document))).collect();
            assert_eq!(held, there, "{doctype}");
        }
    }
}

/// What the tests put into documents.
fn content(document: &Value) -> Value {
    json!([
        document["item_name"],
        document["title"],
        document["price_list_rate"],
        document["barcodes"],
        document["items"]
    ])
}

fn item(name: &str) -> Value {
    json!({ "item_name": name, "barcodes": [{ "barcode": name, "uom": "Nos" }] })
}

#[test]
fn more_rows_at_one_stamp_than_a_page_has_are_all_read() {
    let mut site = Site::new("America/New_York", START_MS);
    for at in 0..1_700 {
        site.save("Item", &format!("I{at:04}"), item("same"));
    }
    site.now_ms += MINUTE_MS;
    site.save("Item", "LAST", item("last"));
    let mut host = Host::new();

    site.now_ms += MINUTE_MS;
    host.round(&mut site, &mut Faults::none());

    host.assert_equals(&site);
}

#[test]
fn stamps_in_the_future_hide_nothing_and_are_read_once() {
    let mut site = Site::new("America/New_York", START_MS);
    let ahead = site.zone.stamp(site.now_ms + 5 * 60 * MINUTE_MS);
    for at in 0..600 {
        let price = json!({ "price_list_rate": 1, "selling": 1 });
        site.save_at("Item Price", &format!("P{at:03}"), price, ahead);
    }
    let mut host = Host::new();
    host.round(&mut site, &mut Faults::none());
    host.round(&mut site, &mut Faults::none());

    site.now_ms += 15 * MINUTE_MS;
    site.save("Item Price", "P000", json!({ "price_list_rate": 2, "selling": 1 }));
    host.round(&mut site, &mut Faults::none());
    site.asked.clear();
    let stored = host.cursors["Item Price"].clone();
    host.round(&mut site, &mut Faults::none());

    host.assert_equals(&site);
    assert!(stored.is_complete());
    // What changed lately, what is ahead, how much: three short questions, none about the 599.
    let prices =
        site.asked.iter().filter(|request| request.body.as_ref().is_some_and(|b| b["doctype"] == "Item Price"));
    assert_eq!(prices.count(), 3);
}

#[test]
fn what_changes_while_clocks_are_put_back_is_read() {
    let mut site = Site::new("America/New_York", START_MS);
    let mut host = Host::new();
    for minute in 0..30 {
        site.now_ms = START_MS + minute * 5 * MINUTE_MS;
        site.save("Item", "TEA", item(&format!("minute {minute}")));
        host.round(&mut site, &mut Faults::none());
        host.assert_equals(&site);
    }
}

#[test]
fn a_document_is_not_read_again_while_rounds_overlap() {
    let mut site = Site::new("Asia/Kolkata", START_MS);
    site.save("Pricing Rule", "PRLE-0001", json!({ "title": "ten", "selling": 1, "items": [{ "item_code": "TEA" }] }));
    let mut host = Host::new();
    host.round(&mut site, &mut Faults::none());
    site.asked.clear();

    host.round(&mut site, &mut Faults::none());

    host.assert_equals(&site);
    assert!(!site.asked.iter().any(|request| request.path.contains("PRLE-0001")));
}

#[test]
fn a_field_that_a_site_lacks_is_left_out_and_remembered() {
    let mut site = Site::new("Europe/Berlin", START_MS);
    site.unknown_fields = vec!["grant_commission", "uom"];
    site.save("Item", "TEA", item("tea"));
    let mut host = Host::new();

    host.round(&mut site, &mut Faults::none());

    let row = host.mirror.row("Item", "TEA").expect("it was read");
    assert_eq!(row.fields["barcodes"], json!([{ "barcode": "tea" }]));
    let absent = host.cursors["Item"].absent_fields();
    assert_eq!(absent, ["grant_commission", "barcodes.uom", "uoms.uom"]);
}

#[test]
fn a_renamed_item_is_found_by_the_check_which_says_what_to_read_again() {
    let mut site = Site::new("UTC", START_MS);
    site.save("Item", "F", item("flour"));
    let mut host = Host::new();
    host.round(&mut site, &mut Faults::none());
    site.now_ms += 60 * MINUTE_MS;
    host.round(&mut site, &mut Faults::none());
    site.rename("Item", "F", "F2");
    host.round(&mut site, &mut Faults::none());
    assert!(host.mirror.row("Item", "F2").is_none(), "nothing but a check can see it");

    let wanted = wanted("Item").expect("it is wanted");
    let checked =
        site.run(Check::new(wanted, &Host::scope(&site), host.mirror.known("Item"), &[])).expect("it answers");

    assert_eq!((checked.missing, checked.outdated, checked.gone), (1, 0, 1));
    assert!(checked.reread.contains(&"Item Price"));
    assert!(!checked.is_alarming());
    assert_eq!(
        checked.sentence("Item").as_deref(),
        Some("Item: the full check repaired 1 missing, 1 no longer there.")
    );
    assert!(checked.changes.contains(&Change::Delete("F".to_owned())));
}

#[test]
fn a_name_that_was_deleted_and_given_again_stays() {
    let mut site = Site::new("UTC", START_MS);
    site.save("Item", "TEA", item("tea"));
    site.save("Item", "MILK", item("milk"));
    let mut host = Host::new();
    host.round(&mut site, &mut Faults::none());
    site.now_ms += MINUTE_MS;
    site.delete("Item", "TEA");
    site.delete("Item", "MILK");
    site.save("Item", "TEA", item("green tea"));

    host.round(&mut site, &mut Faults::none());

    host.assert_equals(&site);
    assert_eq!(host.mirror.rows("Item").count(), 1);
}

#[test]
fn rows_are_read_by_name_after_a_webhook() {
    let mut site = Site::new("UTC", START_MS);
    site.save("Item", "TEA", item("tea"));
    let names = vec!["TEA".to_owned(), "GONE".to_owned()];

    let item = wanted("Item").expect("it is wanted");
    let changes = site.run(ReadSome::new(item, &Host::scope(&site), names, &[])).expect("it answers");

    let [Change::Delete(gone), Change::Upsert(row)] = changes.as_slice() else {
        panic!("{changes:?}");
    };
    assert_eq!((gone.as_str(), row.name.as_str()), ("GONE", "TEA"));
    assert_eq!(row.fields["barcodes"], json!([{ "barcode": "tea", "uom": "Nos" }]));
}

#[test]
fn a_refusal_leaves_the_mirror_alone() {
    let mut conversation =
        ReadPage::new(wanted("Item").expect("wanted"), &Host::scope(&Site::new("UTC", 0)), &Cursor::default(), 0);
    assert!(matches!(conversation.next(None), Step::Ask(_)));
    let body = br#"{"exc_type":"PermissionError"}"#.to_vec();
    let answer = holdfast_erpnext::Answer { status: 403, retry_after_ms: None, date_ms: None, body };

    let step = conversation.next(Some(Heard::Answer(answer)));

    assert!(matches!(step, Step::Done(Err(Trouble::Refused { status: 403, .. }))));
}

/// What happens at a site between two rounds.
#[derive(Clone, Debug)]
enum Event {
    Save {
        doctype: usize,
        name: u8,
        value: u8,
    },
    /// Saved by a database whose clock is in another zone.
    SaveAhead {
        doctype: usize,
        name: u8,
        value: u8,
        hours: i8,
    },
    Delete {
        doctype: usize,
        name: u8,
    },
    Rename {
        doctype: usize,
        name: u8,
        to: u8,
    },
    Later {
        minutes: u16,
    },
    Pull,
    Page {
        doctype: usize,
    },
}

fn event() -> impl Strategy<Value = Event> {
    let (doctype, name, value) = (0..DOCTYPES.len(), 0..12_u8, 0..5_u8);
    prop_oneof![
        4 => (doctype.clone(), name.clone(), value.clone())
            .prop_map(|(doctype, name, value)| Event::Save { doctype, name, value }),
        1 => (doctype.clone(), name.clone(), value, 1..6_i8)
            .prop_map(|(doctype, name, value, hours)| Event::SaveAhead { doctype, name, value, hours }),
        1 => (doctype.clone(), name.clone()).prop_map(|(doctype, name)| Event::Delete { doctype, name }),
        1 => (doctype.clone(), name.clone(), name).prop_map(|(doctype, name, to)| Event::Rename { doctype, name, to }),
        2 => (0..90_u16).prop_map(|minutes| Event::Later { minutes }),
        2 => Just(Event::Pull),
        1 => doctype.prop_map(|doctype| Event::Page { doctype }),
    ]
}

fn document(doctype: usize, value: u8) -> Value {
    let text = format!("value {value}");
    match DOCTYPES[doctype] {
        "Item" => json!({ "item_name": text, "barcodes": [{ "barcode": text, "uom": "Nos" }] }),
        "Pricing Rule" => json!({ "title": text, "selling": 1, "items": [{ "item_code": text }] }),
        _ => json!({ "price_list_rate": value, "selling": 1 }),
    }
}

fn happen(event: &Event, site: &mut Site, host: &mut Host, lost: &mut Faults) {
    let name = |name: &u8| format!("N{name:02}");
    match event {
        Event::Save { doctype, name: at, value } => {
            site.now_ms += 1;
            site.save(DOCTYPES[*doctype], &name(at), document(*doctype, *value));
        }
        Event::SaveAhead { doctype, name: at, value, hours } => {
            site.now_ms += 1;
            let stamp = site.zone.stamp(site.now_ms + i64::from(*hours) * 60 * MINUTE_MS);
            site.save_at(DOCTYPES[*doctype], &name(at), document(*doctype, *value), stamp);
        }
        Event::Delete { doctype, name: at } => site.delete(DOCTYPES[*doctype], &name(at)),
        Event::Rename { doctype, name: at, to } => site.rename(DOCTYPES[*doctype], &name(at), &name(to)),
        Event::Later { minutes } => site.now_ms += i64::from(*minutes) * MINUTE_MS,
        Event::Pull => host.round(site, lost),
        Event::Page { doctype } => {
            host.page(DOCTYPES[*doctype], site, lost);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// With a check at the end, whatever happened; without one, too, where nothing was renamed.
    #[test]
    fn the_mirror_comes_to_equal_the_site(
        events in prop::collection::vec(event(), 1..40),
        faults in prop::collection::vec(
            prop_oneof![6 => Just(Fault::None), 1 => Just(Fault::Lost), 1 => Just(Fault::Busy), 1 => Just(Fault::Restart)],
            0..60,
        ),
        zone in prop_oneof![Just("America/New_York"), Just("Asia/Kolkata"), Just("UTC")],
    ) {
        let mut site = Site::new(zone, START_MS);
        let mut host = Host::new();
        let mut lost = Faults(faults);

        // A mirror begins before it matters what is deleted.
        host.round(&mut site, &mut lost);
        for event in &events {
            happen(event, &mut site, &mut host, &mut lost);
        }
        host.round(&mut site, &mut Faults::none());
        host.round(&mut site, &mut Faults::none());

        if !events.iter().any(|event| matches!(event, Event::Rename { .. })) {
            host.assert_equals(&site);
        }
        host.check(&mut site);
        host.assert_equals(&site);
        prop_assert_eq!(host.check(&mut site), 0);
    }
}
