//! Documents by DocType and name, with transactions.
//!
//! A request is a transaction: what it wrote is taken back where it is refused. Copies are cheap: tables are shared until one
//! of the copies writes to them.

use crate::json::{Doc, field, text};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// Fields by which documents are looked up beside their name.
const INDEXED: &[(&str, &str)] = &[
    ("Batch", "item"),
    ("Custom DocPerm", "parent"),
    ("Item Price", "item_code"),
    ("Loyalty Point Entry", "customer"),
    ("POS Invoice", "return_against"),
    ("POS Opening Entry", "pos_profile"),
    ("Product Bundle", "new_item_code"),
    ("Serial No", "item_code"),
    ("User", "api_key"),
];

/// All documents of a site.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    tables: BTreeMap<String, Arc<Table>>,
    series: BTreeMap<String, u64>,
    undo: Vec<Undo>,
    /// Every document that was written since it was last asked: DocType and, where it has one, the item it is about.
    changed: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default)]
struct Table {
    docs: BTreeMap<String, Arc<Doc>>,
    by_modified: BTreeSet<(String, String)>,
    indexes: BTreeMap<String, HashMap<String, BTreeSet<String>>>,
}

#[derive(Clone, Debug)]
enum Undo {
    Document { doctype: String, name: String, before: Option<Arc<Doc>> },
    Series { prefix: String, before: u64 },
}

impl Store {
    /// A document.
    pub(crate) fn get(&self, doctype: &str, name: &str) -> Option<&Arc<Doc>> {
        self.tables.get(doctype)?.docs.get(name)
    }

    /// Whether there is such a document.
    pub(crate) fn has(&self, doctype: &str, name: &str) -> bool {
        self.get(doctype, name).is_some()
    }

    /// A field of a document; empty where there is none.
    pub(crate) fn text(&self, doctype: &str, name: &str, fieldname: &str) -> &str {
        self.get(doctype, name).map_or("", |doc| text(doc, fieldname))
    }

    /// Every document of a DocType, by name.
    pub(crate) fn all(&self, doctype: &str) -> impl Iterator<Item = &Arc<Doc>> {
        self.tables.get(doctype).into_iter().flat_map(|table| table.docs.values())
    }

    /// Every document of a DocType that was modified then or later, by `modified` and name.
    pub(crate) fn by_modified(&self, doctype: &str, from: &str) -> impl DoubleEndedIterator<Item = &Arc<Doc>> {
        let from = (from.to_owned(), String::new());
        let table = self.tables.get(doctype);
        table
            .into_iter()
            .flat_map(move |table| table.by_modified.range(from.clone()..).filter_map(|(_, name)| table.docs.get(name)))
    }

    /// The documents whose indexed field has this value, by name.
    pub(crate) fn with<'a>(
        &'a self,
        doctype: &str,
        fieldname: &str,
        value: &str,
    ) -> impl Iterator<Item = &'a Arc<Doc>> {
        let table = self.tables.get(doctype);
        let names = table.and_then(|table| table.indexes.get(fieldname)?.get(value));
        names.into_iter().flatten().filter_map(move |name| table?.docs.get(name))
    }

    /// How many documents of a DocType there are.
    pub(crate) fn count(&self, doctype: &str) -> usize {
        self.tables.get(doctype).map_or(0, |table| table.docs.len())
    }

    /// Looks documents up by this field from now on.
    pub(crate) fn index(&mut self, doctype: &str, fieldname: &str) {
        let table =
            Arc::make_mut(self.tables.entry(doctype.to_owned()).or_insert_with(|| Arc::new(Table::new(doctype))));
        let mut index: HashMap<String, BTreeSet<String>> = HashMap::new();
        for (name, doc) in &table.docs {
            let value = text(doc, fieldname);
            if !value.is_empty() {
                index.entry(value.to_owned()).or_default().insert(name.clone());
            }
        }
        table.indexes.insert(fieldname.to_owned(), index);
    }

    /// Whether documents are looked up by this field.
    pub(crate) fn is_indexed(&self, doctype: &str, fieldname: &str) -> bool {
        self.tables.get(doctype).is_some_and(|table| table.indexes.contains_key(fieldname))
    }

    /// Writes a document under its `name`.
    pub(crate) fn put(&mut self, doctype: &str, doc: Doc) {
        let name = text(&doc, "name").to_owned();
        self.write(doctype, &name, Some(&Arc::new(doc)), true);
    }

    /// Removes a document.
    pub(crate) fn remove(&mut self, doctype: &str, name: &str) {
        self.write(doctype, name, None, true);
    }

    /// The next number of a series.
    pub(crate) fn next_in(&mut self, prefix: &str) -> u64 {
        let before = self.series.get(prefix).copied().unwrap_or(0);
        self.undo.push(Undo::Series { prefix: prefix.to_owned(), before });
        self.series.insert(prefix.to_owned(), before + 1);
        before + 1
    }

    /// Sets a series, so that its next number is one more.
    pub(crate) fn set_series(&mut self, prefix: &str, last: u64) {
        self.series.insert(prefix.to_owned(), last);
    }

    /// Keeps what was written since the last commit.
    pub(crate) fn commit(&mut self) {
        self.undo.clear();
    }

    /// Takes back what was written since the last commit.
    pub(crate) fn rollback(&mut self) {
        while let Some(undo) = self.undo.pop() {
            match undo {
                Undo::Document { doctype, name, before } => self.write(&doctype, &name, before.as_ref(), false),
                Undo::Series { prefix, before } => {
                    self.series.insert(prefix, before);
                }
            }
        }
    }

    /// What was written since this was last asked, taken back or not: DocType and what it is about.
    pub(crate) fn take_changed(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.changed)
    }

    fn write(&mut self, doctype: &str, name: &str, doc: Option<&Arc<Doc>>, can_undo: bool) {
        if !self.tables.contains_key(doctype) {
            self.tables.insert(doctype.to_owned(), Arc::new(Table::new(doctype)));
        }
        let table = Arc::make_mut(self.tables.get_mut(doctype).expect("it was just made"));
        let before = table.write(name, doc);
        let about = doc.or(before.as_ref()).map_or("", |doc| about(doctype, doc));
        self.changed.push((doctype.to_owned(), about.to_owned()));
        if can_undo {
            self.undo.push(Undo::Document { doctype: doctype.to_owned(), name: name.to_owned(), before });
        }
    }
}

/// The item that a document is about; empty for none.
fn about<'a>(doctype: &str, doc: &'a Doc) -> &'a str {
    match doctype {
        "Item" => text(doc, "name"),
        "Item Price" => text(doc, "item_code"),
        "Batch" | crate::pos::pricing::HELD_BATCH => text(doc, "item"),
        "Product Bundle" => text(doc, "new_item_code"),
        _ => "",
    }
}

impl Table {
    fn new(doctype: &str) -> Self {
        let indexes = INDEXED.iter().filter(|(of, _)| *of == doctype);
        let indexes = indexes.map(|(_, fieldname)| ((*fieldname).to_owned(), HashMap::new())).collect();
        Self { indexes, ..Self::default() }
    }

    fn write(&mut self, name: &str, doc: Option<&Arc<Doc>>) -> Option<Arc<Doc>> {
        let before = match doc {
            Some(doc) => self.docs.insert(name.to_owned(), Arc::clone(doc)),
            None => self.docs.remove(name),
        };
        let stamp = |doc: &Doc| (text(doc, "modified").to_owned(), name.to_owned());
        if let Some(before) = &before {
            self.by_modified.remove(&stamp(before));
        }
        if let Some(doc) = doc {
            self.by_modified.insert(stamp(doc));
        }
        for (fieldname, index) in &mut self.indexes {
            let value = |doc: Option<&Arc<Doc>>| doc.map(|doc| key(field(doc, fieldname))).unwrap_or_default();
            let (was, is) = (value(before.as_ref()), value(doc));
            if was == is {
                continue;
            }
            if let Some(names) = index.get_mut(&was) {
                names.remove(name);
            }
            if !is.is_empty() {
                index.entry(is).or_default().insert(name.to_owned());
            }
        }
        before
    }
}

fn key(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
