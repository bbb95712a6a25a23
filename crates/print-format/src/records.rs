//! `frappe.db` and `frappe.get_doc`, answered from the records that are held.

use crate::{
    Site,
    arguments::{Arguments, list},
    document::{Record, plain},
    numbers,
    refusal::{Refusal, failure},
};
use minijinja::{
    Error, State, Value,
    value::{Object, ObjectRepr, Tuple, ValueKind},
};
use serde_json::{Map, Value as Json};
use std::{cmp::Ordering, collections::BTreeMap, sync::Arc};

/// A record with its name.
type Named<'a> = (&'a str, &'a Map<String, Json>);

type Records = BTreeMap<String, Map<String, Json>>;

/// `frappe.db`.
#[derive(Debug)]
pub(crate) struct Db(pub(crate) Arc<Site>);

impl Object for Db {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let arguments = Arguments::new(args);
        match method {
            "get_value" => get_value(&self.0, &arguments),
            "get_single_value" => get_single_value(&self.0, &arguments),
            "get_all" | "get_list" => get_all(&self.0, &arguments),
            "get_default" => get_default(&self.0, &arguments),
            "exists" => exists(&self.0, &arguments),
            "count" => {
                let doctype = doctype_of(&arguments)?;
                let filters = arguments.get(1, "filters").unwrap_or_default();
                Ok(Value::from(chosen(&self.0, &doctype, &filters)?.len()))
            }
            "escape" => {
                let text = arguments.text(0, "s").unwrap_or_default();
                Ok(Value::from(format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))))
            }
            _ => Err(Refusal::server_only(format!("frappe.db.{method}"))),
        }
    }
}

fn doctype_of(arguments: &Arguments<'_>) -> Result<String, Error> {
    arguments.text(0, "doctype").ok_or_else(|| failure("a doctype is missing"))
}

fn records<'a>(site: &'a Site, doctype: &str) -> Result<&'a Records, Error> {
    site.records.get(doctype).ok_or_else(|| Refusal::not_held(format!("records of {doctype}")))
}

/// `frappe.get_doc(doctype, name)`.
pub(crate) fn get_doc(site: &Arc<Site>, arguments: &Arguments<'_>) -> Result<Value, Error> {
    let doctype = doctype_of(arguments)?;
    let name = arguments.text(1, "name").unwrap_or_else(|| doctype.clone());
    let values = records(site, &doctype)?.get(&name);
    let values = values.ok_or_else(|| failure(format!("{doctype} {name} not found")))?;
    let extra = [("name".to_owned(), Value::from(name))].into();
    Ok(Value::from_object(Record::new(site, &doctype, values, extra)))
}

/// `frappe.db.get_value(doctype, name or filters, field or fields, as_dict)`.
fn get_value(site: &Site, arguments: &Arguments<'_>) -> Result<Value, Error> {
    let doctype = doctype_of(arguments)?;
    let filters = arguments.get(1, "filters").unwrap_or_default();
    let wanted = arguments.some(2, "fieldname").unwrap_or_else(|| Value::from("name"));
    let found = chosen(site, &doctype, &filters)?;
    let Some((name, values)) = found.first() else {
        return Ok(Value::from(()));
    };
    let fields: Vec<String> = list(&wanted)?.iter().map(numbers::text).collect();
    let as_dict = arguments.is_true(4, "as_dict");
    let value = |field: &String| field_value(name, values, field);
    if as_dict {
        Ok(Value::from_pairs(fields.iter().map(|field| (field.clone(), value(field)))))
    } else if wanted.kind() == ValueKind::String {
        Ok(value(&fields[0]))
    } else {
        Ok(Value::from(Tuple::new(fields.iter().map(value).collect())))
    }
}

fn field_value(name: &str, values: &Map<String, Json>, field: &str) -> Value {
    match values.get(field) {
        Some(value) => plain(value),
        None if field == "name" => Value::from(name),
        None => Value::from(()),
    }
}

/// `frappe.db.get_single_value(doctype, field)`.
pub(crate) fn get_single_value(site: &Site, arguments: &Arguments<'_>) -> Result<Value, Error> {
    let doctype = doctype_of(arguments)?;
    let field = arguments.text(1, "fieldname").unwrap_or_default();
    if doctype == "Print Settings" {
        return Ok(site.print_settings.get(&field).map_or_else(|| Value::from(()), plain));
    }
    let values = records(site, &doctype)?.get(&doctype);
    Ok(values.and_then(|values| values.get(&field)).map_or_else(|| Value::from(()), plain))
}

fn get_default(site: &Site, arguments: &Arguments<'_>) -> Result<Value, Error> {
    let key = arguments.text(0, "key").unwrap_or_default();
    let settings = &site.settings;
    let text = match key.as_str() {
        "number_format" => settings.number_format.clone(),
        "currency" | "default_currency" => settings.default_currency.clone(),
        "company" | "default_company" => settings.default_company.clone(),
        "country" => settings.country.clone(),
        "date_format" => settings.date_format.clone(),
        "time_format" => settings.time_format.clone(),
        "lang" | "language" => settings.language.clone(),
        "float_precision" => settings.float_precision.to_string(),
        "currency_precision" => settings.currency_precision.to_string(),
        _ => return Err(Refusal::not_held(format!("the default {key}"))),
    };
    Ok(Value::from(text))
}

fn exists(site: &Site, arguments: &Arguments<'_>) -> Result<Value, Error> {
    let doctype = doctype_of(arguments)?;
    let filters = arguments.get(1, "dn").unwrap_or_default();
    Ok(chosen(site, &doctype, &filters)?.first().map_or_else(|| Value::from(()), |(name, _)| Value::from(*name)))
}

/// `frappe.get_all(doctype, fields, filters, order_by, limit, pluck)`.
pub(crate) fn get_all(site: &Site, arguments: &Arguments<'_>) -> Result<Value, Error> {
    let doctype = doctype_of(arguments)?;
    let fields = arguments.some(1, "fields").unwrap_or_else(|| Value::from("name"));
    let filters = arguments.get(2, "filters").unwrap_or_default();
    let mut found = chosen(site, &doctype, &filters)?;
    for argument in ["or_filters", "group_by"] {
        if arguments.some(usize::MAX, argument).is_some() {
            return Err(Refusal::server_only(format!("frappe.get_all with {argument}")));
        }
    }
    if let Some(order) = arguments.text(usize::MAX, "order_by") {
        sort(&mut found, &order)?;
    }
    let limits = ["limit", "limit_page_length", "page_length"];
    if let Some(limit) = limits.iter().find_map(|name| arguments.int(usize::MAX, name)).filter(|limit| *limit > 0) {
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    if let Some(field) = arguments.text(usize::MAX, "pluck") {
        return Ok(found.iter().map(|(name, values)| field_value(name, values, &field)).collect());
    }
    let fields: Vec<String> = list(&fields)?.iter().map(numbers::text).collect();
    if let Some(field) = fields.iter().find(|field| field.contains(['(', '`', ' '])) {
        return Err(Refusal::server_only(format!("frappe.get_all with the field “{field}”")));
    }
    let row = |(name, values): &Named<'_>| {
        let names: Vec<String> = if fields.iter().any(|field| field == "*") {
            values.keys().cloned().chain(std::iter::once("name".to_owned())).collect()
        } else {
            fields.clone()
        };
        Value::from_pairs(names.into_iter().map(|field| (field.clone(), field_value(name, values, &field))))
    };
    Ok(found.iter().map(row).collect())
}

fn sort(found: &mut [Named<'_>], order: &str) -> Result<(), Error> {
    let mut words = order.split_whitespace();
    let field = words.next().unwrap_or_default().trim_matches('`');
    let is_descending = match words.next().map(str::to_ascii_lowercase).as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => return Err(Refusal::server_only(format!("the order “{order}”"))),
    };
    if words.next().is_some() || field.contains([',', '(']) {
        return Err(Refusal::server_only(format!("the order “{order}”")));
    }
    found.sort_by(|(a_name, a), (b_name, b)| {
        let ordering = field_value(a_name, a, field).cmp(&field_value(b_name, b, field));
        if is_descending { ordering.reverse() } else { ordering }
    });
    Ok(())
}

/// The records that a name or filters mean.
fn chosen<'a>(site: &'a Site, doctype: &str, filters: &Value) -> Result<Vec<Named<'a>>, Error> {
    let records = records(site, doctype)?;
    let conditions = match filters.kind() {
        ValueKind::None | ValueKind::Undefined => Vec::new(),
        ValueKind::Map => {
            let keys: Vec<Value> = filters.try_iter()?.collect();
            keys.iter()
                .map(|key| condition(&numbers::text(key), &filters.get_item(key)?))
                .collect::<Result<Vec<_>, _>>()?
        }
        ValueKind::Seq | ValueKind::Iterable => {
            list(filters)?.iter().map(listed_condition).collect::<Result<Vec<_>, _>>()?
        }
        _ => {
            let name = numbers::text(filters);
            return Ok(records
                .get_key_value(&name)
                .map(|(name, values)| (name.as_str(), values))
                .into_iter()
                .collect());
        }
    };
    let holds = |(name, values): &(&String, &Map<String, Json>)| {
        conditions.iter().all(|condition| condition.holds(name, values))
    };
    Ok(records.iter().filter(holds).map(|(name, values)| (name.as_str(), values)).collect())
}

/// `field operator value`.
struct Condition {
    field: String,
    operator: String,
    value: Value,
}

const OPERATORS: [&str; 8] = ["=", "!=", "<", ">", "<=", ">=", "in", "not in"];

fn condition(field: &str, value: &Value) -> Result<Condition, Error> {
    if matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable) {
        let parts = list(value)?;
        if let [operator, value] = parts.as_slice() {
            return compared(field, &numbers::text(operator), value);
        }
    }
    compared(field, "=", value)
}

fn listed_condition(filter: &Value) -> Result<Condition, Error> {
    match list(filter)?.as_slice() {
        [field, operator, value] | [_, field, operator, value] => {
            compared(&numbers::text(field), &numbers::text(operator), value)
        }
        _ => Err(failure("a filter has three parts")),
    }
}

fn compared(field: &str, operator: &str, value: &Value) -> Result<Condition, Error> {
    let operator = operator.to_ascii_lowercase();
    if !OPERATORS.contains(&operator.as_str()) {
        return Err(Refusal::server_only(format!("the filter “{operator}”")));
    }
    Ok(Condition { field: field.to_owned(), operator, value: value.clone() })
}

impl Condition {
    fn holds(&self, name: &str, values: &Map<String, Json>) -> bool {
        let has = field_value(name, values, &self.field);
        let ordering = || has.cmp(&self.value);
        let is_in = || list(&self.value).is_ok_and(|values| values.contains(&has));
        match self.operator.as_str() {
            "=" => has == self.value,
            "!=" => has != self.value,
            "<" => ordering() == Ordering::Less,
            ">" => ordering() == Ordering::Greater,
            "<=" => ordering() != Ordering::Greater,
            ">=" => ordering() != Ordering::Less,
            "in" => is_in(),
            _ => !is_in(),
        }
    }
}
