//! Conditions of pricing rules: Python expressions over the document's fields, as `ERPNext` evaluates them.
//!
//! The server evaluates them with restricted Python, a handful of functions (`int`, `float`, `round`) and the document's
//! fields as names, and treats every error as "no": a name that doesn't exist, an attribute, an index, a comparison of a
//! text with a number. This evaluator says the same wherever it understands an expression, and says so where it doesn't
//! ([`Failure::Unsupported`]): it never guesses.

mod parse;
mod token;
mod value;

pub(crate) use value::{Value, floor_division};

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Python raises an error here, too: the condition doesn't hold.
    Python,
    /// The server might find a value, this evaluator doesn't: the reason.
    Unsupported(&'static str),
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq)]
enum Node {
    Constant(Value),
    Name(String),
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Compare(Box<Node>, Vec<(Comparison, Node)>),
    Unary(Sign, Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    Choice {
        condition: Box<Node>,
        then: Box<Node>,
        otherwise: Box<Node>,
    },
    List(Vec<Node>),
    Tuple(Vec<Node>),
    Call(Function, Vec<Node>),
    /// What restricted Python refuses to do: attributes, indexes, other calls, comprehensions.
    Raises,
    Unsupported(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    Is,
    IsNot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
    Invert,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
    BitOr,
    BitXor,
    BitAnd,
    ShiftLeft,
    ShiftRight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Int,
    Float,
    Round,
}

/// A condition, read once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition(Result<Node, Failure>);

impl Condition {
    pub(crate) fn read(text: &str) -> Self {
        Self(parse::parse(text))
    }

    /// Whether it holds, with the document's fields by name; else the reason why nobody can say.
    pub(crate) fn holds(&self, field: &impl Fn(&str) -> Result<Value, Failure>) -> Result<bool, &'static str> {
        let result = self.0.as_ref().map_err(Clone::clone).and_then(|node| eval(node, field));
        match result {
            Ok(value) => Ok(value.is_true()),
            Err(Failure::Python) => Ok(false),
            Err(Failure::Unsupported(reason)) => Err(reason),
        }
    }
}

fn eval(node: &Node, field: &impl Fn(&str) -> Result<Value, Failure>) -> Result<Value, Failure> {
    let list = |nodes: &[Node]| nodes.iter().map(|node| eval(node, field)).collect::<Result<Vec<Value>, Failure>>();
    match node {
        Node::Constant(value) => Ok(value.clone()),
        Node::Name(name) => field(name),
        Node::Not(inner) => Ok(Value::Bool(!eval(inner, field)?.is_true())),
        Node::And(nodes) => first_that(nodes, field, |value| !value.is_true()),
        Node::Or(nodes) => first_that(nodes, field, Value::is_true),
        Node::Compare(first, rest) => compare(first, rest, field),
        Node::Unary(sign, inner) => value::unary(*sign, &eval(inner, field)?),
        Node::Binary(operator, left, right) => {
            let left = eval(left, field)?;
            value::binary(*operator, &left, &eval(right, field)?)
        }
        Node::Choice { condition, then, otherwise } => {
            eval(if eval(condition, field)?.is_true() { then } else { otherwise }, field)
        }
        Node::List(nodes) => list(nodes).map(Value::List),
        Node::Tuple(nodes) => list(nodes).map(Value::Tuple),
        Node::Call(function, arguments) => value::call(*function, &list(arguments)?),
        Node::Raises => Err(Failure::Python),
        Node::Unsupported(reason) => Err(Failure::Unsupported(reason)),
    }
}

/// `and` and `or` have the value that decided.
fn first_that(
    nodes: &[Node],
    field: &impl Fn(&str) -> Result<Value, Failure>,
    decides: impl Fn(&Value) -> bool,
) -> Result<Value, Failure> {
    let mut last = Value::None;
    for node in nodes {
        last = eval(node, field)?;
        if decides(&last) {
            break;
        }
    }
    Ok(last)
}

/// Python chains comparisons: `0 < a < b` asks for both and evaluates each side once.
fn compare(
    first: &Node,
    rest: &[(Comparison, Node)],
    field: &impl Fn(&str) -> Result<Value, Failure>,
) -> Result<Value, Failure> {
    let mut left = eval(first, field)?;
    for (comparison, node) in rest {
        let right = eval(node, field)?;
        if !value::compares(*comparison, &left, &right)? {
            return Ok(Value::Bool(false));
        }
        left = right;
    }
    Ok(Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use super::{Condition, Failure, Value};

    fn field(name: &str) -> Result<Value, Failure> {
        match name {
            "customer_group" => Ok(Value::text("VIP")),
            "territory" => Ok(Value::text("Nordland")),
            "grand_total" => Ok(Value::Float(120.5)),
            "total_qty" => Ok(Value::Float(3.0)),
            "is_return" => Ok(Value::Int(0)),
            "coupon_code" => Ok(Value::None),
            "posting_date" => Ok(Value::text("2026-11-23")),
            "items" => Ok(Value::List(vec![Value::Opaque])),
            _ => Err(Failure::Python),
        }
    }

    fn holds(text: &str) -> Result<bool, &'static str> {
        Condition::read(text).holds(&field)
    }

    #[test]
    fn what_shops_write_means_what_it_says() {
        for text in [
            r#"customer_group == "VIP""#,
            r#"customer_group in ("VIP", 'Staff') and not is_return"#,
            r#"territory != "Südland" or grand_total > 1000"#,
            "100 <= grand_total < 200",
            "grand_total / total_qty > 40 and round(grand_total) == 120",
            r#"posting_date >= "2026-11-01""#,
            "coupon_code is None",
            "items",
            "float('1.5') + int(2.9) == 3.5 # a word\n",
            "(grand_total\n > 100)",
            "1 if total_qty == 3 else 0",
            "-7 // 2 == -4 and -7 % 3 == 2 and 2 ** 3 == 8",
            "'ord' in territory and 'x' not in territory",
        ] {
            assert_eq!(holds(text), Ok(true), "{text}");
        }
    }

    #[test]
    fn what_python_refuses_does_not_hold() {
        for text in [
            "qty > 2",
            "doc.grand_total > 1",
            "customer_group.startswith('V')",
            "items[0]",
            "len(items) > 0",
            "grand_total > '5'",
            "customer_group = 'VIP'",
            "grand_total >",
            " grand_total > 1",
            "grand_total > 1\ntotal_qty > 1",
            "1 / 0",
            "_name == 1",
            "(x := 5)",
            "[i for i in items]",
            "sum(i.qty for i in items) > 1",
            "",
        ] {
            assert_eq!(holds(text), Ok(false), "{text}");
        }
    }

    #[test]
    fn an_error_that_is_never_reached_does_not_matter() {
        assert_eq!(holds("grand_total > 1 or qty > 2"), Ok(true));
        assert_eq!(holds("qty > 2 or grand_total > 1"), Ok(false));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for text in ["f'{grand_total}' == '120.5'", "lambda: 1", "'%s' % 1 == '1'", "1j"] {
            assert!(holds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn deep_nesting_ends_in_an_answer() {
        let deep = "(".repeat(5_000) + "1" + &")".repeat(5_000);
        assert!(holds(&deep).is_err());
        assert!(holds(&"not ".repeat(5_000)).is_err());
        assert!(holds(&("2".to_owned() + &"**2".repeat(5_000))).is_err());
    }
}
