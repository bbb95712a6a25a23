//! `frappe`, as templates see it.

use crate::{
    Field, Site,
    arguments::Arguments,
    dates,
    document::Record,
    formatted::{self, Wish},
    moment::Moment,
    numbers, records,
    refusal::{Refusal, failure},
    utils::{self, Utils},
};
use minijinja::{
    Error, State, Value,
    value::{Object, ObjectRepr},
};
use std::{collections::BTreeMap, sync::Arc};

/// `frappe`.
#[derive(Debug)]
pub(crate) struct Frappe(pub(crate) Arc<Site>);

impl Object for Frappe {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let site = &self.0;
        let text = |text: &str| Value::from(text);
        let empty = || Value::from_pairs(std::iter::empty::<(String, Value)>());
        Some(match key.as_str()? {
            "utils" => Value::from_object(Utils(Arc::clone(site))),
            "db" => Value::from_object(records::Db(Arc::clone(site))),
            "session" => Value::from_pairs([("user", text(&site.user.name)), ("csrf_token", text(""))]),
            "user" => text(&site.user.name),
            "full_name" => text(&site.user.full_name),
            "lang" => text(&site.settings.language),
            "date_format" => text(&site.settings.date_format),
            "time_format" => text(&site.settings.time_format),
            "form_dict" | "flags" => empty(),
            // What is called is answered by `call_method`; what is only read is not known here.
            name => Value::from(Refusal::server_only(format!("frappe.{name}"))),
        })
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let site = &self.0;
        let arguments = Arguments::new(args);
        match method {
            "format" | "format_value" => format_value(site, &arguments),
            "format_date" => match arguments.some(0, "date").as_ref().and_then(Moment::from_value) {
                Some(moment) => dates::long_date(site, moment).map(Value::from),
                None => Err(failure("format_date needs a date")),
            },
            "get_doc" | "get_cached_doc" => records::get_doc(site, &arguments),
            "get_all" | "get_list" => records::get_all(site, &arguments),
            "get_system_settings" => {
                let field = arguments.need(0, "key")?;
                records::get_single_value(site, &Arguments::new(&[Value::from("System Settings"), field]))
            }
            "get_url" => {
                Ok(Value::from(format!("{}{}", site.settings.url, arguments.text(0, "uri").unwrap_or_default())))
            }
            "get_fullname" => {
                let user = arguments.text(0, "user").unwrap_or_else(|| site.user.name.clone());
                let name = site.text_of("User", &user, "full_name").map(str::to_owned);
                let own =
                    || (user == site.user.name && !site.user.full_name.is_empty()).then(|| site.user.full_name.clone());
                Ok(Value::from(name.or_else(own).unwrap_or(user)))
            }
            "bold" => Ok(Value::from(format!("<strong>{}</strong>", arguments.text(0, "text").unwrap_or_default()))),
            "_" => translate(site, &arguments),
            "_dict" => state.lookup("dict").unwrap_or_default().call(state, args),
            "throw" | "msgprint" => Err(failure(arguments.text(0, "msg").unwrap_or_default())),
            _ => Err(Refusal::server_only(format!("frappe.{method}"))),
        }
    }
}

/// `_(text, context=...)`.
pub(crate) fn translate(site: &Site, arguments: &Arguments<'_>) -> Result<Value, Error> {
    let message = arguments.need(0, "msg")?;
    if message.is_none() {
        return Ok(Value::from(""));
    }
    let context = arguments.text(2, "context");
    let message = numbers::text(&message);
    // Messages are known without tags and spaces around them; what nobody translated stays as it was written.
    let key = utils::strip_tags(&message);
    let translated = site.translate(key.trim(), context.as_deref());
    Ok(Value::from(if translated == key.trim() { message } else { translated }))
}

/// `frappe.format(value, df, doc, currency)`.
fn format_value(site: &Site, arguments: &Arguments<'_>) -> Result<Value, Error> {
    let value = arguments.need(0, "value")?;
    let field = arguments.some(1, "df").map(|df| match df.as_str() {
        Some(kind) => Field { fieldtype: kind.to_owned(), ..Field::default() },
        None => described(&df),
    });
    let field = field.filter(|field| *field != Field::default());
    let doc = arguments.some(2, "doc");
    let around: Option<&BTreeMap<String, Value>> =
        doc.as_ref().and_then(|doc| doc.downcast_object_ref::<Record>()).map(Record::around);
    let wish = Wish {
        currency: arguments.text(3, "currency"),
        number_format: arguments.text(5, "format"),
        is_translated: arguments.is_true(4, "translated"),
    };
    formatted::format_value(site, &value, field.as_ref(), around, &wish)
}

/// A field as a template describes it: `{"fieldtype": "Currency", "options": "currency"}`.
fn described(df: &Value) -> Field {
    let text = |name: &str| df.get_attr(name).ok().filter(Value::is_true).map(|value| numbers::text(&value));
    Field {
        fieldname: text("fieldname").unwrap_or_default(),
        label: text("label").unwrap_or_default(),
        fieldtype: text("fieldtype").unwrap_or_default(),
        options: text("options").unwrap_or_default(),
        precision: text("precision").and_then(|text| text.parse().ok()),
        print_hide_if_no_value: u8::from(text("print_hide_if_no_value").is_some()),
    }
}
