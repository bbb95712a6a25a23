//! Makes four things of Python's that Jinja templates use readable for minijinja, before it parses them:
//!
//! - `"%.2f" % amount` becomes `"%.2f"|percent_format(amount)`, for minijinja's `%` is only for numbers;
//! - where a template changes lists or dictionaries (`names.append(x)`), its `[...]` and `{...}` become ones that change;
//! - escapes in texts that minijinja lacks (`"\033"`) become the characters that they stand for.
//! - `set space.name = value` settles the value, so that no loop nests values without end.
//!
//! Lines stay where they are, so that errors name the author's lines.

/// Methods that change a list or a dictionary.
const CHANGES: [&str; 9] =
    [".append(", ".extend(", ".insert(", ".pop(", ".remove(", ".update(", ".setdefault(", ".clear(", ".sort("];

/// Words after which an expression begins.
const BEFORE_EXPRESSIONS: [&str; 9] = ["in", "not", "and", "or", "if", "elif", "else", "is", "do"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Name,
    Number,
    Sign(char),
}

#[derive(Clone, Copy, Debug)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
}

/// As many `set` statements as a template may have. Each may put a value into another; without a bound a long template nests
/// them deeper than the stack is when they are printed.
pub(crate) const SETS_MAX: usize = 1_000;

/// The template with those replaced; none where it sets more than [`SETS_MAX`] values.
pub(crate) fn rewrite(source: &str) -> Option<String> {
    let mut sets = 0;
    let has_changes = CHANGES.iter().any(|method| source.contains(method));
    let mut out = String::with_capacity(source.len() + 64);
    let mut place = 0;
    while let Some(start) = source[place..].find('{').map(|found| place + found) {
        out.push_str(&source[place..start]);
        let close = match source.as_bytes().get(start + 1) {
            Some(b'#') => {
                place = source[start..].find("#}").map_or(source.len(), |end| start + end + 2);
                out.push_str(&source[start..place]);
                continue;
            }
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => {
                out.push('{');
                place = start + 1;
                continue;
            }
        };
        let Some((tokens, end)) = tokens(source, start + 2, close) else {
            // It never closes, which is for the parser to say.
            place = start;
            break;
        };
        out.push_str(&source[start..start + 2]);
        edit(&mut out, source, &tokens, start + 2..end, has_changes);
        place = end;
        match tokens.iter().map(|token| &source[token.start..token.end]).find(|text| !matches!(*text, "-" | "+")) {
            Some("raw") => {
                place = raw_end(source, end);
                out.push_str(&source[end..place]);
            }
            Some("set") if sets == SETS_MAX => return None,
            Some("set") => sets += 1,
            _ => {}
        }
    }
    out.push_str(&source[place..]);
    Some(out)
}

/// Where the tag begins that ends a raw block.
fn raw_end(source: &str, start: usize) -> usize {
    let is_end =
        |(at, _): &(usize, &str)| source[at + 2..].trim_start_matches(['-', '+']).trim_start().starts_with("endraw");
    let found = source[start..].match_indices("{%").map(|(at, tag)| (start + at, tag)).find(is_end);
    found.map_or(source.len(), |(at, _)| at)
}

/// The tokens of the code that begins at a place, and where it closes.
fn tokens(source: &str, start: usize, close: &str) -> Option<(Vec<Token>, usize)> {
    let bytes = source.as_bytes();
    let mut tokens: Vec<Token> = Vec::new();
    let mut depth = 0_usize;
    let mut place = start;
    while place < bytes.len() {
        let byte = bytes[place];
        if depth == 0 && source[place..].starts_with(close) {
            return Some((tokens, place));
        }
        if byte.is_ascii_whitespace() {
            place += 1;
            continue;
        }
        let begin = place;
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
        let kind = if byte == b'"' || byte == b'\'' {
            place = text_end(bytes, place)?;
            Kind::Text
        } else if byte.is_ascii_digit() {
            let is_number = |byte: &u8| is_word(byte) || *byte == b'.';
            place += bytes[place..].iter().take_while(|byte| is_number(byte)).count();
            Kind::Number
        } else if is_word(&byte) {
            place += bytes[place..].iter().take_while(|byte| is_word(byte)).count();
            Kind::Name
        } else {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
                _ => {}
            }
            place += 1;
            Kind::Sign(char::from(byte))
        };
        tokens.push(Token { kind, start: begin, end: place });
    }
    None
}

fn text_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut place = start + 1;
    while place < bytes.len() {
        match bytes[place] {
            b'\\' => place += 2,
            byte if byte == bytes[start] => return Some(place + 1),
            _ => place += 1,
        }
    }
    None
}

/// Copies code, with what is replaced in it.
fn edit(out: &mut String, source: &str, tokens: &[Token], range: std::ops::Range<usize>, has_changes: bool) {
    // Each edit puts a text in place of a range; ranges do not overlap.
    let mut edits: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Text => {
                edits.extend(unescaped(&source[token.start..token.end]).map(|text| (token.start..token.end, text)));
            }
            Kind::Sign('%') if index > 0 && tokens[index - 1].kind == Kind::Text => {
                if let Some(last) = operand(tokens, index + 1) {
                    edits.push((token.start..token.end, "|percent_format(".to_owned()));
                    edits.push((tokens[last].end..tokens[last].end, ")".to_owned()));
                }
            }
            Kind::Sign(open @ ('[' | '{')) if has_changes && is_literal(source, tokens, index) => {
                if let Some(last) = closing(tokens, index) {
                    let name = if open == '[' { "changing_list(" } else { "changing_dict(" };
                    edits.push((token.start..token.start, name.to_owned()));
                    edits.push((tokens[last].end..tokens[last].end, ")".to_owned()));
                }
            }
            _ => {}
        }
    }
    edits.extend(settle_attribute(source, tokens).into_iter().flatten());
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut place = range.start;
    for (edited, text) in edits {
        out.push_str(&source[place..edited.start]);
        out.push_str(&text);
        place = edited.end;
    }
    out.push_str(&source[place..range.end]);
}

/// `set space.name = value` keeps the value beyond the loop that it stands in, so the value is [settled].
///
/// [settled]: crate::mutable::settled
fn settle_attribute(source: &str, tokens: &[Token]) -> Option<[(std::ops::Range<usize>, String); 2]> {
    let skipped = usize::from(matches!(tokens.first()?.kind, Kind::Sign('-' | '+')));
    let is_set = tokens.get(skipped).is_some_and(|token| &source[token.start..token.end] == "set");
    let equals = tokens.iter().position(|token| token.kind == Kind::Sign('='))?;
    let has_attribute = tokens[..equals].iter().any(|token| token.kind == Kind::Sign('.'));
    let last = tokens.iter().rposition(|token| token.kind != Kind::Sign('-'))?;
    let (start, end) = (tokens[equals].end, tokens[last].end);
    (is_set && has_attribute && last > equals)
        .then(|| [(start..start, " settled(".to_owned()), (end..end, ")".to_owned())])
}

/// Whether a bracket begins a list or dictionary, rather than an index.
fn is_literal(source: &str, tokens: &[Token], index: usize) -> bool {
    let Some(before) = index.checked_sub(1).map(|before| tokens[before]) else { return true };
    match before.kind {
        Kind::Text | Kind::Number => false,
        Kind::Name => BEFORE_EXPRESSIONS.contains(&&source[before.start..before.end]),
        Kind::Sign(sign) => !matches!(sign, ')' | ']' | '}'),
    }
}

/// The bracket that closes the one at an index.
fn closing(tokens: &[Token], index: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(index) {
        match token.kind {
            Kind::Sign('(' | '[' | '{') => depth += 1,
            Kind::Sign(')' | ']' | '}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The last token of what stands to the right of a `%`: a value with its attributes, indices, calls and filters.
fn operand(tokens: &[Token], first: usize) -> Option<usize> {
    let mut last = match tokens.get(first)?.kind {
        Kind::Sign('-' | '+') => return operand(tokens, first + 1),
        Kind::Sign('(' | '[' | '{') => closing(tokens, first)?,
        Kind::Sign(_) => return None,
        Kind::Name | Kind::Text | Kind::Number => first,
    };
    while let Some(next) = tokens.get(last + 1) {
        last = match next.kind {
            Kind::Sign('.' | '|') if tokens.get(last + 2).is_some_and(|name| name.kind == Kind::Name) => last + 2,
            Kind::Sign('(' | '[') => closing(tokens, last + 1)?,
            _ => break,
        };
    }
    Some(last)
}

/// A text whose escapes minijinja does not know, with the characters in their place.
fn unescaped(literal: &str) -> Option<String> {
    if !literal.contains('\\') {
        return None;
    }
    let quote = literal.chars().next()?;
    let inner = &literal[1..literal.len() - 1];
    let mut out = String::from(quote);
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        let escape = letters.next()?;
        let meant = match escape {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            '\n' => continue,
            'x' => by_code(&mut letters, 0, 16, 2)?,
            'u' => by_code(&mut letters, 0, 16, 4)?,
            'U' => by_code(&mut letters, 0, 16, 8)?,
            '0'..='7' => by_code(&mut letters, escape.to_digit(8)?, 8, 2)?,
            '\\' | '"' | '\'' => escape,
            // Python keeps the backslash of what is no escape.
            other => {
                out.push_str("\\\\");
                other
            }
        };
        if meant == '\\' || meant == quote {
            out.push('\\');
        }
        out.push(meant);
    }
    out.push(quote);
    Some(out)
}

/// The character of a code: up to so many more digits.
fn by_code(letters: &mut std::str::Chars<'_>, first: u32, radix: u32, count: usize) -> Option<char> {
    let mut code = first;
    for _ in 0..count {
        let Some(digit) = letters.clone().next().and_then(|letter| letter.to_digit(radix)) else { break };
        code = code.checked_mul(radix)? + digit;
        letters.next();
    }
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::{SETS_MAX, rewrite};

    fn rewritten(source: &str) -> String {
        rewrite(source).expect("few values are set")
    }

    #[test]
    fn python_formatting_becomes_a_filter_with_the_whole_operand() {
        for (source, expected) in [
            (r#"{{ "%.2f" % x }}"#, r#"{{ "%.2f" |percent_format( x) }}"#),
            (r#"{{ "%s-%s" % (a, b.c[0]) ~ d }}"#, r#"{{ "%s-%s" |percent_format( (a, b.c[0])) ~ d }}"#),
            (r#"{{ "%d" % x.y(1)|int + 2 }}"#, r#"{{ "%d" |percent_format( x.y(1)|int) + 2 }}"#),
            ("{%- set a.b = a.b + [1] -%}", "{%- set a.b = settled( a.b + [1]) -%}"),
            ("{{ 7 % 3 }}{% if 'a' %}b{% endif %}", "{{ 7 % 3 }}{% if 'a' %}b{% endif %}"),
        ] {
            assert_eq!(rewritten(source), expected);
        }
    }

    #[test]
    fn lists_change_only_where_the_template_changes_them() {
        assert_eq!(rewritten("{% set x = [1, [2]] %}{{ x[0] }}"), "{% set x = [1, [2]] %}{{ x[0] }}");
        assert_eq!(
            rewritten("{% set x = [] %}{% set _ = x.append({'a': y[0]}) %}"),
            "{% set x = changing_list([]) %}{% set _ = x.append(changing_dict({'a': y[0]})) %}"
        );
    }

    #[test]
    fn escapes_become_their_characters() {
        assert_eq!(rewritten(r#"{{ "\033\x1b\u0041\\\"\d" }}"#), "{{ \"\u{1b}\u{1b}A\\\\\\\"\\\\d\" }}");
        assert_eq!(rewritten(r"{{ 'a\'b' }}"), r"{{ 'a\'b' }}");
    }

    #[test]
    fn text_comments_and_raw_blocks_stay_as_they_are() {
        for source in [
            "{ x } {# {{ \"%s\" % x }} #}",
            "{% raw %}{{ \"%s\" % x }}{% endraw %}",
            "{%- raw -%}{{ \"%s\" % x }}{%- endraw -%}",
            "{{ \"open",
            "{% set x = {'a': 1} %}{{ {'b': {'c': 2}} }}",
        ] {
            assert_eq!(rewritten(source), source);
        }
    }

    #[test]
    fn a_template_sets_only_so_many_values() {
        assert!(rewrite(&"{%- set x = [x] %}".repeat(SETS_MAX)).is_some());
        assert!(rewrite(&"{%- set x = [x] %}".repeat(SETS_MAX + 1)).is_none());
    }
}
