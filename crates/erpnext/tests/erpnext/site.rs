//! A small site in memory: lists with filters and order, documents, children, deletions, renames, and a clock of its own.

use holdfast_erpnext::{
    Answer, Conversation, Heard, Method, Request, Step,
    site::{Stamp, Zone},
};
use serde_json::{Value, json};
use std::{cmp::Ordering, collections::BTreeMap};

/// A site.
pub struct Site {
    /// Documents by doctype and name.
    pub documents: BTreeMap<String, BTreeMap<String, Value>>,
    /// Its clock, Unix milliseconds.
    pub now_ms: i64,
    pub zone: Zone,
    /// Fields that its doctypes don't have.
    pub unknown_fields: Vec<&'static str>,
    /// Doctypes that the account may not touch.
    pub forbidden: Vec<&'static str>,
    /// `active` or `inactive`.
    pub scheduler: &'static str,
    /// Warehouse, batch, quantity.
    pub batches: Vec<(&'static str, &'static str, f64)>,
    /// Everything that was asked.
    pub asked: Vec<Request>,
    /// Counts deletions, for their names.
    deletions: u32,
}

impl Site {
    pub fn new(zone: &str, now_ms: i64) -> Self {
        Self {
            documents: BTreeMap::new(),
            now_ms,
            zone: Zone::named(zone).expect("a zone"),
            unknown_fields: Vec::new(),
            forbidden: Vec::new(),
            scheduler: "active",
            batches: Vec::new(),
            asked: Vec::new(),
            deletions: 0,
        }
    }

    /// Saves a document, stamped with the site's now.
    pub fn save(&mut self, doctype: &str, name: &str, fields: Value) {
        self.save_at(doctype, name, fields, self.zone.stamp(self.now_ms));
    }

    /// Saves a document with a stamp.
    pub fn save_at(&mut self, doctype: &str, name: &str, mut fields: Value, stamp: Stamp) {
        fields["name"] = name.into();
        fields["modified"] = stamp.to_string().into();
        self.documents.entry(doctype.to_owned()).or_default().insert(name.to_owned(), fields);
    }

    /// Deletes a document, leaving a Deleted Document.
    pub fn delete(&mut self, doctype: &str, name: &str) {
        let table = self.documents.entry(doctype.to_owned()).or_default();
        if table.remove(name).is_some() {
            self.deletions += 1;
            let trace = json!({
                "deleted_doctype": doctype,
                "deleted_name": name,
                "creation": self.zone.stamp(self.now_ms),
            });
            self.save("Deleted Document", &format!("{:05}", self.deletions), trace);
        }
    }

    /// Renames a document: the new one keeps its stamp, and nothing else tells.
    pub fn rename(&mut self, doctype: &str, from: &str, to: &str) {
        let table = self.documents.entry(doctype.to_owned()).or_default();
        if !table.contains_key(to)
            && let Some(mut document) = table.remove(from)
        {
            document["name"] = to.into();
            table.insert(to.to_owned(), document);
        }
    }

    /// Answers a request.
    pub fn answer(&mut self, request: &Request) -> Heard {
        self.asked.push(request.clone());
        let (status, body) = match self.respond(request) {
            Ok(data) => (200, data),
            Err((status, exc_type, message)) => {
                let message = json!({ "message": message }).to_string();
                let messages = Value::from(json!([message]).to_string());
                (status, json!({ "exc_type": exc_type, "_server_messages": messages }))
            }
        };
        let body = body.to_string().into_bytes();
        Heard::Answer(Answer { status, retry_after_ms: None, date_ms: Some(self.now_ms), body })
    }

    /// Runs a conversation to its end.
    pub fn run<C: Conversation>(&mut self, mut conversation: C) -> C::Outcome {
        let mut heard = None;
        loop {
            match conversation.next(heard.take()) {
                Step::Ask(request) => heard = Some(self.answer(&request)),
                Step::Wait { .. } => {}
                Step::Done(outcome) => return outcome,
            }
        }
    }

    fn respond(&mut self, request: &Request) -> Result<Value, (u16, &'static str, String)> {
        let body = request.body.clone().unwrap_or_default();
        if let Some(method) = request.path.strip_prefix("/api/method/frappe.core.page.permission_manager.") {
            return Ok(json!({ "message": self.permission_manager(method, &body) }));
        }
        match (request.method, request.path.as_str()) {
            (Method::Get, "/api/method/frappe.auth.get_logged_user") => Ok(json!({ "message": "admin@example.com" })),
            (Method::Get, "/api/method/frappe.utils.change_log.get_versions") => {
                let version = |version: &str| json!({ "title": "", "version": version });
                Ok(json!({ "message": { "frappe": version("15.72.4"), "erpnext": version("15.71.1") } }))
            }
            (Method::Get, "/api/method/frappe.client.get_time_zone") => {
                Ok(json!({ "message": { "time_zone": self.zone.name() } }))
            }
            (Method::Get, "/api/method/erpnext.stock.doctype.batch.batch.get_batch_qty") => {
                let warehouse = &request.query[0].1;
                let rows = self.batches.iter().filter(|(held, ..)| held == warehouse);
                let rows = rows.map(|(_, batch, qty)| json!({ "batch_no": batch, "warehouse": warehouse, "qty": qty }));
                Ok(json!({ "message": rows.collect::<Value>() }))
            }
            (Method::Get, "/api/method/frappe.client.has_permission") => {
                let doctype = &request.query[0].1;
                let may = !self.forbidden.iter().any(|forbidden| forbidden == doctype);
                Ok(json!({ "message": { "has_permission": may } }))
            }
            (Method::Get, "/api/method/frappe.utils.scheduler.get_scheduler_status") => {
                Ok(json!({ "message": { "status": self.scheduler } }))
            }
            (Method::Post | Method::Put | Method::Delete, path) if path.starts_with("/api/resource/") => {
                self.write(request.method, &path["/api/resource/".len()..], body)
            }
            (Method::Post, "/api/method/frappe.client.get_list") => Ok(json!({ "message": self.list(&body)? })),
            (Method::Post, "/api/method/frappe.client.get_count") => {
                Ok(json!({ "message": self.matching(&body["doctype"], &body["filters"]).len() }))
            }
            (Method::Get, path) => {
                let path = path.strip_prefix("/api/resource/").expect("a document is asked for");
                let (doctype, name) = path.split_once('/').expect("doctype and name");
                let (doctype, name) = (decode(doctype), decode(name));
                let found = self.documents.get(&doctype).and_then(|table| table.get(&name));
                let missing = || (404, "DoesNotExistError", format!("{doctype} {name} not found"));
                found.map(|document| json!({ "data": document })).ok_or_else(missing)
            }
            other => panic!("the site does not know {other:?}"),
        }
    }

    fn write(&mut self, method: Method, path: &str, body: Value) -> Result<Value, (u16, &'static str, String)> {
        let (doctype, name) = path.split_once('/').unwrap_or((path, ""));
        let (doctype, name) = (decode(doctype), decode(name));
        let held = self.documents.get(&doctype).and_then(|table| table.get(&name)).cloned();
        match (method, held) {
            (Method::Post, _) => {
                let name = match doctype.as_str() {
                    "Custom Field" => {
                        format!("{}-{}", body["dt"].as_str().unwrap(), body["fieldname"].as_str().unwrap())
                    }
                    "Role" => body["role_name"].as_str().unwrap().to_owned(),
                    "Webhook" => body["name"].as_str().unwrap().to_owned(),
                    _ => "client".to_owned(),
                };
                if self.document(&doctype, &name).is_some() {
                    return Err((417, "ValidationError", format!("{name} already exists")));
                }
                let mut body = body;
                if doctype == "OAuth Client" {
                    body["client_id"] = name.clone().into();
                }
                self.save(&doctype, &name, body);
            }
            (Method::Put, Some(mut held)) => {
                for (field, value) in body.as_object().expect("fields") {
                    held[field] = value.clone();
                }
                self.save(&doctype, &name, held);
            }
            (Method::Delete, Some(_)) => {
                let tokens = self.documents.get("OAuth Bearer Token").into_iter().flatten();
                if doctype == "OAuth Client" && tokens.into_iter().any(|(_, token)| token["client"] == name.as_str()) {
                    return Err((417, "LinkExistsError", format!("{name} is linked with OAuth Bearer Token")));
                }
                self.documents.get_mut(&doctype).expect("it is there").remove(&name);
            }
            (_, _) => return Err((404, "DoesNotExistError", format!("{doctype} {name} not found"))),
        }
        Ok(json!({ "data": "ok" }))
    }

    /// A document.
    pub fn document(&self, doctype: &str, name: &str) -> Option<&Value> {
        self.documents.get(doctype)?.get(name)
    }

    /// As Frappe does it: before the first own row of a doctype, its standard rows are copied.
    fn permission_manager(&mut self, method: &str, body: &Value) -> Value {
        if method.ends_with("get_users_with_role") {
            let users = self.documents.get("User").into_iter().flatten();
            let has_role = |user: &Value| {
                user["roles"].as_array().is_some_and(|roles| roles.iter().any(|row| row["role"] == "Holdfast"))
            };
            return users.filter(|(_, user)| has_role(user)).map(|(name, _)| json!(name)).collect();
        }
        let doctype = body["parent"].as_str().or(body["doctype"].as_str()).expect("a doctype").to_owned();
        let rows = self.documents.entry("Custom DocPerm".to_owned()).or_default();
        if method.ends_with("reset") {
            rows.retain(|_, row| row["parent"] != doctype);
            return Value::Null;
        }
        if !rows.values().any(|row| row["parent"] == doctype) {
            rows.insert(format!("{doctype} standard"), standard_row(&doctype));
        }
        let name = format!("{doctype} {} {}", body["role"].as_str().expect("a role"), body["permlevel"]);
        if method.ends_with("add") {
            let row = json!({ "parent": doctype, "role": body["role"], "permlevel": body["permlevel"], "read": 1 });
            rows.insert(name, row);
        } else if method.ends_with("remove") {
            rows.remove(&name);
        } else {
            let right = body["ptype"].as_str().expect("a right");
            rows.get_mut(&name).expect("the row was added")[right] = body["value"].clone();
        }
        Value::Null
    }

    fn list(&self, arguments: &Value) -> Result<Vec<Value>, (u16, &'static str, String)> {
        let fields: Vec<&str> =
            arguments["fields"].as_array().expect("fields").iter().filter_map(Value::as_str).collect();
        if let Some(field) = fields.iter().find(|field| self.unknown_fields.contains(field)) {
            return Err((417, "DataError", format!("Field not permitted in query: {field}")));
        }
        let doctype = arguments["doctype"].as_str().expect("a doctype");
        if self.forbidden.contains(&doctype) {
            return Err((403, "PermissionError", format!("No permission for {doctype}")));
        }
        if doctype == "DocPerm" {
            return Ok(vec![standard_row(arguments["filters"][0][2].as_str().expect("a doctype"))]);
        }
        let mut rows = match arguments["parent"].as_str() {
            Some(parent) => self.children(parent, &arguments["filters"]),
            None => self.matching(&arguments["doctype"], &arguments["filters"]),
        };
        for column in arguments["order_by"].as_str().unwrap_or_default().rsplit(", ") {
            let (field, direction) = column.split_once(' ').expect("field and direction");
            rows.sort_by(|a, b| {
                let order = compare(&a[field], &b[field]);
                if direction == "desc" { order.reverse() } else { order }
            });
        }
        let limit = arguments["limit_page_length"].as_u64().unwrap_or(20);
        if limit > 0 {
            rows.truncate(usize::try_from(limit).expect("a small number"));
        }
        let pick = |row: Value| fields.iter().map(|field| ((*field).to_owned(), row[*field].clone())).collect();
        Ok(rows.into_iter().map(pick).map(Value::Object).collect())
    }

    fn matching(&self, doctype: &Value, filters: &Value) -> Vec<Value> {
        let table = self.documents.get(doctype.as_str().expect("a doctype"));
        let rows = table.into_iter().flat_map(BTreeMap::values);
        rows.filter(|row| fits(row, filters)).cloned().collect()
    }

    /// Child rows of parents, by the field that they are in.
    fn children(&self, parent: &str, filters: &Value) -> Vec<Value> {
        let table = filters.as_array().expect("filters").iter().find(|filter| filter[0] == "parentfield");
        let table = table.expect("one table is asked for")[2].as_str().expect("its name");
        let mut rows = Vec::new();
        for (name, document) in self.documents.get(parent).into_iter().flatten() {
            for (at, row) in document[table].as_array().into_iter().flatten().enumerate() {
                let mut row = row.clone();
                for (field, value) in
                    [("parent", json!(name)), ("parenttype", json!(parent)), ("parentfield", json!(table))]
                {
                    row[field] = value;
                }
                row["idx"] = json!(at + 1);
                rows.push(row);
            }
        }
        rows.retain(|row| fits(row, filters));
        rows
    }
}

fn fits(row: &Value, filters: &Value) -> bool {
    filters.as_array().expect("filters").iter().all(|filter| {
        let held = &row[filter[0].as_str().expect("a field")];
        let wanted = &filter[2];
        match filter[1].as_str().expect("an operator") {
            "=" => compare(held, wanted) == Ordering::Equal,
            ">" => compare(held, wanted) == Ordering::Greater,
            ">=" => compare(held, wanted) != Ordering::Less,
            "<=" => compare(held, wanted) != Ordering::Greater,
            "like" => {
                let start = wanted.as_str().expect("a text").trim_end_matches('%');
                held.as_str().is_some_and(|held| held.starts_with(start))
            }
            "in" => wanted.as_array().expect("a list").contains(held),
            other => panic!("the site does not know {other}"),
        }
    })
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => a.as_str().unwrap_or_default().cmp(b.as_str().unwrap_or_default()),
    }
}

fn standard_row(doctype: &str) -> Value {
    json!({ "parent": doctype, "role": "Accounts Manager", "permlevel": 0, "read": 1, "write": 1 })
}

fn decode(text: &str) -> String {
    text.replace("%20", " ").replace("%40", "@")
}
