//! ERPNext 16: one opening entry of today, and either kind of invoice.

use super::world::{World, cart, line};
use holdfast_erpnext::site::{InvoiceType, Version};
use holdfast_erpnext_standin::Version as StandInVersion;
use holdfast_sync::posting::{Outcome, RefusalKind};
use serde_json::json;

const DAY_MS: i64 = 86_400_000;

fn world(invoice_type: InvoiceType) -> World {
    let mut world = World::new();
    world.site.settings_mut().version = StandInVersion::V16;
    world.site.put("POS Settings", json!({ "name": "POS Settings", "invoice_type": invoice_type.doctype() }));
    world.erp.erpnext = Some(Version { major: 16, minor: 0, patch: 0 });
    world.erp.invoice_type = invoice_type;
    world
}

#[test]
fn a_shift_of_pos_invoices_is_sold_and_closed() {
    let mut world = world(InvoiceType::PosInvoice);
    let opening = world.open_shift();
    world.post_exactly(opening);
    let sold = world.sell(cart(vec![line("KG-005", 2.0)]));
    world.post_exactly(sold);
    let closing = world.close_shift(world.expected[0].amount);

    world.post_exactly(closing);

    let closing = world.site.documents("POS Closing Entry").next().expect("it is there");
    assert_eq!(closing["pos_invoices"][0]["pos_invoice"], world.with_id("POS Invoice", sold)[0]["name"]);
}

#[test]
fn a_sale_becomes_a_sales_invoice_where_the_site_sells_with_it() {
    let mut world = world(InvoiceType::SalesInvoice);
    let opening = world.open_shift();
    world.post_exactly(opening);
    let sold = world.sell(cart(vec![line("KG-005", 2.0), line("SKU-0002", 1.0)]));
    world.post_exactly(sold);
    let closing = world.close_shift(world.expected[0].amount);

    world.post_exactly(closing);

    let invoice = world.with_id("Sales Invoice", sold)[0];
    let closing = world.site.documents("POS Closing Entry").next().expect("it is there");
    assert_eq!(invoice["is_created_using_pos"], 1);
    assert_eq!(invoice["pos_closing_entry"], closing["name"]);
    assert_eq!(closing["sales_invoices"][0]["sales_invoice"], invoice["name"]);
}

#[test]
fn a_shift_of_yesterday_is_opened_today_and_a_person_sees_it() {
    let mut world = world(InvoiceType::PosInvoice);
    let opening = world.open_shift();
    let sold = world.sell(cart(vec![line("KG-005", 2.0)]));
    world.now_ms += DAY_MS;

    let outcome = world.post(opening);

    let Outcome::Booked { differences, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(differences.len(), 1);
    assert_eq!(differences[0].field, "period_start_date");
    // The sale keeps its own day.
    world.post_exactly(sold);
    assert_eq!(world.with_id("POS Invoice", sold)[0]["posting_date"], "2026-11-24");
}

#[test]
fn a_sale_under_an_outdated_opening_waits_for_a_person() {
    let mut world = world(InvoiceType::PosInvoice);
    let opening = world.open_shift();
    world.post_exactly(opening);
    let sold = world.sell(cart(vec![line("KG-005", 2.0)]));
    world.now_ms += DAY_MS;

    let outcome = world.post(sold);

    let Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
    assert_eq!(refusal.kind, RefusalKind::Opening);
}
