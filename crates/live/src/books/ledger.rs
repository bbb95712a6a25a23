//! The general ledger: every cent on the account where the receipts put it.

use crate::{
    checks::Checks,
    day::cents,
    shop::Shop,
    site::{Site, number, text},
    terminal::Sold,
};
use anyhow::Result;
use serde_json::json;
use std::collections::BTreeMap;

/// How much a closing may write off or round, company currency: what consolidation does to inclusive taxes.
const WRITE_OFF_MAX: f64 = 1.0;

pub(super) async fn check(site: &Site, shop: &Shop, sold: &[Sold], checks: &mut Checks) -> Result<()> {
    let filters = json!({"company": shop.company, "is_cancelled": 0});
    let entries = site.list("GL Entry", filters, &["account", "debit", "credit", "voucher_type"]).await?;
    let mut balances: BTreeMap<String, f64> = BTreeMap::new();
    for entry in &entries {
        *balances.entry(text(entry, "account")).or_default() += number(entry, "debit") - number(entry, "credit");
    }
    let balance = |account: &str| cents(balances.get(account).copied().unwrap_or_default());
    checks.amount("debits less credits", 0.0, cents(balances.values().sum()));
    for (account, expected) in expected(shop, sold) {
        checks.amount(&format!("balance of {account}"), expected, balance(&account));
    }
    let owed: f64 = sold.iter().map(|sale| sale.sale.invoice.outstanding_amount.max(0.0)).sum();
    let rest = [&shop.accounts.write_off, &shop.accounts.round_off].map(|account| balance(account).abs());
    let off = cents(balance(&shop.accounts.receivable) - owed).abs();
    checks.holds(off.max(rest[0]).max(rest[1]) <= WRITE_OFF_MAX, || {
        format!("receivable is {off} off, {} written off, {} rounded off", rest[0], rest[1])
    });
    println!(
        "  {} ledger entries; written off {:.2}, rounded off {:.2}, receivable off by {off:.2}",
        entries.len(),
        rest[0],
        rest[1]
    );
    Ok(())
}

/// The balances that follow from the receipts, debit above zero.
fn expected(shop: &Shop, sold: &[Sold]) -> BTreeMap<String, f64> {
    let mut expected: BTreeMap<String, f64> = BTreeMap::new();
    let mut add = |account: &str, amount: f64| *expected.entry(account.to_owned()).or_default() += amount;
    for sale in sold {
        let invoice = &sale.sale.invoice;
        for payment in &invoice.payments {
            add(&payment.account, payment.base_amount);
        }
        if invoice.base_change_amount != 0.0 {
            add(&shop.of_company("Drawer"), -invoice.base_change_amount);
        }
        for tax in &invoice.taxes {
            add(&tax.account_head, -tax.base_tax_amount_after_discount_amount);
        }
        for item in &invoice.items {
            add(&shop.accounts.income, -item.base_net_amount);
        }
        add(&shop.of_company("Points"), invoice.loyalty_amount);
    }
    expected.into_iter().map(|(account, amount)| (account, cents(amount))).collect()
}
