//! Python's values and what its operators do with them.

use super::{Comparison, Failure, Function, Operator, Sign};
use std::cmp::Ordering;

/// A value of Python.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Value>),
    Tuple(Vec<Value>),
    /// A row of a child table: there, but not looked into.
    Opaque,
}

const LARGE: Failure = Failure::Unsupported("a very large number");

impl Value {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// A link or a text field, which is `None` where it is empty.
    pub(crate) fn link(text: &str) -> Self {
        if text.is_empty() { Self::None } else { Self::text(text) }
    }

    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::None => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(values) | Self::Tuple(values) => !values.is_empty(),
            Self::Opaque => true,
        }
    }

    /// `True` and `False` are numbers, too.
    fn number(&self) -> Option<Number> {
        match self {
            Self::Bool(value) => Some(Number::Int(i64::from(*value))),
            Self::Int(value) => Some(Number::Int(*value)),
            Self::Float(value) => Some(Number::Float(*value)),
            _ => None,
        }
    }
}

#[derive(Clone, Copy)]
enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    /// As a double, where that is exact.
    fn exact(self) -> Result<f64, Failure> {
        match self {
            Self::Float(value) => Ok(value),
            Self::Int(value) if value.unsigned_abs() <= 1 << 53 => Ok(value as f64),
            Self::Int(_) => Err(LARGE),
        }
    }
}

pub(super) fn compares(comparison: Comparison, left: &Value, right: &Value) -> Result<bool, Failure> {
    let order = |holds: fn(Ordering) -> bool| Ok(ordering(left, right)?.is_some_and(holds));
    match comparison {
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => Ok(!equal(left, right)?),
        Comparison::Less => order(Ordering::is_lt),
        Comparison::LessOrEqual => order(Ordering::is_le),
        Comparison::Greater => order(Ordering::is_gt),
        Comparison::GreaterOrEqual => order(Ordering::is_ge),
        Comparison::In => contains(right, left),
        Comparison::NotIn => Ok(!contains(right, left)?),
        Comparison::Is => is_same(left, right),
        Comparison::IsNot => Ok(!is_same(left, right)?),
    }
}

fn equal(left: &Value, right: &Value) -> Result<bool, Failure> {
    if let (Some(left), Some(right)) = (left.number(), right.number()) {
        return Ok(match (left, right) {
            (Number::Int(left), Number::Int(right)) => left == right,
            _ => left.exact()? == right.exact()?,
        });
    }
    match (left, right) {
        (Value::List(left), Value::List(right)) | (Value::Tuple(left), Value::Tuple(right)) => {
            if left.len() != right.len() {
                return Ok(false);
            }
            for (left, right) in left.iter().zip(right) {
                if !equal(left, right)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Value::Opaque, Value::Opaque) => Err(Failure::Unsupported("rows of a table")),
        _ => Ok(left == right),
    }
}

/// `None` for numbers that have no order.
fn ordering(left: &Value, right: &Value) -> Result<Option<Ordering>, Failure> {
    if let (Some(left), Some(right)) = (left.number(), right.number()) {
        return Ok(match (left, right) {
            (Number::Int(left), Number::Int(right)) => Some(left.cmp(&right)),
            _ => left.exact()?.partial_cmp(&right.exact()?),
        });
    }
    match (left, right) {
        // Both order by code points.
        (Value::Text(left), Value::Text(right)) => Ok(Some(left.cmp(right))),
        (Value::List(_), Value::List(_)) | (Value::Tuple(_), Value::Tuple(_)) => {
            Err(Failure::Unsupported("an order of lists"))
        }
        _ => Err(Failure::Python),
    }
}

fn contains(container: &Value, value: &Value) -> Result<bool, Failure> {
    match (container, value) {
        (Value::Text(text), Value::Text(part)) => Ok(text.contains(part.as_str())),
        (Value::List(values) | Value::Tuple(values), _) => {
            for element in values {
                if equal(element, value)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => Err(Failure::Python),
    }
}

fn is_same(left: &Value, right: &Value) -> Result<bool, Failure> {
    match (left, right) {
        (Value::None | Value::Bool(_), _) | (_, Value::None | Value::Bool(_)) => Ok(left == right),
        _ => Err(Failure::Unsupported("identity of values")),
    }
}

pub(super) fn unary(sign: Sign, value: &Value) -> Result<Value, Failure> {
    match (sign, value.number().ok_or(Failure::Python)?) {
        (Sign::Plus, Number::Int(value)) => Ok(Value::Int(value)),
        (Sign::Plus, Number::Float(value)) => Ok(Value::Float(value)),
        (Sign::Minus, Number::Int(value)) => value.checked_neg().map(Value::Int).ok_or(LARGE),
        (Sign::Minus, Number::Float(value)) => Ok(Value::Float(-value)),
        (Sign::Invert, Number::Int(value)) => Ok(Value::Int(!value)),
        (Sign::Invert, Number::Float(_)) => Err(Failure::Python),
    }
}

pub(super) fn binary(operator: Operator, left: &Value, right: &Value) -> Result<Value, Failure> {
    if let (Some(left), Some(right)) = (left.number(), right.number()) {
        return match (left, right) {
            (Number::Int(left), Number::Int(right)) => integers(operator, left, right),
            _ => floats(operator, left.exact()?, right.exact()?).map(Value::Float),
        };
    }
    match (operator, left, right) {
        (Operator::Add, Value::Text(left), Value::Text(right)) => Ok(Value::Text(left.clone() + right)),
        (Operator::Add, Value::List(left), Value::List(right)) => Ok(Value::List([&left[..], right].concat())),
        (Operator::Add, Value::Tuple(left), Value::Tuple(right)) => Ok(Value::Tuple([&left[..], right].concat())),
        (Operator::Remainder, Value::Text(_), _) => Err(Failure::Unsupported("formatting")),
        (Operator::Multiply, Value::Text(_) | Value::List(_) | Value::Tuple(_), Value::Int(_) | Value::Bool(_))
        | (Operator::Multiply, Value::Int(_) | Value::Bool(_), Value::Text(_) | Value::List(_) | Value::Tuple(_)) => {
            Err(Failure::Unsupported("repetition"))
        }
        _ => Err(Failure::Python),
    }
}

fn integers(operator: Operator, left: i64, right: i64) -> Result<Value, Failure> {
    let quotient_and_rest = || {
        let rest = left.checked_rem(right).ok_or(Failure::Python)?;
        let quotient = left.checked_div(right).ok_or(LARGE)?;
        let is_off = rest != 0 && (rest < 0) != (right < 0);
        Ok(if is_off { (quotient - 1, rest + right) } else { (quotient, rest) })
    };
    let shift = u32::try_from(right).ok().filter(|shift| *shift < 64);
    let result = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide if right == 0 => return Err(Failure::Python),
        Operator::Divide => {
            return Ok(Value::Float(Number::Int(left).exact()? / Number::Int(right).exact()?));
        }
        Operator::FloorDivide => Some(quotient_and_rest()?.0),
        Operator::Remainder => Some(quotient_and_rest()?.1),
        Operator::Power if right < 0 => {
            return floats(operator, Number::Int(left).exact()?, Number::Int(right).exact()?).map(Value::Float);
        }
        Operator::Power => u32::try_from(right).ok().and_then(|exponent| left.checked_pow(exponent)),
        Operator::BitOr => Some(left | right),
        Operator::BitXor => Some(left ^ right),
        Operator::BitAnd => Some(left & right),
        Operator::ShiftLeft | Operator::ShiftRight if right < 0 => return Err(Failure::Python),
        Operator::ShiftLeft => shift.and_then(|shift| left.checked_mul(1 << shift)),
        Operator::ShiftRight => shift.map(|shift| left >> shift),
    };
    result.map(Value::Int).ok_or(LARGE)
}

fn floats(operator: Operator, left: f64, right: f64) -> Result<f64, Failure> {
    match operator {
        Operator::Add => Ok(left + right),
        Operator::Subtract => Ok(left - right),
        Operator::Multiply => Ok(left * right),
        Operator::Divide | Operator::FloorDivide | Operator::Remainder if right == 0.0 => Err(Failure::Python),
        Operator::Divide => Ok(left / right),
        Operator::FloorDivide => Ok(floor_division(left, right)),
        Operator::Remainder => Ok(remainder(left, right)),
        // A power's last bit depends on the machine.
        Operator::Power => Err(Failure::Unsupported("a power of a fraction")),
        _ => Err(Failure::Python),
    }
}

/// Python's `%` on doubles: the result has the sign of the divisor.
pub(crate) fn remainder(left: f64, right: f64) -> f64 {
    let rest = left % right;
    if rest == 0.0 {
        0.0_f64.copysign(right)
    } else if (rest < 0.0) == (right < 0.0) {
        rest
    } else {
        rest + right
    }
}

/// Python's `//` on doubles, which is not the floor of the quotient: `1.0 // 0.1` is 9.
pub(crate) fn floor_division(left: f64, right: f64) -> f64 {
    let rest = left % right;
    let mut quotient = (left - rest) / right;
    if rest != 0.0 && (rest < 0.0) != (right < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return 0.0_f64.copysign(left / right);
    }
    let floor = quotient.floor();
    if quotient - floor > 0.5 { floor + 1.0 } else { floor }
}

pub(super) fn call(function: Function, arguments: &[Value]) -> Result<Value, Failure> {
    match (function, arguments) {
        (Function::Int, []) => Ok(Value::Int(0)),
        (Function::Float, []) => Ok(Value::Float(0.0)),
        (Function::Int, [value]) => to_int(value),
        (Function::Float, [value]) => to_float(value),
        (Function::Round, [value] | [value, Value::None]) => round(value),
        (Function::Round, [value, places]) => round_to(value, places),
        (Function::Int, [Value::Text(_), _]) => Err(Failure::Unsupported("numbers of another base")),
        _ => Err(Failure::Python),
    }
}

fn to_int(value: &Value) -> Result<Value, Failure> {
    match (value, value.number()) {
        (_, Some(Number::Int(value))) => Ok(Value::Int(value)),
        (_, Some(Number::Float(value))) if value.is_finite() => {
            let whole = value.trunc();
            if whole.abs() < 9e15 { Ok(Value::Int(whole as i64)) } else { Err(LARGE) }
        }
        (Value::Text(text), _) if text.is_ascii() => text.trim().parse().map(Value::Int).map_err(|_| Failure::Python),
        (Value::Text(_), _) => Err(Failure::Unsupported("digits beyond ASCII")),
        _ => Err(Failure::Python),
    }
}

fn to_float(value: &Value) -> Result<Value, Failure> {
    match (value, value.number()) {
        (_, Some(number)) => number.exact().map(Value::Float),
        (Value::Text(text), _) if text.is_ascii() => text.trim().parse().map(Value::Float).map_err(|_| Failure::Python),
        (Value::Text(_), _) => Err(Failure::Unsupported("digits beyond ASCII")),
        _ => Err(Failure::Python),
    }
}

fn round(value: &Value) -> Result<Value, Failure> {
    match value.number().ok_or(Failure::Python)? {
        Number::Int(value) => Ok(Value::Int(value)),
        Number::Float(value) => to_int(&Value::Float(value.round_ties_even())),
    }
}

fn round_to(value: &Value, places: &Value) -> Result<Value, Failure> {
    let Some(Number::Int(places)) = places.number() else {
        return Err(Failure::Python);
    };
    let places = u8::try_from(places).map_err(|_| Failure::Unsupported("rounding to tens"))?;
    match value.number().ok_or(Failure::Python)? {
        Number::Int(value) => Ok(Value::Int(value)),
        Number::Float(value) if value.is_finite() => {
            Ok(Value::Float(crate::rounding::decimal_round(value, places.min(60))))
        }
        Number::Float(value) => Ok(Value::Float(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::{floor_division, remainder};

    #[test]
    fn doubles_divide_as_in_python() {
        assert_eq!(floor_division(1.0, 0.1), 9.0);
        assert_eq!(floor_division(7.0, 3.0), 2.0);
        assert_eq!(floor_division(-7.0, 2.0), -4.0);
        assert_eq!(floor_division(5.0, 2.0), 2.0);
        assert_eq!(remainder(-7.0, 3.0), 2.0);
        assert_eq!(remainder(5.5, 2.0), 1.5);
    }
}
