//! What the masters say: settings, rules, coupons, people, and each profile.

use super::{Finding, Findings, profile::of_profile};
use crate::{
    json::{check, number, text},
    masters::Masters,
    site::Site,
};

/// Judges what was read of a site.
pub fn of_masters(masters: &Masters, site: &Site) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut site_findings = Findings::about("Site");
    let profiles: Vec<_> = masters.documents("POS Profile").iter().collect();
    if profiles.is_empty() {
        site_findings.error(
            "There is no POS Profile, or the account sees none.",
            "Make a POS Profile in ERPNext, and check that no User Permission hides it.",
        );
    }
    found.extend(site_findings.found);
    found.extend(of_rules(masters, site));
    for profile in profiles {
        found.extend(of_profile(masters, profile));
    }
    found
}

/// Rules and coupons that make ERPNext itself fail.
fn of_rules(masters: &Masters, site: &Site) -> Vec<Finding> {
    let is_15 = site.erpnext.is_some_and(|version| version.major == 15);
    let mut found = Vec::new();
    for rule in masters.documents("Pricing Rule").iter().filter(|rule| !check(&rule["disable"])) {
        let mut findings = Findings::about(format!("Pricing Rule {}", text(&rule["name"])));
        if is_15 && number(&rule["threshold_percentage"]) > 0.0 {
            findings.error(
                "It has a threshold for suggestions, at which ERPNext 15 fails when a sale comes near it.",
                "Set \"Threshold for Suggestion\" to 0.",
            );
        }
        if rule["apply_on"] == "Transaction" && check(&rule["is_recursive"]) {
            findings.error(
                "It is recursive and applies to a transaction, at which ERPNext fails.",
                "Switch off \"Is Recursive\", or apply it to items.",
            );
        }
        if check(&rule["is_cumulative"]) {
            findings.note(
                "It counts earlier sales, of which a terminal without a network knows only a part.",
                "Nothing needs to be done: differences are shown on the console.",
            );
        }
        found.extend(findings.found);
    }
    for coupon in masters.documents("Coupon Code") {
        if is_15 && number(&coupon["maximum_use"]) == 0.0 {
            let mut findings = Findings::about(format!("Coupon Code {}", text(&coupon["name"])));
            findings.error(
                "It may be used any number of times, and ERPNext 15 refuses to submit a sale with such a coupon.",
                "Set \"Maximum Use\" to a high number.",
            );
            found.extend(findings.found);
        }
    }
    found
}
