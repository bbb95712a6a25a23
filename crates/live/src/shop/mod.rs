//! A test company of its own on the site: chart of accounts, goods, prices, deals, people, two POS Profiles.
//!
//! Everything carries the run's mark in its name, so that it can be told from what was there, and cleared away.

mod deals;
mod goods;
mod money;
mod people;

use crate::site::{Site, text};
use anyhow::{Context, Result};
use serde_json::{Value, json};

pub(crate) use deals::COUPON;
pub(crate) use goods::{OPENING, batches, serials};

/// What was made.
#[derive(Clone, Debug)]
pub(crate) struct Shop {
    /// The mark: at the beginning of every name, and the company's abbreviation.
    pub(crate) mark: String,
    /// The Company's name.
    pub(crate) company: String,
    /// Its currency: the site's default one.
    pub(crate) currency: String,
    /// The Company as ERPNext filled it in.
    pub(crate) accounts: Accounts,
    /// The cashier's account.
    pub(crate) cashier: String,
    /// The cashier's password, made for this run.
    pub(crate) password: String,
    /// The Employee.
    pub(crate) employee: String,
}

/// Accounts that matter for the checks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accounts {
    /// `default_income_account`.
    pub(crate) income: String,
    /// `default_receivable_account`.
    pub(crate) receivable: String,
    /// `write_off_account`.
    pub(crate) write_off: String,
    /// `round_off_account`.
    pub(crate) round_off: String,
    /// `default_expense_account`.
    pub(crate) expense: String,
    /// `cost_center`.
    pub(crate) cost_center: String,
}

/// Prices include the tax, totals are not rounded, customers may owe.
pub(crate) const INCLUSIVE: &str = "Till";

/// Two taxes come on top, totals are rounded to what cash there is.
pub(crate) const EXCLUSIVE: &str = "Stall";

impl Shop {
    /// A thing's name on the site.
    pub(crate) fn name(&self, what: &str) -> String {
        format!("{} {what}", self.mark)
    }

    /// An item's code.
    pub(crate) fn code(&self, what: &str) -> String {
        format!("{}-{what}", self.mark)
    }

    /// The name of something that ERPNext ends with the company's abbreviation: account, warehouse, template.
    pub(crate) fn of_company(&self, what: &str) -> String {
        format!("{what} - {}", self.mark)
    }

    /// The warehouse that is sold from.
    pub(crate) fn warehouse(&self) -> String {
        self.of_company("Floor")
    }

    /// Makes it all.
    pub(crate) async fn make(site: &Site, mark: &str, today: &str) -> Result<Self> {
        let defaults = site.get("Global Defaults", "Global Defaults").await?;
        let currency = text(&defaults, "default_currency");
        let currency = if currency.is_empty() { "USD".to_owned() } else { currency };
        let country = Some(text(&defaults, "country")).filter(|country| !country.is_empty());
        let mut shop = Self {
            mark: mark.to_owned(),
            company: format!("{mark} Trading"),
            currency,
            accounts: Accounts::default(),
            cashier: format!("{}@example.com", mark.to_lowercase()),
            password: format!("{}{}!", crate::random_text(12), mark),
            employee: String::new(),
        };
        shop.found_company(site, &country.unwrap_or_else(|| "United States".to_owned())).await?;
        money::make(site, &shop, today).await.context("accounts, modes of payment, taxes")?;
        goods::make(site, &shop, today).await.context("goods")?;
        people::make(site, &mut shop, today).await.context("people")?;
        deals::make(site, &shop, today).await.context("deals")?;
        shop.make_profiles(site).await.context("profiles")?;
        Ok(shop)
    }

    async fn found_company(&mut self, site: &Site, country: &str) -> Result<()> {
        let company = site
            .insert(
                "Company",
                json!({
                    "company_name": self.company, "abbr": self.mark, "default_currency": self.currency,
                    "country": country, "create_chart_of_accounts_based_on": "Standard Template",
                    "chart_of_accounts": "Standard", "enable_perpetual_inventory": 1,
                }),
            )
            .await?;
        let company = site.get("Company", &text(&company, "name")).await?;
        self.accounts = Accounts {
            income: text(&company, "default_income_account"),
            receivable: text(&company, "default_receivable_account"),
            write_off: text(&company, "write_off_account"),
            round_off: text(&company, "round_off_account"),
            expense: text(&company, "default_expense_account"),
            cost_center: text(&company, "cost_center"),
        };
        Ok(())
    }

    async fn make_profiles(&self, site: &Site) -> Result<()> {
        let common = json!({
            "company": self.company, "currency": self.currency, "warehouse": self.warehouse(), "update_stock": 1,
            "customer": self.name("Walk-in"), "selling_price_list": self.name("Retail"),
            "write_off_account": self.accounts.write_off, "write_off_cost_center": self.accounts.cost_center,
            "write_off_limit": 1, "cost_center": self.accounts.cost_center, "income_account": self.accounts.income,
            "expense_account": self.accounts.expense, "account_for_change_amount": self.of_company("Drawer"),
            "apply_discount_on": "Grand Total", "allow_rate_change": 1, "allow_discount_change": 1,
            "payments": [
                {"mode_of_payment": self.name("Cash"), "default": 1, "allow_in_returns": 1},
                {"mode_of_payment": self.name("Card"), "default": 0, "allow_in_returns": 1},
            ],
            "item_groups": [{"item_group": self.name("Goods")}],
            "customer_groups": [
                {"customer_group": self.name("Customers")},
                {"customer_group": self.name("Traders")},
            ],
            "applicable_for_users": [{"user": self.cashier, "default": 0}],
        });
        let own = [
            (
                INCLUSIVE,
                json!({"taxes_and_charges": self.of_company("Included"), "disable_rounded_total": 1, "allow_partial_payment": 1}),
            ),
            (EXCLUSIVE, json!({"taxes_and_charges": self.of_company("Added")})),
        ];
        for (name, fields) in own {
            let mut profile = common.clone();
            profile["__newname"] = self.name(name).into();
            profile["name"] = self.name(name).into();
            for (field, value) in fields.as_object().expect("it is written so") {
                profile[field] = value.clone();
            }
            site.insert("POS Profile", profile).await?;
        }
        Ok(())
    }
}

/// The root of a tree such as Item Group.
async fn root_of(site: &Site, doctype: &str, parent_field: &str) -> Result<String> {
    let roots = site.names(doctype, json!([[parent_field, "in", ["", null]], ["is_group", "=", 1]])).await?;
    roots.first().cloned().with_context(|| format!("the site has a root {doctype}"))
}

/// Whether a document of this name is there.
async fn is_there(site: &Site, doctype: &str, filters: Value) -> Result<bool> {
    Ok(!site.names(doctype, filters).await?.is_empty())
}
