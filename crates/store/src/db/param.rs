//! A value on its way into a statement or out of a row.

use jiff::{Timestamp, civil::Date};
use model::value::has_nul;
use uuid::Uuid;

use super::DbError;

/// One value in the kinds both engines share; see the table in [`crate::db`].
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    /// No value; fits a column of any kind.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number: counts, minor units of money, scaled decimals.
    Int(i64),
    /// A finite floating number.
    Float(f64),
    /// Text without NUL.
    Text(String),
    /// Raw bytes.
    Bytes(Vec<u8>),
    /// An id.
    Uuid(Uuid),
    /// A moment, kept to the microsecond (rounded down), years 1–9999.
    Instant(Timestamp),
    /// A calendar date, years 1–9999.
    Date(Date),
    /// JSON without NUL in its texts.
    Json(serde_json::Value),
}

/// 0001-01-01T00:00:00Z and the last microsecond of 9999, in microseconds since 1970.
const INSTANTS: std::ops::RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;

impl Param {
    /// The word for this kind in messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Uuid(_) => "uuid",
            Self::Instant(_) => "instant",
            Self::Date(_) => "date",
            Self::Json(_) => "json",
        }
    }

    /// Refuses what one of the engines would refuse, mangle or turn into null.
    pub(super) fn check(&self) -> Result<(), DbError> {
        let refuse = |why: &str| Err(DbError::Value(why.to_owned()));
        match self {
            Self::Text(text) if text.contains('\0') => refuse("text with a NUL character"),
            Self::Json(json) if has_nul(json) => refuse("JSON with a NUL character"),
            Self::Float(number) if !number.is_finite() => refuse("a number that is not finite"),
            Self::Date(date) if date.year() < 1 => refuse("a date before the year 1"),
            Self::Instant(instant) if !INSTANTS.contains(&micros(*instant)) => {
                refuse("a moment outside the years 1 to 9999")
            }
            _ => Ok(()),
        }
    }
}

/// Microseconds since 1970, rounded down also before it.
pub(super) fn micros(instant: Timestamp) -> i64 {
    let below = i64::from(instant.subsec_nanosecond() % 1_000 < 0);
    instant.as_microsecond() - below
}

macro_rules! from {
    ($($source:ty => |$value:ident| $param:expr),* $(,)?) => {
        $(impl From<$source> for Param {
            fn from($value: $source) -> Self {
                $param
            }
        })*
    };
}

from! {
    bool => |value| Self::Bool(value),
    i64 => |value| Self::Int(value),
    i32 => |value| Self::Int(value.into()),
    i16 => |value| Self::Int(value.into()),
    i8 => |value| Self::Int(value.into()),
    u32 => |value| Self::Int(value.into()),
    u16 => |value| Self::Int(value.into()),
    u8 => |value| Self::Int(value.into()),
    f64 => |value| Self::Float(value),
    String => |value| Self::Text(value),
    &str => |value| Self::Text(value.to_owned()),
    &String => |value| Self::Text(value.clone()),
    std::borrow::Cow<'_, str> => |value| Self::Text(value.into_owned()),
    Vec<u8> => |value| Self::Bytes(value),
    &[u8] => |value| Self::Bytes(value.to_vec()),
    Uuid => |value| Self::Uuid(value),
    &Uuid => |value| Self::Uuid(*value),
    Timestamp => |value| Self::Instant(value),
    Date => |value| Self::Date(value),
    serde_json::Value => |value| Self::Json(value),
    &serde_json::Value => |value| Self::Json(value.clone()),
    &Param => |value| value.clone(),
}

impl<T: Into<Param>> From<Option<T>> for Param {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
