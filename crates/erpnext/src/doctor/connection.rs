//! What the first look at a site says.

use super::{Finding, Findings};
use crate::{
    heard::Trouble,
    site::{InvoiceType, OLDEST, Site, Version, Zone},
};

/// The newest release line whose answers are known.
const NEWEST_MAJOR: u16 = 16;

/// How far two clocks may be apart before somebody should look, milliseconds.
const CLOCK_APART_MS_MAX: i64 = 60_000;

/// Judges what came of [`crate::site::Look`].
pub fn of_connection(look: &Result<Site, Trouble>) -> Vec<Finding> {
    let mut findings = Findings::about("Connection");
    match look {
        Err(Trouble::SignedOut) => findings.error(
            "The site does not accept the sign-in.",
            "Check key and secret, or sign in again; a disabled user has no working key.",
        ),
        Err(Trouble::NotNow { .. }) => findings.error(
            "The site cannot be reached, or is busy or under maintenance.",
            "Check the address and the network, and try again.",
        ),
        Err(Trouble::Unclear) => findings.error(
            "Something answers at this address, but not as ERPNext does.",
            "Check that the address is that of the site itself, without a path.",
        ),
        Err(Trouble::Refused { status: 403, .. }) => {
            findings.error("The site takes us for a guest.", "Give a key and secret, or sign in.");
        }
        Err(Trouble::Refused { message, .. }) => {
            findings.error(format!("The site refuses: {message}"), "Look at the site's error log.");
        }
        Ok(site) => of_site(site, &mut findings),
    }
    findings.found
}

fn of_site(site: &Site, findings: &mut Findings) {
    match site.erpnext {
        None => {
            findings.error("The site has no ERPNext.", "Check the address: another site may be on the same server.");
        }
        Some(version) if version < OLDEST => findings.error(
            format!("The site runs ERPNext {version}."),
            "Update it to version 15 or 16; older ones are not supported.",
        ),
        Some(version) if version.major > NEWEST_MAJOR => findings.warning(
            format!("The site runs ERPNext {version}, which is newer than this Holdfast."),
            "Look for a newer Holdfast before selling with it.",
        ),
        Some(_) => {}
    }
    if Zone::named(&site.time_zone).is_none() {
        findings.error(
            format!("The site's time zone \"{}\" is unknown.", site.time_zone),
            "Set Time Zone in System Settings.",
        );
    }
    if site.clock_ahead_ms.abs() > CLOCK_APART_MS_MAX {
        let seconds = site.clock_ahead_ms.abs() / 1000;
        let direction = if site.clock_ahead_ms > 0 { "ahead of" } else { "behind" };
        findings.warning(
            format!("The site's clock is {seconds} seconds {direction} this machine's."),
            "Let both machines set their clocks from the network.",
        );
    }
    if site.user == "Administrator" {
        findings.warning(
            "The hub signs in as Administrator.",
            "Make a user of its own and give it the role \"Holdfast\" only.",
        );
    }
    if site.invoice_type == InvoiceType::SalesInvoice {
        let newer = site.erpnext.unwrap_or_default() >= Version { major: 16, minor: 0, patch: 0 };
        if newer {
            findings.note(
                "POS Settings say that a sale becomes a Sales Invoice: it is booked at once, not at closing.",
                "Nothing needs to be done.",
            );
        }
    }
    if site.opens_daily() {
        findings.note(
            "In version 16 a POS Opening Entry must be of the day on which its sales are posted.",
            "Close shifts daily; sales that arrive a day later wait on the console for a decision.",
        );
    }
}
