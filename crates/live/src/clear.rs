//! Takes a run's things off the site again, as far as ERPNext allows, and says what stays.

use crate::site::{Site, text};
use anyhow::{Result, bail};
use holdfast_erpnext::Request;
use serde_json::{Value, json};
use std::time::Duration;

/// How long ERPNext's own deletion of a company's transactions may take, in seconds.
const DELETION_S_MAX: u32 = 600;

/// What is deleted one by one, in an order in which nothing that is left refers to it.
const DOCTYPES: [(&str, &str); 25] = [
    ("Coupon Code", "coupon_name"),
    ("Pricing Rule", "title"),
    ("POS Profile", "name"),
    ("Product Bundle", "new_item_code"),
    ("Item Price", "item_code"),
    ("Serial No", "name"),
    ("Batch", "name"),
    ("Item", "name"),
    ("Item Group", "name"),
    ("Employee", "company"),
    ("Loyalty Point Entry", "company"),
    ("Customer", "name"),
    ("Loyalty Program", "name"),
    ("Customer Group", "name"),
    ("Price List", "name"),
    ("Territory", "name"),
    ("Mode of Payment", "name"),
    ("Item Tax Template", "company"),
    ("Sales Taxes and Charges Template", "company"),
    ("Tax Category", "name"),
    ("Contact", "name"),
    ("Address", "name"),
    ("Transaction Deletion Record", "company"),
    ("User", "first_name"),
    ("Company", "name"),
];

/// Clears away everything that carries the mark.
pub(crate) async fn clear(site: &Site, mark: &str) -> Result<()> {
    if mark.is_empty() {
        bail!("a mark is needed");
    }
    let like = json!(["like", format!("{mark}%")]);
    let mut stays = Vec::new();
    for company in site.names("Company", json!({"name": like})).await? {
        if let Err(error) = delete_transactions(site, &company).await {
            stays.push(format!("transactions of {company}: {error:#}"));
        }
    }
    for (doctype, field) in DOCTYPES {
        for name in site.names(doctype, json!({field: like})).await? {
            if let Err(error) = delete(site, doctype, &name).await {
                stays.push(format!("{doctype} {name}: {error:#}"));
            }
        }
    }
    if stays.is_empty() {
        println!("Everything with the mark {mark} is off the site.");
    } else {
        println!("This stays on the site:\n  {}", stays.join("\n  "));
    }
    Ok(())
}

async fn delete(site: &Site, doctype: &str, name: &str) -> Result<()> {
    if doctype == "Transaction Deletion Record" {
        site.ask(Request::update(doctype, name, json!({"docstatus": 2}))).await.ok();
    }
    site.ask(Request::delete(doctype, name)).await.map(|_| ())
}

/// ERPNext's own way to be rid of a company's transactions, ledgers included.
async fn delete_transactions(site: &Site, company: &str) -> Result<()> {
    let record = json!({"company": company, "process_in_single_transaction": 1, "docstatus": 1});
    let name = site.insert_named("Transaction Deletion Record", record).await?;
    let start = json!({"dt": "Transaction Deletion Record", "dn": name, "method": "start_deletion_tasks"});
    site.ask(Request::call("run_doc_method", start)).await?;
    for _ in 0..DELETION_S_MAX {
        let record: Value = site.get("Transaction Deletion Record", &name).await?;
        match text(&record, "status").as_str() {
            "Completed" => return Ok(()),
            "Failed" => bail!("{}", text(&record, "error_log")),
            _ => tokio::time::sleep(Duration::from_secs(1)).await,
        }
    }
    bail!("ERPNext's deletion is not through")
}
