//! What happens to every document: made, changed, submitted, cancelled, deleted, renamed, in Frappe's order.

use crate::{
    json::{Doc, field, is_blank, set, text},
    meta::{self, DocType},
    refused::Refused,
    site::{Body, StandIn, WebhookCall, known_doctype},
};
use serde_json::Value;

/// What is being done to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Save,
    Submit,
    UpdateAfterSubmit,
    Cancel,
}

/// A document that is being saved, and what it was before.
pub(crate) struct Saving<'a> {
    pub(crate) meta: &'static DocType,
    pub(crate) action: Action,
    /// Nothing for a new document.
    pub(crate) before: Option<&'a Doc>,
}

impl StandIn {
    /// Makes a document; answers its name.
    pub(crate) fn insert(&mut self, doctype: &str, sent: Doc) -> Result<String, Refused> {
        let meta = known_doctype(doctype).ok_or_else(|| Refused::missing("DocType", doctype))?;
        let mut doc = sent;
        doc.retain(|name, _| !name.starts_with('_') && !matches!(name.as_str(), "owner" | "creation" | "modified_by"));
        let docstatus = crate::json::number(&doc, "docstatus") as u8;
        let action = match docstatus {
            0 => Action::Save,
            1 => Action::Submit,
            other => return Err(transition(0, other)),
        };
        if action == Action::Submit {
            self.check_permission(doctype, "s")?;
        }
        self.set_defaults(meta, &mut doc);
        let stamp = self.stamp();
        for (name, value) in [("creation", &stamp), ("modified", &stamp)] {
            set(&mut doc, name, value.as_str());
        }
        set(&mut doc, "owner", self.user.as_str());
        set(&mut doc, "modified_by", self.user.as_str());
        set(&mut doc, "docstatus", docstatus);
        set(&mut doc, "doctype", doctype);
        self.check_links(meta, &mut doc)?;
        self.check_permission(doctype, "c")?;
        self.set_new_name(meta, &mut doc)?;
        self.reset_levels(meta, &mut doc, None);
        let saving = Saving { meta, action, before: None };
        self.validate(&saving, &mut doc)?;
        self.name_rows(meta, &mut doc, false);
        fill_numbers(meta, self.custom_fields(doctype), &mut doc);
        self.check_mandatory(meta, &doc)?;
        self.check_unique(meta, &doc)?;
        let name = text(&doc, "name").to_owned();
        self.store.put(doctype, doc);
        self.saved(&saving, &name)?;
        self.call_webhooks(doctype, &name, "after_insert");
        self.call_webhooks(doctype, &name, "on_update");
        if action == Action::Submit {
            self.call_webhooks(doctype, &name, "on_submit");
        }
        Ok(name)
    }

    /// Changes a document: what is sent is put over what is there.
    pub(crate) fn update(&mut self, doctype: &str, name: &str, sent: Doc) -> Result<(), Refused> {
        let meta = known_doctype(doctype).ok_or_else(|| Refused::missing("DocType", doctype))?;
        let before = self.stored(meta, name).ok_or_else(|| Refused::missing(doctype, name))?;
        let was = crate::json::number(&before, "docstatus") as u8;
        let is = sent.get("docstatus").and_then(crate::json::as_number).map_or(was, |value| value as u8);
        let action = match (was, is) {
            (0, 0) => Action::Save,
            (0, 1) => Action::Submit,
            (1, 1) => Action::UpdateAfterSubmit,
            (1, 2) => Action::Cancel,
            (2, _) => {
                return Err(Refused { title: "", ..Refused::plain("Cannot edit cancelled document") });
            }
            (was, is) => return Err(transition(was, is)),
        };
        let right = match action {
            Action::Save | Action::UpdateAfterSubmit => "w",
            Action::Submit => "s",
            Action::Cancel => "x",
        };
        self.check_permission(doctype, right)?;
        self.check_latest(&before, &sent)?;
        let mut doc = stored_numbers(&before);
        for (fieldname, value) in sent {
            if !matches!(fieldname.as_str(), "owner" | "creation" | "modified" | "modified_by" | "name" | "doctype") {
                set(&mut doc, &fieldname, value);
            }
        }
        let stamp = self.stamp();
        set(&mut doc, "modified", stamp);
        set(&mut doc, "modified_by", self.user.as_str());
        set(&mut doc, "docstatus", is);
        self.reset_levels(meta, &mut doc, Some(&before));
        if action == Action::UpdateAfterSubmit {
            self.check_after_submit(meta, &before, &doc)?;
        }
        if action != Action::Cancel {
            self.check_links(meta, &mut doc)?;
        }
        self.name_rows(meta, &mut doc, false);
        let saving = Saving { meta, action, before: Some(&before) };
        self.validate(&saving, &mut doc)?;
        self.name_rows(meta, &mut doc, false);
        fill_numbers(meta, self.custom_fields(doctype), &mut doc);
        if action != Action::Cancel {
            self.check_mandatory(meta, &doc)?;
        }
        self.check_unique(meta, &doc)?;
        self.store.put(doctype, doc);
        self.saved(&saving, name)?;
        let event = match action {
            Action::Save => "on_update",
            Action::Submit => "on_submit",
            Action::UpdateAfterSubmit => "on_update_after_submit",
            Action::Cancel => "on_cancel",
        };
        self.call_webhooks(doctype, name, event);
        if action == Action::Submit {
            self.call_webhooks(doctype, name, "on_update");
        }
        Ok(())
    }

    /// Deletes a document and remembers that it did.
    pub(crate) fn delete(&mut self, doctype: &str, name: &str) -> Result<(), Refused> {
        let doc = self.store.get(doctype, name).cloned();
        let doc = doc.ok_or_else(|| Refused { title: "", ..Refused::missing(doctype, name) })?;
        self.check_permission(doctype, "d")?;
        if crate::json::number(&doc, "docstatus") == 1.0 {
            return Err(Refused::plain(format!(
                "{doctype} {name}: Submitted Record cannot be deleted. You must <a href='https://docs.erpnext.com//docs/\
                 user/manual/en/setting-up/articles/delete-submitted-document' target='_blank'> Cancel </a> it first."
            )));
        }
        if let Some((other, holder)) = self.link_to(doctype, name) {
            let message = format!(
                "Cannot delete or cancel because {doctype} <a href=\"/app/Form/{doctype}/{name}\">{name}</a> is linked \
                 with {other} <a href=\"/app/Form/{other}/{holder}\">{holder}</a> "
            );
            let message = if doctype == "Item" {
                "You can disable this Item instead of deleting it.".to_owned()
            } else {
                message
            };
            return Err(Refused::class("frappe.exceptions.LinkExistsError", message));
        }
        self.call_webhooks(doctype, name, "on_trash");
        self.store.remove(doctype, name);
        let stamp = self.stamp();
        let mut deleted = Doc::new();
        for (fieldname, value) in [
            ("name", self.hash_name()),
            ("doctype", "Deleted Document".into()),
            ("owner", self.user.clone()),
            ("modified_by", self.user.clone()),
            ("creation", stamp.clone()),
            ("modified", stamp),
            ("deleted_doctype", doctype.to_owned()),
            ("deleted_name", name.to_owned()),
            ("data", Value::Object((*doc).clone()).to_string()),
        ] {
            set(&mut deleted, fieldname, value);
        }
        set(&mut deleted, "docstatus", 0);
        self.store.put("Deleted Document", deleted);
        Ok(())
    }

    /// Renames a document. Links to it follow, without a new `modified` and without a trace among deletions.
    pub(crate) fn rename(&mut self, doctype: &str, old: &str, new: &str) -> Result<(), Refused> {
        self.check_permission(doctype, "w")?;
        let doc = self.store.get(doctype, old).cloned().ok_or_else(|| Refused::missing(doctype, old))?;
        if self.store.has(doctype, new) {
            return Err(Refused::plain(format!("Another {doctype} with name {new} exists, select another name")));
        }
        let mut renamed = (*doc).clone();
        set(&mut renamed, "name", new);
        for fieldname in ["item_code", "batch_id"] {
            if text(&renamed, fieldname) == old {
                set(&mut renamed, fieldname, new);
            }
        }
        self.store.remove(doctype, old);
        self.store.put(doctype, renamed);
        for meta in meta::all() {
            let holders: Vec<Doc> = self.store.all(&meta.name).map(|doc| (**doc).clone()).collect();
            for mut holder in holders {
                if relink(meta, &mut holder, doctype, old, new) {
                    self.store.put(&meta.name, holder);
                }
            }
        }
        Ok(())
    }

    /// A document as the database has it, which keeps nine decimals.
    pub(crate) fn read(&self, doctype: &str, name: &str) -> Result<Value, Refused> {
        let meta = known_doctype(doctype).ok_or_else(|| Refused::missing("DocType", doctype))?;
        let doc = self.stored(meta, name).ok_or_else(|| Refused::missing(doctype, name))?;
        Ok(Value::Object(shown(meta, &stored_numbers(&doc))))
    }

    /// A document as the request that saved it sees it, with all decimals.
    pub(crate) fn just_saved(&self, doctype: &str, name: &str) -> Result<Value, Refused> {
        let meta = known_doctype(doctype).ok_or_else(|| Refused::missing("DocType", doctype))?;
        let doc = self.stored(meta, name).ok_or_else(|| Refused::missing(doctype, name))?;
        Ok(Value::Object(shown(meta, &doc)))
    }

    /// Calls a whitelisted method of a document.
    pub(crate) fn run_method(&mut self, doctype: &str, name: &str, method: &str) -> Result<Body, Refused> {
        let mut status = Doc::new();
        match (doctype, method) {
            (_, "submit") => set(&mut status, "docstatus", 1),
            (_, "cancel") => set(&mut status, "docstatus", 2),
            ("POS Closing Entry", "retry") => return self.retry_closing(name),
            _ => return Err(Refused::of(403, "frappe.exceptions.PermissionError", "Message", "Not permitted")),
        }
        self.update(doctype, name, status)?;
        self.just_saved(doctype, name).map(Body::data)
    }

    /// A stored document; of a single one that nobody saved yet an empty one.
    fn stored(&self, meta: &DocType, name: &str) -> Option<std::sync::Arc<Doc>> {
        let found = self.store.get(&meta.name, name).cloned();
        found.or_else(|| {
            let mut doc = Doc::new();
            set(&mut doc, "name", meta.name.as_str());
            set(&mut doc, "doctype", meta.name.as_str());
            (meta.is_single && name == meta.name).then(|| doc.into())
        })
    }

    fn check_latest(&self, before: &Doc, sent: &Doc) -> Result<(), Refused> {
        let (was, claimed) = (text(before, "modified"), text(sent, "modified"));
        if claimed.is_empty() || claimed == was {
            return Ok(());
        }
        Err(Refused::class(
            "frappe.exceptions.TimestampMismatchError",
            format!(
                "Error: Document has been modified after you have opened it ({was}, {}). Please refresh to get the \
                 latest document.",
                self.now().stamp()
            ),
        ))
    }

    fn check_after_submit(&self, meta: &DocType, before: &Doc, doc: &Doc) -> Result<(), Refused> {
        let custom = self.custom_fields(&meta.name).iter();
        for entry in meta.fields.iter().chain(custom) {
            if entry.allow_on_submit || entry.is_table() {
                continue;
            }
            let (was, is) = (field(before, &entry.name), field(doc, &entry.name));
            if was != is && !(is_blank(was) && is_blank(is)) {
                let show = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let message = format!(
                    " Not allowed to change <strong>{}</strong> after submission from <strong>{}</strong> to \
                     <strong>{}</strong>",
                    entry.label,
                    show(was),
                    show(is)
                );
                let class = "frappe.exceptions.UpdateAfterSubmitError";
                return Err(Refused::of(417, class, "Cannot Update After Submit", message));
            }
        }
        Ok(())
    }

    /// A document that holds a link to this one.
    fn link_to(&self, doctype: &str, name: &str) -> Option<(&'static str, String)> {
        meta::all().filter(|meta| meta.name != "Deleted Document").find_map(|meta| {
            let mut holders = self.store.all(&meta.name);
            let holder = holders.find(|doc| links(meta, doc, doctype, name))?;
            Some((meta.name.as_str(), text(holder, "name").to_owned()))
        })
    }

    fn call_webhooks(&mut self, doctype: &str, name: &str, event: &str) {
        if self.store.count("Webhook") == 0 {
            return;
        }
        let Some(document) = self.store.get(doctype, name).cloned() else {
            return;
        };
        let is_meant = |hook: &Doc| {
            text(hook, "webhook_doctype") == doctype
                && text(hook, "webhook_docevent") == event
                && field(hook, "enabled") != &Value::from(0)
        };
        for hook in self.store.all("Webhook").filter(|hook| is_meant(hook)) {
            self.pending_webhooks.push(WebhookCall {
                webhook: text(hook, "name").to_owned(),
                url: text(hook, "request_url").to_owned(),
                document: (*document).clone(),
            });
        }
    }
}

/// A change of `docstatus` that nobody may make.
fn transition(was: u8, is: u8) -> Refused {
    let name = |status: u8| ["Draft", "Submitted", "Cancelled"].get(usize::from(status)).copied().unwrap_or("?");
    let message = format!("Cannot change docstatus from {was} ({}) to {is} ({})", name(was), name(is));
    Refused { title: "", ..Refused::class("frappe.exceptions.DocstatusTransitionError", message) }
}

/// A document with its numbers as the database keeps them.
pub(crate) fn stored_numbers(doc: &Doc) -> Doc {
    fn stored(value: &Value) -> Value {
        match value {
            Value::Number(number) if number.is_f64() => {
                let number = number.as_f64().unwrap_or(0.0);
                let rounded = (number * 1e9).round() / 1e9;
                if number.abs() < 1e6 && rounded != number { rounded.into() } else { number.into() }
            }
            Value::Array(rows) => rows.iter().map(stored).collect(),
            Value::Object(row) => Value::Object(stored_numbers(row)),
            value => value.clone(),
        }
    }
    doc.iter().map(|(name, value)| (name.clone(), stored(value))).collect()
}

/// A document without nulls and without what is only the model's.
fn shown(meta: &DocType, doc: &Doc) -> Doc {
    let mut shown = Doc::new();
    for (name, value) in doc {
        if name.starts_with('_') || value.is_null() {
            continue;
        }
        let entry = meta.field(name);
        let value = match (entry, value) {
            (Some(entry), Value::Array(rows)) if entry.is_table() => {
                let child = meta::doctype(&entry.options);
                let row = |row: &Value| match (child, row) {
                    (Some(child), Value::Object(row)) => Value::Object(shown_row(child, row)),
                    (_, row) => row.clone(),
                };
                rows.iter().map(row).collect()
            }
            (Some(entry), _) if entry.kind == "Password" => "*".repeat(10).into(),
            (_, value) => value.clone(),
        };
        shown.insert(name.clone(), value);
    }
    for (table, _) in meta.tables() {
        if !shown.contains_key(&table.name) {
            shown.insert(table.name.clone(), Value::Array(Vec::new()));
        }
    }
    shown
}

fn shown_row(_: &DocType, row: &Doc) -> Doc {
    row.iter()
        .filter(|(name, value)| !name.starts_with('_') && !value.is_null())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Zeros where a number is missing, as the database has them.
fn fill_numbers(meta: &DocType, custom: &[meta::Field], doc: &mut Doc) {
    fn fill(fields: &[meta::Field], doc: &mut Doc) {
        for entry in fields.iter().filter(|entry| entry.is_numeric()) {
            let is_whole = matches!(entry.kind.as_str(), "Check" | "Int");
            let zero = || if is_whole { Value::from(0) } else { Value::from(0.0) };
            match doc.get_mut(&entry.name) {
                Some(Value::Number(number)) if is_whole => {
                    let whole = number.as_f64().unwrap_or(0.0) as i64;
                    *number = whole.into();
                }
                Some(value @ Value::Number(_)) => *value = value.as_f64().unwrap_or(0.0).into(),
                Some(value) => {
                    let number = crate::json::as_number(value).unwrap_or(0.0);
                    *value = if is_whole { (number as i64).into() } else { number.into() };
                }
                None => {
                    doc.insert(entry.name.clone(), zero());
                }
            }
        }
    }
    fill(&meta.fields, doc);
    fill(custom, doc);
    for (table, child) in meta.tables() {
        if let Some(Value::Array(rows)) = doc.get_mut(&table.name) {
            rows.iter_mut().filter_map(Value::as_object_mut).for_each(|row| fill(&child.fields, row));
        }
    }
}

/// Whether a document of `meta` holds a link to that one.
fn links(meta: &DocType, doc: &Doc, doctype: &str, name: &str) -> bool {
    let holds = |meta: &DocType, doc: &Doc| {
        let mut fields = meta.fields.iter().filter(|entry| entry.kind == "Link" && entry.options == doctype);
        fields.any(|entry| text(doc, &entry.name) == name)
    };
    holds(meta, doc)
        || meta.tables().any(|(table, child)| crate::json::rows(doc, &table.name).any(|row| holds(child, row)))
}

/// Lets the links of a document follow a rename; whether there were any.
fn relink(meta: &DocType, doc: &mut Doc, doctype: &str, old: &str, new: &str) -> bool {
    fn follow(meta: &DocType, doc: &mut Doc, doctype: &str, old: &str, new: &str) -> bool {
        let mut is_changed = false;
        for entry in meta.fields.iter().filter(|entry| entry.kind == "Link" && entry.options == doctype) {
            if text(doc, &entry.name) == old {
                set(doc, &entry.name, new);
                is_changed = true;
            }
        }
        is_changed
    }
    let mut is_changed = follow(meta, doc, doctype, old, new);
    for (table, child) in meta.tables() {
        if let Some(Value::Array(rows)) = doc.get_mut(&table.name) {
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                is_changed |= follow(child, row, doctype, old, new);
            }
        }
    }
    is_changed
}
