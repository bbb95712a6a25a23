//! Python's `"%d" % value`: minijinja's, but a float where an integer is asked for is cut, as Python cuts it.

use crate::numbers;
use minijinja::{
    Error, Value,
    formatting::{FormatStyle, format as minijinja_format},
};

/// Formats values by a text with `%` in it.
pub(crate) fn format(text: &str, mut values: Vec<Value>) -> Result<String, Error> {
    for (index, conversion) in conversions(text).enumerate() {
        let Some(value) = values.get_mut(index) else { break };
        if matches!(conversion, 'd' | 'i' | 'u') && numbers::as_float(value).is_some_and(f64::is_finite) {
            *value = Value::from(numbers::cint(value));
        }
    }
    minijinja_format(FormatStyle::Printf, text, &values)
}

/// The letter of each `%` that takes a value by its place; `*`, which takes one for the width, counts as one.
fn conversions(text: &str) -> impl Iterator<Item = char> {
    let mut found = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            continue;
        }
        for letter in letters.by_ref() {
            match letter {
                '%' => break,
                '*' => found.push('*'),
                letter if letter.is_ascii_alphabetic() && !matches!(letter, 'l' | 'h' | 'L') => {
                    found.push(letter);
                    break;
                }
                _ => {}
            }
        }
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::format;
    use minijinja::Value;

    #[test]
    fn floats_are_cut_where_an_integer_is_asked_for() {
        let values = vec![Value::from(3.99), Value::from("Tea"), Value::from(2.5)];

        assert_eq!(format("%d%% %-5s|%.2f", values).expect("a format"), "3% Tea  |2.50");
    }
}
