//! `frappe.utils`: the functions that formats use.

use crate::{
    Site,
    arguments::{Arguments, list},
    dates, formatted,
    moment::{DAY, Moment},
    money::{Look, fmt_money},
    numbers,
    refusal::{Refusal, failure},
    words,
};
use holdfast_engine::{Date, rounding::round_to_fraction};
use minijinja::{
    Error, State, Value,
    value::{Object, ObjectRepr},
};
use std::sync::Arc;

/// `frappe.utils`.
#[derive(Debug)]
pub(crate) struct Utils(pub(crate) Arc<Site>);

impl Object for Utils {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        match name {
            "DATE_FORMAT" => Some(Value::from("%Y-%m-%d")),
            "TIME_FORMAT" => Some(Value::from("%H:%M:%S.%f")),
            "DATETIME_FORMAT" => Some(Value::from("%Y-%m-%d %H:%M:%S.%f")),
            // Formats also write `frappe.utils.data.fmt_money`.
            "data" => Some(Value::from_dyn_object(Arc::clone(self))),
            _ => Some(Value::from(Refusal::server_only(format!("frappe.utils.{name}")))),
        }
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let arguments = Arguments::new(args);
        let found = match numbers_and_texts(&self.0, method, &arguments)? {
            None => moments(&self.0, method, &arguments)?,
            found => found,
        };
        found.ok_or_else(|| Refusal::server_only(format!("frappe.utils.{method}")))
    }
}

fn numbers_and_texts(site: &Site, method: &str, arguments: &Arguments<'_>) -> Result<Option<Value>, Error> {
    let text = || arguments.text(0, "text").or_else(|| arguments.text(0, "s")).unwrap_or_default();
    let number = || arguments.placed().first().map_or(0.0, numbers::flt);
    let value = match method {
        "flt" => Value::from(numbers::rounded(site, number(), arguments.int(1, "precision"))),
        "cint" => Value::from(arguments.placed().first().map_or(0, numbers::cint)),
        "cstr" => Value::from(arguments.placed().first().map_or_else(String::new, numbers::cstr)),
        "floor" => Value::from(number().floor() as i64),
        "ceil" => Value::from(number().ceil() as i64),
        "rounded" => Value::from(numbers::rounded(site, number(), Some(arguments.int(1, "precision").unwrap_or(0)))),
        "remainder" | "safe_div" => divided(site, method, arguments),
        "round_based_on_smallest_currency_fraction" => smallest_fraction(site, arguments),
        "fmt_money" => {
            let look = money_look(arguments);
            // A text is rounded as a number is on its way into a field, a number only as it is written.
            let is_text = arguments.placed().first().is_some_and(|value| value.as_str().is_some());
            let places = i64::from(look.places.unwrap_or_else(|| site.currency_places()));
            let amount = numbers::rounded(site, number(), is_text.then_some(places));
            Value::from(fmt_money(site, amount, look.as_look()))
        }
        "money_in_words" => money_in_words(site, arguments)?,
        "in_words" => {
            let is_indian = arguments.get(1, "in_million").is_some_and(|value| !value.is_true());
            let number = u64::try_from(numbers::cint(&arguments.need(0, "integer")?));
            Value::from(words::words(site, number.map_err(|_| failure("a negative number in words"))?, is_indian)?)
        }
        "format_duration" => Value::from(formatted::duration(number() as i64)),
        "strip_html" => Value::from(strip_tags(&text())),
        // Frappe names the quotes where Jinja numbers them.
        "escape_html" => Value::from(escaped(&text()).replace("&#34;", "&quot;").replace("&#39;", "&apos;")),
        "strip" => Value::from(text().trim()),
        "is_html" => Value::from(strip_tags(&text()) != text()),
        "comma_and" => joined(site, arguments, "{0} and {1}")?,
        "comma_or" => joined(site, arguments, "{0} or {1}")?,
        "new_line_sep" => {
            let lines: Vec<String> = list(&arguments.need(0, "some_list")?)?.iter().map(numbers::text).collect();
            Value::from(lines.join("\n "))
        }
        "unique" => {
            let mut seen: Vec<Value> = Vec::new();
            for value in list(&arguments.need(0, "seq")?)? {
                if !seen.contains(&value) {
                    seen.push(value);
                }
            }
            Value::from(seen)
        }
        "get_abbr" => Value::from(abbreviation(&text(), arguments.int(1, "max_len").unwrap_or(2))),
        "get_url" => Value::from(format!("{}{}", site.settings.url, arguments.text(0, "uri").unwrap_or_default())),
        "get_user_date_format" => Value::from(site.settings.date_format.as_str()),
        "get_user_time_format" => Value::from(site.settings.time_format.as_str()),
        _ => return Ok(None),
    };
    Ok(Some(value))
}

fn divided(site: &Site, method: &str, arguments: &Arguments<'_>) -> Value {
    let (a, b) = (arguments.float(0, "numerator").unwrap_or(0.0), arguments.float(1, "denominator").unwrap_or(0.0));
    let value = match (method, b == 0.0) {
        (_, true) => 0.0,
        ("remainder", _) => a % b,
        _ => a / b,
    };
    Value::from(numbers::rounded(site, value, arguments.int(2, "precision")))
}

fn smallest_fraction(site: &Site, arguments: &Arguments<'_>) -> Value {
    let value = arguments.float(0, "value").unwrap_or(0.0);
    let currency = arguments.text(1, "currency").unwrap_or_default();
    let fraction = site.field_of("Currency", &currency, "smallest_currency_fraction_value");
    let fraction = fraction.and_then(serde_json::Value::as_f64).unwrap_or(0.0);
    let places = u8::try_from(arguments.int(2, "precision").unwrap_or(2)).unwrap_or(2);
    Value::from(round_to_fraction(site.settings.rounding_method, value, fraction, places))
}

#[derive(Default)]
struct MoneyLook {
    places: Option<u8>,
    currency: Option<String>,
    number_format: Option<String>,
}

impl MoneyLook {
    fn as_look(&self) -> Look<'_> {
        Look { places: self.places, currency: self.currency.as_deref(), number_format: self.number_format.as_deref() }
    }
}

fn money_look(arguments: &Arguments<'_>) -> MoneyLook {
    MoneyLook {
        places: arguments.int(1, "precision").and_then(|places| u8::try_from(places.clamp(0, 12)).ok()),
        currency: arguments.text(2, "currency"),
        number_format: arguments.text(3, "format"),
    }
}

fn money_in_words(site: &Site, arguments: &Arguments<'_>) -> Result<Value, Error> {
    let Some(amount) = arguments.some(0, "number") else {
        return Err(failure("an amount is missing"));
    };
    // What is no number has no words.
    let is_number = amount.is_number() || amount.as_str().is_some_and(|text| text.trim().parse::<f64>().is_ok());
    if !is_number {
        return Ok(Value::from(""));
    }
    let currency = arguments.text(1, "main_currency");
    let fraction = arguments.text(2, "fraction_currency");
    words::money_in_words(site, numbers::flt(&amount), currency.as_deref(), fraction.as_deref()).map(Value::from)
}

fn joined(site: &Site, arguments: &Arguments<'_>, pattern: &str) -> Result<Value, Error> {
    let items: Vec<String> = list(&arguments.need(0, "some_list")?)?.iter().map(numbers::text).collect();
    let is_quoted = arguments.get(1, "add_quotes").is_none_or(|value| value.is_true());
    let quoted = |text: &String| if is_quoted { format!("'{text}'") } else { text.clone() };
    Ok(Value::from(match items.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => {
            let rest: Vec<String> = rest.iter().map(quoted).collect();
            site.translate(pattern, None).replace("{0}", &rest.join(", ")).replace("{1}", &quoted(last))
        }
    }))
}

fn abbreviation(text: &str, length: i64) -> String {
    let words = text.split_whitespace().filter_map(|word| word.chars().next());
    words.take(usize::try_from(length).unwrap_or(2)).collect()
}

/// The text without what stands between `<` and `>`.
pub(crate) fn strip_tags(text: &str) -> String {
    let mut stripped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let Some(length) = rest[start..].find('>') else { break };
        stripped.push_str(&rest[..start]);
        rest = &rest[start + length + 1..];
    }
    stripped.push_str(rest);
    stripped
}

/// As Jinja's `e` makes text safe.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&#34;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

fn moments(site: &Site, method: &str, arguments: &Arguments<'_>) -> Result<Option<Value>, Error> {
    let read = |index, name| match arguments.some(index, name).filter(Value::is_true) {
        None => now(site),
        Some(value) => {
            Moment::from_value(&value).ok_or_else(|| failure(format!("“{}” is no date", numbers::text(&value))))
        }
    };
    let day =
        |index, name| read(index, name).and_then(|moment| moment.date().ok_or_else(|| failure("a time is no date")));
    let is_blank = || !arguments.placed().first().is_some_and(Value::is_true);
    let pattern = || arguments.text(1, "format_string");
    let value = match method {
        "getdate" => Moment::Date(day(0, "string_date")?).into_value(),
        "get_datetime" => {
            let moment = read(0, "datetime_str")?;
            Moment::DateTime(day(0, "datetime_str")?, moment.time()).into_value()
        }
        "get_time" => Moment::Time(read(0, "time_str")?.time()).into_value(),
        "now_datetime" => now(site)?.into_value(),
        "now" => Value::from(now(site)?.to_string()),
        "nowdate" | "today" => Value::from(Moment::Date(today(site)?).to_string()),
        "nowtime" => Value::from(Moment::Time(now(site)?.time()).to_string()),
        "formatdate" | "format_date" | "format_time" | "format_datetime" if is_blank() => Value::from(""),
        "formatdate" | "format_date" => {
            Value::from(dates::format_date(site, read(0, "string_date")?, pattern().as_deref())?)
        }
        "format_time" => Value::from(dates::format_time(site, read(0, "time_string")?, pattern().as_deref())?),
        "format_datetime" => {
            Value::from(dates::format_datetime(site, read(0, "datetime_string")?, pattern().as_deref())?)
        }
        "global_date_format" => Value::from(dates::long_date(site, read(0, "date")?)?),
        "get_date_str" => Value::from(Moment::Date(day(0, "date_obj")?).to_string()),
        "get_weekday" => Value::from(dates::weekday_name(day(0, "datetime")?)),
        "get_month" => Value::from(dates::month_name(day(0, "datetime")?)),
        "add_days" | "add_months" | "add_years" | "add_to_date" => stepped(method, arguments, read(0, "date")?)?,
        "date_diff" => Value::from(
            i64::from(day(0, "string_ed_date")?.unix_days()) - i64::from(day(1, "string_st_date")?.unix_days()),
        ),
        "time_diff" => Moment::Span(read(0, "end")?.micros() - read(1, "start")?.micros()).into_value(),
        "time_diff_in_seconds" => Value::from((read(0, "end")?.micros() - read(1, "start")?.micros()) as f64 / 1e6),
        "time_diff_in_hours" => {
            let hours = (read(0, "end")?.micros() - read(1, "start")?.micros()) as f64 / 3.6e9;
            Value::from(holdfast_engine::rounding::decimal_round(hours, 6))
        }
        "get_first_day" => Moment::Date(first_of_month(day(0, "dt")?)).into_value(),
        "get_last_day" => {
            let next = dates::plus_months(first_of_month(day(0, "dt")?), 1).ok_or_else(|| failure("no such month"))?;
            Moment::Date(next.plus_days(-1)).into_value()
        }
        _ => return Ok(None),
    };
    Ok(Some(value))
}

fn now(site: &Site) -> Result<Moment, Error> {
    Moment::parse(&site.now).ok_or_else(|| Refusal::not_held("the time of day"))
}

fn today(site: &Site) -> Result<Date, Error> {
    now(site)?.date().ok_or_else(|| Refusal::not_held("the date of today"))
}

fn first_of_month(date: Date) -> Date {
    let (year, month, _) = date.ymd();
    Date::new(year, month, 1).unwrap_or(date)
}

/// `add_days(date, days)` and its kin: a text gives a text, a date a date.
fn stepped(method: &str, arguments: &Arguments<'_>, moment: Moment) -> Result<Value, Error> {
    let date = moment.date().ok_or_else(|| failure("a time is no date"))?;
    let step = |name: &str, own: &str| match method == own {
        true => arguments.int(1, name).unwrap_or(0),
        false if method == "add_to_date" => arguments.int(usize::MAX, name).unwrap_or(0),
        false => 0,
    };
    let months = step("months", "add_months") + step("years", "add_years").saturating_mul(12);
    let days = step("days", "add_days") + step("weeks", "").saturating_mul(7);
    let hours = step("hours", "").clamp(-1_000_000, 1_000_000);
    let date = dates::plus_months(date, months).ok_or_else(|| failure("no such month"))?;
    let date = date.plus_days(i32::try_from(days).unwrap_or(0));
    let time = moment.time() + hours * (DAY / 24);
    let date = date.plus_days(i32::try_from(time.div_euclid(DAY)).unwrap_or(0));
    let stepped = match moment {
        Moment::DateTime(..) => Moment::DateTime(date, time.rem_euclid(DAY)),
        _ => Moment::Date(date),
    };
    let is_text = arguments.placed().first().is_some_and(|value| value.as_str().is_some());
    Ok(if is_text { Value::from(stepped.to_string()) } else { stepped.into_value() })
}

#[cfg(test)]
mod tests {
    use super::strip_tags;

    #[test]
    fn tags_are_taken_out_and_lone_signs_stay() {
        assert_eq!(strip_tags("<b>Total</b> due"), "Total due");
        assert_eq!(strip_tags("a < b"), "a < b");
    }
}
