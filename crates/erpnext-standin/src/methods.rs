//! Whitelisted functions: `/api/method/...`.

use crate::{
    json::{Doc, field, is_set, number, rows, set, text},
    lists::parsed,
    permissions::right_fields,
    refused::Refused,
    routes::object,
    site::{Body, StandIn, Version, known_doctype},
};
use holdfast_erpnext::Method;
use serde_json::{Value, json};
use std::sync::Arc;

impl StandIn {
    /// Calls a function by its dotted path.
    pub(crate) fn call(&mut self, method: Method, name: &str, arguments: &Doc) -> Result<Body, Refused> {
        if self.user == "Guest" && !matches!(name, "ping" | "frappe.ping" | "login") && !name.contains("oauth2") {
            return Err(Refused::of(403, "frappe.exceptions.PermissionError", "Message", "Not permitted"));
        }
        if let Some(client) = name.strip_prefix("frappe.client.") {
            return self.call_client(client, arguments);
        }
        if let Some(manager) = name.strip_prefix("frappe.core.page.permission_manager.permission_manager.") {
            return self.call_permission_manager(manager, arguments);
        }
        let last = name.rsplit('.').next().unwrap_or_default();
        match (name, last) {
            ("login", _) => Err(Refused::signed_out()),
            ("ping" | "frappe.ping", _) => Ok(Body::message("pong")),
            ("frappe.auth.get_logged_user", _) => Ok(Body::message(self.user.as_str())),
            ("frappe.utils.change_log.get_versions", _) => Ok(Body::message(self.versions())),
            ("frappe.utils.scheduler.get_scheduler_status", _) => Ok(Body::message(json!({ "status": "active" }))),
            (_, "get_batch_qty") => Ok(Body::message(self.batch_quantities(text(arguments, "warehouse")))),
            ("frappe.integrations.oauth2.get_token", _) => self.get_token(method, arguments),
            (_, "make_sales_return") => self.make_sales_return(text(arguments, "source_name")).map(Body::message),
            (_, "get_pos_invoices") => Ok(Body::message(self.pos_invoices(arguments))),
            (_, "check_opening_entry") => self.open_entries(text(arguments, "user")),
            (_, "get_stock_availability") => {
                let (item, warehouse) = (text(arguments, "item_code"), text(arguments, "warehouse"));
                let available = self.availability(item, warehouse);
                Ok(Body::message(json!([available.unwrap_or(0.0), available.is_some()])))
            }
            (_, "get_loyalty_program_details_with_points") => {
                Ok(Body::message(self.points(text(arguments, "customer"))))
            }
            _ if name.starts_with("erpnext.") => {
                let message = format!("Failed to get method for command {name} with No module named 'erpnext.no'");
                Err(Refused::plain(message))
            }
            _ => {
                let message = format!("Function {name} is not whitelisted.");
                Err(Refused::of(403, "frappe.exceptions.PermissionError", "Method Not Allowed", message))
            }
        }
    }

    fn call_client(&mut self, name: &str, arguments: &Doc) -> Result<Body, Refused> {
        let doctype = text(arguments, "doctype").to_owned();
        match name {
            "get_list" => self.list(&doctype, arguments).map(Body::message),
            "get_count" => self.count(&doctype, arguments).map(Body::message),
            "get_time_zone" => Ok(Body::message(json!({ "time_zone": self.settings.zone.name() }))),
            "get" => {
                self.check_permission(&doctype, "r")?;
                let name = match text(arguments, "name") {
                    "" => doctype.clone(),
                    name => name.to_owned(),
                };
                self.read(&doctype, &name).map(Body::message)
            }
            "get_value" | "get_single_value" => self.get_value(&doctype, arguments),
            "has_permission" => {
                let right = text(arguments, "perm_type");
                let letter = if right == "cancel" { "x" } else { right.get(..1).unwrap_or("r") };
                Ok(Body::message(json!({ "has_permission": self.may(&doctype, letter) })))
            }
            "insert" | "save" | "submit" => self.save_document(name, arguments),
            "insert_many" => {
                let docs = parsed(field(arguments, "docs"))?;
                let mut names = Vec::new();
                for doc in docs.as_array().into_iter().flatten() {
                    let mut doc = object(Some(doc));
                    let doctype = text(&doc, "doctype").to_owned();
                    doc.remove("name");
                    names.push(Value::from(self.insert(&doctype, doc)?));
                }
                Ok(Body::message(names))
            }
            "set_value" => {
                let mut fields = match parsed(field(arguments, "fieldname"))? {
                    Value::Object(fields) => fields,
                    Value::String(name) => Doc::from_iter([(name, field(arguments, "value").clone())]),
                    _ => Doc::new(),
                };
                fields.remove("docstatus");
                self.update(&doctype, text(arguments, "name"), fields)?;
                self.read(&doctype, text(arguments, "name")).map(Body::message)
            }
            "delete" => {
                self.delete(&doctype, text(arguments, "name"))?;
                Ok(Body::message(Value::Null))
            }
            "cancel" => {
                let cancelled = Doc::from_iter([("docstatus".to_owned(), 2.into())]);
                self.update(&doctype, text(arguments, "name"), cancelled)?;
                self.read(&doctype, text(arguments, "name")).map(Body::message)
            }
            "rename_doc" => {
                self.rename(&doctype, text(arguments, "old_name"), text(arguments, "new_name"))?;
                Ok(Body::message(text(arguments, "new_name")))
            }
            _ => Err(Refused::of(403, "frappe.exceptions.PermissionError", "Message", "Not permitted")),
        }
    }

    fn save_document(&mut self, how: &str, arguments: &Doc) -> Result<Body, Refused> {
        let mut doc = object(Some(&parsed(field(arguments, "doc"))?));
        let doctype = text(&doc, "doctype").to_owned();
        let name = text(&doc, "name").to_owned();
        if how == "submit" {
            set(&mut doc, "docstatus", 1);
        }
        let name = if how == "insert" || name.is_empty() || !self.store.has(&doctype, &name) {
            doc.remove("name");
            self.insert(&doctype, doc)?
        } else {
            self.update(&doctype, &name, doc)?;
            name
        };
        self.just_saved(&doctype, &name).map(Body::message)
    }

    fn get_value(&self, doctype: &str, arguments: &Doc) -> Result<Body, Refused> {
        self.check_permission(doctype, "r")?;
        let names = match parsed(field(arguments, "fieldname"))? {
            Value::Array(names) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Value::String(name) => vec![name],
            _ => vec![text(arguments, "field").to_owned()],
        };
        let meta = known_doctype(doctype).ok_or_else(|| Refused::missing("DocType", doctype))?;
        let doc = if meta.is_single {
            self.read(doctype, doctype)?
        } else {
            let mut query = arguments.clone();
            let filters = parsed(field(arguments, "filters"))?;
            let filters = filters.as_str().map_or(filters.clone(), |name| json!({ "name": name }));
            set(&mut query, "filters", filters);
            set(&mut query, "fields", json!(names.clone()));
            set(&mut query, "limit", 1);
            self.list(doctype, &query)?.into_iter().next().unwrap_or_default()
        };
        let values: Doc = names.iter().map(|name| (name.clone(), doc[name].clone())).collect();
        let is_single_value = arguments.contains_key("field");
        let first = names.first().map(|name| doc[name].clone()).unwrap_or_default();
        Ok(Body::message(if is_single_value { first } else { Value::Object(values) }))
    }

    /// Adds and changes rows of Custom DocPerm; the first one copies the DocType's own.
    fn call_permission_manager(&mut self, name: &str, arguments: &Doc) -> Result<Body, Refused> {
        if !self.roles().contains(&"System Manager") && self.user != "Administrator" {
            return Err(Refused::of(403, "frappe.exceptions.PermissionError", "Message", "Not permitted"));
        }
        let (doctype, role) = (text(arguments, "doctype"), text(arguments, "role"));
        let doctype = if doctype.is_empty() { text(arguments, "parent") } else { doctype }.to_owned();
        let (role, permlevel) = (role.to_owned(), number(arguments, "permlevel") as u8);
        let meta = known_doctype(&doctype).ok_or_else(|| Refused::missing("DocType", &doctype))?;
        match name {
            "add" | "update" | "remove" => {}
            "get_permissions" => {
                let rows = self.permissions_of(meta).into_iter().filter(|row| role.is_empty() || row.role == role);
                let rows = rows.map(|row| {
                    let mut doc = Doc::new();
                    set(&mut doc, "parent", doctype.as_str());
                    set(&mut doc, "role", row.role);
                    set(&mut doc, "permlevel", row.permlevel);
                    right_fields(&row.rights).for_each(|right| set(&mut doc, right, 1));
                    Value::Object(doc)
                });
                return Ok(Body::message(rows.collect::<Vec<_>>()));
            }
            _ => return Err(Refused::of(403, "frappe.exceptions.PermissionError", "Message", "Not permitted")),
        }
        if self.store.with("Custom DocPerm", "parent", &doctype).next().is_none() {
            for row in meta.permissions.clone() {
                self.put_permission(&doctype, &row.role, row.permlevel, |doc| {
                    right_fields(&row.rights).for_each(|right| set(doc, right, 1));
                });
            }
        }
        let is_meant = |doc: &&Arc<Doc>| text(doc, "role") == role && number(doc, "permlevel") as u8 == permlevel;
        let existing = self.store.with("Custom DocPerm", "parent", &doctype).find(is_meant).map(|doc| (**doc).clone());
        match (name, existing) {
            ("add", None) => self.put_permission(&doctype, &role, permlevel, |doc| set(doc, "read", 1)),
            ("update", Some(mut doc)) => {
                let right = text(arguments, "ptype").to_owned();
                set(&mut doc, &right, u8::from(is_set(arguments, "value")));
                self.store.put("Custom DocPerm", doc);
            }
            ("remove", Some(doc)) => self.store.remove("Custom DocPerm", text(&doc, "name")),
            _ => {}
        }
        Ok(Body::message(Value::Null))
    }

    fn put_permission(&mut self, doctype: &str, role: &str, permlevel: u8, rights: impl FnOnce(&mut Doc)) {
        let (name, stamp) = (self.hash_name(), self.stamp());
        let mut doc = Doc::new();
        for (field, value) in
            [("name", name.as_str()), ("doctype", "Custom DocPerm"), ("parent", doctype), ("role", role)]
        {
            set(&mut doc, field, value);
        }
        set(&mut doc, "creation", stamp.as_str());
        set(&mut doc, "modified", stamp);
        set(&mut doc, "permlevel", permlevel);
        rights(&mut doc);
        self.store.put("Custom DocPerm", doc);
    }

    fn versions(&self) -> Value {
        let (erpnext, frappe) = match self.settings.version {
            Version::V15 => ("15.71.1", "15.72.4"),
            Version::V16 => ("16.0.0", "16.0.0"),
        };
        json!({
            "frappe": { "title": "Frappe Framework", "version": frappe },
            "erpnext": { "title": "ERPNext", "version": erpnext },
        })
    }

    fn open_entries(&self, user: &str) -> Result<Body, Refused> {
        self.check_permission("POS Opening Entry", "r")?;
        let open = self.store.all("POS Opening Entry").filter(|entry| {
            text(entry, "user") == user && text(entry, "status") == "Open" && number(entry, "docstatus") == 1.0
        });
        let open = open.map(|entry| {
            json!({
                "name": text(entry, "name"), "company": text(entry, "company"),
                "pos_profile": text(entry, "pos_profile"), "period_start_date": text(entry, "period_start_date"),
            })
        });
        Ok(Body::message(open.collect::<Vec<_>>()))
    }

    fn points(&self, customer: &str) -> Value {
        let program = self.store.text("Customer", customer, "loyalty_program").to_owned();
        let entries = self.store.with("Loyalty Point Entry", "customer", customer);
        let points: f64 = entries.map(|entry| number(entry, "loyalty_points")).sum();
        let factor =
            self.store.get("Loyalty Program", &program).map_or(0.0, |program| number(program, "conversion_factor"));
        json!({ "loyalty_program": program, "loyalty_points": points as i64, "conversion_factor": factor })
    }

    /// OAuth 2: codes are not modelled, refreshing is. A refresh token is good once.
    fn get_token(&mut self, method: Method, arguments: &Doc) -> Result<Body, Refused> {
        let invalid = || Refused { is_terse: true, ..Refused::of(400, "invalid_grant", "", "") };
        if method != Method::Post || text(arguments, "grant_type") != "refresh_token" {
            return Err(invalid());
        }
        let refresh = text(arguments, "refresh_token").to_owned();
        let is_meant = |token: &&Arc<Doc>| text(token, "refresh_token") == refresh && !refresh.is_empty();
        let token = self.store.all("OAuth Bearer Token").find(is_meant).cloned().ok_or_else(invalid)?;
        let user = text(&token, "user").to_owned();
        let mut used = (*token).clone();
        set(&mut used, "refresh_token", "");
        self.store.put("OAuth Bearer Token", used);
        let (access, refresh) = self.put_token(&user);
        let whole = json!({
            "access_token": access, "refresh_token": refresh, "expires_in": 3600, "token_type": "Bearer", "scope": "all openid",
        });
        Ok(Body { status: 200, whole })
    }

    /// A pair of tokens for a user: access and refresh.
    pub fn put_token(&mut self, user: &str) -> (String, String) {
        let (access, refresh) = (self.hash_name() + &self.hash_name(), self.hash_name() + &self.hash_name());
        let expires_us = self.clock_us() + 3_600_000_000;
        let doc = json!({
            "name": access, "doctype": "OAuth Bearer Token", "access_token": access, "refresh_token": refresh,
            "user": user, "status": "Active", "_expires_us": expires_us,
        });
        if let Value::Object(doc) = doc {
            self.store.put("OAuth Bearer Token", doc);
        }
        (access, refresh)
    }

    /// The rows of a table field of a stored document, for whoever checks a test.
    pub fn rows_of<'a>(&'a self, doctype: &str, name: &str, table: &'a str) -> Vec<&'a Doc> {
        self.document(doctype, name).into_iter().flat_map(|doc| rows(doc, table)).collect()
    }
}
