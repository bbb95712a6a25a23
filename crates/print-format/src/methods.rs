//! Methods of Python's texts, lists and dictionaries beyond those that minijinja brings.

use crate::{arguments::Arguments, numbers, refusal::failure, words};
use minijinja::{
    Error, ErrorKind, State, Value,
    value::{Tuple, ValueKind},
};
use minijinja_contrib::pycompat;

/// The widest text that `ljust` and its kin make: far wider than any paper.
const WIDTH_MAX: usize = 1_000;

/// Answers methods that a value does not have itself.
pub(crate) fn unknown(state: &mut State<'_, '_>, value: &Value, method: &str, args: &[Value]) -> Result<Value, Error> {
    if let Some(text) = value.as_str()
        && let Some(answer) = text_method(text, method, args)?
    {
        return Ok(answer);
    }
    if value.kind() == ValueKind::Seq && method == "index" {
        let wanted = Arguments::new(args).need(0, "value")?;
        let place = value.try_iter()?.position(|item| item == wanted);
        return place.map(Value::from).ok_or_else(|| failure("the value is not in the list"));
    }
    if value.kind() == ValueKind::Map && method == "copy" {
        return Ok(value.clone());
    }
    // Amounts are often asked for Python's `is_integer`.
    if let (Some(float), "is_integer") = (numbers::as_float(value), method) {
        return Ok(Value::from(float.fract() == 0.0));
    }
    pycompat::unknown_method_callback(state, value, method, args)
}

fn text_method(text: &str, method: &str, args: &[Value]) -> Result<Option<Value>, Error> {
    let arguments = Arguments::new(args);
    let answer = match method {
        "ljust" | "rjust" | "center" | "zfill" => Value::from(padded(text, method, &arguments)?),
        "rsplit" | "partition" | "rpartition" => split(text, method, &arguments)?,
        "removeprefix" | "removesuffix" => {
            let part = arguments.text(0, "prefix").unwrap_or_default();
            let rest = if method == "removeprefix" { text.strip_prefix(&*part) } else { text.strip_suffix(&*part) };
            Value::from(rest.unwrap_or(text))
        }
        "swapcase" => Value::from(text.chars().flat_map(swapped).collect::<String>()),
        "isdecimal" => Value::from(!text.is_empty() && text.chars().all(|c| c.is_ascii_digit())),
        "title" => Value::from(words::title(text)),
        "casefold" => Value::from(text.to_lowercase()),
        "index" => {
            let part = arguments.text(0, "sub").unwrap_or_default();
            let place = text.find(&part).ok_or_else(|| failure("substring not found"))?;
            Value::from(text[..place].chars().count())
        }
        "encode" | "decode" | "format_map" | "translate" => return Err(Error::from(ErrorKind::UnknownMethod)),
        _ => return Ok(None),
    };
    Ok(Some(answer))
}

fn swapped(c: char) -> Vec<char> {
    if c.is_uppercase() { c.to_lowercase().collect() } else { c.to_uppercase().collect() }
}

fn padded(text: &str, method: &str, arguments: &Arguments<'_>) -> Result<String, Error> {
    let width = usize::try_from(arguments.int(0, "width").unwrap_or(0)).unwrap_or(0);
    if width > WIDTH_MAX {
        return Err(failure(format!("{method} to more than {WIDTH_MAX} characters")));
    }
    let space = width.saturating_sub(text.chars().count());
    if method == "zfill" {
        let (sign, digits) = match text.strip_prefix(['-', '+']) {
            Some(digits) => text.split_at(text.len() - digits.len()),
            None => ("", text),
        };
        return Ok(format!("{sign}{}{digits}", "0".repeat(space)));
    }
    let fill = arguments.text(1, "fillchar").unwrap_or_else(|| " ".to_owned());
    if fill.chars().count() != 1 {
        return Err(failure("the fill character must be exactly one character long"));
    }
    // Python puts the odd space to the left where the width is odd.
    let left = match method {
        "ljust" => 0,
        "rjust" => space,
        _ => space / 2 + (space & width & 1),
    };
    Ok(format!("{}{text}{}", fill.repeat(left), fill.repeat(space - left)))
}

fn split(text: &str, method: &str, arguments: &Arguments<'_>) -> Result<Value, Error> {
    let separator = arguments.text(0, "sep");
    if method == "rsplit" {
        let count = arguments.int(1, "maxsplit").filter(|count| *count >= 0).map_or(usize::MAX, |count| count as usize);
        let mut parts: Vec<&str> = match &separator {
            Some(separator) if !separator.is_empty() => text.rsplitn(count.saturating_add(1), &**separator).collect(),
            Some(_) => return Err(failure("empty separator")),
            None if count == usize::MAX => text.split_whitespace().rev().collect(),
            None => return Err(failure("rsplit needs a separator")),
        };
        parts.reverse();
        return Ok(parts.into_iter().map(Value::from).collect());
    }
    let separator = separator.filter(|separator| !separator.is_empty()).ok_or_else(|| failure("empty separator"))?;
    let parts = if method == "partition" { text.split_once(&*separator) } else { text.rsplit_once(&*separator) };
    let parts = match (parts, method) {
        (Some((before, after)), _) => [before, &separator, after],
        (None, "partition") => [text, "", ""],
        (None, _) => ["", "", text],
    };
    Ok(Value::from(Tuple::from(parts.map(Value::from))))
}
