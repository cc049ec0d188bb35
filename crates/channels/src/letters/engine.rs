//! The engine that fills templates, with the filters that letters need: each takes and gives back no more than so much.

use minijinja::value::{Rest, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, filters, functions, tests};
use serde_json::Value as Json;

use super::{TEXT_LIMIT, escaped};

/// Steps that a template may take: a table of 1,000 tickets takes about 20,000.
const FUEL: u64 = 200_000;
/// What a filter may be given and give back, in bytes: a table of some thousand tickets.
const MATERIAL: usize = 1024 * 1024;

pub(super) fn environment() -> Environment<'static> {
    // Empty: whatever a later version of the engine brings is not there by itself.
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    // Errors then know the place they are about.
    environment.set_debug(true);
    let shipped = [
        ("abs", Value::from_function(filters::abs)),
        ("bool", Value::from_function(filters::bool)),
        ("capitalize", Value::from_function(filters::capitalize)),
        ("count", Value::from_function(filters::length)),
        ("d", Value::from_function(filters::default)),
        ("default", Value::from_function(filters::default)),
        ("first", Value::from_function(filters::first)),
        ("float", Value::from_function(filters::float)),
        ("int", Value::from_function(filters::int)),
        ("join", Value::from_function(join)),
        ("last", Value::from_function(filters::last)),
        ("length", Value::from_function(filters::length)),
        ("lines", Value::from_function(filters::lines)),
        ("list", Value::from_function(filters::list)),
        ("lower", Value::from_function(filters::lower)),
        ("max", Value::from_function(filters::max)),
        ("min", Value::from_function(filters::min)),
        ("reverse", Value::from_function(filters::reverse)),
        ("round", Value::from_function(filters::round)),
        ("sort", Value::from_function(filters::sort)),
        ("split", Value::from_function(filters::split)),
        ("string", Value::from_function(filters::string)),
        ("sum", Value::from_function(filters::sum)),
        ("title", Value::from_function(filters::title)),
        ("trim", Value::from_function(filters::trim)),
        ("unique", Value::from_function(filters::unique)),
        ("upper", Value::from_function(filters::upper)),
    ];
    for (name, filter) in shipped {
        environment
            .add_filter(name, move |state: &mut State, arguments: Rest<Value>| weighed(&filter, state, &arguments));
    }
    environment.add_test("defined", tests::is_defined);
    environment.add_test("divisibleby", tests::is_divisibleby);
    environment.add_test("endingwith", tests::is_endingwith);
    environment.add_test("even", tests::is_even);
    environment.add_test("none", tests::is_none);
    environment.add_test("number", tests::is_number);
    environment.add_test("odd", tests::is_odd);
    environment.add_test("startingwith", tests::is_startingwith);
    environment.add_test("string", tests::is_string);
    environment.add_test("undefined", tests::is_undefined);
    environment.add_function("range", functions::range);
    environment
}

/// The same for a text that is formatted: what stands in the data formats nothing.
pub(super) fn marked() -> Environment<'static> {
    let mut environment = environment();
    environment.set_formatter(written);
    environment
}

fn written(output: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    output.write_str(&escaped(&value.to_string())).map_err(Error::from)
}

/// Data for templates. A text that is longer than a whole letter is cut where the letter would be refused anyway.
pub(super) fn data(json: &Json) -> Value {
    match json {
        Json::String(text) => Value::from(text.get(..text.floor_char_boundary(TEXT_LIMIT + 1)).unwrap_or_default()),
        Json::Array(items) => items.iter().map(data).collect(),
        Json::Object(object) => Value::from_pairs(object.iter().map(|(name, json)| (name.clone(), data(json)))),
        Json::Null => Value::from(()),
        Json::Bool(flag) => Value::from(*flag),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::from(whole),
            (None, number) => Value::from(number.unwrap_or_default()),
        },
    }
}

fn weighed(filter: &Value, state: &mut State, arguments: &[Value]) -> Result<Value, Error> {
    let light = |value: &Value| {
        let mut left = MATERIAL;
        weigh(value, &mut left).then_some(()).ok_or_else(|| too_much(MATERIAL))
    };
    arguments.iter().try_for_each(light)?;
    let made = filter.call(state, arguments)?;
    light(&made)?;
    Ok(made)
}

/// Takes the weight of a value from what is left; false when it is more.
fn weigh(value: &Value, left: &mut usize) -> bool {
    let own = size_of::<Value>() + value.as_str().map_or(0, str::len);
    let Some(rest) = left.checked_sub(own) else { return false };
    *left = rest;
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => {
            value.try_iter().is_ok_and(|mut items| items.all(|item| weigh(&item, left)))
        }
        ValueKind::Map => value
            .try_iter()
            .is_ok_and(|mut keys| keys.all(|key| value.get_item(&key).is_ok_and(|item| weigh(&item, left)))),
        _ => true,
    }
}

/// `join` of the engine, which ends where a letter would.
fn join(values: &Value, between: Option<&str>) -> Result<String, Error> {
    let mut joined = String::new();
    for (index, value) in values.try_iter()?.enumerate() {
        let between = between.filter(|_| index > 0).unwrap_or_default();
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if joined.len() + between.len() + text.len() > TEXT_LIMIT {
            return Err(too_much(TEXT_LIMIT));
        }
        joined.push_str(between);
        joined.push_str(&text);
    }
    Ok(joined)
}

fn too_much(limit: usize) -> Error {
    Error::new(ErrorKind::WriteFailure, format!("a filter may take and make {limit} bytes"))
}
