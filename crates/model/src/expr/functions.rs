//! The functions of the language, by name.

use super::check::{Checker, Element};
use super::resolve::shown;
use super::suggest::hint;
use super::syntax::{Form, Syntax};
use super::text::KeyKind;
use super::within::WITHIN_SCALE;
use super::{
    Depth, ErrorCode, ExprError, Inside, Node, Plan, Quantifier, TextTest, Type, Unit, coerce, literal, resolve,
};
use crate::field::FieldType;
use crate::{Period, Value};

/// All functions.
pub const FUNCTIONS: [&str; 27] = [
    "has",
    "now",
    "today",
    "me",
    "my_team",
    "date",
    "timestamp",
    "duration",
    "year",
    "month",
    "day",
    "week_start",
    "month_start",
    "quarter_start",
    "year_start",
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "exists",
    "all",
    "text",
    "number",
    "whole",
    "flag",
    "moment",
    "shows",
];

/// `name(arguments)`, or `of.name(arguments)`, which is the same with `of` first.
pub(super) fn call(
    checker: &mut Checker<'_>,
    name: &str,
    of: Option<&Syntax>,
    arguments: &[Syntax],
    position: usize,
) -> Result<Plan, ExprError> {
    let at = Some(position);
    let all: Vec<&Syntax> = of.into_iter().chain(arguments).collect();
    match (name, all.as_slice()) {
        ("now" | "today" | "me", []) => {
            let (node, kind) = match name {
                "now" => (Node::Now, Type::Instant),
                "today" => (Node::Today, Type::Date),
                _ => (Node::Me, Type::Id),
            };
            Ok(Plan::new(node, kind, at))
        }
        ("my_team", []) => Err(wrong("my_team() stands only after in: owner in my_team()", at)),
        ("has", [of]) => has(checker.plan(of)?, at),
        ("date" | "timestamp" | "duration", [text]) => fixed(name, text),
        ("year" | "month" | "day", [of]) => calendar(name, checker.plan(of)?, at),
        ("week_start" | "month_start" | "quarter_start" | "year_start", [by]) => start(name, by, at),
        ("size", [of]) => size(checker.plan(of)?, at),
        ("contains" | "startsWith" | "endsWith", [text, part]) => {
            let test = match name {
                "contains" => TextTest::Contains,
                "startsWith" => TextTest::StartsWith,
                _ => TextTest::EndsWith,
            };
            coerce::text_test(test, checker.plan(text)?, checker.plan(part)?, at)
        }
        ("exists" | "all", [list, element, condition]) => {
            let quantifier = if name == "all" { Quantifier::All } else { Quantifier::Exists };
            quantified(checker, quantifier, list, element, condition, at)
        }
        ("text" | "number" | "whole" | "flag" | "moment", [of, way]) => within(name, checker.plan(of)?, way, at),
        ("shows", [of, depth]) => shows(checker.plan(of)?, depth, at),
        _ if FUNCTIONS.contains(&name) => Err(wrong(usage(name), at)),
        ("map" | "filter" | "exists_one" | "matches", _) => {
            let message = format!("{name} is not part of the language here: exists, all, contains are");
            Err(ExprError::new(ErrorCode::Unsupported, message, at))
        }
        _ => {
            let message = format!("there is no function {:?}{}", shown(name), hint(name, FUNCTIONS));
            Err(ExprError::new(ErrorCode::UnknownFunction, message, at))
        }
    }
}

/// Refuses arguments of a function that takes none.
pub(super) fn no_arguments(name: &str, arguments: &[Syntax], position: usize) -> Result<(), ExprError> {
    if arguments.is_empty() { Ok(()) } else { Err(wrong(usage(name), Some(position))) }
}

fn usage(name: &str) -> String {
    format!("{name} is written {}", written(name))
}

/// How a function is written, by an example.
#[must_use]
pub fn written(name: &str) -> String {
    match name {
        "now" | "today" | "me" | "my_team" => format!("{name}()"),
        "date" => "date(\"2026-11-01\")".to_owned(),
        "timestamp" => "timestamp(\"2026-11-01T09:00:00Z\")".to_owned(),
        "duration" => "duration(\"P1D\")".to_owned(),
        "week_start" | "month_start" | "quarter_start" | "year_start" => format!("{name}(0), {name}(-1)"),
        "contains" | "startsWith" | "endsWith" => format!("text.{name}(\"part\")"),
        "text" | "number" | "whole" | "flag" | "moment" => format!("body.{name}(\"customer.name\")"),
        "exists" | "all" => format!("list.{name}(t, t == \"vip\")"),
        "shows" => "shows(mailbox_id, \"full\")".to_owned(),
        _ => format!("{name}(field)"),
    }
}

fn wrong(message: impl Into<String>, at: Option<usize>) -> ExprError {
    ExprError::new(ErrorCode::WrongArguments, message, at)
}

fn has(of: Plan, at: Option<usize>) -> Result<Plan, ExprError> {
    match of.node {
        Node::Field(_) | Node::Derived(..) => Ok(Plan::bool(Node::Has(Box::new(of)), at)),
        _ => Err(wrong("has(…) asks for a field or a path", at)),
    }
}

fn fixed(name: &str, text: &Syntax) -> Result<Plan, ExprError> {
    let at = Some(text.at);
    let Form::Text(spelled) = &text.form else { return Err(wrong(usage(name), at)) };
    let (value, kind) = match name {
        "timestamp" => return literal::timestamp(spelled, at),
        "date" => (Value::Date(literal::date(spelled, at)?), Type::Date),
        _ => (Value::Int(literal::duration(spelled, at)?), Type::Duration),
    };
    Ok(Plan::new(Node::Literal(value), kind, at))
}

fn calendar(name: &str, of: Plan, at: Option<usize>) -> Result<Plan, ExprError> {
    let (unit, kind) = match name {
        "year" => (Unit::Year, Type::Int),
        "month" => (Unit::Month, Type::Text(KeyKind::Plain)),
        _ => (Unit::Day, Type::Date),
    };
    match of.kind {
        Type::Date | Type::Instant => Ok(Plan::new(Node::Calendar(unit, Box::new(of)), kind, at)),
        Type::Null => Ok(Plan::null(at)),
        other => {
            let message = format!("{name} takes a date or an instant, and this is {}", other.name());
            Err(ExprError::new(ErrorCode::WrongType, message, of.at))
        }
    }
}

/// The first day of the present week, month, quarter or year, or of one so many behind it.
fn start(name: &str, by: &Syntax, at: Option<usize>) -> Result<Plan, ExprError> {
    let by = match &by.form {
        Form::Int(by) => Some(*by),
        Form::Negate(by) => match by.form {
            Form::Int(by) => by.checked_neg(),
            _ => None,
        },
        _ => None,
    };
    match (name.strip_suffix("_start").and_then(Period::read), by) {
        (Some(period), Some(by)) => Ok(Plan::new(Node::Start(period, by), Type::Date, at)),
        _ => Err(wrong(usage(name), at)),
    }
}

/// A value inside the JSON of a field, by the names and numbers on the way to it.
fn within(name: &str, of: Plan, way: &Syntax, at: Option<usize>) -> Result<Plan, ExprError> {
    let is_json = matches!(&of.node, Node::Field(path) if path.leaf.kind == FieldType::Json);
    if !is_json {
        let message = format!("{name} reads inside JSON, and this is {}", of.kind.name());
        return Err(ExprError::new(ErrorCode::WrongType, message, of.at));
    }
    let (inside, kind) = match name {
        "text" => (Inside::Text, Type::Text(KeyKind::Folded)),
        "number" => (Inside::Number, Type::Decimal { scale: WITHIN_SCALE }),
        "whole" => (Inside::Whole, Type::Int),
        "flag" => (Inside::Flag, Type::Bool),
        _ => (Inside::Moment, Type::Instant),
    };
    match &way.form {
        Form::Text(way) if way.split('.').all(|part| !part.is_empty()) => {
            let way = way.split('.').map(str::to_owned).collect();
            Ok(Plan::new(Node::Within(inside, Box::new(of), way), kind, at))
        }
        _ => Err(wrong(usage(name), Some(way.at))),
    }
}

/// Whether a mailbox shows so much of its letters to whoever asks.
fn shows(of: Plan, depth: &Syntax, at: Option<usize>) -> Result<Plan, ExprError> {
    let wanted = match &depth.form {
        Form::Text(name) => Depth::read(name),
        _ => None,
    };
    let is_name = matches!(of.node, Node::Field(_)) && matches!(of.kind, Type::Text(_));
    match wanted {
        Some(depth) if is_name => Ok(Plan::bool(Node::Shows(Box::new(of), depth), at)),
        _ => Err(wrong(usage("shows"), at)),
    }
}

fn size(of: Plan, at: Option<usize>) -> Result<Plan, ExprError> {
    match of.kind {
        Type::Text(_) | Type::List | Type::Links | Type::Null => Ok(Plan::new(Node::Size(Box::new(of)), Type::Int, at)),
        other => {
            let message = format!("size takes a text or a list, and this is {}", other.name());
            Err(ExprError::new(ErrorCode::WrongType, message, of.at))
        }
    }
}

fn quantified(
    checker: &mut Checker<'_>,
    quantifier: Quantifier,
    list: &Syntax,
    element: &Syntax,
    condition: &Syntax,
    at: Option<usize>,
) -> Result<Plan, ExprError> {
    let list = checker.plan(list)?;
    if !matches!(list.kind, Type::List | Type::Links | Type::Null) {
        let message = format!("a list is needed here, and this is {}", list.kind.name());
        return Err(ExprError::new(ErrorCode::WrongType, message, list.at));
    }
    let Form::Name(name) = &element.form else {
        return Err(wrong("the element needs a name: list.exists(t, t == \"vip\")", Some(element.at)));
    };
    let target = resolve::target(&list, checker.module, &checker.known());
    let kind = if list.kind == Type::Links { Type::Id } else { Type::Text(KeyKind::Plain) };
    checker.elements.push(Element { name: name.clone(), kind, target });
    let condition = checker.plan(condition).and_then(Plan::condition);
    checker.elements.pop();
    Ok(Plan::bool(Node::Quantified(quantifier, Box::new(list), Box::new(condition?)), at))
}
