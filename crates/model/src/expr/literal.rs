//! Texts in quotes that stand for numbers, dates, instants, durations and ids.

use jiff::Span;
use jiff::civil::{Date, Time};

use super::calendar::DAY;
use super::{ErrorCode, ExprError, FIRST_INSTANT, LAST_INSTANT, Node, Plan, SCALE_LIMIT, Type};
use crate::Value;
use crate::value::{parse_decimal, read_instant};

/// The longest duration, in days: a century.
const LONGEST: i64 = 36_600;

/// The literal that `text` spells where a value of type `kind` is needed.
pub(super) fn read(text: &str, kind: Type, at: Option<usize>) -> Result<Plan, ExprError> {
    let (node, kind) = match kind {
        Type::Int | Type::Decimal { .. } | Type::Money => return number(text, at),
        Type::Date => (Node::Literal(Value::Date(date(text, at)?)), Type::Date),
        Type::Time => (Node::Literal(Value::Time(time(text, at)?)), Type::Time),
        Type::Instant => return instant(text, at),
        Type::Duration => (Node::Literal(Value::Int(duration(text, at)?)), Type::Duration),
        Type::Id => match text.parse() {
            Ok(id) => (Node::Literal(Value::Id(id)), Type::Id),
            Err(_) => return Err(invalid(text, "an id (a UUID such as \"0190163d-8694-739b-aea5-966c26f8ad91\")", at)),
        },
        other => {
            let message = format!("a text cannot be compared with {}", other.name());
            return Err(ExprError::new(ErrorCode::WrongType, message, at));
        }
    };
    Ok(Plan::new(node, kind, at))
}

fn number(text: &str, at: Option<usize>) -> Result<Plan, ExprError> {
    let digits = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let read = u8::try_from(digits)
        .ok()
        .filter(|&scale| scale <= SCALE_LIMIT)
        .and_then(|scale| Some((parse_decimal(text, scale)?, scale)));
    match read {
        Some((number, 0)) => Ok(Plan::new(Node::Literal(Value::Int(number)), Type::Int, at)),
        Some((unscaled, scale)) => {
            Ok(Plan::new(Node::Literal(Value::Decimal { unscaled, scale }), Type::Decimal { scale }, at))
        }
        None => Err(invalid(text, "a number such as \"1500.50\"", at)),
    }
}

/// A day, `YYYY-MM-DD`.
pub(super) fn date(text: &str, at: Option<usize>) -> Result<Date, ExprError> {
    Some(text)
        .filter(|text| text.len() == 10)
        .and_then(|text| text.parse::<Date>().ok())
        .filter(|date| date.year() >= 1)
        .ok_or_else(|| invalid(text, "a date such as \"2026-11-01\"", at))
}

fn time(text: &str, at: Option<usize>) -> Result<Time, ExprError> {
    Some(text)
        .filter(|text| matches!(text.len(), 5 | 8))
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| invalid(text, "a time of day such as \"09:30\"", at))
}

/// An instant; a day stands for its midnight in the workspace's zone.
fn instant(text: &str, at: Option<usize>) -> Result<Plan, ExprError> {
    if text.len() == 10 {
        let day = Plan::new(Node::Literal(Value::Date(date(text, at)?)), Type::Date, at);
        return Ok(Plan::new(Node::StartOfDay(Box::new(day)), Type::Instant, at));
    }
    timestamp(text, at)
}

/// An instant with its zone.
pub(super) fn timestamp(text: &str, at: Option<usize>) -> Result<Plan, ExprError> {
    match read_instant(text) {
        Ok(instant) if (FIRST_INSTANT..=LAST_INSTANT).contains(&instant.as_microsecond()) => {
            Ok(Plan::new(Node::Literal(Value::Instant(instant)), Type::Instant, at))
        }
        _ => Err(invalid(text, "an instant such as \"2026-11-01T09:00:00Z\"", at)),
    }
}

/// Microseconds of a duration of fixed length.
pub(super) fn duration(text: &str, at: Option<usize>) -> Result<i64, ExprError> {
    const HOUR: i64 = 3_600_000_000;
    let refuse = |what| Err(invalid(text, what, at));
    let Ok(span) = text.parse::<Span>() else {
        return refuse("a duration such as \"P1D\", \"PT4H\" or \"168h\"");
    };
    if span.get_years() != 0 || span.get_months() != 0 {
        return refuse("a duration of fixed length: weeks, days, hours, minutes, seconds");
    }
    let parts = [
        (i64::from(span.get_weeks()), 7 * DAY),
        (i64::from(span.get_days()), DAY),
        (i64::from(span.get_hours()), HOUR),
        (span.get_minutes(), HOUR / 60),
        (span.get_seconds(), HOUR / 3_600),
        (span.get_milliseconds(), 1_000),
        (span.get_microseconds(), 1),
    ];
    let sum: i128 = parts.iter().map(|&(count, unit)| i128::from(count) * i128::from(unit)).sum();
    let micros = sum + i128::from(span.get_nanoseconds() / 1_000);
    match i64::try_from(micros) {
        Ok(micros) if micros.unsigned_abs() <= (LONGEST * DAY).unsigned_abs() => Ok(micros),
        _ => refuse("a duration of at most 36,600 days"),
    }
}

fn invalid(text: &str, what: &str, at: Option<usize>) -> ExprError {
    let shown: String = text.chars().take(40).collect();
    ExprError::new(ErrorCode::InvalidLiteral, format!("{what} is needed here, and {shown:?} is none"), at)
}
