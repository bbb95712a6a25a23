//! From tokens to an expression, by Python's grammar and precedence.

use super::{
    Comparison, Failure, Function, Node, Operator, Sign,
    token::{Token, tokens},
    value::Value,
};

/// Deepest nesting that is followed.
const DEPTH_MAX: usize = 60;

/// Most tokens of an expression: with the nesting they bound the stack.
const TOKENS_MAX: usize = 500;

const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Reads an expression.
pub(super) fn parse(text: &str) -> Result<Node, Failure> {
    let tokens = tokens(text)?;
    if tokens.len() > TOKENS_MAX {
        return Err(Failure::Unsupported("a very long expression"));
    }
    // Restricted Python refuses the whole expression for one name that begins with an underscore.
    if tokens.iter().any(|token| matches!(token, Token::Name(name) if name.starts_with('_'))) {
        return Err(Failure::Python);
    }
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let node = parser.tuple_or_one()?;
    if parser.at < parser.tokens.len() { Err(Failure::Python) } else { Ok(node) }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn is_mark(&self, mark: &str) -> bool {
        matches!(self.peek(), Some(Token::Mark(found)) if *found == mark)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Name(found)) if found == word)
    }

    fn take_mark(&mut self, mark: &str) -> bool {
        let is_next = self.is_mark(mark);
        self.at += usize::from(is_next);
        is_next
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_next = self.is_word(word);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, mark: &str) -> Result<(), Failure> {
        if self.take_mark(mark) { Ok(()) } else { Err(Failure::Python) }
    }

    /// Goes one level deeper for as long as `read` runs.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Failure>) -> Result<T, Failure> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Failure::Unsupported("very deep nesting"));
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// The top: one expression, or several with commas, which are a tuple.
    fn tuple_or_one(&mut self) -> Result<Node, Failure> {
        let first = self.expression()?;
        if !self.is_mark(",") {
            return Ok(first);
        }
        let mut nodes = vec![first];
        while self.take_mark(",") && self.peek().is_some() {
            nodes.push(self.expression()?);
        }
        Ok(Node::Tuple(nodes))
    }

    fn expression(&mut self) -> Result<Node, Failure> {
        self.nested(|parser| {
            if parser.is_word("lambda") {
                return Err(Failure::Unsupported("a function"));
            }
            let then = parser.or()?;
            if !parser.take_word("if") {
                return Ok(then);
            }
            let condition = parser.or()?;
            if !parser.take_word("else") {
                return Err(Failure::Python);
            }
            let otherwise = parser.expression()?;
            Ok(Node::Choice { condition: condition.into(), then: then.into(), otherwise: otherwise.into() })
        })
    }

    fn or(&mut self) -> Result<Node, Failure> {
        let mut nodes = vec![self.and()?];
        while self.take_word("or") {
            nodes.push(self.and()?);
        }
        Ok(if nodes.len() == 1 { nodes.swap_remove(0) } else { Node::Or(nodes) })
    }

    fn and(&mut self) -> Result<Node, Failure> {
        let mut nodes = vec![self.not()?];
        while self.take_word("and") {
            nodes.push(self.not()?);
        }
        Ok(if nodes.len() == 1 { nodes.swap_remove(0) } else { Node::And(nodes) })
    }

    fn not(&mut self) -> Result<Node, Failure> {
        if self.take_word("not") {
            return self.nested(|parser| Ok(Node::Not(parser.not()?.into())));
        }
        let first = self.binary(0)?;
        let mut rest = Vec::new();
        while let Some(comparison) = self.comparison()? {
            rest.push((comparison, self.binary(0)?));
        }
        Ok(if rest.is_empty() { first } else { Node::Compare(first.into(), rest) })
    }

    fn comparison(&mut self) -> Result<Option<Comparison>, Failure> {
        let marks = [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        if let Some((_, comparison)) = marks.into_iter().find(|(mark, _)| self.take_mark(mark)) {
            return Ok(Some(comparison));
        }
        if self.take_word("in") {
            return Ok(Some(Comparison::In));
        }
        if self.take_word("is") {
            return Ok(Some(if self.take_word("not") { Comparison::IsNot } else { Comparison::Is }));
        }
        if self.take_word("not") {
            return if self.take_word("in") { Ok(Some(Comparison::NotIn)) } else { Err(Failure::Python) };
        }
        Ok(None)
    }

    /// Operators that group to the left, by how tightly they bind.
    fn binary(&mut self, level: usize) -> Result<Node, Failure> {
        const LEVELS: &[&[(&str, Operator)]] = &[
            &[("|", Operator::BitOr)],
            &[("^", Operator::BitXor)],
            &[("&", Operator::BitAnd)],
            &[("<<", Operator::ShiftLeft), (">>", Operator::ShiftRight)],
            &[("+", Operator::Add), ("-", Operator::Subtract)],
            &[
                ("*", Operator::Multiply),
                ("/", Operator::Divide),
                ("//", Operator::FloorDivide),
                ("%", Operator::Remainder),
            ],
        ];
        let Some(operators) = LEVELS.get(level) else {
            return self.unary();
        };
        let mut left = self.binary(level + 1)?;
        while let Some((_, operator)) = operators.iter().find(|(mark, _)| self.take_mark(mark)) {
            let right = self.binary(level + 1)?;
            left = Node::Binary(*operator, left.into(), right.into());
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Node, Failure> {
        let signs = [("+", Sign::Plus), ("-", Sign::Minus), ("~", Sign::Invert)];
        if let Some((_, sign)) = signs.into_iter().find(|(mark, _)| self.take_mark(mark)) {
            return self.nested(|parser| Ok(Node::Unary(sign, parser.unary()?.into())));
        }
        let base = self.primary()?;
        if !self.take_mark("**") {
            return Ok(base);
        }
        // A power binds to the right, and its exponent may carry a sign.
        self.nested(|parser| Ok(Node::Binary(Operator::Power, base.into(), parser.unary()?.into())))
    }

    fn primary(&mut self) -> Result<Node, Failure> {
        let mut node = self.atom()?;
        loop {
            if self.take_mark(".") {
                let Some(Token::Name(_)) = self.peek() else { return Err(Failure::Python) };
                self.at += 1;
                node = Node::Raises;
            } else if self.take_mark("[") {
                self.skip_inside("]")?;
                node = Node::Raises;
            } else if self.take_mark("(") {
                node = self.call(&node)?;
            } else {
                return Ok(node);
            }
        }
    }

    fn call(&mut self, callee: &Node) -> Result<Node, Failure> {
        let function = match callee {
            Node::Name(name) if name == "int" || name == "long" => Function::Int,
            Node::Name(name) if name == "float" => Function::Float,
            Node::Name(name) if name == "round" => Function::Round,
            _ => {
                // No other name is there to be called.
                self.skip_inside(")")?;
                return Ok(Node::Raises);
            }
        };
        let mut arguments = Vec::new();
        while !self.take_mark(")") {
            arguments.push(self.expression()?);
            if self.is_mark("=") || self.is_word("for") {
                return Err(Failure::Unsupported("arguments by name"));
            }
            if !self.take_mark(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(Node::Call(function, arguments))
    }

    /// Skips what stands in brackets whose value is never asked for.
    fn skip_inside(&mut self, end: &str) -> Result<(), Failure> {
        let mut open = vec![end];
        while let Some(expected) = open.last() {
            match self.peek() {
                Some(Token::Mark("(")) => open.push(")"),
                Some(Token::Mark("[")) => open.push("]"),
                Some(Token::Mark("{")) => open.push("}"),
                Some(Token::Mark(mark)) if mark == expected => {
                    open.pop();
                }
                Some(Token::Mark(")" | "]" | "}")) | None => return Err(Failure::Python),
                Some(_) => {}
            }
            self.at += 1;
        }
        Ok(())
    }

    fn atom(&mut self) -> Result<Node, Failure> {
        let token = self.peek().cloned().ok_or(Failure::Python)?;
        self.at += 1;
        match token {
            Token::Value(Value::Text(text)) => Ok(Node::Constant(Value::Text(self.joined(text)))),
            Token::Value(value) => Ok(Node::Constant(value)),
            Token::Name(name) => match name.as_str() {
                "None" => Ok(Node::Constant(Value::None)),
                "True" => Ok(Node::Constant(Value::Bool(true))),
                "False" => Ok(Node::Constant(Value::Bool(false))),
                word if KEYWORDS.contains(&word) => Err(Failure::Python),
                _ => Ok(Node::Name(name)),
            },
            Token::Mark("(") => self.bracketed(")"),
            Token::Mark("[") => self.bracketed("]"),
            Token::Mark("{") => {
                self.skip_inside("}")?;
                Ok(Node::Unsupported("a set or a dictionary"))
            }
            Token::Mark(_) => Err(Failure::Python),
        }
    }

    /// Strings side by side are one.
    fn joined(&mut self, mut text: String) -> String {
        while let Some(Token::Value(Value::Text(next))) = self.peek() {
            text.push_str(next);
            self.at += 1;
        }
        text
    }

    /// What stands between round or square brackets: one expression, a tuple, a list, a comprehension.
    fn bracketed(&mut self, end: &str) -> Result<Node, Failure> {
        let mut nodes = Vec::new();
        let mut has_comma = false;
        while !self.take_mark(end) {
            if self.is_mark("*") {
                return Err(Failure::Unsupported("unpacking"));
            }
            nodes.push(self.expression()?);
            if self.is_word("for") || self.is_word("async") {
                self.skip_inside(end)?;
                return Ok(Node::Raises);
            }
            if !self.take_mark(",") {
                self.expect(end)?;
                break;
            }
            has_comma = true;
        }
        Ok(match (end, nodes.len(), has_comma) {
            ("]", ..) => Node::List(nodes),
            (_, 1, false) => nodes.swap_remove(0),
            _ => Node::Tuple(nodes),
        })
    }
}
