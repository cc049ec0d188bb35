//! How the values of a field are laid into columns, and back.
//!
//! | type | columns |
//! |---|---|
//! | text, address | `name`, and `name_key`: the folded copy that sorts and is searched inside |
//! | money | `name`: the amount × 10⁴ whatever the currency (so that it sorts and sums as a number), `name_currency` |
//! | record | `name_module`, `name` |
//! | decimal | `name`, scaled by the field's scale |
//! | links | none: they stand in a table of their own |
//! | everything else | `name` |

use jiff::civil::Time;
use model::expr::folded_key;
use model::field::{Field, FieldType};
use model::{Currency, Id, Money, Value};

use crate::db::{DbError, Dialect, Param, Row};

/// Money is kept as amount × 10^`MONEY_SCALE`: no currency has more minor digits.
pub const MONEY_SCALE: u32 = 4;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// Whole numbers and everything scaled.
    Int,
    /// Yes or no.
    Bool,
    /// An instant.
    Instant,
    /// A day.
    Date,
    /// An id.
    Uuid,
    /// JSON.
    Json,
    /// Bytes.
    Bytes,
}

impl ColumnType {
    /// Its name in the language of the database.
    #[must_use]
    pub fn sql(self, dialect: Dialect) -> &'static str {
        match (dialect, self) {
            // SQLite stores by the last word; the first keeps what the column means, so that a database explains itself.
            (Dialect::Sqlite, Self::Text) => "text",
            (Dialect::Sqlite, Self::Date) => "date text",
            (Dialect::Sqlite, Self::Json) => "json text",
            (Dialect::Sqlite, Self::Int) => "integer",
            (Dialect::Sqlite, Self::Bool) => "bool integer",
            (Dialect::Sqlite, Self::Instant) => "instant integer",
            (Dialect::Sqlite, Self::Uuid) => "uuid blob",
            (Dialect::Sqlite, Self::Bytes) => "blob",
            // Sorted and compared byte by byte, as SQLite does.
            (Dialect::Postgres, Self::Text) => "text collate \"C\"",
            (Dialect::Postgres, Self::Int) => "bigint",
            (Dialect::Postgres, Self::Bool) => "boolean",
            (Dialect::Postgres, Self::Instant) => "timestamptz",
            (Dialect::Postgres, Self::Date) => "date",
            (Dialect::Postgres, Self::Uuid) => "uuid",
            (Dialect::Postgres, Self::Json) => "jsonb",
            (Dialect::Postgres, Self::Bytes) => "bytea",
        }
    }
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ColumnType,
}

fn column(name: String, kind: ColumnType) -> Column {
    Column { name, kind }
}

/// The columns of a stored field, in the order of [`params`].
#[must_use]
pub fn columns(field: &Field) -> Vec<Column> {
    let first = first(field.kind).map(|kind| column(field.name.clone(), kind));
    let second = second(field.kind).map(|ending| column(format!("{}{ending}", field.name), ColumnType::Text));
    first.into_iter().chain(second).collect()
}

/// How many columns a stored field takes: as many as [`columns`] names.
#[must_use]
pub fn width(kind: FieldType) -> usize {
    usize::from(first(kind).is_some()) + usize::from(second(kind).is_some())
}

/// What the column holds that is called like its field; nothing where the field is worked out.
fn first(kind: FieldType) -> Option<ColumnType> {
    Some(match kind {
        FieldType::Text | FieldType::Address => ColumnType::Text,
        FieldType::Money | FieldType::Number | FieldType::Decimal | FieldType::Rating => ColumnType::Int,
        FieldType::Record | FieldType::Link | FieldType::File | FieldType::Person => ColumnType::Uuid,
        FieldType::Checkbox => ColumnType::Bool,
        FieldType::Date => ColumnType::Date,
        FieldType::Datetime => ColumnType::Instant,
        FieldType::Json | FieldType::MultiChoice => ColumnType::Json,
        FieldType::Links | FieldType::Formula | FieldType::RollUp => return None,
        FieldType::LongText
        | FieldType::Time
        | FieldType::Duration
        | FieldType::Choice
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url
        | FieldType::Colour => ColumnType::Text,
    })
}

/// What the name of a field's second column, a text, ends in; most have none.
#[must_use]
pub fn second(kind: FieldType) -> Option<&'static str> {
    match kind {
        FieldType::Text | FieldType::Address => Some("_key"),
        FieldType::Money => Some("_currency"),
        FieldType::Record => Some("_module"),
        _ => None,
    }
}

/// The column by which records are sorted by `field`.
#[must_use]
pub fn sort_column(field: &Field) -> String {
    if field.has_key() { format!("{}_key", field.name) } else { field.name.clone() }
}

/// The parameters that write `value` into the columns of `field`.
///
/// # Errors
/// When an amount is too large to be kept (more than some 90 trillion).
pub fn params(field: &Field, value: &Value) -> Result<Vec<Param>, DbError> {
    Ok(match (field.kind, value) {
        (_, Value::Null) => vec![Param::Null; width(field.kind)],
        (FieldType::Links, _) => Vec::new(),
        (FieldType::Text | FieldType::Address, Value::Text(text)) => {
            vec![Param::Text(text.clone()), Param::Text(folded_key(text))]
        }
        (_, Value::Money(money)) => vec![Param::Int(scaled(*money)?), Param::Text(money.currency.code().to_owned())],
        (_, Value::Record { module, id }) => vec![Param::Uuid(id.0), Param::Text(module.clone())],
        (_, value) => vec![param(value)],
    })
}

/// The parameter of a value that takes one column.
#[must_use]
pub fn param(value: &Value) -> Param {
    match value {
        Value::Null => Param::Null,
        Value::Bool(value) => Param::Bool(*value),
        Value::Int(value) | Value::Decimal { unscaled: value, .. } => Param::Int(*value),
        Value::Text(text) => Param::Text(text.clone()),
        Value::Date(date) => Param::Date(*date),
        Value::Time(time) => Param::Text(time.strftime("%H:%M:%S").to_string()),
        Value::Instant(instant) => Param::Instant(*instant),
        Value::Id(id) | Value::Record { id, .. } => Param::Uuid(id.0),
        Value::List(_) | Value::Ids(_) => Param::Json(value.to_json()),
        Value::Json(json) => Param::Json(json.clone()),
        Value::Money(money) => scaled(*money).map_or(Param::Null, Param::Int),
    }
}

/// An amount as it is kept.
///
/// # Errors
/// When it is too large.
pub fn scaled(money: Money) -> Result<i64, DbError> {
    let factor = 10_i64.pow(MONEY_SCALE.saturating_sub(u32::from(money.currency.digits())));
    money
        .minor
        .checked_mul(factor)
        .ok_or_else(|| DbError::Value(format!("{} is too large an amount to be kept", money.amount_text())))
}

/// The amount that stands in the columns of a money field.
fn money(kept: i64, currency: &str) -> Option<Money> {
    let currency = Currency::parse(currency).ok()?;
    let factor = 10_i64.pow(MONEY_SCALE.saturating_sub(u32::from(currency.digits())));
    Some(Money { minor: kept / factor, currency })
}

/// The value of `field` whose columns begin at `position`; texts are taken out of the row. Links to many stand elsewhere:
/// here they are null.
///
/// # Errors
/// When a column holds something that the field cannot (a torn or foreign database).
pub fn value(field: &Field, row: &mut Row, position: usize) -> Result<Value, DbError> {
    Ok(match field.kind {
        FieldType::Links => Value::Null,
        FieldType::Checkbox => row.opt_bool(position)?.map_or(Value::Null, Value::Bool),
        FieldType::Number | FieldType::Rating => row.opt_int(position)?.map_or(Value::Null, Value::Int),
        FieldType::Decimal => {
            row.opt_int(position)?.map_or(Value::Null, |unscaled| Value::Decimal { unscaled, scale: field.scale })
        }
        FieldType::Money => match (row.opt_int(position)?, row.take_text(position + 1)?) {
            (Some(kept), Some(currency)) => money(kept, &currency).map_or(Value::Null, Value::Money),
            _ => Value::Null,
        },
        FieldType::Record => match (row.opt_uuid(position)?, row.take_text(position + 1)?) {
            (Some(id), Some(module)) => Value::Record { module, id: Id(id) },
            _ => Value::Null,
        },
        FieldType::Date => row.opt_date(position)?.map_or(Value::Null, Value::Date),
        FieldType::Datetime => row.opt_instant(position)?.map_or(Value::Null, Value::Instant),
        FieldType::Link | FieldType::File | FieldType::Person => {
            row.opt_uuid(position)?.map_or(Value::Null, |id| Value::Id(Id(id)))
        }
        FieldType::Json => row.opt_json(position)?.map_or(Value::Null, Value::Json),
        FieldType::MultiChoice => match row.opt_json(position)? {
            Some(json) => {
                Value::List(serde_json::from_value(json).map_err(|error| DbError::Corrupt(error.to_string()))?)
            }
            None => Value::Null,
        },
        FieldType::Time => match row.take_text(position)? {
            Some(text) => Value::Time(text.parse::<Time>().map_err(|error| DbError::Corrupt(error.to_string()))?),
            None => Value::Null,
        },
        _ => row.take_text(position)?.map_or(Value::Null, Value::Text),
    })
}
