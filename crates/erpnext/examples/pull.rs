//! Reads a whole shop from the stand-in and says how long each part took:
//! `cargo run --release --package holdfast-erpnext --example pull -- 100000`. No socket is in between, so the time is the connector's and
//! the stand-in's; requests are counted because a real ERPNext's time is their number times its own.

use holdfast_engine::Date;
use holdfast_erpnext::{
    Answer, Conversation, Heard, Step,
    masters::Masters,
    pull::{Change, Cursor, Mirror, ReadPage, Scope, WANTED, Way},
    site::Look,
};
use holdfast_erpnext_standin::{Caller, StandIn};
use std::time::{Duration, Instant};

/// The stand-in with what is measured about it.
struct Measured {
    site: StandIn,
    requests: usize,
    bytes: usize,
    answering: Duration,
}

/// 2026-11-24 12:00 UTC.
const NOW_MS: i64 = 1_795_521_600_000;

impl Measured {
    fn run<C: Conversation>(&mut self, mut conversation: C) -> C::Outcome {
        let mut heard = None;
        loop {
            match conversation.next(heard.take()) {
                Step::Ask(request) => {
                    let begun = Instant::now();
                    let answer: Answer = self.site.answer(&Caller::User("Administrator".to_owned()), &request, NOW_MS);
                    self.answering += begun.elapsed();
                    self.requests += 1;
                    self.bytes += answer.body.len();
                    heard = Some(Heard::Answer(answer));
                }
                Step::Wait { .. } => {}
                Step::Done(outcome) => return outcome,
            }
        }
    }
}

fn main() {
    let items = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let shop = holdfast_demo::shop(items);
    let site = StandIn::of_shop(&shop);
    let mut measured = Measured { site, requests: 0, bytes: 0, answering: Duration::ZERO };
    let about = measured.run(Look::new(NOW_MS)).expect("it answers");

    let begun = Instant::now();
    let mirror = mirror(&mut measured, &about);
    let whole = begun.elapsed();
    let rows: usize = WANTED.iter().map(|wanted| mirror.rows(wanted.doctype).count()).sum();
    let megabytes = measured.bytes as f64 / 1e6;
    println!("{rows} rows in {} requests, {megabytes:.1} MB of answers", measured.requests);
    println!("read in {whole:.2?}, of which {:.2?} were the stand-in's", measured.answering);

    let begun = Instant::now();
    let mut masters = Masters::default();
    for wanted in WANTED {
        for row in mirror.rows(wanted.doctype) {
            masters.take(wanted.doctype, row.clone());
        }
    }
    let taken = begun.elapsed();
    let begun = Instant::now();
    let profile = masters.profiles().into_iter().next().expect("the shop has a profile");
    let shop = masters.shop(&profile, Date::from_unix_days(20_781)).expect("it is in force");
    println!("taken in {taken:.2?}, made into a shop of {} items in {:.2?}", shop.items().len(), begun.elapsed());
}

fn mirror(measured: &mut Measured, about: &holdfast_erpnext::Site) -> Mirror {
    let mut mirror = Mirror::default();
    for wanted in WANTED.iter().filter(|wanted| wanted.way != Way::Checked) {
        let scope = Scope::new(about, 1, Vec::new(), NOW_MS);
        let mut cursor = Cursor::default();
        // What the stand-in does not have, such as Print Heading, it refuses.
        while let Ok(page) = measured.run(ReadPage::new(wanted, &scope, &cursor, NOW_MS)) {
            for change in page.changes {
                if let Change::Upsert(_) = change {
                    mirror.apply(wanted.doctype, change);
                }
            }
            cursor = page.cursor;
            if !page.has_more {
                break;
            }
        }
    }
    mirror
}
