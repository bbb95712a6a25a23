//! A document as a template sees it: its fields as Frappe types them, its rows, and the methods that formats call.

use crate::{
    Field, PrintFormat, Site,
    arguments::Arguments,
    fields::{Fields, default_field, fields_of},
    formatted::{self, Wish},
    moment::Moment,
    numbers,
    refusal::{Refusal, failure},
    words,
};
use minijinja::{
    Error, ErrorKind, State, Value,
    value::{Enumerator, Object, ObjectExt},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::{collections::BTreeMap, sync::Arc};

/// A document: a doctype and ERPNext's fields, rows as lists of objects.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its doctype: `POS Invoice`.
    pub doctype: String,
    /// Its fields.
    #[serde(flatten)]
    pub fields: Map<String, Json>,
}

/// What rows ask their document for: its own fields without the tables.
type Scalars = BTreeMap<String, Value>;

/// A document or a row while it is printed.
#[derive(Debug)]
pub(crate) struct Record {
    site: Arc<Site>,
    doctype: String,
    fields: Arc<Fields>,
    scalars: Arc<Scalars>,
    tables: BTreeMap<String, Value>,
    /// The fields of the document that a row belongs to.
    parent: Option<Arc<Scalars>>,
}

impl Record {
    /// The document that is printed, with what the server's printing adds to it.
    pub(crate) fn printed(site: &Arc<Site>, document: &Document, format: &PrintFormat) -> Self {
        let mut extra = Scalars::new();
        let nothing = || Value::from(());
        for (name, value) in [
            ("print_heading", nothing()),
            ("sub_heading", nothing()),
            ("print_section_headings", Value::from(format.show_section_headings)),
            ("print_line_breaks", Value::from(format.line_breaks)),
            ("align_labels_right", Value::from(format.align_labels_right)),
            ("absolute_value", Value::from(format.absolute_value)),
            ("flags", flags(site, document)),
        ] {
            extra.insert(name.to_owned(), value);
        }
        let mut record = Self::new(site, &document.doctype, &document.fields, extra);
        record.add_words();
        record
    }

    /// Any record.
    pub(crate) fn new(site: &Arc<Site>, doctype: &str, values: &Map<String, Json>, extra: Scalars) -> Self {
        Self::with_fields(site, doctype, fields_of(site, doctype), values, extra)
    }

    fn with_fields(
        site: &Arc<Site>,
        doctype: &str,
        fields: Arc<Fields>,
        values: &Map<String, Json>,
        extra: Scalars,
    ) -> Self {
        let mut scalars = extra;
        for (name, field) in fields.iter().filter(|(_, field)| field.fieldtype != "Table") {
            scalars.insert(name.clone(), typed(Some(field), values.get(name)));
        }
        for (name, value) in values.iter().filter(|(_, value)| !is_table(value)) {
            let default = default_field(name);
            scalars.insert(name.clone(), typed(fields.get(name).or(default.as_ref()), Some(value)));
        }
        scalars.insert("doctype".to_owned(), Value::from(doctype));
        let mut record = Self {
            site: Arc::clone(site),
            doctype: doctype.to_owned(),
            fields,
            scalars: Arc::new(scalars),
            tables: BTreeMap::new(),
            parent: None,
        };
        record.tables = record.all_rows(values);
        record
    }

    fn all_rows(&self, values: &Map<String, Json>) -> BTreeMap<String, Value> {
        let known = self.fields.values().filter(|field| field.fieldtype == "Table").map(|field| &field.fieldname);
        let given = values.iter().filter(|(_, value)| is_table(value)).map(|(name, _)| name);
        let rows = |name: &String| {
            let doctype = self.fields.get(name).map_or("", |field| field.options.as_str());
            let fields = fields_of(&self.site, doctype);
            let rows = values.get(name).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_object);
            let rows =
                rows.enumerate().map(|(index, row)| Value::from_object(self.row((doctype, &fields), name, index, row)));
            (name.clone(), Value::from(rows.collect::<Vec<_>>()))
        };
        known.chain(given).map(rows).collect()
    }

    fn row(&self, doctype: (&str, &Arc<Fields>), table: &str, index: usize, values: &Map<String, Json>) -> Self {
        let own_name = || Value::from(());
        let extra = [
            ("idx", Value::from(index + 1)),
            ("parentfield", Value::from(table)),
            ("parenttype", Value::from(self.doctype.as_str())),
            ("parent", self.scalars.get("name").cloned().unwrap_or_else(own_name)),
        ];
        let extra = extra.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let (doctype, fields) = doctype;
        let mut row = Self::with_fields(&self.site, doctype, Arc::clone(fields), values, extra);
        row.parent = Some(Arc::clone(&self.scalars));
        row
    }

    /// `in_words` and `base_in_words` are written by the server when it saves; a document from here has none yet.
    fn add_words(&mut self) {
        let amount = |names: [&str; 2]| {
            let values = names.map(|name| self.scalars.get(name).map_or(0.0, numbers::flt));
            if values[0] == 0.0 { values[1] } else { values[0] }.abs()
        };
        let currency =
            |field: &Option<String>| field.clone().unwrap_or_else(|| self.site.settings.default_currency.clone());
        let company = self.text("company").unwrap_or_default();
        let company_currency = self.site.text_of("Company", &company, "default_currency").map(str::to_owned);
        let words = [
            ("in_words", amount(["rounded_total", "grand_total"]), currency(&self.text("currency"))),
            ("base_in_words", amount(["base_rounded_total", "base_grand_total"]), currency(&company_currency)),
        ];
        let mut scalars = (*self.scalars).clone();
        for (name, amount, currency) in words {
            let is_blank = self.fields.contains_key(name) && self.text(name).is_none_or(|text| text.is_empty());
            if is_blank {
                let words = words::money_in_words(&self.site, amount, Some(&currency), None);
                // An error is only raised where a template asks for the words.
                scalars.insert(name.to_owned(), words.map_or_else(Value::from, Value::from));
            }
        }
        self.scalars = Arc::new(scalars);
    }

    fn text(&self, name: &str) -> Option<String> {
        self.scalars.get(name).filter(|value| !value.is_none()).map(numbers::text)
    }

    /// A field's value: a scalar or a table.
    pub(crate) fn value(&self, name: &str) -> Option<Value> {
        self.tables.get(name).or_else(|| self.scalars.get(name)).cloned()
    }

    /// The document around it: its own fields, unless it is a row.
    pub(crate) fn around(&self) -> &Scalars {
        self.parent.as_ref().unwrap_or(&self.scalars)
    }

    pub(crate) fn field(&self, name: &str) -> Option<Field> {
        self.fields.get(name).cloned().or_else(|| default_field(name))
    }

    /// All of it as a plain dictionary.
    pub(crate) fn as_dict(&self) -> Value {
        let rows = |rows: &Value| -> Value {
            let rows = rows.try_iter().into_iter().flatten();
            rows.map(|row| row.downcast_object_ref::<Self>().map_or(row.clone(), Self::as_dict)).collect()
        };
        let scalars = self.scalars.iter().map(|(name, value)| (name.clone(), value.clone()));
        let tables = self.tables.iter().map(|(name, value)| (name.clone(), rows(value)));
        Value::from_pairs(scalars.chain(tables))
    }

    fn get(&self, arguments: &Arguments<'_>) -> Result<Value, Error> {
        let name = arguments.need(0, "key")?;
        let value = name.as_str().and_then(|name| self.value(name));
        let Some(filters) = arguments.some(1, "filters").filter(|filters| filters.as_object().is_some()) else {
            let default = arguments.get(1, "default").unwrap_or_else(|| Value::from(()));
            return Ok(value.unwrap_or(default));
        };
        let wanted: Vec<Value> = filters.try_iter()?.collect();
        let is_wanted = |row: &Value| {
            wanted.iter().all(|key| row.get_item(key).ok().is_some_and(|has| Some(has) == filters.get_item(key).ok()))
        };
        Ok(value.unwrap_or_default().try_iter()?.filter(is_wanted).collect())
    }

    fn get_formatted(&self, arguments: &Arguments<'_>) -> Result<Value, Error> {
        let name = arguments.text(0, "fieldname").ok_or_else(|| failure("get_formatted needs a field"))?;
        let other = arguments.some(1, "doc");
        let around =
            other.as_ref().and_then(|doc| doc.downcast_object_ref::<Self>()).map_or(self.around(), |doc| &doc.scalars);
        let mut value = self.value(&name).unwrap_or_else(|| Value::from(()));
        let is_absolute =
            arguments.is_true(3, "absolute_value") || around.get("absolute_value").is_some_and(Value::is_true);
        if is_absolute && value.is_number() {
            value = match numbers::as_float(&value) {
                Some(float) => Value::from(float.abs()),
                None => Value::from(numbers::cint(&value).abs()),
            };
        }
        let field = self.field(&name);
        let own_currency = field.as_ref().and_then(|field| self.text(&field.options)).filter(|text| !text.is_empty());
        let wish = Wish {
            currency: arguments.text(2, "currency").or(own_currency),
            number_format: arguments.text(5, "format"),
            is_translated: arguments.is_true(4, "translated"),
        };
        formatted::format_value(&self.site, &value, field.as_ref(), Some(around), &wish)
    }
}

fn is_table(value: &Json) -> bool {
    value.as_array().is_some_and(|rows| rows.iter().all(Json::is_object))
}

fn flags(site: &Site, document: &Document) -> Value {
    let is_included = |row: &Json| row.get("included_in_print_rate").is_some_and(|value| *value == 1 || *value == true);
    let has_included =
        document.fields.get("taxes").and_then(Json::as_array).is_some_and(|rows| rows.iter().any(is_included));
    let shows = site.settings.show_inclusive_tax_in_print && has_included;
    Value::from_pairs([("in_print", Value::from(true)), ("show_inclusive_tax_in_print", Value::from(shows))])
}

/// A value as Frappe reads it from its database.
fn typed(field: Option<&Field>, value: Option<&Json>) -> Value {
    let value = value.filter(|value| !value.is_null());
    let plain = value.map(plain);
    let moment = |read: fn(&str) -> Option<Moment>| {
        value.and_then(Json::as_str).and_then(read).map(Moment::into_value).or_else(|| plain.clone())
    };
    match field.map_or("", |field| field.fieldtype.as_str()) {
        "Currency" | "Float" | "Percent" => Value::from(plain.as_ref().map_or(0.0, numbers::flt)),
        "Int" | "Check" => Value::from(plain.as_ref().map_or(0, numbers::cint)),
        "Date" => moment(|text| Moment::parse(text).and_then(Moment::date).map(Moment::Date))
            .unwrap_or_else(|| Value::from(())),
        "Datetime" => moment(Moment::parse).unwrap_or_else(|| Value::from(())),
        "Time" => moment(Moment::parse_span).unwrap_or_else(|| Value::from(())),
        _ => plain.unwrap_or_else(|| Value::from(())),
    }
}

/// JSON as the template's own values.
pub(crate) fn plain(value: &Json) -> Value {
    match value {
        Json::Null => Value::from(()),
        Json::Bool(value) => Value::from(*value),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Value::from(number),
            (None, number) => Value::from(number.unwrap_or_default()),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(values) => values.iter().map(plain).collect(),
        Json::Object(values) => Value::from_pairs(values.iter().map(|(name, value)| (name.clone(), plain(value)))),
    }
}

impl Object for Record {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "meta" => Some(Value::from_object(Meta(Arc::clone(self)))),
            "parent_doc" => None,
            name => self.value(name),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.mapped_enumerator(|this| {
            Box::new(this.scalars.keys().chain(this.tables.keys()).map(|name| Value::from(name.as_str())))
        })
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let arguments = Arguments::new(args);
        match method {
            "get" => self.get(&arguments),
            "get_formatted" => self.get_formatted(&arguments),
            "as_dict" => Ok(self.as_dict()),
            "get_title" => Ok(self.value("title").or_else(|| self.value("name")).unwrap_or_else(|| Value::from(()))),
            // A bundle's parts are rows of Packed Item that name the bundle.
            "has_product_bundle" => {
                let code = arguments.need(0, "item_code")?;
                let rows = self.tables.get("packed_items").cloned().unwrap_or_default();
                let parts =
                    rows.try_iter()?.filter(|row| row.get_attr("parent_item").ok().as_ref() == Some(&code)).count();
                Ok(Value::from(parts > 0))
            }
            // A row's or document's field may be called like a method of a dictionary.
            _ if self.value(method).is_some() => Err(failure(format!("{method} is a field, not a method"))),
            "keys" | "values" | "items" => Err(Error::from(ErrorKind::UnknownMethod)),
            _ => Err(Refusal::server_only(format!("doc.{method}"))),
        }
    }
}

/// `doc.meta`.
#[derive(Debug)]
struct Meta(Arc<Record>);

impl Object for Meta {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        (key.as_str() == Some("name")).then(|| Value::from(self.0.doctype.as_str()))
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let name = Arguments::new(args).text(0, "fieldname").unwrap_or_default();
        let field = self.0.fields.get(&name);
        match method {
            "has_field" => Ok(Value::from(field.is_some())),
            "get_label" => match field.filter(|field| !field.label.is_empty()) {
                Some(field) => Ok(Value::from(field.label.as_str())),
                None => Err(Refusal::not_held(format!("the label of {name} in {}", self.0.doctype))),
            },
            "get_field" => Ok(field.map_or_else(|| Value::from(()), field_value)),
            _ => Err(Refusal::server_only(format!("doc.meta.{method}"))),
        }
    }
}

fn field_value(field: &Field) -> Value {
    let texts = [
        ("fieldname", &field.fieldname),
        ("label", &field.label),
        ("fieldtype", &field.fieldtype),
        ("options", &field.options),
    ];
    Value::from_pairs(texts.map(|(name, text)| (name, Value::from(text.as_str()))))
}
