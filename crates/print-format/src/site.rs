//! What a template may know about the site it belongs to.

use crate::Field;
use holdfast_engine::rounding::RoundingMethod;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Settings, translations and records, as they were when they were last pulled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Site {
    /// How numbers and dates look.
    pub settings: Settings,
    /// Who prints.
    pub user: User,
    /// The shop's wall clock: `2026-11-23 12:00:00`.
    pub now: String,
    /// Messages of the user's language, by their English text; with a context as `text:context`, as Frappe keys them.
    pub translations: BTreeMap<String, String>,
    /// Records by doctype and name. A doctype that is here is held whole: a name that it lacks does not exist. Single
    /// doctypes are under their own name.
    pub records: BTreeMap<String, BTreeMap<String, Map<String, Value>>>,
    /// Fields by doctype, where the site said them: custom fields, labels, own precisions.
    pub fields: BTreeMap<String, Vec<Field>>,
    /// Print Settings.
    pub print_settings: Map<String, Value>,
    /// The Letter Head that goes on top, unless the document names another that is among the records.
    pub letter_head: Option<LetterHead>,
}

/// System Settings and Global Defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// `number_format`.
    pub number_format: String,
    /// `currency_precision`; zero for that of the number format.
    pub currency_precision: u8,
    /// `float_precision`; zero for 3.
    pub float_precision: u8,
    /// `rounding_method`.
    pub rounding_method: RoundingMethod,
    /// `date_format`: `dd-mm-yyyy`.
    pub date_format: String,
    /// `time_format`: `HH:mm:ss`.
    pub time_format: String,
    /// The user's language: `en`.
    pub language: String,
    /// Global Defaults `default_currency`.
    pub default_currency: String,
    /// Global Defaults `default_company`.
    pub default_company: String,
    /// Global Defaults `country`.
    pub country: String,
    /// Global Defaults `hide_currency_symbol`.
    pub hide_currency_symbol: bool,
    /// Accounts Settings `show_inclusive_tax_in_print`.
    pub show_inclusive_tax_in_print: bool,
    /// The site's address: `https://shop.example`.
    pub url: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            number_format: "#,###.##".to_owned(),
            currency_precision: 0,
            float_precision: 3,
            rounding_method: RoundingMethod::default(),
            date_format: "yyyy-mm-dd".to_owned(),
            time_format: "HH:mm:ss".to_owned(),
            language: "en".to_owned(),
            default_currency: String::new(),
            default_company: String::new(),
            country: String::new(),
            hide_currency_symbol: false,
            show_inclusive_tax_in_print: false,
            url: String::new(),
        }
    }
}

/// User.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct User {
    /// Its name and key: an address.
    pub name: String,
    /// `full_name`.
    pub full_name: String,
}

/// Letter Head. Its parts are templates, too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LetterHead {
    /// `content`.
    pub content: Option<String>,
    /// `footer`.
    pub footer: Option<String>,
    /// `header_script`.
    pub header_script: Option<String>,
    /// `footer_script`.
    pub footer_script: Option<String>,
}

impl Site {
    /// A message in the user's language; itself where nobody translated it.
    pub(crate) fn translate(&self, message: &str, context: Option<&str>) -> String {
        let with_context = context.and_then(|context| self.translations.get(&format!("{message}:{context}")));
        with_context.or_else(|| self.translations.get(message)).map_or(message, String::as_str).to_owned()
    }

    /// A field of a record, where both are here.
    pub(crate) fn field_of(&self, doctype: &str, name: &str, field: &str) -> Option<&Value> {
        self.records.get(doctype)?.get(name)?.get(field)
    }

    /// The same as text; nothing for what is blank.
    pub(crate) fn text_of(&self, doctype: &str, name: &str, field: &str) -> Option<&str> {
        self.field_of(doctype, name, field)?.as_str().filter(|text| !text.is_empty())
    }

    /// Whether texts of the language are English: only that is known here without the server.
    pub(crate) fn is_english(&self) -> bool {
        let language = &self.settings.language;
        language.is_empty() || language == "en" || language.starts_with("en-") || language.starts_with("en_")
    }

    pub(crate) fn float_places(&self) -> u8 {
        match self.settings.float_precision {
            0 => 3,
            places => places,
        }
    }

    pub(crate) fn currency_places(&self) -> u8 {
        match self.settings.currency_precision {
            0 => holdfast_engine::money::places_of(&self.settings.number_format),
            places => places,
        }
    }
}
