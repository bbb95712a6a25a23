//! The posting worker against the stand-in, from the store to the console.

use crate::{
    console::Browser,
    pulling::until,
    shop::{Shop, client},
    stand_in::{Served, key_of},
};
use axum::http::StatusCode;
use holdfast_erpnext_standin::StandIn;
use holdfast_hub::{
    Hub,
    site::{SERVICE, Site},
    vault::Vault,
};
use holdfast_store::{NewTerminal, Role};
use holdfast_sync::{
    Body, Entry, Position, PublicKey, ShiftId, Signature, TerminalId,
    body::{ModeAmount, ShiftOpened},
    posting::{Row, State},
    terminal::Journal,
};
use std::sync::Arc;

const TERMINAL: TerminalId = TerminalId([3; 16]);
const SHIFT: ShiftId = ShiftId([5; 16]);
const CASHIER: &str = "cashier@example.com";

/// A shop whose one counter opened a shift and sold something that no ERPNext takes.
async fn shop(name: &str) -> (Shop, Served, Vec<Row>) {
    let demo = holdfast_demo::shop(0);
    let mut site = StandIn::of_shop(&demo);
    site.put_holdfast_fields();
    let served = Served::new(site).await;
    let shop = Shop::new(name, served.address);
    shop.site.keep(SERVICE, &key_of(CASHIER)).await.expect("kept");
    let profile = &demo.profiles[0];
    let terminal = NewTerminal {
        id: TERMINAL,
        name: "Till".into(),
        pos_profile: profile.name.clone(),
        public_key: PublicKey(vec![4; 65]),
        account: "manager".into(),
    };
    shop.store.enrol(&terminal, 0).expect("enrolled");
    let opened = ShiftOpened {
        shift: SHIFT,
        pos_profile: profile.name.clone(),
        company: profile.company.clone(),
        currency: profile.currency.clone(),
        opening: vec![ModeAmount { mode_of_payment: "Cash".into(), amount: 100.0 }],
        counted: Vec::new(),
    };
    let mut journal = Journal::new(TERMINAL, Position::default(), 0, Position::default());
    let bodies = [Body::ShiftOpened(opened), Body::Sale(Box::default())];
    let entries: Vec<Entry> = bodies
        .into_iter()
        .map(|body| {
            let now = 1_795_560_582_000;
            let entry = journal.prepare(now, None, Some(SHIFT), None, body).seal(Signature([0; 64]));
            journal.committed(&entry);
            entry
        })
        .collect();
    let rows = shop.store.push(TERMINAL, entries, 0).expect("stored").rows;
    (shop, served, rows)
}

fn start(shop: &Shop, served: &Served) -> Hub {
    let hub = Hub::start(Arc::clone(&shop.store), "Shop", Vault::new(&[1; 32]));
    hub.connect(Some(Site::new(client(served.address), Arc::clone(&shop.store), Vault::new(&[1; 32]), None)));
    hub
}

fn state(shop: &Shop, row: &Row) -> State {
    shop.store.posting(row.id).expect("read").expect("there").row.state
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_in_the_store_is_booked_once_and_refusals_wait_for_a_person() {
    let (shop, served, rows) = shop("posting").await;
    let openings = || served.with(|site| site.documents("POS Opening Entry").count());
    let before = openings();

    let first = start(&shop, &served);
    until(&shop.store, "the opening", |_| matches!(state(&shop, &rows[0]), State::Posted { .. })).await;
    until(&shop.store, "the refusal", |_| matches!(state(&shop, &rows[1]), State::Rejected { .. })).await;
    first.connect(None);
    let _second = start(&shop, &served);

    assert_eq!(openings(), before + 1);
    assert_eq!(shop.store.exceptions().expect("read").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_settles_what_cannot_be_booked_and_gives_the_reason() {
    let (shop, served, rows) = shop("settling").await;
    let hub = start(&shop, &served);
    until(&shop.store, "the refusal", |_| matches!(state(&shop, &rows[1]), State::Rejected { .. })).await;
    let mut browser = Browser::of(hub, &shop, Role::Manager).await;
    let page = format!("exceptions/{}", rows[1].id);

    let listed = browser.get("exceptions").await;
    let without = browser.submit(&page, &format!("{page}/decide"), "decision=settle&reason=+").await;
    let unknown = browser.submit(&page, &format!("{page}/decide"), "decision=forget").await;
    let settled = browser.submit(&page, &format!("{page}/decide"), "decision=settle&reason=A+test").await;
    let again = browser.submit("", &format!("{page}/decide"), "decision=try_again").await;

    assert!(listed.text.contains(&rows[1].id.to_string()) && !listed.text.contains(&rows[0].id.to_string()));
    assert_eq!((without.status, unknown.status), (StatusCode::CONFLICT, StatusCode::BAD_REQUEST));
    assert_eq!((settled.status, again.status), (StatusCode::SEE_OTHER, StatusCode::CONFLICT));
    match state(&shop, &rows[1]) {
        State::Resolved { resolution, .. } => assert_eq!((&*resolution.by, &*resolution.reason), ("ada", "A test")),
        other => panic!("{other:?}"),
    }
    let lines = shop.store.audit_lines(i64::MAX, 10).expect("read");
    assert_eq!(lines.iter().filter(|line| line.line.action == "posting.decided").count(), 1);
}
