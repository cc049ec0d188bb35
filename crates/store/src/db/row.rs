//! A row of an answer: values by index, read as the kind the caller expects whatever the engine made of it.

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::{DbError, Param};

/// One row. Every getter fails with [`DbError::Kind`] on another kind of value, on null and past the last column;
/// the `opt_…` getters take null for `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(Vec<Param>);

/// Makes a getter and its `opt_…` twin from patterns on the stored value.
macro_rules! getters {
    ($($(#[$doc:meta])* $name:ident, $opt:ident -> $kind:ty as $expected:literal { $($pattern:pat => $value:expr),+ $(,)? })*) => {
        $(
            $(#[$doc])*
            ///
            /// # Errors
            /// [`DbError::Kind`] where something else is stored.
            pub fn $name(&self, column: usize) -> Result<$kind, DbError> {
                self.$opt(column)?.ok_or_else(|| DbError::Kind { column, expected: $expected, found: "null" })
            }

            /// Like the getter without `opt_`, with null for `None`.
            ///
            /// # Errors
            /// [`DbError::Kind`] where something else is stored.
            pub fn $opt(&self, column: usize) -> Result<Option<$kind>, DbError> {
                let stored = self.get(column)?;
                let value: Option<$kind> = match stored {
                    Param::Null => return Ok(None),
                    $($pattern => $value,)+
                    _ => None,
                };
                value.map(Some).ok_or_else(|| DbError::Kind { column, expected: $expected, found: stored.kind() })
            }
        )*
    };
}

impl Row {
    pub(super) fn new(values: Vec<Param>) -> Self {
        Self(values)
    }

    /// How many columns the row has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the row has no column at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value as the engine gave it (SQLite knows only null, int, float, text and bytes).
    ///
    /// # Errors
    /// [`DbError::Kind`] past the last column.
    pub fn get(&self, column: usize) -> Result<&Param, DbError> {
        self.0.get(column).ok_or(DbError::Kind { column, expected: "a column", found: "nothing" })
    }

    /// Text or null, taken out of the row: the column is null afterwards.
    ///
    /// # Errors
    /// [`DbError::Kind`] where something else is stored.
    pub fn take_text(&mut self, column: usize) -> Result<Option<String>, DbError> {
        let stored = self.0.get_mut(column).map(|stored| std::mem::replace(stored, Param::Null));
        match stored {
            Some(Param::Null) => Ok(None),
            Some(Param::Text(text)) => Ok(Some(text)),
            other => {
                let found = other.map_or("nothing", |other| other.kind());
                Err(DbError::Kind { column, expected: "text", found })
            }
        }
    }

    /// Whether the column is null.
    ///
    /// # Errors
    /// [`DbError::Kind`] past the last column.
    pub fn is_null(&self, column: usize) -> Result<bool, DbError> {
        Ok(matches!(self.get(column)?, Param::Null))
    }

    getters! {
        /// A whole number.
        int, opt_int -> i64 as "int" { Param::Int(value) => Some(*value) }
        /// Yes or no.
        bool, opt_bool -> bool as "bool" {
            Param::Bool(value) => Some(*value),
            Param::Int(value @ (0 | 1)) => Some(*value == 1),
        }
        /// A floating number; whole numbers are taken too.
        float, opt_float -> f64 as "float" {
            Param::Float(value) => Some(*value),
            Param::Int(value) => Some(*value as f64),
        }
        /// Text; JSON as its text.
        text, opt_text -> String as "text" { Param::Text(value) => Some(value.clone()) }
        /// Raw bytes.
        bytes, opt_bytes -> Vec<u8> as "bytes" { Param::Bytes(value) => Some(value.clone()) }
        /// An id.
        uuid, opt_uuid -> Uuid as "uuid" {
            Param::Uuid(value) => Some(*value),
            Param::Bytes(value) => Uuid::from_slice(value).ok(),
        }
        /// A moment, to the microsecond.
        instant, opt_instant -> Timestamp as "instant" {
            Param::Instant(value) => Some(*value),
            Param::Int(value) => Timestamp::from_microsecond(*value).ok(),
        }
        /// A calendar date.
        date, opt_date -> Date as "date" {
            Param::Date(value) => Some(*value),
            Param::Text(value) => value.parse().ok(),
        }
        /// JSON.
        json, opt_json -> serde_json::Value as "json" {
            Param::Json(value) => Some(value.clone()),
            Param::Text(value) => serde_json::from_str(value).ok(),
        }
    }
}
