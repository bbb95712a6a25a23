//! What a template gave to a function: by place or by name, as Python takes them.

use crate::{numbers, refusal::failure};
use minijinja::{
    Error, Value,
    value::{Kwargs, ValueKind},
};

/// The arguments of one call.
pub(crate) struct Arguments<'a> {
    placed: &'a [Value],
    named: Option<Kwargs>,
}

impl<'a> Arguments<'a> {
    pub(crate) fn new(values: &'a [Value]) -> Self {
        match values.split_last() {
            Some((last, placed)) if last.is_kwargs() => Self { placed, named: Kwargs::try_from(last.clone()).ok() },
            _ => Self { placed: values, named: None },
        }
    }

    /// Those given by place.
    pub(crate) fn placed(&self) -> &'a [Value] {
        self.placed
    }

    /// An argument; none if it was not given.
    pub(crate) fn get(&self, index: usize, name: &str) -> Option<Value> {
        let named = || self.named.as_ref()?.get::<Option<Value>>(name).ok()?;
        self.placed.get(index).cloned().or_else(named)
    }

    /// An argument that says something: none for `None` and what is undefined.
    pub(crate) fn some(&self, index: usize, name: &str) -> Option<Value> {
        self.get(index, name).filter(|value| !value.is_none() && !value.is_undefined())
    }

    /// An argument that must be there.
    pub(crate) fn need(&self, index: usize, name: &str) -> Result<Value, Error> {
        self.get(index, name).ok_or_else(|| failure(format!("missing argument {name}")))
    }

    /// As Python's `str` of it; none for `None`.
    pub(crate) fn text(&self, index: usize, name: &str) -> Option<String> {
        self.some(index, name).map(|value| numbers::text(&value))
    }

    /// By Frappe's `cint`.
    pub(crate) fn int(&self, index: usize, name: &str) -> Option<i64> {
        self.some(index, name).map(|value| numbers::cint(&value))
    }

    /// By Frappe's `flt`, unrounded.
    pub(crate) fn float(&self, index: usize, name: &str) -> Option<f64> {
        self.some(index, name).map(|value| numbers::flt(&value))
    }

    /// Whether an argument is given and true.
    pub(crate) fn is_true(&self, index: usize, name: &str) -> bool {
        self.get(index, name).is_some_and(|value| value.is_true())
    }
}

/// The items of a list, or the one value that stands for one.
pub(crate) fn list(value: &Value) -> Result<Vec<Value>, Error> {
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map => Ok(value.try_iter()?.collect()),
        ValueKind::None | ValueKind::Undefined => Ok(Vec::new()),
        _ => Ok(vec![value.clone()]),
    }
}
