//! Filling a site without asking anybody: documents that are there before the first request.

use crate::{
    json::{Doc, set, set_missing, text},
    meta,
    site::StandIn,
};
use serde_json::{Value, json};

impl StandIn {
    /// Puts a document there as it is, named or not, without any check.
    pub fn put(&mut self, doctype: &str, doc: Value) {
        let Value::Object(mut doc) = doc else {
            return;
        };
        let stamp = self.stamp();
        set(&mut doc, "doctype", doctype);
        for (name, value) in [("creation", stamp.as_str()), ("modified", &stamp), ("owner", "Administrator")] {
            set_missing(&mut doc, name, value);
        }
        set_missing(&mut doc, "modified_by", "Administrator");
        set_missing(&mut doc, "docstatus", 0);
        if text(&doc, "name").is_empty() {
            let name = self.given_name(doctype, &doc);
            set(&mut doc, "name", name);
        }
        if let Some(meta) = meta::doctype(doctype) {
            self.name_rows(meta, &mut doc, false);
        }
        self.store.put(doctype, doc);
        self.end(true);
    }

    /// Puts many documents there: an object of lists by DocType, and of single documents.
    pub fn load(&mut self, whole: &Value) {
        for (doctype, documents) in whole.as_object().into_iter().flatten() {
            match documents {
                Value::Array(documents) => documents.iter().for_each(|doc| self.put(doctype, doc.clone())),
                Value::Object(_) => self.put(doctype, documents.clone()),
                _ => {}
            }
        }
    }

    fn given_name(&mut self, doctype: &str, doc: &Doc) -> String {
        let meta = meta::doctype(doctype);
        if meta.is_some_and(|meta| meta.is_single) {
            return doctype.to_owned();
        }
        let field = meta.and_then(|meta| meta.autoname.strip_prefix("field:")).unwrap_or_default();
        let own = match doctype {
            "Item" => "item_code",
            "Customer" => "customer_name",
            "User" => "email",
            "Batch" => "batch_id",
            _ => field,
        };
        match text(doc, own) {
            "" => self.hash_name(),
            name => name.to_owned(),
        }
    }

    /// A user with roles and an API key, which is the user's name with `key` and `secret` before it.
    pub fn put_user(&mut self, email: &str, roles: &[&str]) {
        let roles: Vec<Value> = roles.iter().map(|role| json!({ "role": role })).collect();
        self.put(
            "User",
            json!({
                "name": email, "email": email, "full_name": email, "enabled": 1, "user_type": "System User",
                "roles": roles, "api_key": format!("key-{email}"), "api_secret": format!("secret-{email}"),
            }),
        );
    }

    /// Sets a series, so that its next number is one more than `last`.
    pub fn set_series(&mut self, prefix: &str, last: u64) {
        self.store.set_series(prefix, last);
    }
}
