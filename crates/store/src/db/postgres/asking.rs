//! One statement on its way to the server and its rows on the way back.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use tokio::time::timeout;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row as WireRow, RowStream, Statement};

use super::pool::{Cancel, Talk};
use super::statements::Known;
use super::values::declared;
use crate::db::turn::Awaited;
use crate::db::{DbError, Param, Row, Sql};

/// How often it is looked whether an answer is still waited for.
const LOOK: Duration = Duration::from_millis(100);

/// Has names looked up in `schema`: the pool is shared by workspaces. Outside of a transaction, whose end would take this
/// back.
pub(super) async fn in_schema(talk: &mut Talk, schema: &Arc<str>) -> Result<(), Error> {
    if talk.schema.as_ref() != Some(schema) {
        talk.client.batch_execute(&format!("set search_path to \"{schema}\"")).await?;
        talk.schema = Some(Arc::clone(schema));
    }
    Ok(())
}

/// Waits for an answer as long as it may take and somebody waits for it in turn. Nothing where the connection is to be given up: what
/// runs on the server is called off, and that may reach it late.
pub(super) async fn patiently<T>(
    patience: Option<Duration>,
    awaited: Option<&Awaited>,
    cancel: &Cancel,
    asked: impl Future<Output = T>,
) -> Option<T> {
    let mut asked = pin!(asked);
    let end = patience.map(|patience| Instant::now() + patience);
    loop {
        if let Ok(answer) = timeout(LOOK, asked.as_mut()).await {
            return Some(answer);
        }
        if end.is_some_and(|end| Instant::now() > end) {
            return None;
        }
        if awaited.is_some_and(|awaited| !awaited()) {
            let called_off = timeout(LOOK, cancel.call_off()).await;
            if !matches!(called_off, Ok(Ok(()))) {
                tracing::debug!("a statement that nobody waits for runs on");
            }
            return None;
        }
    }
}

/// The types of a statement's parameters.
pub(super) fn types(sql: &Sql) -> Vec<Type> {
    sql.params().iter().map(declared).collect()
}

/// The rows of a prepared statement.
pub(super) async fn all_prepared(client: &Client, statement: &Statement, question: &Sql) -> Result<Vec<Row>, Error> {
    let mut rows = pin!(client.query_raw(statement, question.params()).await?);
    let mut all = Vec::new();
    while let Some(row) = rows.try_next().await? {
        all.push(read(&row)?);
    }
    Ok(all)
}

/// The rows of a statement.
pub(super) async fn all(talk: &mut Talk, schema: &Arc<str>, sql: &Sql) -> Result<Vec<Row>, Error> {
    let mut rows = pin!(start(talk, Some(schema), sql).await?);
    let mut all = Vec::new();
    while let Some(row) = rows.try_next().await? {
        all.push(read(&row)?);
    }
    Ok(all)
}

/// Sends a statement: prepared when it is known, in one go when it is new. `schema` is none when nothing may be kept.
pub(super) async fn start(talk: &mut Talk, schema: Option<&Arc<str>>, sql: &Sql) -> Result<RowStream, Error> {
    let types = types(sql);
    let known = match schema {
        Some(schema) => talk.statements.look_up(schema, sql.text(), &types),
        None => Known::No,
    };
    let statement = match known {
        Known::No => return talk.client.query_typed_raw(sql.text(), sql.params().iter().zip(types)).await,
        Known::Prepared(statement) => statement,
        Known::Seen => prepare(talk, schema, sql.text(), &types).await?,
    };
    talk.client.query_raw(&statement, sql.params()).await
}

/// The prepared form of a statement, kept for the next time.
pub(super) async fn prepare(
    talk: &mut Talk,
    schema: Option<&Arc<str>>,
    text: &str,
    types: &[Type],
) -> Result<Statement, Error> {
    if let Some(schema) = schema
        && let Known::Prepared(statement) = talk.statements.look_up(schema, text, types)
    {
        return Ok(statement);
    }
    let statement = talk.client.prepare_typed(text, types).await?;
    if let Some(schema) = schema {
        talk.statements.keep(schema, text, types, statement.clone());
    }
    Ok(statement)
}

/// The type of every column: that of its first value, because null tells nothing.
pub(super) fn column_types(rows: &[Vec<Param>]) -> Result<Vec<Type>, DbError> {
    let mut types = vec![Type::UNKNOWN; rows.first().map_or(0, Vec::len)];
    for row in rows {
        if row.len() != types.len() {
            return Err(DbError::Parameters(format!("{} values for {} places", row.len(), types.len())));
        }
        for (known, param) in types.iter_mut().zip(row).filter(|(known, _)| **known == Type::UNKNOWN) {
            *known = declared(param);
        }
    }
    Ok(types)
}

pub(super) fn read(row: &WireRow) -> Result<Row, Error> {
    let mut values = Vec::with_capacity(row.len());
    for column in 0..row.len() {
        values.push(row.try_get(column)?);
    }
    Ok(Row::new(values))
}
