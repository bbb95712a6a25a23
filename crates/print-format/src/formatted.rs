//! Frappe's `format_value`: how a value looks by the kind of its field.

use crate::{
    Field, Site, dates,
    moment::Moment,
    money::{Look, fmt_money},
    numbers,
    refusal::{Refusal, failure},
};
use minijinja::{Error, Value};
use std::collections::BTreeMap;

/// What a caller asks for beyond the field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    /// A currency other than the field's.
    pub(crate) currency: Option<String>,
    /// A number format other than the site's.
    pub(crate) number_format: Option<String>,
    /// Whether the value is a message to translate.
    pub(crate) is_translated: bool,
}

/// A value as it is printed. `around` is the document that names the currency.
pub(crate) fn format_value(
    site: &Site,
    value: &Value,
    field: Option<&Field>,
    around: Option<&BTreeMap<String, Value>>,
    wish: &Wish,
) -> Result<Value, Error> {
    let guessed = Field { fieldtype: kind_of(value).to_owned(), ..Field::default() };
    let field = field.unwrap_or(&guessed);
    let text = if value.is_none() || value.is_undefined() {
        String::new()
    } else if wish.is_translated {
        site.translate(&numbers::text(value), None)
    } else {
        numbers::text(value)
    };
    let is_number = matches!(field.fieldtype.as_str(), "Int" | "Float" | "Currency" | "Percent");
    if is_number && field.print_hide_if_no_value != 0 && value.is_number() && numbers::flt(value) == 0.0 {
        return Ok(Value::from(""));
    }
    let formatted = match field.fieldtype.as_str() {
        "Date" | "Datetime" | "Time" => moment(site, value, &text, &field.fieldtype)?,
        "Currency" => money(site, value, field, around, wish),
        "Float" => float(site, value, field, around, wish),
        "Percent" => format!("{}%", numbers::float_text(numbers::rounded(site, numbers::flt(value), Some(2)))),
        "Text" | "Small Text" => {
            if has_blocks(&text) {
                text
            } else {
                text.replace('\n', "<br>")
            }
        }
        "Markdown Editor" => return Err(Refusal::server_only("text in Markdown")),
        "Table MultiSelect" => return Err(Refusal::server_only("a field with several choices")),
        "Duration" => duration(numbers::cint(value)),
        "Text Editor" => format!("<div class='ql-snow'>{text}</div>"),
        "Select" => site.translate(&text, None),
        _ if value.is_none() || value.is_undefined() => text,
        _ => return Ok(value.clone()),
    };
    Ok(Value::from(formatted))
}

fn kind_of(value: &Value) -> &'static str {
    match value.downcast_object_ref::<Moment>() {
        Some(Moment::DateTime(..)) => "Datetime",
        Some(Moment::Date(_)) => "Date",
        Some(Moment::Span(_)) => "Time",
        None if numbers::as_float(value).is_some() => "Float",
        None if value.is_number() => "Int",
        _ => "Data",
    }
}

fn moment(site: &Site, value: &Value, text: &str, fieldtype: &str) -> Result<String, Error> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let moment = Moment::from_value(value).ok_or_else(|| failure(format!("“{text}” is no {fieldtype}")))?;
    match fieldtype {
        "Date" => dates::format_date(site, moment, None),
        "Datetime" => dates::format_datetime(site, moment, None),
        _ => dates::format_time(site, moment, None),
    }
}

fn money(site: &Site, value: &Value, field: &Field, around: Option<&BTreeMap<String, Value>>, wish: &Wish) -> String {
    let currency = wish.currency.clone().or_else(|| currency_of(site, field, around));
    let currency = currency.unwrap_or_else(|| site.settings.default_currency.clone());
    let look = Look {
        places: Some(field.precision.filter(|places| *places != 0).unwrap_or_else(|| site.currency_places())),
        currency: Some(&currency),
        number_format: wish.number_format.as_deref(),
    };
    fmt_money(site, numbers::flt(value), look)
}

fn float(site: &Site, value: &Value, field: &Field, around: Option<&BTreeMap<String, Value>>, wish: &Wish) -> String {
    let currency = wish.currency.clone().or_else(|| currency_of(site, field, around));
    let number = numbers::flt(value);
    let is_whole = field.options.is_empty() && has_no_decimals(value);
    let own = field.precision.filter(|places| *places != 0).unwrap_or_else(|| site.float_places());
    let look =
        Look { places: Some(if is_whole { 0 } else { own }), currency: currency.as_deref(), number_format: None };
    fmt_money(site, number, look)
}

/// Whether Python prints the number without decimals or with zeros only: `6.0`, but not `6.05`.
fn has_no_decimals(value: &Value) -> bool {
    let text = numbers::cstr(value);
    text.split_once('.').is_none_or(|(_, decimals)| decimals.bytes().all(|digit| digit == b'0'))
}

/// The currency that a field's options name: a field of the document, or `Company:company:default_currency`.
fn currency_of(site: &Site, field: &Field, around: Option<&BTreeMap<String, Value>>) -> Option<String> {
    let around = around?;
    let text = |name: &str| around.get(name).filter(|value| value.is_true()).map(numbers::text);
    let parts: Vec<&str> = field.options.split(':').collect();
    match parts.as_slice() {
        [""] => None,
        [name] => text(name),
        [doctype, link, name] => site.text_of(doctype, &text(link)?, name).map(str::to_owned),
        _ => None,
    }
}

fn has_blocks(text: &str) -> bool {
    ["<br", "<div", "<p"].iter().any(|tag| text.contains(tag))
}

/// `3h 34m 45s`.
pub(crate) fn duration(seconds: i64) -> String {
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count != 0).map(|(count, unit)| format!("{count}{unit}")).collect();
    parts.join(" ")
}
