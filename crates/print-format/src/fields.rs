//! What kind of field a field is: from the site where it said so, else as ERPNext ships its selling documents.

use crate::Site;
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

/// DocField, or Custom Field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Field {
    /// `fieldname`.
    pub fieldname: String,
    /// `label`.
    pub label: String,
    /// `fieldtype`: `Currency`.
    pub fieldtype: String,
    /// `options`: for a Currency the field that names it, for a Table the doctype of its rows.
    pub options: String,
    /// `precision`, where it has its own.
    pub precision: Option<u8>,
    /// `print_hide_if_no_value`.
    pub print_hide_if_no_value: u8,
}

/// The fields of a doctype by name.
pub(crate) type Fields = HashMap<String, Field>;

/// ERPNext 15's fields: a doctype in brackets, then `type|options|precision|names`.
const SHIPPED: &str = include_str!("fields.txt");

static SHIPPED_FIELDS: LazyLock<HashMap<&'static str, Arc<Fields>>> = LazyLock::new(|| {
    let mut doctypes: HashMap<&str, Fields> = HashMap::new();
    let mut doctype = "";
    for line in SHIPPED.lines() {
        if let Some(name) = line.strip_prefix('[') {
            doctype = name.trim_end_matches(']');
            continue;
        }
        let mut cells = line.split('|');
        let [fieldtype, options, precision, names] = [(); 4].map(|()| cells.next().unwrap_or_default());
        for fieldname in names.split_whitespace() {
            let field = Field {
                fieldname: fieldname.to_owned(),
                fieldtype: fieldtype.to_owned(),
                options: options.to_owned(),
                precision: precision.parse().ok(),
                ..Field::default()
            };
            doctypes.entry(doctype).or_default().insert(fieldname.to_owned(), field);
        }
    }
    doctypes.into_iter().map(|(doctype, fields)| (doctype, Arc::new(fields))).collect()
});

/// The fields of a doctype; the site's own over the shipped ones.
pub(crate) fn fields_of(site: &Site, doctype: &str) -> Arc<Fields> {
    let mut fields = SHIPPED_FIELDS.get(doctype).cloned().unwrap_or_default();
    if let Some(own) = site.fields.get(doctype) {
        let own = own.iter().map(|field| (field.fieldname.clone(), field.clone()));
        Arc::make_mut(&mut fields).extend(own);
    }
    fields
}

/// Fields that every document has beside those of its doctype.
pub(crate) fn default_field(fieldname: &str) -> Option<Field> {
    let fieldtype = match fieldname {
        "creation" | "modified" => "Datetime",
        "idx" | "docstatus" => "Int",
        "name" | "owner" | "modified_by" => "Data",
        _ => return None,
    };
    Some(Field { fieldname: fieldname.to_owned(), fieldtype: fieldtype.to_owned(), ..Field::default() })
}

#[cfg(test)]
mod tests {
    use super::{Field, fields_of};
    use crate::Site;

    #[test]
    fn a_field_of_the_site_wins_over_the_shipped_one() {
        let own =
            Field { fieldname: "rate".into(), fieldtype: "Currency".into(), precision: Some(4), ..Field::default() };
        let site = Site { fields: [("POS Invoice Item".to_owned(), vec![own])].into(), ..Site::default() };

        let fields = fields_of(&site, "POS Invoice Item");

        assert_eq!(fields["rate"].precision, Some(4));
        assert_eq!(fields["amount"].options, "currency");
        assert_eq!(fields["discount_percentage"].precision, Some(2));
    }
}
