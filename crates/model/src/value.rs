//! One value of one field, and its two outside forms: JSON in, JSON out.

mod printable;
mod tags;
mod words;

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use jiff::{Span, Timestamp};
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use crate::expr::{FIRST_INSTANT, MONEY_SCALE, rescale};
use crate::field::{Field, FieldType};
use crate::identity::{email, phone};
use crate::money::MoneyError;
use crate::{Currency, Id, Money};

pub use tags::{TAG_LIMIT, TAGS_LIMIT};
pub use words::{of_several, of_words};

/// The longest `text`, `url` and `address`, in characters.
pub const TEXT_LIMIT: usize = 1_000;
/// The longest `long_text`, in characters.
pub const LONG_TEXT_LIMIT: usize = 1_000_000;
/// The most records in one field of links.
pub const LINKS_LIMIT: usize = 1_000;

/// A value of a field. `Null` is the empty value of every type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// An exact decimal: `unscaled / 10^scale`.
    Decimal {
        /// The digits.
        unscaled: i64,
        /// Digits after the point.
        scale: u8,
    },
    /// Any text, choice, address, duration.
    Text(String),
    /// A calendar day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// An instant, to the microsecond.
    Instant(Timestamp),
    /// An amount.
    Money(Money),
    /// A link or a person.
    Id(Id),
    /// Links to records of one module, each once, in order; never empty.
    Ids(Vec<Id>),
    /// A link to a record of any module.
    Record {
        /// The module.
        module: String,
        /// The record.
        id: Id,
    },
    /// Chosen options, in the order of the field's options.
    List(Vec<String>),
    /// JSON.
    Json(Json),
}

/// Why a value does not fit its field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ValueError {
    /// Stable code: `invalid_type`, `too_long`, `invalid_choice`, `invalid_email`, …
    pub code: &'static str,
    /// What would be right, in English; the interface says it in the reader's language by `code`.
    pub message: String,
}

impl ValueError {
    /// An error with its code and sentence.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// What reading a value needs to know of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Currency in which people here type amounts; the API names one with each amount.
    pub currency: Currency,
    /// Region of a telephone number without a country code.
    pub region: phone::Region,
}

impl Default for Reading {
    fn default() -> Self {
        Self { currency: Currency::RUB, region: phone::Region::default() }
    }
}

impl Value {
    /// Whether it is the empty value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text of a text-like value.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The id of a link.
    #[must_use]
    pub fn as_id(&self) -> Option<Id> {
        match self {
            Self::Id(id) | Self::Record { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// The ids of links; none where there are none.
    #[must_use]
    pub fn as_ids(&self) -> &[Id] {
        match self {
            Self::Ids(ids) => ids,
            _ => &[],
        }
    }

    /// The amount.
    #[must_use]
    pub fn as_money(&self) -> Option<Money> {
        match self {
            Self::Money(money) => Some(*money),
            _ => None,
        }
    }

    /// The instant.
    #[must_use]
    pub fn as_instant(&self) -> Option<Timestamp> {
        match self {
            Self::Instant(instant) => Some(*instant),
            _ => None,
        }
    }

    /// The day.
    #[must_use]
    pub fn as_date(&self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// The whole number.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// Yes or no; nothing counts as no.
    #[must_use]
    pub fn is_true(&self) -> bool {
        matches!(self, Self::Bool(true))
    }

    /// The form of the API, as a tree; to be written out it is serialised as it is.
    #[must_use]
    pub fn to_json(&self) -> Json {
        // No value has a key that is no text or fails otherwise.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Reads what the API was given for `field`: checked, normalised.
    ///
    /// # Errors
    /// `ValueError` with a stable code when the JSON is not a value of the field's type. Whether an empty value is
    /// allowed, and whether a linked record exists, is decided by the write path.
    pub fn read(field: &Field, json: &Json, reading: Reading) -> Result<Self, ValueError> {
        if json.is_null() {
            return Ok(Self::Null);
        }
        match field.kind {
            FieldType::Json if has_nul(json) => Err(nul()),
            FieldType::Json => Ok(Self::Json(json.clone())),
            FieldType::Formula | FieldType::RollUp => Err(ValueError::new("read_only", "this is worked out, not set")),
            FieldType::Checkbox => json.as_bool().map(Self::Bool).ok_or_else(|| expected("true or false")),
            FieldType::Number => read_int(json).and_then(|number| within(field, number, 0)).map(Self::Int),
            FieldType::Rating => match read_int(json)? {
                stars @ 1..=5 => Ok(Self::Int(stars)),
                _ => Err(ValueError::new("out_of_range", "a rating is a number from 1 to 5")),
            },
            FieldType::Decimal => {
                let unscaled = read_decimal(json, field.scale)?;
                within(field, unscaled, field.scale).map(|unscaled| Self::Decimal { unscaled, scale: field.scale })
            }
            FieldType::Money => read_money(json),
            FieldType::Record => read_record(json),
            FieldType::MultiChoice if field.open => tags::read(field, json),
            FieldType::MultiChoice => read_choices(field, json),
            FieldType::Links => read_links(json),
            _ => {
                let text = json.as_str().ok_or_else(|| expected("text in quotes"))?;
                read_text(field, text, reading)
            }
        }
    }
}

/// The form of the API.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Decimal { unscaled, scale } => serializer.serialize_str(&decimal_text(*unscaled, *scale)),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Date(value) => serializer.collect_str(value),
            Self::Time(value) => serializer.collect_str(&value.strftime("%H:%M:%S")),
            Self::Instant(value) => serializer.collect_str(value),
            Self::Money(value) => value.serialize(serializer),
            Self::Id(value) => value.serialize(serializer),
            Self::Ids(ids) => ids.serialize(serializer),
            Self::Record { module, id } => {
                let mut object = serializer.serialize_struct("Record", 2)?;
                object.serialize_field("id", id)?;
                object.serialize_field("module", module)?;
                object.end()
            }
            Self::List(values) => values.serialize(serializer),
            Self::Json(value) => value.serialize(serializer),
        }
    }
}

macro_rules! from {
    ($($source:ty => $variant:ident),* $(,)?) => {
        $(impl From<$source> for Value {
            fn from(value: $source) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}

from! {
    bool => Bool, i64 => Int, i32 => Int, &str => Text, String => Text, Date => Date, Timestamp => Instant, Money => Money,
    Id => Id, Json => Json,
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

fn nul() -> ValueError {
    ValueError::new("invalid_text", "the character U+0000 cannot be kept")
}

/// Whether a text or a name of the JSON holds U+0000, which neither database keeps.
#[must_use]
pub fn has_nul(json: &Json) -> bool {
    match json {
        Json::String(text) => text.contains('\0'),
        Json::Array(items) => items.iter().any(has_nul),
        Json::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

fn read_text(field: &Field, text: &str, reading: Reading) -> Result<Value, ValueError> {
    if text.contains('\0') {
        return Err(nul());
    }
    let text = printable::printable(text, field.kind == FieldType::LongText);
    let text = text.as_ref();
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(Value::Null);
    }
    let limit = if field.kind == FieldType::LongText { LONG_TEXT_LIMIT } else { TEXT_LIMIT };
    if text.chars().count() > limit {
        return Err(ValueError::new("too_long", format!("at most {limit} characters")));
    }
    let invalid = |code, what: &str| ValueError::new(code, format!("{what}, not {trimmed:?}"));
    match field.kind {
        FieldType::LongText => Ok(Value::Text(text.to_owned())),
        FieldType::Email => email::normalise(trimmed)
            .map(|email| Value::Text(email.into()))
            .map_err(|error| ValueError::new("invalid_email", error.to_string())),
        FieldType::Phone => phone::normalise(trimmed, reading.region)
            .map(|phone| Value::Text(phone.into()))
            .map_err(|error| ValueError::new("invalid_phone", error.to_string())),
        FieldType::Choice => match field.option(trimmed) {
            Some(option) => Ok(Value::Text(option.value.clone())),
            None => Err(invalid_choice(field, trimmed)),
        },
        FieldType::Link | FieldType::File | FieldType::Person => {
            trimmed.parse().map(Value::Id).map_err(|_| invalid("invalid_id", "an id is a UUID"))
        }
        FieldType::Date => {
            let date = trimmed.parse::<Date>().ok().filter(|date| date.year() > 0);
            date.map(Value::Date).ok_or_else(|| invalid("invalid_date", "a date is YYYY-MM-DD, from the year 1 on"))
        }
        FieldType::Time => {
            trimmed.parse().map(Value::Time).map_err(|_| invalid("invalid_time", "a time is HH:MM or HH:MM:SS"))
        }
        FieldType::Datetime => read_instant(trimmed).map(Value::Instant),
        FieldType::Duration => match trimmed.parse::<Span>() {
            Ok(span) if !span.is_negative() => Ok(Value::Text(span.to_string())),
            _ => Err(invalid("invalid_duration", "a duration is ISO 8601, for instance P1D or PT4H")),
        },
        FieldType::Url if !is_web_address(trimmed) => {
            Err(invalid("invalid_url", "a web address begins with http:// or https://"))
        }
        FieldType::Colour if !is_colour(trimmed) => Err(invalid("invalid_colour", "a colour is #rrggbb")),
        _ => Ok(Value::Text(trimmed.to_owned())),
    }
}

/// Reads an RFC 3339 instant, kept to the microsecond.
///
/// # Errors
/// `invalid_datetime` when the text is not an instant with a zone.
pub fn read_instant(text: &str) -> Result<Timestamp, ValueError> {
    let instant: Timestamp = text.parse().map_err(|_| {
        ValueError::new(
            "invalid_datetime",
            format!("an instant is RFC 3339, for instance 2027-04-13T09:00:00Z, not {text:?}"),
        )
    })?;
    let kept = Timestamp::from_microsecond(instant.as_microsecond()).ok();
    kept.filter(|kept| kept.as_microsecond() >= FIRST_INSTANT)
        .ok_or_else(|| ValueError::new("invalid_datetime", "an instant is of the years 1 to 9999"))
}

/// Reads ISO 8601 durations such as `P1D` and `PT4H`.
///
/// # Errors
/// `invalid_duration` for anything else.
pub fn read_duration(text: &str) -> Result<Span, ValueError> {
    text.parse().map_err(|_| ValueError::new("invalid_duration", format!("a duration is ISO 8601, not {text:?}")))
}

fn read_int(json: &Json) -> Result<i64, ValueError> {
    json.as_i64().ok_or_else(|| expected("a whole number"))
}

/// The number, unless it is out of the field's bounds.
fn within(field: &Field, unscaled: i64, scale: u8) -> Result<i64, ValueError> {
    let scaled = |bound: i64| i128::from(bound) * 10_i128.pow(u32::from(scale));
    let number = i128::from(unscaled);
    if field.min.is_some_and(|min| number < scaled(min)) || field.max.is_some_and(|max| number > scaled(max)) {
        let bound = |word: &str, bound: Option<i64>| bound.map(|bound| format!("{word} {bound}"));
        let bounds = [bound("not below", field.min), bound("not above", field.max)];
        let bounds = bounds.into_iter().flatten().collect::<Vec<_>>().join(" and ");
        return Err(ValueError::new("out_of_range", format!("expected a number {bounds}")));
    }
    Ok(unscaled)
}

fn read_decimal(json: &Json, scale: u8) -> Result<i64, ValueError> {
    let text = match json {
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) if number.is_i64() => number.to_string(),
        _ => return Err(expected("a decimal in quotes, for instance \"12.50\"")),
    };
    parse_decimal(&text, scale).ok_or_else(|| {
        ValueError::new(
            "invalid_decimal",
            format!("a decimal with at most {scale} digits after the point, not {text:?}"),
        )
    })
}

/// The digits of a decimal at `scale`, or nothing where the text is no such number or does not fit.
#[must_use]
pub fn parse_decimal(text: &str, scale: u8) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || fraction.len() > usize::from(scale) {
        return None;
    }
    let padded = format!("{}{whole}{fraction:0<width$}", if negative { "-" } else { "" }, width = usize::from(scale));
    padded.parse().ok()
}

fn decimal_text(unscaled: i64, scale: u8) -> String {
    if scale == 0 {
        return unscaled.to_string();
    }
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = usize::from(scale) + 1);
    let (whole, fraction) = digits.split_at(digits.len() - usize::from(scale));
    format!("{}{whole}.{fraction}", if unscaled < 0 { "-" } else { "" })
}

/// Exactly the form in which amounts are given: a JSON number may have been rounded on its way, and an amount without a
/// currency means another sum in another organisation.
fn read_money(json: &Json) -> Result<Value, ValueError> {
    let invalid = |why: &str| ValueError::new("invalid_money", why.to_owned());
    let form = || invalid("expected {\"amount\":\"15000.00\",\"currency\":\"RUB\"}, with the amount in quotes");
    let map = json.as_object().ok_or_else(form)?;
    if let Some(extra) = map.keys().find(|key| *key != "amount" && *key != "currency") {
        return Err(invalid(&format!("an amount has no {extra:?}")));
    }
    let text = |key: &str| map.get(key).and_then(Json::as_str).ok_or_else(form);
    let currency = Currency::parse(text("currency")?).map_err(|error| invalid(&error.to_string()))?;
    let money = Money::parse(text("amount")?, currency).map_err(|error| invalid(&error.to_string()))?;
    // It is kept to four decimals.
    if rescale((money.minor, currency.digits()), MONEY_SCALE).is_none() {
        return Err(invalid(&MoneyError::TooLarge.to_string()));
    }
    Ok(Value::Money(money))
}

fn read_record(json: &Json) -> Result<Value, ValueError> {
    let part = |key: &str| json.get(key).and_then(Json::as_str);
    match (part("module"), part("id").and_then(|id| id.parse().ok())) {
        (Some(module), Some(id)) => Ok(Value::Record { module: module.to_owned(), id }),
        _ => Err(expected("{\"module\":\"leads\",\"id\":\"…\"}")),
    }
}

fn read_choices(field: &Field, json: &Json) -> Result<Value, ValueError> {
    let items = json.as_array().ok_or_else(|| expected("a list of choices"))?;
    let mut chosen = Vec::with_capacity(items.len());
    for item in items {
        let text = item.as_str().ok_or_else(|| expected("a list of choices in quotes"))?;
        if field.option(text).is_none() {
            return Err(invalid_choice(field, text));
        }
        chosen.push(text);
    }
    let ordered: Vec<String> = field
        .options
        .iter()
        .filter(|option| chosen.contains(&option.value.as_str()))
        .map(|option| option.value.clone())
        .collect();
    Ok(if ordered.is_empty() { Value::Null } else { Value::List(ordered) })
}

/// An id that is given twice counts once, where it stands first.
fn read_links(json: &Json) -> Result<Value, ValueError> {
    let items = json.as_array().ok_or_else(|| expected("a list of ids"))?;
    let (mut ids, mut seen) = (Vec::new(), BTreeSet::new());
    for item in items {
        let text = item.as_str().ok_or_else(|| expected("a list of ids in quotes"))?;
        let id: Id =
            text.trim().parse().map_err(|_| ValueError::new("invalid_id", format!("an id is a UUID, not {text:?}")))?;
        if seen.insert(id) {
            ids.push(id);
        }
    }
    if ids.len() > LINKS_LIMIT {
        return Err(ValueError::new("too_many", format!("at most {LINKS_LIMIT} records")));
    }
    Ok(if ids.is_empty() { Value::Null } else { Value::Ids(ids) })
}

fn invalid_choice(field: &Field, given: &str) -> ValueError {
    let known: Vec<_> = field.options.iter().map(|option| option.value.as_str()).collect();
    ValueError::new("invalid_choice", format!("one of {}, not {given:?}", known.join(", ")))
}

fn expected(what: &str) -> ValueError {
    ValueError::new("invalid_type", format!("expected {what}"))
}

fn is_colour(text: &str) -> bool {
    text.len() == 7 && text.starts_with('#') && text.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit())
}

fn is_web_address(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
    })
}
