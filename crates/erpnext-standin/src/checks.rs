//! What Frappe itself checks of every document: defaults, links, mandatory and unique fields, permission levels.

use crate::{
    json::{Doc, field, is_blank, rows, set, text},
    meta::{DocType, Field},
    refused::Refused,
    site::StandIn,
};
use serde_json::{Value, json};

/// DocTypes that a site has always; where the model holds none of them, links to them are believed.
const BELIEVED: &[&str] = &[
    "Account",
    "Campaign",
    "Company",
    "Cost Center",
    "Country",
    "Customer Group",
    "Department",
    "Designation",
    "DocType",
    "Fiscal Year",
    "Gender",
    "Item Group",
    "Language",
    "Letter Head",
    "Print Format",
    "Print Heading",
    "Project",
    "Role",
    "Sales Partner",
    "Terms and Conditions",
    "Territory",
    "UOM",
    "User",
];

impl StandIn {
    /// Sets what fields say of themselves where nothing was sent.
    pub(crate) fn set_defaults(&self, meta: &DocType, doc: &mut Doc) {
        let custom = self.custom_fields(&meta.name);
        for entry in meta.fields.iter().chain(custom) {
            self.set_default(entry, doc);
        }
        for (table, child) in meta.tables() {
            if let Some(Value::Array(rows)) = doc.get_mut(&table.name) {
                for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                    row.retain(|name, _| !name.starts_with("__"));
                    child.fields.iter().for_each(|entry| self.set_default(entry, row));
                }
            }
        }
    }

    fn set_default(&self, entry: &Field, doc: &mut Doc) {
        if !is_blank(field(doc, &entry.name)) {
            return;
        }
        if entry.name == "naming_series" {
            let first = entry.options.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            set(doc, "naming_series", first.trim());
            return;
        }
        let Some(default) = entry.default.as_str().filter(|default| !default.is_empty()) else {
            return;
        };
        let value: Value = match default {
            "Today" => self.now().date().to_string().into(),
            "Now" | "now" if entry.kind == "Datetime" => self.now().stamp().into(),
            "Now" | "now" => self.now().time().into(),
            "__user" => self.user.as_str().into(),
            default if default.starts_with(':') => return,
            default if entry.is_numeric() => default.parse::<f64>().map_or(Value::Null, Value::from),
            default => default.into(),
        };
        set(doc, &entry.name, value);
    }

    /// Every link leads somewhere; what is fetched through links is set.
    pub(crate) fn check_links(&self, meta: &DocType, doc: &mut Doc) -> Result<(), Refused> {
        let mut missing = Vec::new();
        self.check_links_of(meta, doc, "", &mut missing);
        for (table, child) in meta.tables() {
            if let Some(Value::Array(rows)) = doc.get_mut(&table.name) {
                for (at, row) in rows.iter_mut().filter_map(Value::as_object_mut).enumerate() {
                    self.check_links_of(child, row, &format!("Row #{}: ", at + 1), &mut missing);
                }
            }
        }
        if missing.is_empty() { Ok(()) } else { Err(Refused::links(&missing)) }
    }

    fn check_links_of(&self, meta: &DocType, doc: &mut Doc, place: &str, missing: &mut Vec<String>) {
        let mut broken = Vec::new();
        for (name, value) in &*doc {
            let Some(value) = value.as_str().filter(|value| !value.is_empty()) else {
                continue;
            };
            let Some(entry) = meta.field(name).filter(|entry| entry.kind == "Link") else {
                continue;
            };
            if self.believes(meta, entry) || self.store.has(&entry.options, value) {
                continue;
            }
            broken.push(format!("{place}{}: {value}", entry.label));
        }
        if broken.is_empty() {
            self.fetch(meta, doc);
        }
        missing.extend(broken);
    }

    /// Whether a link is not looked at: by the controller, by the model, or because the site always has such documents.
    fn believes(&self, meta: &DocType, entry: &Field) -> bool {
        let target = entry.options.as_str();
        // The programs of these two complain about customer and item themselves, in their own words.
        let is_own = matches!(
            (meta.name.as_str(), entry.name.as_str()),
            ("POS Invoice", "customer" | "company_address")
                | ("POS Invoice Item", "item_code")
                | ("Sales Invoice Payment", "mode_of_payment")
        );
        is_own
            || target == "Serial and Batch Bundle"
            || crate::meta::doctype(target).is_none()
            || (BELIEVED.contains(&target) && self.store.count(target) == 0)
    }

    fn fetch(&self, meta: &DocType, doc: &mut Doc) {
        for entry in meta.fields.iter().filter(|entry| !entry.fetch_from.is_empty()) {
            if entry.fetch_if_empty && !is_blank(field(doc, &entry.name)) {
                continue;
            }
            let Some((link, source)) = entry.fetch_from.split_once('.') else {
                continue;
            };
            let Some(target) = meta.field(link) else {
                continue;
            };
            let Some(holder) = self.store.get(&target.options, text(doc, link)) else {
                continue;
            };
            let value = field(holder, source).clone();
            if !is_blank(&value) {
                set(doc, &entry.name, value);
            }
        }
    }

    /// Fields of a level that the user may not write keep what they had.
    pub(crate) fn reset_levels(&self, meta: &DocType, doc: &mut Doc, before: Option<&Doc>) {
        for entry in meta.fields.iter().filter(|entry| entry.permlevel > 0) {
            if !doc.contains_key(&entry.name) || self.may_at(&meta.name, "w", entry.permlevel) {
                continue;
            }
            let kept = before.and_then(|before| before.get(&entry.name)).cloned();
            let default = entry.default.as_str().and_then(|text| text.parse::<f64>().ok());
            let default = if entry.is_numeric() { json!(default.unwrap_or(0.0)) } else { Value::Null };
            set(doc, &entry.name, kept.unwrap_or(default));
        }
    }

    /// Nothing that must be there is missing.
    pub(crate) fn check_mandatory(&self, meta: &DocType, doc: &Doc) -> Result<(), Refused> {
        let (mut names, mut messages) = (Vec::new(), Vec::new());
        let custom = self.custom_fields(&meta.name);
        for entry in meta.fields.iter().chain(custom).filter(|entry| entry.is_mandatory) {
            if is_blank(field(doc, &entry.name)) {
                names.push(entry.name.clone());
                let kind = if entry.is_table() { "Data missing in table" } else { "Value missing for" };
                messages.push(if entry.is_table() {
                    format!("Error: {kind}: {}", entry.label)
                } else {
                    format!("Error: {kind} {}: {}", meta.name, entry.label)
                });
            }
        }
        for (table, child) in meta.tables() {
            for (at, row) in rows(doc, &table.name).enumerate() {
                for entry in child.fields.iter().filter(|entry| entry.is_mandatory) {
                    if is_blank(field(row, &entry.name)) {
                        names.push(entry.name.clone());
                        messages.push(format!(
                            "Error: <strong>{}</strong> Row #{}: Value missing for: {}",
                            child.name,
                            at + 1,
                            entry.label
                        ));
                    }
                }
            }
        }
        let Some(last) = messages.pop() else {
            return Ok(());
        };
        let exception = format!("[{}, {}]: {}", meta.name, text(doc, "name"), names.join(", "));
        Err(Refused { exception: Some(exception.into()), ..Refused::class("frappe.exceptions.MandatoryError", last) })
    }

    /// Neither the name nor a unique field is taken.
    pub(crate) fn check_unique(&self, meta: &DocType, doc: &Doc) -> Result<(), Refused> {
        let name = text(doc, "name");
        let is_new =
            !self.store.get(&meta.name, name).is_some_and(|other| field(other, "creation") == field(doc, "creation"));
        if is_new && !meta.is_single && self.store.has(&meta.name, name) {
            return Err(duplicate_name(&meta.name, name));
        }
        for entry in self.custom_fields(&meta.name).iter().filter(|entry| entry.is_unique) {
            let value = text(doc, &entry.name);
            if value.is_empty() {
                continue;
            }
            let mut others = self.store.with(&meta.name, &entry.name, value);
            if others.any(|other| text(other, "name") != name) {
                return Err(duplicate_value(&meta.name, name, entry, value));
            }
        }
        Ok(())
    }
}

fn duplicate_name(doctype: &str, name: &str) -> Refused {
    let exception =
        format!("('{doctype}', '{name}', IntegrityError(1062, \"Duplicate entry '{name}' for key 'PRIMARY'\"))");
    let message = format!("{doctype} <strong>{name}</strong> already exists");
    let class = "frappe.exceptions.DuplicateEntryError";
    Refused { exception: Some(exception.into()), ..Refused::of(409, class, "Duplicate Name", message) }
}

fn duplicate_value(doctype: &str, name: &str, entry: &Field, value: &str) -> Refused {
    let exception = format!(
        "('{doctype}', '{name}', IntegrityError(1062, \"Duplicate entry '{value}' for key '{}'\"))",
        entry.name
    );
    let class = "frappe.exceptions.UniqueValidationError";
    Refused { exception: Some(exception.into()), ..Refused::class(class, format!("{} must be unique", entry.label)) }
}
