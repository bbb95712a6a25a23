//! One POS Invoice for each sale, and in it what the receipt says.

use crate::{
    checks::Checks,
    day::NEWCOMER,
    shop::{COUPON, Shop},
    site::{Site, number, rows, text},
    terminal::Sold,
};
use anyhow::Result;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The unique field that carries Holdfast's id.
const ID: &str = "holdfast_id";

pub(super) async fn check(site: &Site, shop: &Shop, sold: &[Sold], checks: &mut Checks) -> Result<()> {
    let booked = site.list("POS Invoice", json!({"company": shop.company}), &["name", ID]).await?;
    checks.holds(booked.len() == sold.len(), || format!("{} sales, {} POS Invoices", sold.len(), booked.len()));
    let mut names: HashMap<String, Vec<String>> = HashMap::new();
    for row in &booked {
        names.entry(text(row, ID)).or_default().push(text(row, "name"));
    }
    for sale in sold {
        let of_sale = names.get(&sale.id.to_string()).map_or(&[][..], Vec::as_slice);
        checks.holds(of_sale.len() == 1, || format!("{}: booked {} times", sale.what, of_sale.len()));
        if let Some(name) = of_sale.first() {
            let document = site.get("POS Invoice", name).await?;
            check_one(shop, sale, &document, checks);
            check_return(sale, &document, &names, sold, checks);
        }
    }
    check_coupon(site, shop, sold, checks).await?;
    check_points(site, shop, sold, checks).await
}

fn check_one(shop: &Shop, sold: &Sold, document: &Value, checks: &mut Checks) {
    let (what, invoice) = (sold.what, &sold.sale.invoice);
    let amounts = [
        ("total", invoice.total),
        ("net_total", invoice.net_total),
        ("total_taxes_and_charges", invoice.total_taxes_and_charges),
        ("discount_amount", invoice.discount_amount),
        ("grand_total", invoice.grand_total),
        ("rounded_total", invoice.rounded_total),
        ("rounding_adjustment", invoice.rounding_adjustment),
        ("paid_amount", invoice.paid_amount),
        ("change_amount", invoice.change_amount),
        ("loyalty_amount", invoice.loyalty_amount),
        ("docstatus", 1.0),
    ];
    for (field, expected) in amounts {
        checks.amount(&format!("{what}: {field}"), expected, number(document, field));
    }
    let is_new = sold.sale.customer_entry.is_some();
    let customer = if is_new { shop.name(NEWCOMER) } else { invoice.customer.clone() };
    let field = if is_new { "customer_name" } else { "customer" };
    checks.text(&format!("{what}: {field}"), &customer, &text(document, field));
    checks.text(&format!("{what}: owner"), &shop.cashier, &text(document, "owner"));
    checks.text(&format!("{what}: pos_profile"), &sold.sale.pos_profile, &text(document, "pos_profile"));
    checks.text(&format!("{what}: posting_date"), &sold.sale.posted_local[..10], &text(document, "posting_date"));
    let items = rows(document, "items");
    checks.holds(items.len() == invoice.items.len(), || format!("{what}: {} rows in the books", items.len()));
    for (at, (item, booked)) in invoice.items.iter().zip(items).enumerate() {
        let row = format!("{what}: row {}", at + 1);
        checks.text(&format!("{row} item_code"), &item.item_code, &text(booked, "item_code"));
        checks.text(&format!("{row} uom"), &item.uom, &text(booked, "uom"));
        checks.text(&format!("{row} batch_no"), &item.batch_no, &text(booked, "batch_no"));
        checks.text(&format!("{row} serial_no"), &item.serial_nos.join("\n"), &text(booked, "serial_no"));
        let amounts = [
            ("qty", item.qty),
            ("stock_qty", item.stock_qty),
            ("rate", item.rate),
            ("amount", item.amount),
            ("net_rate", item.net_rate),
            ("net_amount", item.net_amount),
        ];
        for (field, expected) in amounts {
            checks.amount(&format!("{row} {field}"), expected, number(booked, field));
        }
    }
    let payments: Vec<&Value> = rows(document, "payments").iter().filter(|row| number(row, "amount") != 0.0).collect();
    let expected: Vec<_> = invoice.payments.iter().filter(|payment| payment.amount != 0.0).collect();
    checks.holds(payments.len() == expected.len(), || format!("{what}: {} payments in the books", payments.len()));
    for (payment, booked) in expected.iter().zip(payments) {
        checks.text(&format!("{what}: mode"), &payment.mode_of_payment, &text(booked, "mode_of_payment"));
        checks.amount(&format!("{what}: {}", payment.mode_of_payment), payment.amount, number(booked, "amount"));
    }
}

/// A return names the document of the sale that it gives back.
fn check_return(
    sold: &Sold,
    document: &Value,
    names: &HashMap<String, Vec<String>>,
    all: &[Sold],
    checks: &mut Checks,
) {
    let Some(entry) = sold.sale.returned.as_ref().and_then(|returned| returned.entry) else { return };
    let original = all.iter().find(|other| other.entry == entry).and_then(|other| names.get(&other.id.to_string()));
    let original = original.and_then(|names| names.first()).map_or("", String::as_str);
    checks.amount(&format!("{}: is_return", sold.what), 1.0, number(document, "is_return"));
    checks.text(&format!("{}: return_against", sold.what), original, &text(document, "return_against"));
}

async fn check_coupon(site: &Site, shop: &Shop, sold: &[Sold], checks: &mut Checks) -> Result<()> {
    let used = sold.iter().filter(|sale| !sale.sale.invoice.coupon_code.is_empty()).count();
    let coupons = site.list("Coupon Code", json!({"coupon_code": shop.code(COUPON)}), &["used"]).await?;
    checks.amount("the coupon's count", used as f64, coupons.first().map_or(-1.0, |row| number(row, "used")));
    Ok(())
}

/// Points earned and spent, return by return.
async fn check_points(site: &Site, shop: &Shop, sold: &[Sold], checks: &mut Checks) -> Result<()> {
    let filters = json!({"company": shop.company, "invoice_type": "POS Invoice"});
    let entries = site.list("Loyalty Point Entry", filters, &["loyalty_points"]).await?;
    let booked: f64 = entries.iter().map(|row| number(row, "loyalty_points")).sum();
    let spent: i64 = sold.iter().map(|sale| sale.sale.invoice.loyalty_points).sum();
    let earned: i64 = sold.iter().map(|sale| sale.points_earned).sum();
    checks.amount("loyalty points", (earned - spent) as f64, booked);
    Ok(())
}

/// Every shift is open no more, and its closing entries are through.
pub(super) async fn check_shifts(site: &Site, shop: &Shop, shifts: usize, checks: &mut Checks) -> Result<()> {
    let company = json!({"company": shop.company});
    let openings = site.list("POS Opening Entry", company.clone(), &["name", "status", "docstatus"]).await?;
    checks.holds(openings.len() >= shifts, || format!("{shifts} shifts, {} POS Opening Entries", openings.len()));
    for opening in &openings {
        checks.text(&format!("{} status", text(opening, "name")), "Closed", &text(opening, "status"));
    }
    let fields = ["name", "status", "docstatus", "grand_total", "error_message"];
    let closings = site.list("POS Closing Entry", company.clone(), &fields).await?;
    checks.holds(closings.len() >= shifts, || format!("{shifts} shifts, {} POS Closing Entries", closings.len()));
    for closing in &closings {
        let name = text(closing, "name");
        checks.text(&format!("{name} status"), "Submitted", &text(closing, "status"));
        checks.text(&format!("{name} error"), "", &text(closing, "error_message"));
    }
    let left = site.names(
        "POS Invoice",
        json!({"company": shop.company, "docstatus": 1, "consolidated_invoice": ["is", "not set"]}),
    );
    let left = left.await?;
    checks.holds(left.is_empty(), || format!("{} POS Invoices are in no closing", left.len()));
    println!("  {} shifts in {} parts", openings.len(), closings.len());
    Ok(())
}
