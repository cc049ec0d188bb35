//! Statements on one PostgreSQL connection.

use std::pin::pin;
use std::sync::Arc;

use futures_util::TryStreamExt;
use futures_util::future::{OptionFuture, join3, try_join_all};
use tokio::runtime::Handle;
use tokio_postgres::Error;

use super::PostgresDb;
use super::asking::{column_types, in_schema, patiently, prepare, read, start, types};
use super::failure::translate;
use super::pool::{Pooled, Talk};
use crate::db::turn::Awaited;
use crate::db::{DbError, LockKey, Param, Row, Sql};

/// Rows sent at once by [`PgSession::execute_many`] before their answers are read.
const PIPELINE: usize = 1_000;

/// A connection on loan to a blocking thread.
pub(in crate::db) struct PgSession {
    connection: Pooled,
    db: PostgresDb,
    handle: Handle,
    begin: Begin,
    cached: bool,
    /// Whether somebody looks at the clock.
    hurried: bool,
    /// Statements that go with the next one that is waited for.
    deferred: Vec<Sql>,
    /// Who waits for the reading under way.
    awaited: Option<Awaited>,
}

/// How far the beginning of the transaction is. It is sent together with the first statement, which saves a round trip.
enum Begin {
    Due(String),
    Done,
    Failed,
    /// The server stopped answering: nothing more is asked of it.
    GivenUp,
}

impl PgSession {
    pub(super) fn new(connection: Pooled, db: PostgresDb, handle: Handle) -> Self {
        let (begin, deferred) = (Begin::Done, Vec::new());
        Self { connection, db, handle, begin, cached: true, hurried: true, deferred, awaited: None }
    }

    /// Has statements end when nobody waits for them any more.
    pub(super) fn wait_with(&mut self, awaited: Awaited) {
        self.awaited = Some(awaited);
    }

    /// Hands rows over until there are no more or `take` has had enough.
    pub(in crate::db) fn each(&mut self, sql: &Sql, take: &mut dyn FnMut(Row) -> bool) -> Result<(), DbError> {
        self.run(sql, take).map(|_changed| ())
    }

    pub(in crate::db) fn execute(&mut self, sql: &Sql) -> Result<u64, DbError> {
        self.run(sql, &mut |_| true)
    }

    /// Has a statement sent with the next one that is waited for, or with the commit: that saves a round trip.
    pub(in crate::db) fn defer(&mut self, sql: Sql) -> Result<(), DbError> {
        sql.params().iter().try_for_each(Param::check)?;
        self.deferred.push(sql);
        if self.deferred.len() < PIPELINE { Ok(()) } else { self.wait(async |_, _| Ok(())) }
    }

    /// Forgets what was deferred: it belongs to what is taken back.
    pub(in crate::db) fn drop_deferred(&mut self) {
        self.deferred.clear();
    }

    pub(in crate::db) fn execute_many(
        &mut self,
        text: &str,
        rows: &mut dyn Iterator<Item = Vec<Param>>,
    ) -> Result<u64, DbError> {
        let mut changed = 0;
        loop {
            let chunk: Vec<_> = (&mut *rows).take(PIPELINE).collect();
            if chunk.is_empty() {
                return Ok(changed);
            }
            chunk.iter().flatten().try_for_each(Param::check)?;
            changed += self.pipeline(text, &chunk)?;
        }
    }

    pub(in crate::db) fn batch(&mut self, statements: &str) -> Result<(), DbError> {
        self.wait(async |talk, _| talk.client.batch_execute(statements).await)
    }

    pub(in crate::db) fn lock(&mut self, keys: &[LockKey]) -> Result<(), DbError> {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys.dedup();
        if keys.is_empty() || self.db.locks_disabled() {
            return Ok(());
        }
        let numbers: Vec<_> = keys.iter().map(|key| key.number(&self.db.schema).to_string()).collect();
        let numbers = numbers.join(",");
        // An array is unnested in its order, so the locks are taken in the order of the keys.
        self.batch(&format!("select pg_advisory_xact_lock(key) from unnest('{{{numbers}}}'::bigint[]) as key"))
    }

    pub(in crate::db) fn take_time(&mut self) -> Result<(), DbError> {
        self.batch("set local statement_timeout to 0")?;
        self.hurried = false;
        Ok(())
    }

    /// Has the transaction begun by its first statement. `cached` is off while tables change and plans go stale.
    pub(super) fn begin(&mut self, begin: String, cached: bool) -> Result<(), DbError> {
        if self.never_began() {
            self.connection = self.handle.block_on(self.db.connect())?;
        }
        self.begin = Begin::Due(begin);
        // Changes of the schema (which keep no statements) may take long.
        (self.cached, self.hurried) = (cached, cached);
        self.deferred.clear();
        Ok(())
    }

    /// Ends the transaction, if it ever began. A connection on which that fails is not lent again.
    pub(super) fn end(&mut self, how: &str) -> Result<(), DbError> {
        match self.begin {
            Begin::Due(_) if !self.deferred.is_empty() => {
                self.wait(async |_, _| Ok(()))?;
                self.end(how)
            }
            Begin::Done => {
                self.connection.spoil();
                self.batch(how)?;
                self.connection.mend();
                Ok(())
            }
            Begin::Due(_) | Begin::Failed => Ok(()),
            Begin::GivenUp => Err(silent()),
        }
    }

    /// Whether the connection broke before anything could happen on it.
    pub(super) fn never_began(&self) -> bool {
        matches!(self.begin, Begin::Failed)
    }

    /// The schema of the workspace.
    pub(super) fn schema(&self) -> &str {
        &self.db.schema
    }

    fn run(&mut self, sql: &Sql, take: &mut dyn FnMut(Row) -> bool) -> Result<u64, DbError> {
        sql.params().iter().try_for_each(Param::check)?;
        self.wait(async |talk, schema| {
            let mut rows = pin!(start(talk, schema, sql).await?);
            while let Some(row) = rows.try_next().await? {
                if !take(read(&row)?) {
                    break;
                }
            }
            Ok(rows.rows_affected().unwrap_or(0))
        })
    }

    /// Sends all rows before it waits for the first answer.
    fn pipeline(&mut self, text: &str, rows: &[Vec<Param>]) -> Result<u64, DbError> {
        let types = column_types(rows)?;
        self.wait(async |talk, schema| {
            let statement = prepare(talk, schema, text, &types).await?;
            let sent = rows.iter().map(|row| talk.client.execute_raw(&statement, row));
            Ok(try_join_all(sent).await?.into_iter().sum())
        })
    }

    /// Waits for work on the connection, with the beginning of the transaction before it when that is due.
    fn wait<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Talk, Option<&Arc<str>>) -> Result<T, Error>,
    ) -> Result<T, DbError> {
        if matches!(self.begin, Begin::GivenUp) {
            return Err(silent());
        }
        let schema = self.cached.then_some(&self.db.schema);
        let mut begin = match std::mem::replace(&mut self.begin, Begin::Done) {
            Begin::Due(begin) => Some(begin),
            _ => None,
        };
        let deferred = std::mem::take(&mut self.deferred);
        let connection = &mut *self.connection;
        let talk = &mut connection.talk;
        let patience = connection.patience.filter(|_| self.hurried);
        let (awaited, cancel) = (self.awaited.as_ref(), talk.cancel());
        let asked = async {
            if let Err(error) = in_schema(talk, &self.db.schema).await {
                self.begin = Begin::Failed;
                return Err(translate(error));
            }
            let client = Arc::clone(&talk.client);
            let is_known = |sql: &Sql| talk.statements.is_prepared(schema, sql.text(), &types(sql));
            if !deferred.iter().all(is_known)
                && let Some(begin) = begin.take()
                && let Err(error) = client.batch_execute(&begin).await
            {
                self.begin = Begin::Failed;
                return Err(translate(error));
            }
            let mut statements = Vec::with_capacity(deferred.len());
            for sql in &deferred {
                let prepared = prepare(talk, schema, sql.text(), &types(sql)).await;
                statements.push((prepared.map_err(translate)?, sql));
            }
            // All are sent in this order before any is waited for.
            let beginning = OptionFuture::from(begin.as_ref().map(|begin| client.batch_execute(begin)));
            let before = statements.iter().map(|(statement, sql)| client.execute_raw(statement, sql.params()));
            let (begun, before, done) = join3(beginning, try_join_all(before), work(talk, schema)).await;
            if let Some(Err(error)) = begun {
                self.begin = Begin::Failed;
                return Err(translate(error));
            }
            before.map_err(translate)?;
            done.map_err(translate)
        };
        let result = self.handle.block_on(patiently(patience, awaited, &cancel, asked));
        let Some(result) = result else {
            self.begin = Begin::GivenUp;
            self.connection.give_up();
            return Err(silent());
        };
        if matches!(result, Err(DbError::StalePlan)) {
            self.connection.talk.statements.clear();
        }
        result
    }
}

/// What is said of a server that was given up.
pub(super) fn silent() -> DbError {
    DbError::Disconnected("the server does not answer".to_owned())
}
