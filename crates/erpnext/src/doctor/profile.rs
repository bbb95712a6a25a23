//! What can be wrong with a POS Profile.

use super::{Finding, Findings};
use crate::{
    json::{check, number, rows, text},
    masters::{Masters, policy},
};
use holdfast_engine::masters::Permit;
use serde_json::Value;

/// Judges one profile.
pub(super) fn of_profile(masters: &Masters, profile: &Value) -> Vec<Finding> {
    let mut findings = Findings::about(format!("POS Profile {}", text(&profile["name"])));
    if check(&profile["disabled"]) {
        findings.note("It is disabled.", "Enable it if a terminal is to sell under it.");
        return findings.found;
    }
    let at = Looking { masters, profile, company: text(&profile["company"]) };
    at.accounts(&mut findings);
    at.warehouse(&mut findings);
    at.prices(&mut findings);
    at.payments(&mut findings);
    at.taxes(&mut findings);
    at.parties(&mut findings);
    at.stock(&mut findings);
    findings.found
}

struct Looking<'a> {
    masters: &'a Masters,
    profile: &'a Value,
    company: String,
}

impl Looking<'_> {
    fn find(&self, doctype: &str, name: &str) -> Option<&Value> {
        self.masters.documents(doctype).iter().find(|row| row["name"] == name)
    }

    fn single(&self, doctype: &str) -> &Value {
        self.masters.documents(doctype).first().unwrap_or(&Value::Null)
    }

    fn field(&self, field: &str) -> String {
        text(&self.profile[field])
    }

    fn accounts(&self, findings: &mut Findings) {
        let of_company =
            |field: &str| self.find("Company", &self.company).map(|row| text(&row[field])).unwrap_or_default();
        let own = self.field("account_for_change_amount");
        let change = if own.is_empty() { of_company("default_cash_account") } else { own };
        if change.is_empty() {
            findings.error(
                "There is no account for change: a sale with change would be refused.",
                "Set \"Account for Change Amount\", or the company's default cash account.",
            );
        }
        let write_off = self.field("write_off_account");
        if write_off.is_empty() {
            findings.error(
                "There is no account for write-offs, which closing needs.",
                "Set \"Write Off Account\" and \"Write Off Cost Center\".",
            );
        }
        let cash = self.field("holdfast_cash_account");
        if cash.is_empty() {
            findings.warning(
                "There is no account for cash in and out: cash movements will wait on the console.",
                "Set \"Account for cash in and out\".",
            );
        }
        for account in [change, write_off, cash].iter().filter(|name| !name.is_empty()) {
            self.account(account, findings);
        }
    }

    fn account(&self, name: &str, findings: &mut Findings) {
        match self.find("Account", name) {
            None if self.masters.documents("Account").is_empty() => {}
            None => findings.error(format!("The account {name} does not exist."), "Choose another one."),
            Some(row) if check(&row["disabled"]) || check(&row["is_group"]) => findings.error(
                format!("The account {name} is disabled or a group: nothing can be booked to it."),
                "Choose another one.",
            ),
            Some(row) if row["company"] != self.company.as_str() => {
                findings
                    .error(format!("The account {name} is another company's."), "Choose one of the profile's company.");
            }
            Some(_) => {}
        }
    }

    fn warehouse(&self, findings: &mut Findings) {
        let name = self.field("warehouse");
        match self.find("Warehouse", &name) {
            None => findings.error("It has no warehouse, or one that does not exist.", "Choose a warehouse."),
            Some(row) if check(&row["disabled"]) || check(&row["is_group"]) => findings.error(
                format!("The warehouse {name} is disabled or a group: nothing can be sold from it."),
                "Choose another one.",
            ),
            Some(row) if row["company"] != self.company.as_str() => {
                findings.error(
                    format!("The warehouse {name} is another company's."),
                    "Choose one of the profile's company.",
                );
            }
            Some(_) => {}
        }
    }

    fn prices(&self, findings: &mut Findings) {
        let (name, currency) = (self.field("selling_price_list"), self.field("currency"));
        let Some(list) = self.find("Price List", &name) else {
            findings.error(
                "It has no price list, or one that does not exist: nothing has a price.",
                "Set \"Price List\" to one for selling.",
            );
            return;
        };
        if !check(&list["enabled"]) || !check(&list["selling"]) {
            findings.error(
                format!("The price list {name} is disabled or not for selling."),
                "Enable it for selling, or choose another one.",
            );
        }
        let company = self.find("Company", &self.company).map(|row| text(&row["default_currency"]));
        let company = company.unwrap_or_default();
        let list_currency = text(&list["currency"]);
        for foreign in [&list_currency, &currency].iter().filter(|foreign| ***foreign != company) {
            let has_rate = self.masters.documents("Currency Exchange").iter().any(|rate| {
                rate["from_currency"] == foreign.as_str()
                    && rate["to_currency"] == company.as_str()
                    && check(&rate["for_selling"])
            });
            if !has_rate {
                findings.error(
                    format!("There is no exchange rate from {foreign} to {company} for selling."),
                    "Add a Currency Exchange: a terminal without a network cannot ask anywhere else.",
                );
            }
        }
        let fraction = self.find("Currency", &currency).map(|row| number(&row["smallest_currency_fraction_value"]));
        let rounds = !check(&self.single("Global Defaults")["disable_rounded_total"]);
        if rounds && fraction == Some(0.0) {
            findings.warning(
                format!("{currency} has no smallest fraction, so totals are rounded to whole {currency}."),
                "Set \"Smallest Currency Fraction Value\" of the currency, or disable rounded totals in Global Defaults.",
            );
        }
    }

    fn payments(&self, findings: &mut Findings) {
        let payments = rows(&self.profile["payments"]);
        if payments.is_empty() {
            findings.error("It has no mode of payment.", "Add one, and make one the default.");
        } else if payments.iter().filter(|row| check(&row["default"])).count() != 1 {
            findings.error("Not exactly one mode of payment is the default.", "Make one the default.");
        }
        let mut has_cash = false;
        for name in payments.iter().map(|row| text(&row["mode_of_payment"])) {
            let Some(mode) = self.find("Mode of Payment", &name) else {
                findings.error(format!("The mode of payment {name} does not exist."), "Choose another one.");
                continue;
            };
            has_cash |= mode["type"] == "Cash";
            if !check(&mode["enabled"]) {
                findings.error(
                    format!("The mode of payment {name} is disabled."),
                    "Enable it, or take it off the profile.",
                );
            }
            if !rows(&mode["accounts"]).iter().any(|row| row["company"] == self.company.as_str()) {
                findings.error(
                    format!("The mode of payment {name} has no account for {}.", self.company),
                    "Add the company with its account to the mode of payment.",
                );
            }
        }
        if !has_cash {
            findings.note("No mode of payment is of type Cash, so no drawer is counted.", "Nothing needs to be done.");
        }
    }

    fn taxes(&self, findings: &mut Findings) {
        let name = self.field("taxes_and_charges");
        if name.is_empty() {
            findings
                .note("It has no tax template.", "Set one, unless your sales bear no taxes or Tax Rules find them.");
            return;
        }
        match self.find("Sales Taxes and Charges Template", &name) {
            Some(row) if !check(&row["disabled"]) && row["company"] == self.company.as_str() => {}
            _ => findings.error(
                format!("The tax template {name} does not exist, is disabled or is another company's."),
                "Choose another one.",
            ),
        }
    }

    fn parties(&self, findings: &mut Findings) {
        let customer = self.field("customer");
        if customer.is_empty() {
            findings.note("It has no default customer: each sale asks for one.", "Set one for walk-in sales.");
        } else if !self.masters.serves(&customer) {
            findings.error(
                format!("The default customer {customer} does not exist, is disabled or frozen."),
                "Enable it, or choose another one.",
            );
        }
        if self.masters.people(&self.field("name")).is_empty() {
            findings.error(
                "Nobody may sign in under it.",
                "Give employees a \"Role at the counter\", or name users under \"Applicable for Users\".",
            );
        }
    }

    fn stock(&self, findings: &mut Findings) {
        let allows_negative = check(&self.single("Stock Settings")["allow_negative_stock"]);
        if !allows_negative && policy(self.profile).negative_stock != Permit::Refused {
            findings.note(
                "ERPNext does not allow negative stock, and a terminal without a network may sell more than there is.",
                "Such a sale waits on the console until stock is entered. Allow negative stock in Stock Settings if that is \
                 too much work.",
            );
        }
        if !check(&self.profile["update_stock"]) {
            findings.note("It does not update stock.", "Switch on \"Update Stock\" if sales are to move stock.");
        }
    }
}
