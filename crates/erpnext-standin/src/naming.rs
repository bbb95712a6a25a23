//! What a new document is called.

use crate::{
    json::{Doc, set, set_missing, text},
    meta::{self, DocType},
    refused::Refused,
    site::StandIn,
};
use std::fmt::{self, Write as _};

impl StandIn {
    /// Sets `name`, on the document and on the rows of its tables.
    pub(crate) fn set_new_name(&mut self, meta: &DocType, doc: &mut Doc) -> Result<(), Refused> {
        let name = self.new_name(meta, doc)?;
        set(doc, "name", name);
        self.name_rows(meta, doc, true);
        Ok(())
    }

    /// Sets parent, place and, where it is missing or `all` are new, the name of each row.
    pub(crate) fn name_rows(&mut self, meta: &DocType, doc: &mut Doc, all: bool) {
        let (name, stamp) = (text(doc, "name").to_owned(), text(doc, "modified").to_owned());
        let (owner, docstatus) = (text(doc, "modified_by").to_owned(), doc.get("docstatus").cloned());
        for (table, child) in meta.tables() {
            let Some(rows) = doc.get_mut(&table.name).and_then(|rows| rows.as_array_mut()) else {
                continue;
            };
            for (at, row) in rows.iter_mut().filter_map(|row| row.as_object_mut()).enumerate() {
                if all || text(row, "name").is_empty() {
                    set(row, "name", self.hash_name());
                    set(row, "owner", owner.as_str());
                    set(row, "creation", stamp.as_str());
                }
                set_missing(row, "owner", owner.as_str());
                set_missing(row, "creation", stamp.as_str());
                set(row, "modified", stamp.as_str());
                set(row, "modified_by", owner.as_str());
                set(row, "docstatus", docstatus.clone().unwrap_or_default());
                set(row, "idx", at + 1);
                set(row, "parent", name.as_str());
                set(row, "parentfield", table.name.as_str());
                set(row, "parenttype", meta.name.as_str());
                set(row, "doctype", child.name.as_str());
            }
        }
    }

    fn new_name(&mut self, meta: &DocType, doc: &Doc) -> Result<String, Refused> {
        let sent = text(doc, "name");
        if meta.is_single {
            return Ok(meta.name.clone());
        }
        // The first API keeps a name that was sent; the DocTypes that name themselves by a field do not.
        if !sent.is_empty() && !meta.autoname.starts_with("field:") && !is_composed(&meta.name) {
            return Ok(sent.to_owned());
        }
        if let Some(name) = self.composed_name(meta, doc) {
            return Ok(name);
        }
        let autoname = meta.autoname.as_str();
        if let Some(fieldname) = autoname.strip_prefix("field:") {
            let name = text(doc, fieldname);
            return match name {
                "" => Err(Refused::plain(format!("{fieldname} is required"))),
                name => Ok(name.to_owned()),
            };
        }
        if autoname == "prompt" || autoname == "Prompt" {
            return Err(Refused::plain("Please set the document name"));
        }
        if autoname.starts_with("naming_series") {
            let series = text(doc, "naming_series").to_owned();
            return Ok(self.name_of_series(&series, doc));
        }
        if autoname.contains('#') {
            return Ok(self.name_of_series(autoname.trim_start_matches("format:"), doc));
        }
        Ok(self.hash_name())
    }

    /// Names that DocTypes put together in their own programs.
    fn composed_name(&mut self, meta: &DocType, doc: &Doc) -> Option<String> {
        let field = |name: &str| text(doc, name).to_owned();
        let with_company = |this: &Self, name: String| {
            let abbr = this.store.text("Company", text(doc, "company"), "abbr").to_owned();
            if abbr.is_empty() { name } else { format!("{name} - {abbr}") }
        };
        Some(match meta.name.as_str() {
            "Item" => field("item_code"),
            "Customer" => return self.customer_name(doc),
            "Custom Field" => format!("{}-{}", field("dt"), field("fieldname")),
            "Property Setter" => format!("{}-{}-{}", field("doc_type"), field("field_name"), field("property")),
            "Account" => with_company(self, field("account_name")),
            "Warehouse" => with_company(self, field("warehouse_name")),
            "Cost Center" => with_company(self, field("cost_center_name")),
            "Item Tax Template" | "Sales Taxes and Charges Template" => with_company(self, field("title")),
            "Batch" => field("batch_id"),
            "User" => field("email"),
            _ => return None,
        })
        .filter(|name| !name.is_empty())
    }

    /// Selling Settings `cust_master_name`: the customer's name, with a number where it is taken.
    fn customer_name(&mut self, doc: &Doc) -> Option<String> {
        let by_name = self.store.text("Selling Settings", "Selling Settings", "cust_master_name") != "Naming Series";
        let wanted = text(doc, "customer_name").to_owned();
        if !by_name || wanted.is_empty() {
            return None;
        }
        let sent = text(doc, "name");
        if !sent.is_empty() {
            return Some(sent.to_owned());
        }
        let mut name = wanted.clone();
        let mut count = 0;
        while self.store.has("Customer", &name) {
            count += 1;
            name = format!("{wanted} - {count}");
        }
        if count > 0 {
            let message = format!("Changed customer name to '{name}' as '{wanted}' already exists.");
            self.warn("Note", &message);
        }
        Some(name)
    }

    /// A number of a series such as `TILL1-.YYYY.-`; five digits where it does not say how many.
    fn name_of_series(&mut self, series: &str, doc: &Doc) -> String {
        let with_digits = if series.contains('#') { series.to_owned() } else { format!("{series}.#####") };
        let (year, month, day) = self.now().date().ymd();
        let mut name = String::new();
        for piece in with_digits.split('.') {
            match piece {
                "YYYY" => name.push_str(&year.to_string()),
                "YY" => write(&mut name, format_args!("{:02}", year % 100)),
                "MM" => write(&mut name, format_args!("{month:02}")),
                "DD" => write(&mut name, format_args!("{day:02}")),
                "FY" | "abbr" => {}
                digits if !digits.is_empty() && digits.bytes().all(|byte| byte == b'#') => {
                    let number = self.store.next_in(&name);
                    write(&mut name, format_args!("{number:0width$}", width = digits.len()));
                }
                piece => match piece.strip_prefix('{').and_then(|piece| piece.strip_suffix('}')) {
                    Some(fieldname) => name.push_str(text(doc, fieldname)),
                    None => name.push_str(piece),
                },
            }
        }
        name
    }

    /// Says something beside the result.
    pub(crate) fn warn(&mut self, title: &str, message: &str) {
        self.warnings.push(serde_json::json!({ "message": message, "title": title }));
    }
}

fn write(name: &mut String, part: fmt::Arguments<'_>) {
    name.write_fmt(part).expect("a string takes everything");
}

/// DocTypes whose own program decides about the name, whatever was sent.
fn is_composed(doctype: &str) -> bool {
    matches!(doctype, "Item" | "Custom Field" | "Property Setter" | "Account" | "Warehouse" | "Cost Center" | "User")
}

/// The DocType of a field's rows.
pub(crate) fn child_of(meta: &DocType, fieldname: &str) -> Option<&'static DocType> {
    meta.field(fieldname).filter(|field| field.is_table()).and_then(|field| meta::doctype(&field.options))
}
