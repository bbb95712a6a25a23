//! Accounts, modes of payment, taxes, the fiscal year.

use super::{Shop, is_there};
use crate::site::Site;
use anyhow::{Context, Result};
use serde_json::json;

pub(super) async fn make(site: &Site, shop: &Shop, today: &str) -> Result<()> {
    fiscal_year(site, today).await?;
    let taxes = group(site, shop, "Liability", "Tax").await?;
    let cash = group(site, shop, "Asset", "Cash").await?;
    let bank = group(site, shop, "Asset", "Bank").await?;
    let expenses = parent_of(site, &shop.accounts.write_off).await?;
    let accounts = [
        ("VAT", &taxes, "Tax"),
        ("Bottle Deposit", &taxes, "Tax"),
        ("Drawer", &cash, "Cash"),
        ("Terminal", &bank, "Bank"),
        ("Points", &expenses, "Expense Account"),
    ];
    for (name, parent, kind) in accounts {
        let account =
            json!({"account_name": name, "parent_account": parent, "company": shop.company, "account_type": kind});
        site.insert("Account", account).await?;
    }
    for (name, kind, account) in [("Cash", "Cash", "Drawer"), ("Card", "Bank", "Terminal")] {
        let accounts = json!([{"company": shop.company, "default_account": shop.of_company(account)}]);
        let mode = json!({"mode_of_payment": shop.name(name), "type": kind, "enabled": 1, "accounts": accounts});
        site.insert("Mode of Payment", mode).await?;
    }
    templates(site, shop).await
}

/// Makes the fiscal year of today if the site has none. It stays: others may have begun to use it.
async fn fiscal_year(site: &Site, today: &str) -> Result<()> {
    let filters = json!([["year_start_date", "<=", today], ["year_end_date", ">=", today], ["disabled", "=", 0]]);
    if is_there(site, "Fiscal Year", filters).await? {
        return Ok(());
    }
    let year = &today[..4];
    let dates =
        json!({"year": year, "year_start_date": format!("{year}-01-01"), "year_end_date": format!("{year}-12-31")});
    site.insert("Fiscal Year", dates).await.map(|_| ())
}

/// The first group of this kind in the company's chart, whatever the chart calls it.
async fn group(site: &Site, shop: &Shop, root: &str, kind: &str) -> Result<String> {
    let filters = json!({"company": shop.company, "is_group": 1, "root_type": root, "account_type": kind});
    site.names("Account", filters).await?.first().cloned().with_context(|| format!("the chart has a group of {kind}"))
}

async fn parent_of(site: &Site, account: &str) -> Result<String> {
    Ok(crate::site::text(&site.get("Account", account).await?, "parent_account"))
}

async fn templates(site: &Site, shop: &Shop) -> Result<()> {
    let row = |charge_type: &str, account: &str, rate: f64, is_included: bool| {
        json!({
            "charge_type": charge_type, "account_head": shop.of_company(account), "description": account, "rate": rate,
            "included_in_print_rate": u8::from(is_included), "cost_center": shop.accounts.cost_center,
        })
    };
    let included = [row("On Net Total", "VAT", 19.0, true)];
    let added = [row("On Net Total", "VAT", 19.0, false), row("On Item Quantity", "Bottle Deposit", 0.25, false)];
    for (title, rows) in [("Included", included.as_slice()), ("Added", &added)] {
        let template = json!({"title": title, "company": shop.company, "taxes": rows});
        site.insert("Sales Taxes and Charges Template", template).await?;
    }
    let reduced = json!([{"tax_type": shop.of_company("VAT"), "tax_rate": 7}]);
    site.insert("Item Tax Template", json!({"title": "Reduced", "company": shop.company, "taxes": reduced})).await?;
    Ok(())
}
