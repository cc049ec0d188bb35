//! A closure that reads with one statement, without a thread that waits and a transaction around it. It runs twice: first
//! to see what it asks for, then with the answer. Whatever does not go so (a second statement, anything but a `select`, a
//! guess that did not hold, a lost connection) is left to a thread and a transaction.

use std::sync::Arc;

use futures_util::future::join;
use tokio::sync::SemaphorePermit;
use tokio_postgres::Error;

use super::PostgresDb;
use super::asking::{all, all_prepared, in_schema, patiently, prepare, types};
use super::failure::translate;
use super::pool::{Connection, Pooled};
use super::session::silent;
use crate::db::turn::{Awaited, Turn};
use crate::db::tx::Session;
use crate::db::{DbError, LockKey, Param, Row, Sql, Tx};

type Rows = Result<Vec<Row>, DbError>;

/// What a closure asks for, and what it is told.
#[derive(Default)]
pub(in crate::db) struct Glance {
    asked: Option<Sql>,
    along: Option<Sql>,
    /// Nothing in the first run.
    told: Option<Told>,
    /// More was asked than one statement that reads.
    crowded: bool,
}

struct Told {
    /// Taken by the statement that asked.
    rows: Option<Rows>,
    along: Vec<Row>,
}

impl Glance {
    pub(in crate::db) fn each(&mut self, sql: &Sql, take: &mut dyn FnMut(Row) -> bool) -> Result<(), DbError> {
        if !sql.text().starts_with("select ") {
            return self.refuse();
        }
        sql.params().iter().try_for_each(Param::check)?;
        match &mut self.told {
            None if self.asked.is_none() => {
                self.asked = Some(sql.clone());
                Err(DbError::Aborted)
            }
            Some(told) if self.asked.as_ref() == Some(sql) && told.rows.is_some() => {
                let rows = told.rows.take().unwrap_or_else(|| Ok(Vec::new()))?;
                let _all = rows.into_iter().all(take);
                Ok(())
            }
            _ => self.refuse(),
        }
    }

    pub(in crate::db) fn execute(&mut self, _: &Sql) -> Result<u64, DbError> {
        self.refuse()
    }

    pub(in crate::db) fn defer(&mut self, _: Sql) -> Result<(), DbError> {
        self.refuse()
    }

    pub(in crate::db) fn execute_many(
        &mut self,
        _: &str,
        _: &mut dyn Iterator<Item = Vec<Param>>,
    ) -> Result<u64, DbError> {
        self.refuse()
    }

    pub(in crate::db) fn batch(&mut self, _: &str) -> Result<(), DbError> {
        self.refuse()
    }

    pub(in crate::db) fn lock(&mut self, _: &[LockKey]) -> Result<(), DbError> {
        self.refuse()
    }

    pub(in crate::db) fn take_time(&mut self) -> Result<(), DbError> {
        self.refuse()
    }

    pub(in crate::db) fn ask_along(&mut self, question: Sql) {
        self.along = Some(question);
    }

    pub(in crate::db) fn told_along(&mut self) -> Rows {
        match &mut self.told {
            Some(told) => Ok(std::mem::take(&mut told.along)),
            None => Err(DbError::Aborted),
        }
    }

    fn refuse<T>(&mut self) -> Result<T, DbError> {
        self.crowded = true;
        Err(DbError::Aborted)
    }
}

/// Runs a turn and answers it, or gives it back.
pub(super) async fn run(db: &PostgresDb, mut turn: Box<dyn Turn>) -> Option<Box<dyn Turn>> {
    let mut tx = Tx::new(Session::Glance(Glance::default()));
    turn.attempt(&mut tx);
    let Session::Glance(glance) = tx.session() else { return Some(turn) };
    if glance.crowded {
        return Some(turn);
    }
    if glance.asked.is_some() || glance.along.is_some() {
        let (_place, mut connection) = match place_and_connection(db).await {
            Ok(both) => both,
            Err(error) => {
                turn.answer(Err(error));
                return None;
            }
        };
        let told =
            ask(&mut connection, &db.schema, &turn.awaited(), glance.asked.as_ref(), glance.along.as_ref()).await;
        drop(connection);
        match told {
            Some(Ok(told)) => glance.told = Some(told),
            Some(Err(error)) if is_curable(&error) => return Some(turn),
            failed => {
                turn.answer(Err(failed.and_then(Result::err).unwrap_or_else(silent)));
                return None;
            }
        }
        tx.reset();
        turn.attempt(&mut tx);
        if tx.may_retry() || matches!(tx.session(), Session::Glance(glance) if glance.crowded) {
            return Some(turn);
        }
    }
    turn.answer(Ok(()));
    None
}

async fn place_and_connection(db: &PostgresDb) -> Result<(SemaphorePermit<'_>, Pooled), DbError> {
    let place = db.place().await?;
    Ok((place, db.connect().await?))
}

/// Whether the same may go well on another connection or with a new plan.
fn is_curable(error: &DbError) -> bool {
    error.is_retryable() || matches!(error, DbError::Disconnected(_))
}

/// Asks both questions in one way to the server and back. What is wrong with the statement itself is told to its closure;
/// nothing where the server does not answer.
async fn ask(
    connection: &mut Connection,
    schema: &Arc<str>,
    awaited: &Awaited,
    asked: Option<&Sql>,
    along: Option<&Sql>,
) -> Option<Result<Told, DbError>> {
    let talk = &mut connection.talk;
    let cancel = talk.cancel();
    let both = async {
        in_schema(talk, schema).await?;
        let along = match along {
            Some(sql) => Some((prepare(talk, Some(schema), sql.text(), &types(sql)).await?, sql)),
            None => None,
        };
        let client = Arc::clone(&talk.client);
        let first = async {
            match &along {
                Some((statement, question)) => all_prepared(&client, statement, question).await,
                None => Ok(Vec::new()),
            }
        };
        let second = async {
            match asked {
                Some(sql) => all(talk, schema, sql).await.map_err(translate),
                None => Ok(Vec::new()),
            }
        };
        // Both are sent in this order before the first is waited for.
        let (along, rows) = join(first, second).await;
        Ok::<_, Error>((rows, along?))
    };
    let told = patiently(connection.patience, Some(awaited), &cancel, both).await;
    let Some(told) = told else {
        connection.give_up();
        return None;
    };
    let told = told.map_err(translate);
    let failure = match &told {
        Ok((rows, _)) => rows.as_ref().err(),
        Err(error) => Some(error),
    };
    if matches!(failure, Some(DbError::StalePlan)) {
        connection.talk.statements.clear();
    }
    Some(told.and_then(|(rows, along)| match rows {
        Err(error) if is_curable(&error) => Err(error),
        rows => Ok(Told { rows: Some(rows), along }),
    }))
}
