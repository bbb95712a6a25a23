//! What a posting costs the hub, and what the stand-in costs a test: a sale of three lines. The site's own time is not in it.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use holdfast_engine::{Cart, Context, Date, Line, Payment};
use holdfast_erpnext::{
    Conversation, Request, Site, Step,
    post::{Job, Post},
};
use holdfast_erpnext_standin::{Caller, StandIn, corner_shop::CASHIER};
use holdfast_sync::{
    Body, Entry, Header, Seq, ShiftId, Signature, TerminalId, Unsigned,
    body::{Sale, ShiftOpened},
    posting::{Outcome, Row, Task},
};
use std::hint::black_box;

const NOW_MS: i64 = 1_795_528_800_000;

fn entry(seq: u64, body: Body) -> Entry {
    let header = Header {
        terminal: TerminalId([7; 16]),
        seq: Seq(seq),
        made_at_ms: NOW_MS,
        shift: Some(ShiftId([5; 16])),
        ..Header::default()
    };
    Unsigned::new(header, body).seal(Signature([0; 64]))
}

fn job(entry: Entry) -> Job {
    let row = Row::from(Task::of(&entry).expect("a task"));
    let site = Site { time_zone: "America/New_York".into(), ..Site::default() };
    let (needs, shift) = (Vec::new(), Vec::new());
    Job { entry, row, is_first: true, site, user: CASHIER.into(), now_ms: NOW_MS, needs, shift }
}

/// Holds a conversation; answers the requests that were sent.
fn hold(site: &mut StandIn, job: Job) -> Vec<Request> {
    let mut conversation = Post::new(job);
    let (mut heard, mut sent) = (None, Vec::new());
    loop {
        match conversation.next(heard.take()) {
            Step::Ask(request) => {
                heard = Some(site.hear(&Caller::User(CASHIER.into()), &request, NOW_MS, None));
                sent.push(request);
            }
            Step::Wait { .. } => {}
            Step::Done(Outcome::Booked { differences, .. }) if differences.is_empty() => return sent,
            Step::Done(outcome) => panic!("{outcome:?}"),
        }
    }
}

/// A shop with an open shift, and a sale of three lines.
fn world() -> (StandIn, Sale) {
    let mut site = StandIn::corner_shop();
    site.put_holdfast_fields();
    site.put_user(CASHIER, &["Sales User", "Sales Manager", "Accounts User", "Accounts Manager", "Stock User"]);
    for code in ["KG-005", "KG-006", "KG-009"] {
        site.set_stock(code, "Shop Floor - CS", 1e9);
    }
    let opened = ShiftOpened {
        pos_profile: "Main Till".into(),
        company: "Corner Shop Ltd".into(),
        opening: vec![holdfast_sync::body::ModeAmount { mode_of_payment: "Cash".into(), amount: 0.0 }],
        ..ShiftOpened::default()
    };
    hold(&mut site, job(entry(1, Body::ShiftOpened(opened))));
    let line = |code: &str| Line { item_code: code.into(), qty: 2.0, ..Line::default() };
    let cart = Cart {
        lines: ["KG-005", "KG-006", "KG-009"].map(line).to_vec(),
        payments: vec![Payment { mode_of_payment: "Cash".into(), amount: 50.0, ..Payment::default() }],
        ..Cart::default()
    };
    let context = Context::on(Date::new(2026, 11, 24).expect("a day"));
    let invoice = site.at_the_counter("Main Till", &cart, &context).invoice;
    let sale = Sale {
        pos_profile: "Main Till".into(),
        company: "Corner Shop Ltd".into(),
        posted_local: "2026-11-24 10:00:00".into(),
        invoice,
        ..Sale::default()
    };
    (site, sale)
}

fn benches(criterion: &mut Criterion) {
    let (mut site, sale) = world();
    let mut seq = 1;
    criterion.bench_function("posting/a sale of 3 lines, the stand-in's answer included", |bencher| {
        let prepare = || {
            seq += 1;
            job(entry(seq, Body::Sale(Box::new(sale.clone()))))
        };
        bencher.iter_batched(prepare, |job| black_box(hold(&mut site, job)), BatchSize::SmallInput);
    });

    let (mut site, sale) = world();
    let request = hold(&mut site, job(entry(2, Body::Sale(Box::new(sale))))).pop().expect("it was sent");
    let mut number = 0;
    criterion.bench_function("stand-in/insert and submit of a POS Invoice of 3 lines", |bencher| {
        let prepare = || {
            number += 1;
            let mut request = request.clone();
            if let Some(body) = &mut request.body {
                body["holdfast_id"] = format!("bench-{number}").into();
            }
            request
        };
        let caller = Caller::User(CASHIER.into());
        bencher.iter_batched(prepare, |request| site.answer(&caller, &request, NOW_MS), BatchSize::SmallInput);
    });
}

criterion_group!(postings, benches);
criterion_main!(postings);
