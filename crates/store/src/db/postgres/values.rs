//! Values on the wire, in PostgreSQL's binary format.

use bytes::BytesMut;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use crate::db::Param;
use crate::db::param::micros;

type WireError = Box<dyn std::error::Error + Sync + Send>;

/// 2000-01-01T00:00:00Z, from which PostgreSQL counts, in microseconds since 1970.
const EPOCH_MICROS: i64 = 946_684_800_000_000;
/// The day from which PostgreSQL counts.
const EPOCH: Date = date(2000, 1, 1);

/// The type a parameter is declared as; null is left to the server, which knows where it goes.
pub(super) fn declared(param: &Param) -> Type {
    match param {
        Param::Null => Type::UNKNOWN,
        Param::Bool(_) => Type::BOOL,
        Param::Int(_) => Type::INT8,
        Param::Float(_) => Type::FLOAT8,
        Param::Text(_) => Type::TEXT,
        Param::Bytes(_) => Type::BYTEA,
        Param::Uuid(_) => Type::UUID,
        Param::Instant(_) => Type::TIMESTAMPTZ,
        Param::Date(_) => Type::DATE,
        Param::Json(_) => Type::JSONB,
    }
}

impl ToSql for Param {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, WireError> {
        if !matches!(self, Self::Null) && declared(self) != *ty {
            return Err(format!("{} where the statement takes {ty}", self.kind()).into());
        }
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Bool(value) => value.to_sql(ty, out),
            Self::Int(value) => value.to_sql(ty, out),
            Self::Float(value) => value.to_sql(ty, out),
            Self::Text(value) => value.to_sql(ty, out),
            Self::Bytes(value) => value.to_sql(ty, out),
            Self::Uuid(value) => value.to_sql(ty, out),
            Self::Instant(value) => (micros(*value) - EPOCH_MICROS).to_sql(&Type::INT8, out),
            Self::Date(value) => days(*value)?.to_sql(&Type::INT4, out),
            Self::Json(value) => value.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Param {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, WireError> {
        Ok(match *ty {
            Type::BOOL => Self::Bool(bool::from_sql(ty, raw)?),
            Type::INT2 => Self::Int(i16::from_sql(ty, raw)?.into()),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::OID => Self::Int(u32::from_sql(ty, raw)?.into()),
            Type::FLOAT4 => Self::Float(f32::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Self::Float(f64::from_sql(ty, raw)?),
            Type::NUMERIC => numeric(raw)?,
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::CHAR | Type::JSON => {
                Self::Text(std::str::from_utf8(raw)?.to_owned())
            }
            // The first byte is the version of the format.
            Type::JSONB => Self::Text(std::str::from_utf8(raw.get(1..).unwrap_or_default())?.to_owned()),
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            Type::UUID => Self::Uuid(Uuid::from_sql(ty, raw)?),
            Type::TIMESTAMPTZ => {
                let since = i64::from_sql(&Type::INT8, raw)?;
                let micros = since.checked_add(EPOCH_MICROS).ok_or("an infinite moment")?;
                Self::Instant(Timestamp::from_microsecond(micros)?)
            }
            Type::DATE => {
                let days = i64::from(i32::from_sql(&Type::INT4, raw)?);
                Self::Date(EPOCH.checked_add(SignedDuration::from_hours(days * 24))?)
            }
            Type::VOID => Self::Null,
            _ => match ty.kind() {
                Kind::Domain(inner) => Self::from_sql(inner, raw)?,
                _ => return Err(format!("columns of the type {ty} are not read").into()),
            },
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, WireError> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn days(date: Date) -> Result<i32, WireError> {
    Ok(i32::try_from(date.duration_since(EPOCH).as_hours() / 24)?)
}

/// Sums of `bigint` come as `numeric`: whole numbers become ints, others floats.
fn numeric(raw: &[u8]) -> Result<Param, WireError> {
    let mut words = raw.as_chunks::<2>().0.iter().map(|pair| i32::from(i16::from_be_bytes(*pair)));
    let mut word = || words.next().ok_or("a numeric that breaks off");
    let (count, weight, sign, _scale) = (word()?, word()?, word()?, word()?);
    if !matches!(sign, 0 | 0x4000) {
        return Err("a numeric that is no number".into());
    }
    let mut text = String::from(if sign == 0 { "0" } else { "-0" });
    let groups = (0..count).map(|_| word()).collect::<Result<Vec<_>, _>>()?;
    for place in 0..=weight.max(-1) {
        text.push_str(&format!("{:04}", groups.get(usize::try_from(place)?).copied().unwrap_or(0)));
    }
    let whole = usize::try_from(weight + 1).unwrap_or(0).min(groups.len());
    let fraction = groups.get(whole..).unwrap_or_default();
    if fraction.iter().all(|group| *group == 0) {
        return Ok(text.parse().map_or_else(|_| text.parse().map(Param::Float), |whole| Ok(Param::Int(whole)))?);
    }
    text.push('.');
    text.push_str(&"0000".repeat(usize::try_from(-1 - weight).unwrap_or(0)));
    fraction.iter().for_each(|group| text.push_str(&format!("{group:04}")));
    Ok(Param::Float(text.parse()?))
}
