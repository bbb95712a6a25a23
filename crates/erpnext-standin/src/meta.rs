//! What DocTypes say: fields, naming, standard permissions.

use crate::json::{Doc, is_set, text};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    io::Read,
    sync::LazyLock,
};

static DOCTYPES: LazyLock<BTreeMap<String, DocType>> = LazyLock::new(read);

/// A DocType by name.
pub(crate) fn doctype(name: &str) -> Option<&'static DocType> {
    DOCTYPES.get(name)
}

/// Every DocType that the model knows.
pub(crate) fn all() -> impl Iterator<Item = &'static DocType> {
    DOCTYPES.values()
}

/// A DocType.
#[derive(Debug, Default)]
pub(crate) struct DocType {
    pub(crate) name: String,
    pub(crate) fields: Vec<Field>,
    places: HashMap<String, usize>,
    pub(crate) permissions: Vec<Permission>,
    pub(crate) autoname: String,
    pub(crate) is_single: bool,
    pub(crate) is_table: bool,
    /// How lists are ordered where nobody says.
    pub(crate) sort: String,
}

/// A DocField or a Custom Field.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "these are the field's check fields")]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) options: String,
    pub(crate) label: String,
    pub(crate) default: Value,
    pub(crate) permlevel: u8,
    pub(crate) fetch_from: String,
    pub(crate) is_mandatory: bool,
    pub(crate) is_unique: bool,
    pub(crate) allow_on_submit: bool,
    pub(crate) fetch_if_empty: bool,
    /// Decimals of its own.
    pub(crate) places: Option<u8>,
}

/// A row of permissions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Permission {
    pub(crate) role: String,
    pub(crate) permlevel: u8,
    /// A letter for each right.
    pub(crate) rights: String,
}

/// Fields that every document has.
pub(crate) const STANDARD_FIELDS: &[&str] = &[
    "name",
    "owner",
    "creation",
    "modified",
    "modified_by",
    "docstatus",
    "idx",
    "parent",
    "parentfield",
    "parenttype",
    "doctype",
    "_user_tags",
    "_comments",
    "_assign",
    "_liked_by",
];

impl DocType {
    /// A field by name.
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.places.get(name).map(|at| &self.fields[*at])
    }

    /// The tables of a document: field and child DocType.
    pub(crate) fn tables(&self) -> impl Iterator<Item = (&Field, &'static DocType)> {
        let tables = self.fields.iter().filter(|field| field.is_table());
        tables.filter_map(|field| Some((field, doctype(&field.options)?)))
    }
}

impl Field {
    /// A Custom Field's document as a field.
    pub(crate) fn custom(doc: &Doc) -> Self {
        Self {
            name: text(doc, "fieldname").to_owned(),
            kind: text(doc, "fieldtype").to_owned(),
            options: text(doc, "options").to_owned(),
            label: text(doc, "label").to_owned(),
            default: doc.get("default").cloned().unwrap_or_default(),
            permlevel: crate::json::number(doc, "permlevel") as u8,
            fetch_from: text(doc, "fetch_from").to_owned(),
            is_mandatory: is_set(doc, "reqd"),
            is_unique: is_set(doc, "unique"),
            allow_on_submit: is_set(doc, "allow_on_submit"),
            fetch_if_empty: is_set(doc, "fetch_if_empty"),
            places: text(doc, "precision").parse().ok(),
        }
    }

    /// Whether it holds rows.
    pub(crate) fn is_table(&self) -> bool {
        self.kind == "Table" || self.kind == "Table MultiSelect"
    }

    /// Whether Frappe stores a zero where nothing is given.
    pub(crate) fn is_numeric(&self) -> bool {
        matches!(self.kind.as_str(), "Check" | "Int" | "Float" | "Currency" | "Percent")
    }
}

fn read() -> BTreeMap<String, DocType> {
    let mut json = Vec::new();
    let packed = include_bytes!("../data/doctypes.json.gz");
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut json).expect("the file is whole");
    let whole: Doc = serde_json::from_slice(&json).expect("the file is JSON");
    whole.into_iter().map(|(name, entry)| (name.clone(), doctype_of(name, &entry))).collect()
}

fn doctype_of(name: String, entry: &Value) -> DocType {
    let list = |key: &str| entry[key].as_array().map_or(&[][..], Vec::as_slice);
    let fields: Vec<Field> = list("fields").iter().map(field_of).collect();
    let is = |key: &str| entry[key] == 1;
    DocType {
        places: fields.iter().enumerate().map(|(at, field)| (field.name.clone(), at)).collect(),
        permissions: list("permissions").iter().map(permission_of).collect(),
        autoname: entry["autoname"].as_str().unwrap_or_default().to_owned(),
        is_single: is("issingle"),
        is_table: is("istable"),
        sort: entry["sort"].as_str().unwrap_or("modified desc").to_owned(),
        name,
        fields,
    }
}

fn field_of(row: &Value) -> Field {
    let part = |at: usize| row[at].as_str().unwrap_or_default().to_owned();
    let flags = part(3);
    Field {
        name: part(0),
        kind: part(1),
        options: part(2),
        label: part(4),
        default: row[5].clone(),
        permlevel: row[6].as_u64().unwrap_or(0) as u8,
        fetch_from: part(7),
        is_mandatory: flags.contains('r'),
        is_unique: flags.contains('u'),
        allow_on_submit: flags.contains('s'),
        fetch_if_empty: flags.contains('f'),
        places: part(8).parse().ok(),
    }
}

fn permission_of(row: &Value) -> Permission {
    let part = |at: usize| row[at].as_str().unwrap_or_default().to_owned();
    Permission { role: part(0), permlevel: row[1].as_u64().unwrap_or(0) as u8, rights: part(2) }
}
