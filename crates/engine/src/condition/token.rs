//! Python's tokens, as far as expressions need them.

use super::{Failure, value::Value};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Value(Value),
    /// An operator, a bracket, a comma, a dot or a colon.
    Mark(&'static str),
}

/// Longest first, so that `**` is no two stars.
const MARKS: &[&str] = &[
    "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "->", ":=", "+", "-", "*", "/", "%", "@", "&", "|", "^",
    "~", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", ";", "!",
];

/// Splits an expression. A second line outside of brackets is a syntax error.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Failure> {
    if text.starts_with([' ', '\t']) {
        return Err(Failure::Python);
    }
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut depth = 0_usize;
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t', '\u{c}', '\r']);
        rest = trimmed.strip_prefix("\\\n").unwrap_or(trimmed);
        let Some(first) = rest.chars().next() else {
            return Ok(tokens);
        };
        if first == '\n' {
            if depth == 0 && !tokens.is_empty() && !is_blank(rest) {
                return Err(Failure::Python);
            }
            rest = &rest[1..];
        } else if first == '#' {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else {
            let (token, length) = token(rest, first)?;
            depth = match token {
                Token::Mark("(" | "[" | "{") => depth + 1,
                Token::Mark(")" | "]" | "}") => depth.saturating_sub(1),
                _ => depth,
            };
            tokens.push(token);
            rest = &rest[length..];
        }
    }
}

/// Whether only blank lines and comments are left.
fn is_blank(text: &str) -> bool {
    text.lines().all(|line| line.trim_start().is_empty() || line.trim_start().starts_with('#'))
}

fn token(text: &str, first: char) -> Result<(Token, usize), Failure> {
    let second = text[first.len_utf8()..].chars().next();
    if first.is_ascii_digit() || (first == '.' && second.is_some_and(|c| c.is_ascii_digit())) {
        return number(text);
    }
    if matches!(first, '"' | '\'') {
        return string(text, 0, false);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let length = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
        let (word, after) = text.split_at(length);
        if after.starts_with(['"', '\'']) && length <= 2 {
            return prefixed(text, word);
        }
        return Ok((Token::Name(word.to_owned()), length));
    }
    if !first.is_ascii() {
        return Err(Failure::Unsupported("a name with letters beyond ASCII"));
    }
    let mark = MARKS.iter().find(|mark| text.starts_with(**mark)).ok_or(Failure::Python)?;
    Ok((Token::Mark(mark), mark.len()))
}

fn prefixed(text: &str, prefix: &str) -> Result<(Token, usize), Failure> {
    match prefix.to_ascii_lowercase().as_str() {
        "r" => string(text, 1, true),
        "u" => string(text, 1, false),
        "b" | "br" | "rb" => Err(Failure::Unsupported("bytes")),
        "f" | "fr" | "rf" => Err(Failure::Unsupported("a formatted string")),
        _ => Err(Failure::Python),
    }
}

fn number(text: &str) -> Result<(Token, usize), Failure> {
    let lower = text.get(..2).map(str::to_ascii_lowercase).unwrap_or_default();
    if let Some(radix) = [("0x", 16), ("0o", 8), ("0b", 2)].iter().find(|(p, _)| *p == lower).map(|(_, radix)| *radix) {
        let length = text[2..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(text.len(), |at| at + 2);
        let value = i64::from_str_radix(&text[2..length].replace('_', ""), radix);
        let value = value.map_err(|_| Failure::Unsupported("a number of another base"))?;
        return Ok((Token::Value(Value::Int(value)), length));
    }
    let mut length = 0;
    let mut is_float = false;
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(length) {
        match byte {
            b'0'..=b'9' | b'_' => {}
            b'.' if !is_float => is_float = true,
            b'e' | b'E' if bytes[..length].iter().all(|b| !b.eq_ignore_ascii_case(&b'e')) => {
                is_float = true;
                if matches!(bytes.get(length + 1), Some(b'+' | b'-')) {
                    length += 1;
                }
            }
            _ => break,
        }
        length += 1;
    }
    if matches!(bytes.get(length), Some(b'j' | b'J')) {
        return Err(Failure::Unsupported("a complex number"));
    }
    let digits = text[..length].replace('_', "");
    let has_leading_zero =
        !is_float && digits.len() > 1 && digits.starts_with('0') && !digits.trim_matches('0').is_empty();
    let value = if is_float {
        Value::Float(digits.parse().map_err(|_| Failure::Python)?)
    } else if has_leading_zero {
        return Err(Failure::Python);
    } else {
        Value::Int(digits.parse().map_err(|_| Failure::Unsupported("a very large number"))?)
    };
    Ok((Token::Value(value), length))
}

fn string(text: &str, start: usize, is_raw: bool) -> Result<(Token, usize), Failure> {
    let body = &text[start..];
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|q| body.starts_with(*q)).ok_or(Failure::Python)?;
    let mut value = String::new();
    let mut at = start + quote.len();
    loop {
        let rest = &text[at..];
        if rest.starts_with(quote) {
            return Ok((Token::Value(Value::Text(value)), at + quote.len()));
        }
        let character = rest.chars().next().ok_or(Failure::Python)?;
        if character == '\n' && quote.len() == 1 {
            return Err(Failure::Python);
        }
        at += character.len_utf8();
        if character != '\\' {
            value.push(character);
            continue;
        }
        let escaped = text[at..].chars().next().ok_or(Failure::Python)?;
        at += escaped.len_utf8();
        if is_raw {
            value.extend(['\\', escaped]);
        } else {
            at += escape(escaped, &text[at..], &mut value)?;
        }
    }
}

/// Adds what an escape stands for; says how many further bytes it took.
fn escape(escaped: char, after: &str, value: &mut String) -> Result<usize, Failure> {
    let simple = match escaped {
        '\n' => return Ok(0),
        '\\' | '\'' | '"' => escaped,
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'x' | 'u' | 'U' => {
            let length = match escaped {
                'x' => 2,
                'u' => 4,
                _ => 8,
            };
            let digits = after.get(..length).ok_or(Failure::Python)?;
            let code = u32::from_str_radix(digits, 16).map_err(|_| Failure::Python)?;
            value.push(char::from_u32(code).ok_or(Failure::Unsupported("half a character"))?);
            return Ok(length);
        }
        'N' | '0'..='7' => return Err(Failure::Unsupported("a named or octal character")),
        other => {
            value.push('\\');
            other
        }
    };
    value.push(simple);
    Ok(0)
}
