//! What parts a list into groups: the values of a field, or of a date the days, weeks, months, quarters or years of the
//! workspace.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::value::Reading;
use model::{Field, FieldType, Module, Period, Record, Value};
use serde_json::Value as Json;

use super::heads::belongs;
use crate::db::{Dialect, Sql};
use crate::error::{Error, Result};
use crate::schema::columns::sort_column;
use crate::work::Work;

/// Which groups a page of a grouped list goes through.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Groups {
    /// All of them.
    #[default]
    All,
    /// All but these.
    But(Vec<Value>),
    /// These alone.
    Only(Vec<Value>),
}

/// The field that parts a list into groups, a date by periods.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// The field.
    pub field: Field,
    /// Of a date.
    pub period: Option<Period>,
    zone: TimeZone,
}

impl Work<'_> {
    /// What a list is grouped by that names it so: a field, a date with a period behind a point (months where none is
    /// said).
    ///
    /// # Errors
    /// [`Error::BadQuery`] for a field that is not there, hidden, or with too many values to make groups.
    pub fn grouping(&self, module: &Module, name: &str) -> Result<Grouping> {
        let (called, period) = name.split_once('.').map_or((name, None), |(called, period)| (called, Some(period)));
        let hidden = self.covered(module);
        let field = offered(module).into_iter().find(|field| field.name == called && !hidden.contains(&field.name));
        let refused = || Error::bad_query("invalid_group", format!("{} cannot be grouped by {name:?}", module.name));
        let field = field.ok_or_else(refused)?;
        let zone = self.settings().zone();
        let period = match (is_date(&field), period) {
            (true, None) => Some(Period::Month),
            (true, Some(period)) => Some(Period::read(period).ok_or_else(refused)?),
            (false, None) => None,
            (false, Some(_)) => return Err(refused()),
        };
        if field.kind == FieldType::Datetime && zone_name(&zone).is_none() {
            return Err(refused());
        }
        Ok(Grouping { field, period, zone })
    }

    /// The fields by which lists of the module may be grouped, as far as the caller sees them.
    #[must_use]
    pub fn groupings(&self, module: &Module) -> Vec<Field> {
        let hidden = self.covered(module);
        offered(module).into_iter().filter(|field| !hidden.contains(&field.name)).collect()
    }
}

/// What is called differently by every record makes no groups.
fn offered(module: &Module) -> Vec<Field> {
    use FieldType::{Date, Datetime, Decimal, Email, Number, Phone, Text};
    let is_told_apart = |field: &Field| {
        field.is_stored()
            && !field.secret
            && !field.unique
            && field.name != module.title
            && matches!(field.kind, Date | Datetime | Text | Number | Decimal | Email | Phone)
    };
    let system = ["created_at", "updated_at"].map(|name| Field::new(name, FieldType::Datetime));
    let own = module.fields.iter().filter(|field| field.makes_groups() || is_told_apart(field)).cloned();
    own.chain(module.owners.then(|| Field::new("owner", FieldType::Person))).chain(system).collect()
}

fn is_date(field: &Field) -> bool {
    matches!(field.kind, FieldType::Date | FieldType::Datetime)
}

/// The name of a zone as it may stand in a statement.
fn zone_name(zone: &TimeZone) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'+' | b'-');
    zone.iana_name().filter(|name| name.bytes().all(is_plain))
}

impl Grouping {
    /// What the record has in common with its group: of a date, the first day of the period.
    #[must_use]
    pub fn shared(&self, record: &Record) -> Value {
        let present = match self.field.name.as_str() {
            "owner" => record.owner.into(),
            "created_at" => record.created_at.into(),
            "updated_at" => record.updated_at.into(),
            name => record.get(name).clone(),
        };
        let Some(period) = self.period else { return present };
        match present {
            Value::Date(day) => Value::Date(period.first(day)),
            Value::Instant(at) => Value::Date(period.first(self.zone.to_datetime(at).date())),
            _ => Value::Null,
        }
    }

    /// The field whose values the groups share: of a date, a date.
    #[must_use]
    pub fn head(&self) -> Field {
        if self.period.is_some() { Field::new(&self.field.name, FieldType::Date) } else { self.field.clone() }
    }

    /// The value that a group was marked with; nothing where it can be none.
    #[must_use]
    pub fn read(&self, mark: &Json) -> Option<Value> {
        let read = Value::read(&self.head(), mark, Reading::default()).ok()?;
        match (self.period, &read) {
            (Some(period), Value::Date(day)) => Some(Value::Date(period.first(*day))),
            _ => Some(read),
        }
    }

    /// Where a period begins, and where it is over, as values of the field.
    #[must_use]
    pub fn bounds(&self, shared: &Value) -> Option<(Value, Value)> {
        let (period, Value::Date(first)) = (self.period?, shared) else { return None };
        let at = |day: Date| match self.field.kind {
            FieldType::Date => Value::Date(day),
            _ => Value::Instant(day.to_zoned(self.zone.clone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())),
        };
        Some((at(*first), at(period.after(*first))))
    }

    /// Those made or changed last are looked at first.
    pub(super) fn is_latest_first(&self) -> bool {
        matches!(self.field.name.as_str(), "created_at" | "updated_at")
    }

    /// What the records of a group share, as SQL.
    pub(super) fn sql(&self, dialect: Dialect) -> Sql {
        let column = format!("t.\"{}\"", self.field.name);
        let Some(period) = self.period else { return Sql::new(column) };
        let zone = zone_name(&self.zone).unwrap_or("UTC");
        let mut sql = String::new();
        let written = match (dialect, self.field.kind) {
            (Dialect::Sqlite, FieldType::Date) => write!(sql, "period_start({column}, '{}')", period.name()),
            (Dialect::Sqlite, _) => write!(sql, "period_start(calendar_day({column}, '{zone}'), '{}')", period.name()),
            (Dialect::Postgres, FieldType::Date) => {
                write!(sql, "date_trunc('{}', {column}::timestamp)::date", period.name())
            }
            (Dialect::Postgres, _) => {
                write!(sql, "date_trunc('{}', {column} at time zone '{zone}')::date", period.name())
            }
        };
        // Nothing fails that is written into a text.
        written.map_or_else(|_| Sql::new(column), |()| Sql::new(sql))
    }

    /// What the groups are ordered by before their own values: of a choice the place of its option, so that stages stand in
    /// their order, of a text its folded copy.
    pub(super) fn place(&self) -> Option<Sql> {
        if self.field.kind == FieldType::Choice {
            let mut place = Sql::new(format!("cast(case t.\"{}\"", self.field.name));
            for (index, option) in self.field.options.iter().enumerate() {
                place = place.push(" when ").bind(option.value.as_str()).push(&format!(" then {index}"));
            }
            return Some(match self.field.options.len() {
                0 => Sql::new("cast(null as bigint)"),
                _ => place.push(" end as bigint)"),
            });
        }
        self.field.has_key().then(|| Sql::new(format!("t.\"{}\"", sort_column(&self.field))))
    }

    /// That a record of `t` belongs to the group of a value.
    pub(super) fn holds(&self, shared: &Value) -> Sql {
        match self.bounds(shared) {
            Some((first, after)) => {
                let column = format!("t.\"{}\"", self.field.name);
                let sql = Sql::new(format!("({column} >= ")).bind(crate::schema::columns::param(&first));
                sql.push(&format!(" and {column} < ")).bind(crate::schema::columns::param(&after)).push(")")
            }
            None => belongs(&self.field, shared),
        }
    }

    /// That a record belongs to one of the groups; no group holds nothing.
    pub(super) fn holds_any(&self, values: &[Value]) -> Sql {
        let mut sql = Sql::new("(1 = 0");
        for value in values {
            sql = sql.push(" or ").append(self.holds(value));
        }
        sql.push(")")
    }
}
