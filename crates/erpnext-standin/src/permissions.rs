//! Who may do what: roles, standard rows and Custom DocPerm.

use crate::{
    json::{is_set, number, rows, text},
    meta::{self, DocType, Permission},
    refused::Refused,
    site::StandIn,
};

/// A right's letter and its field in Custom DocPerm.
const RIGHTS: &[(char, &str)] = &[
    ('r', "read"),
    ('w', "write"),
    ('c', "create"),
    ('d', "delete"),
    ('s', "submit"),
    ('x', "cancel"),
    ('a', "amend"),
    ('l', "select"),
];

impl StandIn {
    /// Whether the user of the request has a right at level zero.
    pub(crate) fn may(&self, doctype: &str, right: &str) -> bool {
        self.may_at(doctype, right, 0)
    }

    /// Whether the user of the request has a right at a level.
    pub(crate) fn may_at(&self, doctype: &str, right: &str, permlevel: u8) -> bool {
        if self.user == "Administrator" {
            return true;
        }
        let Some(meta) = meta::doctype(doctype) else {
            return false;
        };
        let roles = self.roles();
        let grants = |row: &Permission| {
            row.permlevel == permlevel && row.rights.contains(right) && roles.iter().any(|role| *role == row.role)
        };
        let mut custom = self.store.with("Custom DocPerm", "parent", doctype).peekable();
        if custom.peek().is_some() {
            return custom.map(|doc| custom_permission(doc)).any(|row| grants(&row));
        }
        meta.permissions.iter().any(grants)
    }

    /// Refuses where the user lacks a right.
    pub(crate) fn check_permission(&self, doctype: &str, right: &str) -> Result<(), Refused> {
        if self.may(doctype, right) { Ok(()) } else { Err(Refused::permission(&self.user, doctype)) }
    }

    /// The roles of the user of the request.
    pub(crate) fn roles(&self) -> Vec<&str> {
        if self.user == "Guest" {
            return vec!["Guest"];
        }
        let user = self.store.get("User", &self.user);
        let own = user.into_iter().flat_map(|user| rows(user, "roles")).map(|row| text(row, "role"));
        own.chain(["All", "Guest", "Desk User"]).collect()
    }

    /// The rows that hold for a DocType: its own, or the custom ones where there are any.
    pub(crate) fn permissions_of(&self, meta: &DocType) -> Vec<Permission> {
        let custom: Vec<Permission> =
            self.store.with("Custom DocPerm", "parent", &meta.name).map(|doc| custom_permission(doc)).collect();
        if custom.is_empty() { meta.permissions.clone() } else { custom }
    }
}

fn custom_permission(doc: &crate::json::Doc) -> Permission {
    Permission {
        role: text(doc, "role").to_owned(),
        permlevel: number(doc, "permlevel") as u8,
        rights: RIGHTS.iter().filter(|(_, fieldname)| is_set(doc, fieldname)).map(|(letter, _)| *letter).collect(),
    }
}

/// The fields of Custom DocPerm that a permission's letters stand for.
pub(crate) fn right_fields(rights: &str) -> impl Iterator<Item = &'static str> {
    RIGHTS.iter().filter(move |(letter, _)| rights.contains(*letter)).map(|(_, fieldname)| *fieldname)
}
