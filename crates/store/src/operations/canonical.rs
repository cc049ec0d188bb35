//! Values as bytes that are the same whichever database they lie in: what digests are made of.

use serde_json::Value as Json;

use super::catalog::{Column, Table};
use super::{OperationError, Result};
use crate::db::{DbError, Param, Row};
use crate::schema::columns::ColumnType;

/// The values of a row, each read as what its column means.
pub(crate) fn values(table: &Table, row: &Row) -> Result<Vec<Param>> {
    let read = |(position, column): (usize, &Column)| {
        value(column.kind, row, position).map_err(|error| OperationError::Unreadable {
            table: table.name.clone(),
            column: column.name.clone(),
            error,
        })
    };
    table.columns.iter().enumerate().map(read).collect()
}

fn value(kind: ColumnType, row: &Row, position: usize) -> Result<Param, DbError> {
    Ok(match kind {
        ColumnType::Text => row.opt_text(position)?.into(),
        ColumnType::Int => row.opt_int(position)?.into(),
        ColumnType::Bool => row.opt_bool(position)?.into(),
        ColumnType::Instant => row.opt_instant(position)?.into(),
        ColumnType::Date => row.opt_date(position)?.into(),
        ColumnType::Uuid => row.opt_uuid(position)?.into(),
        ColumnType::Json => row.opt_json(position)?.into(),
        ColumnType::Bytes => row.opt_bytes(position)?.into(),
    })
}

/// Adds a value with its kind and length, so that no two rows read alike.
pub(super) fn write(value: &Param, out: &mut Vec<u8>) {
    let (kind, bytes) = match value {
        Param::Null => (b'-', Vec::new()),
        Param::Bool(value) => (b'?', vec![u8::from(*value)]),
        Param::Int(value) => (b'i', value.to_be_bytes().to_vec()),
        Param::Float(value) => (b'f', value.to_be_bytes().to_vec()),
        Param::Text(value) => (b't', value.as_bytes().to_vec()),
        Param::Bytes(value) => (b'b', value.clone()),
        Param::Uuid(value) => (b'u', value.as_bytes().to_vec()),
        // Kept to the microsecond by both databases.
        Param::Instant(value) => (b'@', value.as_microsecond().to_be_bytes().to_vec()),
        Param::Date(value) => (b'd', value.to_string().into_bytes()),
        Param::Json(value) => (b'j', json(value).into_bytes()),
    };
    out.push(kind);
    out.extend((bytes.len() as u64).to_be_bytes());
    out.extend(bytes);
}

/// JSON with its names sorted and its numbers written one way: PostgreSQL keeps neither order nor spelling.
pub(super) fn json(value: &Json) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

fn write_json(value: &Json, out: &mut String) {
    match value {
        Json::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                out.push_str(if position > 0 { "," } else { "" });
                write_json(item, out);
            }
            out.push(']');
        }
        Json::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| name.as_str());
            out.push('{');
            for (position, (name, item)) in fields.into_iter().enumerate() {
                out.push_str(if position > 0 { "," } else { "" });
                out.push_str(&Json::from(name.as_str()).to_string());
                out.push(':');
                write_json(item, out);
            }
            out.push('}');
        }
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => out.push_str(&whole.to_string()),
            (None, Some(0.0)) => out.push('0'),
            (None, Some(float)) if float.fract() == 0.0 && float.abs() < 9e18 => out.push_str(&format!("{float:.0}")),
            (None, Some(float)) => out.push_str(&format!("{float:e}")),
            (None, None) => out.push_str(&number.to_string()),
        },
        other => out.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn json_reads_the_same_however_it_was_spelled() {
        for (one, other) in [
            (r#"{"b":1,"a":[true,null,"ё\n"]}"#, r#"{ "a" : [true, null, "ё\u000a"], "b" : 1.0 }"#),
            ("1e17", "100000000000000000"),
            ("-0.0", "0"),
            ("-10.0", "-10"),
            ("0.1", "1e-1"),
            ("1e300", &format!("1{}", "0".repeat(300))),
        ] {
            let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok().map(|value| json(&value));
            assert_eq!(read(one), read(other), "{one}");
            assert!(read(one).is_some());
        }
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok().map(|value| json(&value));
        assert_ne!(read("[1]"), read("[\"1\"]"));
        assert_ne!(read("0.1"), read("0.2"));
        assert_ne!(read("-1"), read("1"));
    }
}
