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
    let name = field.name.clone();
    match field.kind {
        FieldType::Text | FieldType::Address => {
            let key = column(format!("{name}_key"), ColumnType::Text);
            vec![column(name, ColumnType::Text), key]
        }
        FieldType::Money => {
            let currency = column(format!("{name}_currency"), ColumnType::Text);
            vec![column(name, ColumnType::Int), currency]
        }
        FieldType::Record => {
            let module = column(format!("{name}_module"), ColumnType::Text);
            vec![column(name, ColumnType::Uuid), module]
        }
        FieldType::Number | FieldType::Decimal | FieldType::Rating => vec![column(name, ColumnType::Int)],
        FieldType::Checkbox => vec![column(name, ColumnType::Bool)],
        FieldType::Date => vec![column(name, ColumnType::Date)],
        FieldType::Datetime => vec![column(name, ColumnType::Instant)],
        FieldType::Link | FieldType::Person => vec![column(name, ColumnType::Uuid)],
        FieldType::Json | FieldType::MultiChoice => vec![column(name, ColumnType::Json)],
        FieldType::Links | FieldType::Formula | FieldType::RollUp => Vec::new(),
        FieldType::LongText
        | FieldType::Time
        | FieldType::Duration
        | FieldType::Choice
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url
        | FieldType::Colour => vec![column(name, ColumnType::Text)],
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
    let width = columns(field).len();
    Ok(match (field.kind, value) {
        (_, Value::Null) => vec![Param::Null; width],
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

/// The value of `field` whose columns begin at `position`. Links to many stand elsewhere: here they are null.
///
/// # Errors
/// When a column holds something that the field cannot (a torn or foreign database).
pub fn value(field: &Field, row: &Row, position: usize) -> Result<Value, DbError> {
    Ok(match field.kind {
        FieldType::Links => Value::Null,
        FieldType::Checkbox => row.opt_bool(position)?.map_or(Value::Null, Value::Bool),
        FieldType::Number | FieldType::Rating => row.opt_int(position)?.map_or(Value::Null, Value::Int),
        FieldType::Decimal => {
            row.opt_int(position)?.map_or(Value::Null, |unscaled| Value::Decimal { unscaled, scale: field.scale })
        }
        FieldType::Money => match (row.opt_int(position)?, row.opt_text(position + 1)?) {
            (Some(kept), Some(currency)) => money(kept, &currency).map_or(Value::Null, Value::Money),
            _ => Value::Null,
        },
        FieldType::Record => match (row.opt_uuid(position)?, row.opt_text(position + 1)?) {
            (Some(id), Some(module)) => Value::Record { module, id: Id(id) },
            _ => Value::Null,
        },
        FieldType::Date => row.opt_date(position)?.map_or(Value::Null, Value::Date),
        FieldType::Datetime => row.opt_instant(position)?.map_or(Value::Null, Value::Instant),
        FieldType::Link | FieldType::Person => row.opt_uuid(position)?.map_or(Value::Null, |id| Value::Id(Id(id))),
        FieldType::Json => row.opt_json(position)?.map_or(Value::Null, Value::Json),
        FieldType::MultiChoice => match row.opt_json(position)? {
            Some(json) => {
                Value::List(serde_json::from_value(json).map_err(|error| DbError::Corrupt(error.to_string()))?)
            }
            None => Value::Null,
        },
        FieldType::Time => match row.opt_text(position)? {
            Some(text) => Value::Time(text.parse::<Time>().map_err(|error| DbError::Corrupt(error.to_string()))?),
            None => Value::Null,
        },
        _ => row.opt_text(position)?.map_or(Value::Null, Value::Text),
    })
}
