//! Functions and filters: Python's own, Frappe's beside them, and those of Jinja's that minijinja lacks.

use crate::{
    Site,
    arguments::{Arguments, list},
    dates,
    document::plain,
    frappe::{self, Frappe},
    moment::Moment,
    mutable::{Dict, List, settled},
    numbers, printf,
    refusal::{Refusal, failure},
    utils,
};
use minijinja::{
    Environment, Error, ErrorKind, State, Value,
    value::{Object, ObjectRepr, Rest, Tuple, ValueKind, ValueOrKwargs},
};
use std::sync::Arc;

type Answer = Result<Value, Error>;

/// Adds all of them.
pub(crate) fn add(env: &mut Environment<'_>, site: &Arc<Site>) {
    python_functions(env);
    frappe_globals(env, site);
    jinja_filters(env);
    frappe_filters(env, site);
}

fn python_functions(env: &mut Environment<'_>) {
    env.add_function("len", |value: Value| value.len().ok_or_else(|| failure("this value has no length")));
    // Rest, because an optional argument would take `None` for nothing.
    env.add_function("str", |values: Rest<Value>| values.first().map_or_else(String::new, numbers::text));
    env.add_function("int", |values: Rest<Value>| values.first().map_or(Ok(Value::from(0)), int));
    env.add_function("float", |values: Rest<Value>| values.first().map_or(Ok(0.0), float));
    env.add_function("bool", |value: Option<Value>| value.is_some_and(|value| value.is_true()));
    env.add_function("abs", |value: Value| minijinja::filters::abs(value));
    env.add_function("round", round);
    env.add_function("list", |state: &State, value: Option<Value>| match value.as_ref().and_then(Value::as_str) {
        Some(text) => List::from_value(state, &text.chars().map(Value::from).collect()),
        None => List::from_value(state, &value.unwrap_or_default()),
    });
    env.add_function("changing_list", |state: &State, value: Value| List::from_value(state, &value));
    env.add_function("settled", |state: &State, value: Value| settled(state, &value));
    env.add_function("changing_dict", |state: &State, value: Value| Dict::from_value(state, &value));
    for name in ["dict", "_dict"] {
        env.add_function(name, |state: &State, values: Rest<ValueOrKwargs>| dict(state, &values.into_values()));
    }
    env.add_function("tuple", |value: Value| list(&value).map(|values| Value::from(Tuple::new(values))));
    env.add_function("set", |value: Option<Value>| unique(&value.unwrap_or_default()));
    env.add_function("sorted", |values: Rest<ValueOrKwargs>| sorted(&values.into_values()));
    env.add_function("sum", |values: Value, start: Option<Value>| {
        list(&values)?.iter().try_fold(start.unwrap_or_else(|| Value::from(0)), |sum, value| plus(&sum, value))
    });
    env.add_function("min", |values: Rest<Value>| extreme(&values, false));
    env.add_function("max", |values: Rest<Value>| extreme(&values, true));
    env.add_function("any", |values: Value| list(&values).map(|values| values.iter().any(Value::is_true)));
    env.add_function("all", |values: Value| list(&values).map(|values| values.iter().all(Value::is_true)));
    env.add_function("enumerate", |values: Value, start: Option<i64>| {
        let pair = |(index, value)| Value::from(Tuple::from([Value::from(index), value]));
        list(&values).map(|values| (start.unwrap_or(0)..).zip(values).map(pair).collect::<Value>())
    });
    env.add_function("zip", |lists: Rest<Value>| {
        let lists = lists.iter().map(list).collect::<Result<Vec<_>, _>>()?;
        let length = lists.iter().map(Vec::len).min().unwrap_or(0);
        let row = |index: usize| Value::from(Tuple::new(lists.iter().map(|list| list[index].clone()).collect()));
        Ok::<_, Error>((0..length).map(row).collect::<Value>())
    });
}

fn int(value: &Value) -> Answer {
    match value.as_str() {
        Some(text) => {
            text.trim().parse::<i64>().map(Value::from).map_err(|_| failure(format!("“{text}” is no number")))
        }
        None if value.is_number() || value.kind() == ValueKind::Bool => Ok(Value::from(numbers::cint(value))),
        None => Err(failure("int() needs a number or a text")),
    }
}

fn float(value: &Value) -> Result<f64, Error> {
    match value.as_str() {
        Some(text) => text.trim().parse().map_err(|_| failure(format!("“{text}” is no number"))),
        None if value.is_number() || value.kind() == ValueKind::Bool => Ok(numbers::flt(value)),
        None => Err(failure("float() needs a number or a text")),
    }
}

/// Python's `round`: half to even; an integer where no decimals are asked for.
fn round(value: Value, places: Option<i64>) -> Answer {
    if !value.is_number() {
        return Err(failure("round() needs a number"));
    }
    let number = numbers::flt(&value);
    Ok(match places {
        None => Value::from(number.round_ties_even() as i64),
        Some(_) if value.is_integer() => value,
        Some(places) => {
            let places = u8::try_from(places.clamp(0, 15)).unwrap_or(0);
            Value::from(holdfast_engine::rounding::decimal_round(number, places))
        }
    })
}

fn dict(state: &State<'_, '_>, values: &[Value]) -> Answer {
    let empty = Value::from_pairs(std::iter::empty::<(String, Value)>());
    Dict::from_value(state, values.first().unwrap_or(&empty))
}

fn unique(values: &Value) -> Answer {
    let mut seen: Vec<Value> = Vec::new();
    for value in list(values)? {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    Ok(Value::from(seen))
}

fn sorted(values: &[Value]) -> Answer {
    let arguments = Arguments::new(values);
    if arguments.get(1, "key").is_some() {
        return Err(Refusal::server_only("sorted() with a key"));
    }
    let mut sorted = list(&arguments.need(0, "iterable")?)?;
    sorted.sort();
    if arguments.is_true(2, "reverse") {
        sorted.reverse();
    }
    Ok(Value::from(sorted))
}

fn extreme(values: &[Value], is_greatest: bool) -> Answer {
    let values = match values {
        [one] => list(one)?,
        many => many.to_vec(),
    };
    let found = if is_greatest { values.into_iter().max() } else { values.into_iter().min() };
    found.ok_or_else(|| failure("an empty list has no least and no greatest value"))
}

fn plus(a: &Value, b: &Value) -> Answer {
    match (a.is_integer() && b.is_integer(), a.is_number() && b.is_number()) {
        (true, _) => Ok(Value::from(numbers::cint(a).saturating_add(numbers::cint(b)))),
        (false, true) => Ok(Value::from(numbers::flt(a) + numbers::flt(b))),
        _ => Err(failure("only numbers can be summed up")),
    }
}

fn frappe_globals(env: &mut Environment<'_>, site: &Arc<Site>) {
    env.add_global("frappe", Value::from_object(Frappe(Arc::clone(site))));
    let translator = Arc::clone(site);
    env.add_function("_", move |values: Rest<ValueOrKwargs>| {
        frappe::translate(&translator, &Arguments::new(&values.into_values()))
    });
    env.add_global("json", Value::from_object(Json));
    env.add_function("scrub", |text: String| text.replace([' ', '-'], "_").to_lowercase());
    let language = site.settings.language.clone();
    env.add_function("is_rtl", move |other: Option<String>| {
        let language = other.unwrap_or_else(|| language.clone());
        ["ar", "he", "fa", "ps"].contains(&language.as_str())
    });
    for name in ["get_serial_or_batch_nos", "html2text", "run_script", "include_script", "include_style", "web_block"] {
        env.add_function(name, move |_: Rest<ValueOrKwargs>| -> Answer { Err(Refusal::server_only(name)) });
    }
}

fn jinja_filters(env: &mut Environment<'_>) {
    env.add_filter("percent_format", |text: String, value: Value| {
        let values = if value.is_tuple() { value.try_iter()?.collect() } else { vec![value] };
        printf::format(&text, values)
    });
    env.add_filter("format", |text: String, values: Rest<ValueOrKwargs>| printf::format(&text, values.into_values()));
    // Jinja writes these as numbers, and leaves the slash alone.
    for name in ["e", "escape"] {
        env.add_filter(name, |value: Value| utils::escaped(&numbers::text(&value)));
    }
    env.add_filter("float", |value: Value, default: Option<f64>| float(&value).unwrap_or(default.unwrap_or(0.0)));
    env.add_filter("striptags", |text: String| {
        let text = utils::strip_tags(&text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    env.add_filter("center", |text: String, width: Option<usize>| {
        let space = width.unwrap_or(80).min(1_000).saturating_sub(text.chars().count());
        let left = space / 2 + (space & width.unwrap_or(80) & 1);
        format!("{}{text}{}", " ".repeat(left), " ".repeat(space - left))
    });
    env.add_filter("wordcount", |text: String| text.split_whitespace().count());
    env.add_filter("truncate", |text: String, values: Rest<ValueOrKwargs>| truncate(&text, &values.into_values()));
    env.add_filter("wordwrap", |text: String, values: Rest<ValueOrKwargs>| wordwrap(&text, &values.into_values()));
    env.add_filter("random", |_: Value| -> Answer { Err(Refusal::server_only("the random filter")) });
}

/// Jinja's: at the end of a word unless told otherwise, with five characters to spare.
fn truncate(text: &str, values: &[Value]) -> Result<String, Error> {
    let arguments = Arguments::new(values);
    let length = usize::try_from(arguments.int(0, "length").unwrap_or(255)).unwrap_or(255);
    let end = arguments.text(2, "end").unwrap_or_else(|| "...".to_owned());
    let leeway = usize::try_from(arguments.int(3, "leeway").unwrap_or(5)).unwrap_or(5);
    if text.chars().count() <= length.saturating_add(leeway) {
        return Ok(text.to_owned());
    }
    let room = length.checked_sub(end.chars().count()).ok_or_else(|| failure("truncate has no room for its end"))?;
    let cut: String = text.chars().take(room).collect();
    let cut =
        if arguments.is_true(1, "killwords") { &*cut } else { cut.rsplit_once(' ').map_or(&*cut, |(words, _)| words) };
    Ok(format!("{cut}{end}"))
}

fn wordwrap(text: &str, values: &[Value]) -> Result<String, Error> {
    let arguments = Arguments::new(values);
    let width = usize::try_from(arguments.int(0, "width").unwrap_or(79)).ok().filter(|width| *width > 0);
    let width = width.ok_or_else(|| failure("wordwrap needs a width"))?;
    let breaks_words = arguments.get(1, "break_long_words").is_none_or(|value| value.is_true());
    let separator = arguments.text(2, "wrapstring").unwrap_or_else(|| "\n".to_owned());
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let mut word = word;
            let length = |text: &str| text.chars().count();
            if !line.is_empty() && length(&line) + 1 + length(word) > width {
                lines.push(std::mem::take(&mut line));
            }
            while breaks_words && line.is_empty() && length(word) > width {
                let cut = word.char_indices().nth(width).map_or(word.len(), |(at, _)| at);
                lines.push(word[..cut].to_owned());
                word = &word[cut..];
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    Ok(lines.join(&separator))
}

fn frappe_filters(env: &mut Environment<'_>, site: &Arc<Site>) {
    env.add_filter("int", |value: Value| numbers::cint(&value));
    env.add_filter("str", |value: Value| numbers::cstr(&value));
    env.add_filter("len", |value: Value| value.len().ok_or_else(|| Error::from(ErrorKind::InvalidOperation)));
    let rounding = Arc::clone(site);
    env.add_filter("flt", move |value: Value, places: Option<i64>| {
        numbers::rounded(&rounding, numbers::flt(&value), places)
    });
    let language = Arc::clone(site);
    env.add_filter("global_date_format", move |value: Value| {
        let moment = Moment::from_value(&value).ok_or_else(|| failure("global_date_format needs a date"))?;
        dates::long_date(&language, moment)
    });
    let url = site.settings.url.clone();
    env.add_filter("abs_url", move |path: String| if path.starts_with('/') { format!("{url}{path}") } else { path });
    for name in ["markdown", "json"] {
        env.add_filter(name, move |_: Value| -> Answer { Err(Refusal::server_only(format!("the {name} filter"))) });
    }
}

/// `json`.
#[derive(Debug)]
struct Json;

impl Object for Json {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Answer {
        let arguments = Arguments::new(args);
        match method {
            "loads" => {
                let text = arguments.text(0, "s").ok_or_else(|| failure("json.loads needs a text"))?;
                let value = serde_json::from_str(&text).map_err(|error| failure(format!("json.loads: {error}")))?;
                Ok(plain(&value))
            }
            _ => Err(Refusal::server_only(format!("json.{method}"))),
        }
    }
}
