//! Values as the log keeps them. They were checked when they were written, by the definitions of their day: here they are
//! read as they are, also where an option has gone since.

use model::field::{Field, FieldType};
use model::value::{parse_decimal, read_instant};
use model::{Currency, Id, Money, Value};
use serde_json::Value as Json;

use crate::db::DbError;

/// The value of `field` in a delta.
///
/// # Errors
/// When the log holds something that the field never could.
pub(super) fn value(field: &Field, json: &Json) -> Result<Value, DbError> {
    if json.is_null() {
        return Ok(Value::Null);
    }
    read(field, json).ok_or_else(|| DbError::Corrupt(format!("the log has {json} for the field {:?}", field.name)))
}

fn read(field: &Field, json: &Json) -> Option<Value> {
    let text = json.as_str();
    let part = |key: &str| json.get(key)?.as_str();
    Some(match field.kind {
        FieldType::Json => Value::Json(json.clone()),
        FieldType::Checkbox => Value::Bool(json.as_bool()?),
        FieldType::Number | FieldType::Rating => Value::Int(json.as_i64()?),
        FieldType::Decimal => Value::Decimal { unscaled: parse_decimal(text?, field.scale)?, scale: field.scale },
        FieldType::Money => {
            let currency = Currency::parse(part("currency")?).ok()?;
            Value::Money(Money::parse(part("amount")?, currency).ok()?)
        }
        FieldType::Record => Value::Record { module: part("module")?.to_owned(), id: part("id")?.parse().ok()? },
        FieldType::Links => {
            let ids = json.as_array()?.iter().map(|id| id.as_str()?.parse().ok());
            Value::Ids(ids.collect::<Option<Vec<Id>>>()?)
        }
        FieldType::MultiChoice => Value::List(serde_json::from_value(json.clone()).ok()?),
        FieldType::Date => Value::Date(text?.parse().ok()?),
        FieldType::Time => Value::Time(text?.parse().ok()?),
        FieldType::Datetime => Value::Instant(read_instant(text?).ok()?),
        FieldType::Link | FieldType::File | FieldType::Person => Value::Id(text?.parse().ok()?),
        _ => Value::Text(text?.to_owned()),
    })
}

/// The id in a delta: an owner.
pub(super) fn id(json: &Json) -> Option<Id> {
    json.as_str()?.parse().ok()
}

/// The instant in a delta: when a record went to the bin.
pub(super) fn instant(json: &Json) -> Option<jiff::Timestamp> {
    read_instant(json.as_str()?).ok()
}
