//! Statements on one SQLite connection.

use std::time::Duration;

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Statement, ToSql};

use super::deadline::Deadline;
use super::failure::translate;
use crate::db::param::micros;
use crate::db::turn::Awaited;
use crate::db::{DbError, LockKey, Param, Row, Sql};

/// A connection between two turns of its thread.
pub(in crate::db) struct SqliteSession {
    connection: Connection,
    deadline: Option<Deadline>,
}

impl SqliteSession {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, deadline: None }
    }

    /// Bounds the time that each statement may take from now on; zero does not.
    pub(super) fn limit(&mut self, limit: Duration) -> Result<(), DbError> {
        self.deadline = if limit.is_zero() { None } else { Some(Deadline::of(&mut self.connection, limit)?) };
        Ok(())
    }

    /// Has statements end when nobody waits for them any more.
    pub(super) fn wait_with(&self, awaited: Option<Awaited>) {
        self.deadline.iter().for_each(|deadline| deadline.wait_with(awaited.clone()));
    }

    /// Hands rows over until there are no more or `take` has had enough.
    pub(in crate::db) fn each(&mut self, sql: &Sql, take: &mut dyn FnMut(Row) -> bool) -> Result<(), DbError> {
        self.deadline.iter().for_each(Deadline::begin);
        let done = self.rows(sql, take);
        self.deadline.iter().for_each(Deadline::end);
        done
    }

    fn rows(&self, sql: &Sql, take: &mut dyn FnMut(Row) -> bool) -> Result<(), DbError> {
        let mut statement = self.connection.prepare_cached(sql.text()).map_err(translate)?;
        let numbers = placeholders(&statement, sql.params().len())?;
        bind(&mut statement, &numbers, sql.params())?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(translate)? {
            // Only now: SQLite compiles a statement anew on its first step when the tables have changed.
            let columns = row.as_ref().column_count();
            let mut values = Vec::with_capacity(columns);
            for column in 0..columns {
                values.push(param(row.get_ref(column).map_err(translate)?)?);
            }
            if !take(Row::new(values)) {
                break;
            }
        }
        Ok(())
    }

    pub(in crate::db) fn execute(&mut self, sql: &Sql) -> Result<u64, DbError> {
        let mut statement = self.connection.prepare_cached(sql.text()).map_err(translate)?;
        let numbers = placeholders(&statement, sql.params().len())?;
        bind(&mut statement, &numbers, sql.params())?;
        Ok(statement.raw_execute().map_err(translate)? as u64)
    }

    /// There is no way to save: it runs now.
    pub(in crate::db) fn defer(&mut self, sql: Sql) -> Result<(), DbError> {
        self.execute(&sql).map(drop)
    }

    /// Nothing ever waits.
    #[expect(clippy::unused_self, reason = "one shape with the other engine")]
    pub(in crate::db) fn drop_deferred(&mut self) {}

    pub(in crate::db) fn execute_many(
        &mut self,
        text: &str,
        rows: &mut dyn Iterator<Item = Vec<Param>>,
    ) -> Result<u64, DbError> {
        let mut statement = self.connection.prepare_cached(text).map_err(translate)?;
        let mut numbers = None;
        let mut changed = 0;
        for params in rows {
            let numbers = match &numbers {
                Some(known) => known,
                None => numbers.insert(placeholders(&statement, params.len())?),
            };
            bind(&mut statement, numbers, &params)?;
            changed += statement.raw_execute().map_err(translate)? as u64;
        }
        Ok(changed)
    }

    pub(in crate::db) fn batch(&mut self, statements: &str) -> Result<(), DbError> {
        self.connection.execute_batch(statements).map_err(translate)
    }

    /// The writer is alone.
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "one shape with the other engine")]
    pub(in crate::db) fn lock(&mut self, _keys: &[LockKey]) -> Result<(), DbError> {
        Ok(())
    }

    /// To the end of the turn.
    #[expect(clippy::unnecessary_wraps, reason = "one shape with the other engine")]
    pub(in crate::db) fn take_time(&mut self) -> Result<(), DbError> {
        self.deadline.iter().for_each(Deadline::take_time);
        Ok(())
    }

    /// Whether a transaction is open: SQLite ends one by itself when the disk fails.
    pub(super) fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// Runs a short control statement from the cache.
    pub(super) fn control(&self, statement: &str) -> Result<(), DbError> {
        self.connection.prepare_cached(statement).and_then(|mut control| control.raw_execute()).map_err(translate)?;
        Ok(())
    }
}

/// For every parameter of the prepared statement the number after its `$`, minus one.
fn placeholders(statement: &Statement<'_>, given: usize) -> Result<Vec<usize>, DbError> {
    let wrong = |why: String| Err(DbError::Parameters(why));
    let mut numbers = Vec::with_capacity(statement.parameter_count());
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index).unwrap_or("?");
        match name.strip_prefix('$').and_then(|digits| digits.parse::<usize>().ok()) {
            Some(number @ 1..) if number <= given => numbers.push(number - 1),
            Some(_) => return wrong(format!("{name} has no value, there are {given}")),
            None => return wrong(format!("{name} is not written as $1, $2 …")),
        }
    }
    // SQLite numbers each name once, so as many names as values means that all values are used.
    if numbers.len() == given { Ok(numbers) } else { wrong(format!("{given} values for {} places", numbers.len())) }
}

fn bind(statement: &mut Statement<'_>, numbers: &[usize], params: &[Param]) -> Result<(), DbError> {
    if params.len() != numbers.len() {
        return Err(DbError::Parameters(format!("{} values for {} places", params.len(), numbers.len())));
    }
    for (index, number) in numbers.iter().enumerate() {
        let value = params.get(*number).unwrap_or(&Param::Null);
        value.check()?;
        statement.raw_bind_parameter(index + 1, value).map_err(translate)?;
    }
    Ok(())
}

impl ToSql for Param {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let owned = |value| Ok(ToSqlOutput::Owned(value));
        match self {
            Self::Null => owned(Value::Null),
            Self::Bool(value) => owned(Value::Integer((*value).into())),
            Self::Int(value) => owned(Value::Integer(*value)),
            Self::Float(value) => owned(Value::Real(*value)),
            Self::Text(value) => Ok(ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes()))),
            Self::Bytes(value) => Ok(ToSqlOutput::Borrowed(ValueRef::Blob(value))),
            Self::Uuid(value) => Ok(ToSqlOutput::Borrowed(ValueRef::Blob(value.as_bytes()))),
            Self::Instant(value) => owned(Value::Integer(micros(*value))),
            Self::Date(value) => owned(Value::Text(value.to_string())),
            Self::Json(value) => owned(Value::Text(value.to_string())),
        }
    }
}

fn param(value: ValueRef<'_>) -> Result<Param, DbError> {
    Ok(match value {
        ValueRef::Null => Param::Null,
        ValueRef::Integer(value) => Param::Int(value),
        ValueRef::Real(value) => Param::Float(value),
        ValueRef::Text(value) => match std::str::from_utf8(value) {
            Ok(text) => Param::Text(text.to_owned()),
            Err(error) => return Err(DbError::Corrupt(error.to_string())),
        },
        ValueRef::Blob(value) => Param::Bytes(value.to_vec()),
    })
}
