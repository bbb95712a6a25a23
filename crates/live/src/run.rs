//! The run from beginning to end.

use crate::{
    Arguments, books,
    checks::Checks,
    day::Day,
    faults::{Fault, Proxy, Rule},
    hub::Hub,
    setup::SetUp,
    shop::{EXCLUSIVE, INCLUSIVE, Shop},
    site::{Site, text},
    terminal::{Enrolment, Sold, Terminal, now_ms},
};
use anyhow::{Context, Result, bail};
use holdfast_erpnext::site::{Look, Zone};
use serde_json::json;
use std::time::{Duration, Instant};

/// How long the hub may make no progress, in seconds.
const STANDSTILL_S_MAX: u64 = 240;

/// How often the hub is asked for its proof, every two seconds.
const AUDITS_MAX: u32 = 30;

/// How long a first pull may take, in seconds.
const PULL_S_MAX: u64 = 900;

/// Runs everything; what was made on the site is left to the caller.
pub(crate) async fn run(site: &Site, mark: &str, arguments: &Arguments) -> Result<Checks> {
    let look = site.hold(Look::new(now_ms())).await?;
    let version = look.erpnext.context("the site has ERPNext")?;
    println!("{} runs ERPNext {version}, zone {}.", site.url(), look.time_zone);
    let today = look.zone().stamp(now_ms()).date_text();
    let shop = step("make a test company", Shop::make(site, mark, &today)).await?;
    let setup = step("set the site up for Holdfast", SetUp::make(site, vec![shop.cashier.clone()])).await?;
    let (proxy, address) = Proxy::start(site.url(), rules()).await?;
    let data = std::env::temp_dir().join(format!("holdfast-live-{mark}"));
    let program = arguments.hub.clone().context("--hub names the hub's program")?;
    let mut hub = Hub::new(&program, data, format!("http://{address}"), &arguments.key, &arguments.secret)?;
    let outcome = day(site, &shop, &proxy, &mut hub, look.zone(), arguments.sales).await;
    let (mut is_whole, mut audit) = hub.audit()?;
    // The hub asks for a closing in the background now and then; the books may have it before the hub knows.
    for _ in 0..AUDITS_MAX {
        if outcome.is_err() || all_booked(&audit) {
            break;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        (is_whole, audit) = hub.audit()?;
    }
    println!("{audit}");
    hub.kill()?;
    let outcome = outcome.map(|mut checks| {
        checks.holds(is_whole, || "the hub's journals are not whole".to_owned());
        checks.holds(all_booked(&audit), || "entries wait or are to be decided".to_owned());
        checks
    });
    if outcome.is_err() || arguments.keep {
        println!("The hub's log is {}.", hub.log().display());
    } else {
        hub.forget()?;
    }
    if !arguments.keep {
        setup.take_back(site).await?;
    }
    outcome
}

/// Whether nothing of either counter waits for the books or for a person.
fn all_booked(audit: &str) -> bool {
    audit.matches(", 0 waiting, 0 to decide").count() == 2
}

/// What goes wrong between hub and site.
fn rules() -> Vec<Rule> {
    let sale = ("POS Invoice", true);
    vec![
        Rule::new("the answer to a sale is lost", Fault::LostAnswer, sale, 2, 5),
        Rule::new("a gateway gives up on a sale", Fault::GatewayTimeout, sale, 4, 7),
        Rule::new("a sale does not reach the site", Fault::LostRequest, sale, 3, 9),
        Rule::new("too many requests", Fault::TooManyRequests, sale, 6, 11),
        Rule::new("the answer to an opening is lost", Fault::LostAnswer, ("POS Opening Entry", true), 1, 3),
        Rule::new("the answer to a closing is lost", Fault::LostAnswer, ("POS Closing Entry", true), 1, 4),
        Rule::new("a gateway is down for a read", Fault::BadGateway, ("/api/resource/", false), 3, 10),
    ]
}

async fn day(site: &Site, shop: &Shop, proxy: &Proxy, hub: &mut Hub, zone: Zone, queue: u32) -> Result<Checks> {
    let mut checks = Checks::default();
    hub.start().await?;
    let mut till = step("pull and enrol the till", enrol(hub, shop, INCLUSIVE, &zone)).await?;
    let mut stall = step("enrol the stall", enrol(hub, shop, EXCLUSIVE, &zone)).await?;
    if let Some(memory) = hub.resident_mb() {
        println!("  the hub has {memory:.0} MB");
    }
    println!("The hub is gone; the counters sell.");
    hub.kill()?;
    let mut at_till = Day { shop, terminal: &mut till, sold: Vec::new() };
    at_till.open();
    at_till.sell_every_kind()?;
    let mut at_stall = Day { shop, terminal: &mut stall, sold: Vec::new() };
    at_stall.open();
    at_stall.sell_queue(12)?;
    let mut sold = at_till.sold;
    sold.append(&mut at_stall.sold);
    till.close_shift()?;
    stall.close_shift()?;

    println!("The hub is back; answers are lost on purpose.");
    proxy.set_faults(true);
    hub.start().await?;
    till.push().await?;
    stall.push().await?;
    let third = sold.len() / 3;
    step("post a third", until_booked(site, shop, third)).await?;
    hub.kill()?;
    println!("The hub was killed on the way.");
    hub.start().await?;
    step("post the rest", until_booked(site, shop, sold.len())).await?;
    step("close both shifts", until_closed(site, shop, 2)).await?;
    proxy.set_faults(false);
    for (name, fired) in proxy.fired() {
        println!("  {name}: {fired} times");
        checks.holds(fired > 0, || format!("{name}: never happened"));
    }
    measure(site, shop, proxy, &mut stall, queue, &mut sold).await?;
    step("check the books", books::check(site, shop, &sold, 3, &mut checks)).await?;
    Ok(checks)
}

/// A shift of small sales without faults, to measure with.
async fn measure(
    site: &Site,
    shop: &Shop,
    proxy: &Proxy,
    stall: &mut Terminal,
    queue: u32,
    sold: &mut Vec<Sold>,
) -> Result<()> {
    let mut more = Day { shop, terminal: stall, sold: Vec::new() };
    more.open();
    more.sell_queue(queue)?;
    sold.append(&mut more.sold);
    let (started, passed) = (Instant::now(), proxy.passed());
    stall.push().await?;
    step("post small sales, nothing lost", until_booked(site, shop, sold.len())).await?;
    let seconds = started.elapsed().as_secs_f64();
    let requests = proxy.passed() - passed;
    println!(
        "  {:.2} sales a second, {:.1} requests a sale",
        f64::from(queue) / seconds,
        f64::from(requests) / f64::from(queue)
    );
    stall.close_shift()?;
    stall.push().await?;
    step("close the shift", until_closed(site, shop, 3)).await
}

/// Does a step and says how long it took.
async fn step<T>(what: &str, doing: impl Future<Output = Result<T>>) -> Result<T> {
    let started = Instant::now();
    let outcome = doing.await.with_context(|| what.to_owned())?;
    println!("{what}: {:.1} s", started.elapsed().as_secs_f64());
    Ok(outcome)
}

/// Enrols as soon as the hub knows cashier and profile.
async fn enrol(hub: &Hub, shop: &Shop, profile: &str, zone: &Zone) -> Result<Terminal> {
    let (url, pos_profile) = (hub.url(), shop.name(profile));
    let enrolment = Enrolment {
        hub: &url,
        account: &shop.cashier,
        password: &shop.password,
        pos_profile: &pos_profile,
        employee: &shop.employee,
    };
    let started = Instant::now();
    loop {
        match Terminal::enrol(&enrolment, zone.clone()).await {
            Err(error) if started.elapsed() > Duration::from_secs(PULL_S_MAX) => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_secs(13)).await,
            enrolled => return enrolled,
        }
    }
}

/// Waits until the company has so many submitted POS Invoices.
async fn until_booked(site: &Site, shop: &Shop, count: usize) -> Result<()> {
    let filters = json!({"company": shop.company, "docstatus": 1});
    until(count, async || Ok(site.names("POS Invoice", filters.clone()).await?.len())).await
}

/// Waits until so many shifts are closed.
async fn until_closed(site: &Site, shop: &Shop, count: usize) -> Result<()> {
    let filters = json!({"company": shop.company, "status": "Closed"});
    until(count, async || Ok(site.names("POS Opening Entry", filters.clone()).await?.len())).await?;
    let closings = site.list("POS Closing Entry", json!({"company": shop.company}), &["status"]).await?;
    match closings.iter().find(|closing| text(closing, "status") == "Failed") {
        Some(_) => bail!("a closing failed"),
        None => Ok(()),
    }
}

/// Waits until there are so many; an error after a long standstill.
async fn until(count: usize, counted: impl AsyncFn() -> Result<usize>) -> Result<()> {
    let (mut last, mut since) = (0, Instant::now());
    loop {
        let found = counted().await?;
        if found >= count {
            return Ok(());
        }
        if found > last {
            (last, since) = (found, Instant::now());
        }
        if since.elapsed() > Duration::from_secs(STANDSTILL_S_MAX) {
            bail!("{found} of {count}, and nothing for {STANDSTILL_S_MAX} s");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
