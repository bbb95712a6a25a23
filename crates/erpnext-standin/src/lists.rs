//! Lists: fields, filters, order, pages.

mod filter;

use crate::{
    json::{Doc, as_number, field, rows, text},
    meta::{DocType, STANDARD_FIELDS},
    refused::Refused,
    site::{StandIn, known_doctype},
};
use filter::Filter;
use serde_json::{Map, Value};
use std::{cmp::Ordering, sync::Arc};

/// A list that is asked for.
pub(crate) struct Query {
    pub(crate) columns: Vec<Column>,
    filters: Vec<Filter>,
    or_filters: Vec<Filter>,
    order: Vec<(String, bool)>,
    start: usize,
    /// Nothing for all.
    count: Option<usize>,
}

/// A column of the answer.
pub(crate) struct Column {
    /// What it is called there.
    pub(crate) label: String,
    source: Source,
}

enum Source {
    Field(String),
    Child { table: String, field: String },
    Count,
}

impl StandIn {
    /// `GET /api/resource/DocType` and `frappe.client.get_list`.
    pub(crate) fn list(&self, doctype: &str, arguments: &Doc) -> Result<Vec<Value>, Refused> {
        let Some(meta) = known_doctype(doctype) else {
            return Err(if self.user == "Administrator" {
                Refused::missing("DocType", doctype)
            } else {
                Refused::permission(&self.user, "DocType")
            });
        };
        self.check_may_list(meta, arguments)?;
        let query = self.read_query(meta, arguments)?;
        if query.columns.iter().any(|column| matches!(column.source, Source::Count)) {
            let found = self.found(meta, &Query { start: 0, count: None, ..query.bare() }).count();
            let label = query.columns.first().map_or("count", |column| column.label.as_str());
            return Ok(vec![serde_json::json!({ label: found })]);
        }
        if meta.is_table {
            return Ok(self.list_rows(meta, text(arguments, "parent"), &query));
        }
        let child = query.columns.iter().find_map(|column| match &column.source {
            Source::Child { table, .. } => Some(table.clone()),
            _ => None,
        });
        let Some(table) = child else {
            return Ok(self.found(meta, &query).map(|doc| query.row(doc, None)).collect());
        };
        // A column of a child table makes one row of each of its rows.
        let all = Query { start: 0, count: None, ..query.bare() };
        let pairs = self.found(meta, &all).flat_map(|doc| rows(doc, &table).map(move |row| (doc, row)));
        let child = crate::naming::child_of(meta, &table);
        let fits = |row: &Doc| {
            let of_child = |filter: &&Filter| child.is_some_and(|child| filter.doctype == child.name);
            query.filters.iter().filter(of_child).all(|filter| filter.fits(row))
        };
        let pairs = pairs.filter(|(_, row)| fits(row)).skip(query.start).take(query.count.unwrap_or(usize::MAX));
        Ok(pairs.map(|(doc, row)| query.row(doc, Some(row))).collect())
    }

    /// `frappe.client.get_count`.
    pub(crate) fn count(&self, doctype: &str, arguments: &Doc) -> Result<usize, Refused> {
        let meta = known_doctype(doctype).ok_or_else(|| Refused::permission(&self.user, doctype))?;
        self.check_may_list(meta, arguments)?;
        let query = self.read_query(meta, arguments)?;
        Ok(self.found(meta, &Query { start: 0, count: None, ..query }).count())
    }

    fn check_may_list(&self, meta: &DocType, arguments: &Doc) -> Result<(), Refused> {
        let target = if meta.is_table { text(arguments, "parent") } else { meta.name.as_str() };
        if target.is_empty() {
            return Err(Refused::of(403, "frappe.exceptions.PermissionError", "", ""));
        }
        if !(self.may(target, "r") || self.may(target, "l")) {
            return Err(Refused::permission(&self.user, &meta.name));
        }
        if meta.is_single {
            let message = format!("('DocType', '{}')", meta.name);
            return Err(Refused::crash("pymysql.err.ProgrammingError", &message));
        }
        Ok(())
    }

    fn list_rows(&self, meta: &DocType, parent: &str, query: &Query) -> Vec<Value> {
        let Some(parent) = known_doctype(parent) else {
            return Vec::new();
        };
        let tables: Vec<&str> = parent
            .tables()
            .filter(|(_, child)| child.name == meta.name)
            .map(|(table, _)| table.name.as_str())
            .collect();
        let all = self.store.all(&parent.name);
        let found = all.flat_map(|doc| tables.iter().flat_map(|table| rows(doc, table)));
        let mut found: Vec<&Doc> = found.filter(|row| query.fits(meta, row)).collect();
        query.sort(&mut found, |row| row);
        let found = found.into_iter().skip(query.start).take(query.count.unwrap_or(usize::MAX));
        found.map(|row| query.row(row, None)).collect()
    }

    /// The documents of a page, found as the order and the filters allow.
    fn found<'a>(&'a self, meta: &'a DocType, query: &'a Query) -> Box<dyn Iterator<Item = &'a Arc<Doc>> + 'a> {
        let (start, count) = (query.start, query.count.unwrap_or(usize::MAX));
        if let Some(exact) = query.exact(self, meta) {
            let mut exact: Vec<_> = exact.into_iter().filter(|doc| query.fits(meta, doc)).collect();
            query.sort(&mut exact, |doc| doc);
            return Box::new(exact.into_iter().skip(start).take(count));
        }
        let order: Vec<(&str, bool)> = query.order.iter().map(|(name, is_down)| (name.as_str(), *is_down)).collect();
        let fits = move |doc: &&Arc<Doc>| query.fits(meta, doc);
        match order.as_slice() {
            [("modified", false)] | [("modified", false), ("name", false)] => {
                let from = query.lowest_modified();
                Box::new(self.store.by_modified(&meta.name, from).filter(fits).skip(start).take(count))
            }
            [("modified", true)] | [("modified", true), ("name", true)] => {
                Box::new(self.store.by_modified(&meta.name, "").rev().filter(fits).skip(start).take(count))
            }
            [] => {
                // Nobody asked for an order, and the database's own is any.
                let mut found: Vec<_> = self.store.all(&meta.name).filter(fits).collect();
                found.sort_by_key(|doc| scattered(text(doc, "name")));
                Box::new(found.into_iter().skip(start).take(count))
            }
            [("name", false)] => Box::new(self.store.all(&meta.name).filter(fits).skip(start).take(count)),
            _ => {
                let mut found: Vec<_> = self.store.all(&meta.name).filter(fits).collect();
                query.sort(&mut found, |doc| doc);
                Box::new(found.into_iter().skip(start).take(count))
            }
        }
    }

    fn read_query(&self, meta: &DocType, arguments: &Doc) -> Result<Query, Refused> {
        let fields = parsed(field(arguments, "fields"))?;
        let names: Vec<String> = match &fields {
            Value::Array(names) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Value::String(name) => vec![name.clone()],
            _ => vec!["name".to_owned()],
        };
        let mut columns = Vec::new();
        for name in &names {
            columns.extend(self.columns(meta, name)?);
        }
        let filters = self.filters(meta, &parsed(field(arguments, "filters"))?)?;
        let or_filters = self.filters(meta, &parsed(field(arguments, "or_filters"))?)?;
        let order_by = match text(arguments, "order_by") {
            "KEEP_DEFAULT_ORDERING" => &meta.sort,
            order_by => order_by,
        };
        let number = |name: &str| as_number(field(arguments, name)).map(|value| value.max(0.0) as usize);
        let count = number("limit_page_length").or_else(|| number("limit")).unwrap_or(20);
        Ok(Query {
            columns,
            filters,
            or_filters,
            order: order(order_by),
            start: number("limit_start").or_else(|| number("start")).unwrap_or(0),
            count: Some(count).filter(|count| *count > 0),
        })
    }

    fn columns(&self, meta: &DocType, name: &str) -> Result<Vec<Column>, Refused> {
        let plain = name.replace('`', "");
        let (expression, label) = match plain.split_once(" as ") {
            Some((expression, label)) => (expression.trim().to_owned(), label.trim().to_owned()),
            None => (plain.trim().to_owned(), plain.trim().to_owned()),
        };
        if expression == "*" {
            let own = meta.fields.iter().filter(|entry| !entry.is_table()).map(|entry| entry.name.as_str());
            let custom = self.custom_fields(&meta.name).iter().map(|entry| entry.name.as_str());
            let standard = STANDARD_FIELDS.iter().copied().filter(|name| *name != "doctype" && !name.starts_with('_'));
            let column = |name: &str| Column { label: name.to_owned(), source: Source::Field(name.to_owned()) };
            return Ok(standard.chain(own).chain(custom).map(column).collect());
        }
        if expression.to_ascii_lowercase().starts_with("count(") {
            return Ok(vec![Column { label, source: Source::Count }]);
        }
        if let Some((table, column)) = expression.split_once('.') {
            let table = table.trim_start_matches("tab");
            let label = label.rsplit('.').next().unwrap_or_default().to_owned();
            if table == meta.name {
                return Ok(vec![Column { label, source: Source::Field(column.to_owned()) }]);
            }
            let by_doctype = meta.tables().find(|(_, child)| child.name == table);
            let table = by_doctype.map_or(table, |(field, _)| field.name.as_str());
            if crate::naming::child_of(meta, table).is_some_and(|child| is_known(child, column)) {
                let source = Source::Child { table: table.to_owned(), field: column.to_owned() };
                return Ok(vec![Column { label, source }]);
            }
            return Err(not_permitted(&expression));
        }
        if !is_known(meta, &expression) && self.field(meta, &expression).is_none() {
            return Err(not_permitted(&expression));
        }
        Ok(vec![Column { label, source: Source::Field(expression) }])
    }

    fn filters(&self, meta: &DocType, value: &Value) -> Result<Vec<Filter>, Refused> {
        let filters = Filter::read(&meta.name, value);
        for filter in &filters {
            let owner =
                known_doctype(&filter.doctype).unwrap_or(known_doctype(&meta.name).expect("it was found before"));
            if !is_known(owner, &filter.field) && self.field(owner, &filter.field).is_none() {
                return Err(not_permitted(&filter.field));
            }
        }
        Ok(filters)
    }
}

impl Query {
    /// The same without its columns.
    fn bare(&self) -> Self {
        Self {
            columns: Vec::new(),
            filters: self.filters.clone(),
            or_filters: self.or_filters.clone(),
            order: self.order.clone(),
            start: self.start,
            count: self.count,
        }
    }

    fn fits(&self, meta: &DocType, doc: &Doc) -> bool {
        let fits = |filter: &Filter| {
            if filter.doctype == meta.name {
                return filter.fits(doc);
            }
            let mut tables = meta.tables().filter(|(_, child)| child.name == filter.doctype);
            tables.any(|(table, _)| rows(doc, &table.name).any(|row| filter.fits(row)))
        };
        self.filters.iter().all(fits) && (self.or_filters.is_empty() || self.or_filters.iter().any(fits))
    }

    /// Where a filter names the documents, or a value that they are looked up by: these.
    fn exact<'a>(&self, site: &'a StandIn, meta: &DocType) -> Option<Vec<&'a Arc<Doc>>> {
        self.filters.iter().filter(|filter| filter.doctype == meta.name).find_map(|filter| {
            let values = filter.exact_values()?;
            if filter.field == "name" {
                return Some(values.iter().filter_map(|name| site.store.get(&meta.name, name)).collect());
            }
            let is_indexed = site.store.is_indexed(&meta.name, &filter.field);
            is_indexed
                .then(|| values.iter().flat_map(|value| site.store.with(&meta.name, &filter.field, value)).collect())
        })
    }

    /// What `modified` is at least, by the filters.
    fn lowest_modified(&self) -> &str {
        let lowest = self.filters.iter().filter_map(|filter| filter.at_least("modified"));
        lowest.max().unwrap_or_default()
    }

    fn sort<T>(&self, found: &mut [T], doc_of: impl Fn(&T) -> &Doc) {
        found.sort_by(|a, b| {
            let (a, b) = (doc_of(a), doc_of(b));
            let by = |(name, is_down): &(String, bool)| {
                let order = filter::compare(field(a, name), field(b, name));
                if *is_down { order.reverse() } else { order }
            };
            self.order.iter().map(by).find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
        });
    }

    fn row(&self, doc: &Doc, child: Option<&Doc>) -> Value {
        let mut row = Map::new();
        for column in &self.columns {
            let value = match &column.source {
                Source::Field(name) => field(doc, name).clone(),
                Source::Child { field: name, .. } => child.map(|child| field(child, name).clone()).unwrap_or_default(),
                Source::Count => Value::Null,
            };
            row.insert(column.label.clone(), value);
        }
        Value::Object(row)
    }
}

/// A number that has nothing to do with how names sort.
fn scattered(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn is_known(meta: &DocType, name: &str) -> bool {
    STANDARD_FIELDS.contains(&name) || meta.field(name).is_some()
}

fn not_permitted(name: &str) -> Refused {
    Refused::class("frappe.exceptions.DataError", format!("Field not permitted in query: {name}"))
}

/// An argument that came as a value or as a JSON text.
pub(crate) fn parsed(value: &Value) -> Result<Value, Refused> {
    match value {
        Value::String(text) if text.trim_start().starts_with(['[', '{', '"']) => serde_json::from_str(text)
            .map_err(|_| Refused::crash("json.decoder.JSONDecodeError", "Expecting value: line 1 column 3 (char 2)")),
        value => Ok(value.clone()),
    }
}

/// `modified asc, name asc`: fields, and whether they go down.
fn order(text: &str) -> Vec<(String, bool)> {
    let part = |part: &str| {
        let mut words = part.split_whitespace();
        let name = words.next()?.replace('`', "");
        let name = name.rsplit('.').next()?.to_owned();
        Some((name, words.next().is_some_and(|word| word.eq_ignore_ascii_case("desc"))))
    };
    text.split(',').filter_map(part).collect()
}
