//! POS Opening Entry.

use crate::{
    documents::{Action, Saving},
    json::{Doc, is_set, rows, set, text},
    refused::Refused,
    site::{StandIn, Version},
};

impl StandIn {
    pub(crate) fn validate_opening(&self, saving: &Saving<'_>, doc: &mut Doc) -> Result<(), Refused> {
        let (profile, company) = (text(doc, "pos_profile").to_owned(), text(doc, "company").to_owned());
        if self.store.text("POS Profile", &profile, "company") != company {
            return Err(Refused::plain(format!("POS Profile {profile} does not belongs to company {company}")));
        }
        let user = text(doc, "user").to_owned();
        let is_enabled =
            user == "Administrator" || self.store.get("User", &user).is_some_and(|user| is_set(user, "enabled"));
        if !is_enabled {
            return Err(Refused::plain(format!("User {user} is disabled. Please select valid user/cashier")));
        }
        let without: Vec<&str> = rows(doc, "balance_details")
            .map(|row| text(row, "mode_of_payment"))
            .filter(|mode| self.account_of_mode(mode, &company).is_empty())
            .collect();
        if !without.is_empty() {
            let message = format!("Please set default Cash or Bank account in Mode of Payments {}", without.join(", "));
            return Err(Refused::titled("Missing Account", message));
        }
        if self.settings.version == Version::V16 && saving.before.is_none() {
            self.check_alone(&profile, &user)?;
        }
        set(doc, "status", if saving.action == Action::Submit { "Open" } else { "Draft" });
        Ok(())
    }

    /// Version 16: one open entry for a profile, and one for a user.
    fn check_alone(&self, profile: &str, user: &str) -> Result<(), Refused> {
        let open = || self.store.all("POS Opening Entry").filter(|entry| text(entry, "status") == "Open");
        if open().any(|entry| text(entry, "pos_profile") == profile) {
            let message = format!("POS Profile <strong>{profile}</strong> already has an open POS Opening Entry.");
            return Err(Refused::titled("POS Opening Entry Exists", message));
        }
        if open().any(|entry| text(entry, "user") == user) {
            let message = format!("Cashier <strong>{user}</strong> already has an open POS Opening Entry.");
            return Err(Refused::titled("POS Opening Entry Exists", message));
        }
        Ok(())
    }

    /// Mode of Payment Account of a company; empty where there is none.
    pub(crate) fn account_of_mode(&self, mode: &str, company: &str) -> String {
        let doc = self.store.get("Mode of Payment", mode);
        let mut accounts = doc.into_iter().flat_map(|doc| rows(doc, "accounts"));
        accounts.find(|row| text(row, "company") == company).map_or("", |row| text(row, "default_account")).to_owned()
    }

    /// Whether somebody may sell under a profile now.
    pub(crate) fn check_opening(&self, profile: &str) -> Result<(), Refused> {
        if !self.may("POS Opening Entry", "r") && !self.may("POS Opening Entry", "l") {
            return Err(Refused::of(
                403,
                "frappe.exceptions.PermissionError",
                "Message",
                format!(
                    "User <strong>{}</strong> does not have doctype access via role permission for document \
                     <strong>POS Opening Entry</strong>",
                    self.user
                ),
            ));
        }
        let mut open = self
            .store
            .with("POS Opening Entry", "pos_profile", profile)
            .filter(|entry| text(entry, "status") == "Open" && crate::json::number(entry, "docstatus") == 1.0);
        let Some(entry) = open.next() else {
            return Err(Refused::titled(
                "POS Opening Entry Missing",
                format!("No open POS Opening Entry found for POS Profile <strong>{profile}</strong>."),
            ));
        };
        let today = self.now().date().to_string();
        if self.settings.version == Version::V16 && !text(entry, "period_start_date").starts_with(&today) {
            return Err(Refused::titled(
                "Outdated POS Opening Entry",
                format!(
                    "POS Opening Entry - {} is outdated. Please close the POS and create a new POS Opening Entry.",
                    text(entry, "name")
                ),
            ));
        }
        Ok(())
    }
}
