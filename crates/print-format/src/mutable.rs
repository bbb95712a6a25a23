//! Lists and dictionaries that a template changes while it runs: `{% set _ = names.append(x) %}`.

use crate::{
    arguments::{Arguments, list},
    document::Record,
    refusal::failure,
};
use minijinja::{
    Error, ErrorKind, State, Value,
    value::{Enumerator, Object, ObjectRepr, Tuple, ValueKind},
};
use std::sync::{Arc, Mutex, MutexGuard};

/// As many items as a list that grows may have.
const ITEMS_MAX: usize = 100_000;

/// A Python list.
#[derive(Debug, Default)]
pub(crate) struct List(Mutex<Vec<Value>>);

impl List {
    pub(crate) fn from_value(state: &State<'_, '_>, value: &Value) -> Result<Value, Error> {
        let items = list(value)?;
        let items = items.iter().map(|item| settle(state, item, std::ptr::null(), 1)).collect::<Result<_, _>>()?;
        Ok(Value::from_object(Self(Mutex::new(items))))
    }

    /// A lock is only held within a method that calls nobody.
    fn items(&self) -> MutexGuard<'_, Vec<Value>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn place(&self, index: i64) -> Result<usize, Error> {
        let length = self.items().len();
        let from_end =
            |index: i64| usize::try_from(index.unsigned_abs()).ok().and_then(|back| length.checked_sub(back));
        let place = if index < 0 { from_end(index) } else { usize::try_from(index).ok() };
        place.filter(|place| *place < length).ok_or_else(|| failure("list index out of range"))
    }

    fn grow(&self, state: &State<'_, '_>, values: &[Value]) -> Result<(), Error> {
        let container = std::ptr::from_ref(self).cast();
        let values = values.iter().map(|value| settle(state, value, container, 1)).collect::<Result<Vec<_>, _>>()?;
        let mut items = self.items();
        if items.len() + values.len() > ITEMS_MAX {
            return Err(Error::from(ErrorKind::OutOfFuel));
        }
        items.extend(values);
        Ok(())
    }
}

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.items().get(key.as_usize()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.items().clone())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.items().len())
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let arguments = Arguments::new(args);
        let nothing = Value::from(());
        match method {
            "append" => self.grow(state, &[arguments.need(0, "object")?])?,
            "extend" => self.grow(state, &list(&arguments.need(0, "iterable")?)?)?,
            "insert" => {
                let length = i64::try_from(self.items().len()).unwrap_or(i64::MAX);
                let index = arguments.int(0, "index").unwrap_or(0);
                let index = if index < 0 { (length + index).max(0) } else { index.min(length) };
                let value = arguments.need(1, "object")?;
                self.grow(state, &[value])?;
                let mut items = self.items();
                if let Some(value) = items.pop() {
                    items.insert(usize::try_from(index).unwrap_or(0), value);
                }
            }
            "pop" => {
                let place = self.place(arguments.int(0, "index").unwrap_or(-1))?;
                return Ok(self.items().remove(place));
            }
            "remove" => {
                let value = arguments.need(0, "value")?;
                let place = self.items().iter().position(|item| *item == value);
                self.items().remove(place.ok_or_else(|| failure("list.remove(x): x not in list"))?);
            }
            "clear" => self.items().clear(),
            "reverse" => self.items().reverse(),
            "sort" => self.items().sort(),
            "copy" => return Ok(Value::from_object(Self(Mutex::new(self.items().clone())))),
            "index" => {
                let value = arguments.need(0, "value")?;
                let place = self.items().iter().position(|item| *item == value);
                return place.map(Value::from).ok_or_else(|| failure("the value is not in the list"));
            }
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        }
        Ok(nothing)
    }
}

/// As deep as values may lie in one another.
const DEPTH_MAX: usize = 40;

/// A value as it may be kept beyond the loop that made it: whole rather than still to be computed, no deeper than
/// [`DEPTH_MAX`], and without the container that it is put into. Otherwise a loop could nest values without end, and whoever
/// prints or drops them would run out of stack.
pub(crate) fn settled(state: &State<'_, '_>, value: &Value) -> Result<Value, Error> {
    settle(state, value, std::ptr::null(), 0)
}

fn settle(state: &State<'_, '_>, value: &Value, container: *const (), depth: usize) -> Result<Value, Error> {
    state.consume_fuel(1)?;
    if depth > DEPTH_MAX {
        return Err(failure("values lie too deep in one another"));
    }
    let inner = |value: &Value| settle(state, value, container, depth + 1);
    let check = |object: *const ()| {
        if object == container { Err(failure("a list or dictionary cannot contain itself")) } else { Ok(()) }
    };
    if let Some(list) = value.downcast_object_ref::<List>() {
        check(std::ptr::from_ref(list).cast())?;
        list.items().clone().iter().try_for_each(|value| inner(value).map(|_| ()))?;
    } else if let Some(dict) = value.downcast_object_ref::<Dict>() {
        check(std::ptr::from_ref(dict).cast())?;
        dict.pairs().clone().iter().try_for_each(|(_, value)| inner(value).map(|_| ()))?;
    } else if value.downcast_object_ref::<Record>().is_none() {
        return match value.kind() {
            ValueKind::Seq if value.is_tuple() => {
                Ok(Value::from(Tuple::new(value.try_iter()?.map(|value| inner(&value)).collect::<Result<_, _>>()?)))
            }
            ValueKind::Seq | ValueKind::Iterable => value.try_iter()?.map(|value| inner(&value)).collect(),
            ValueKind::Map => {
                let pairs = pairs(value)?;
                let pairs = pairs.iter().map(|(key, value)| Ok((key.clone(), inner(value)?)));
                Ok(Value::from_pairs(pairs.collect::<Result<Vec<_>, Error>>()?))
            }
            _ => Ok(value.clone()),
        };
    }
    Ok(value.clone())
}

/// A Python dictionary.
#[derive(Debug, Default)]
pub(crate) struct Dict(Mutex<Vec<(Value, Value)>>);

impl Dict {
    pub(crate) fn from_value(state: &State<'_, '_>, value: &Value) -> Result<Value, Error> {
        let pairs =
            pairs(value)?.into_iter().map(|(key, value)| Ok((key, settle(state, &value, std::ptr::null(), 1)?)));
        Ok(Value::from_object(Self(Mutex::new(pairs.collect::<Result<_, Error>>()?))))
    }

    fn pairs(&self) -> MutexGuard<'_, Vec<(Value, Value)>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn get(&self, key: &Value) -> Option<Value> {
        self.pairs().iter().find(|(name, _)| name == key).map(|(_, value)| value.clone())
    }

    fn set(&self, state: &State<'_, '_>, key: Value, value: &Value) -> Result<(), Error> {
        let value = settle(state, value, std::ptr::from_ref(self).cast(), 1)?;
        let mut pairs = self.pairs();
        if let Some(pair) = pairs.iter_mut().find(|(name, _)| *name == key) {
            pair.1 = value;
        } else if pairs.len() >= ITEMS_MAX / 100 {
            return Err(Error::from(ErrorKind::OutOfFuel));
        } else {
            pairs.push((key, value));
        }
        Ok(())
    }
}

fn pairs(value: &Value) -> Result<Vec<(Value, Value)>, Error> {
    value.try_iter()?.map(|key| Ok((key.clone(), value.get_item(&key)?))).collect()
}

impl Object for Dict {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get(key)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.pairs().iter().map(|(key, _)| key.clone()).collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.pairs().len())
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let arguments = Arguments::new(args);
        let nothing = Value::from(());
        let other = || arguments.get(1, "default");
        match method {
            "update" => {
                for (key, value) in arguments.placed().first().map(pairs).transpose()?.unwrap_or_default() {
                    self.set(state, key, &value)?;
                }
                if let Some(named) = args.last().filter(|last| last.is_kwargs()) {
                    for (key, value) in pairs(named)? {
                        self.set(state, key, &value)?;
                    }
                }
            }
            "setdefault" => {
                let key = arguments.need(0, "key")?;
                if let Some(value) = self.get(&key) {
                    return Ok(value);
                }
                let value = other().unwrap_or(nothing);
                self.set(state, key, &value)?;
                return Ok(value);
            }
            "pop" => {
                let key = arguments.need(0, "key")?;
                let place = self.pairs().iter().position(|(name, _)| *name == key);
                return match place {
                    Some(place) => Ok(self.pairs().remove(place).1),
                    None => other().ok_or_else(|| failure("the key is not in the dictionary")),
                };
            }
            "clear" => self.pairs().clear(),
            "copy" => return Ok(Value::from_object(Self(Mutex::new(self.pairs().clone())))),
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        }
        Ok(nothing)
    }
}
