//! A transaction: what domain code reads and writes through.

use super::postgres::{Glance, PgSession};
use super::sqlite::SqliteSession;
use super::{DbError, Dialect, LockKey, Param, Row, Sql};

/// A transaction under way. After a failed statement everything but the end of the transaction (or of the savepoint
/// around the statement) answers [`DbError::Aborted`], on both engines.
pub struct Tx {
    engine: Session,
    failed: bool,
    retryable: bool,
    depth: usize,
}

/// The connection a transaction runs on.
pub(super) enum Session {
    Sqlite(SqliteSession),
    Postgres(PgSession),
    Glance(Glance),
}

/// The one place where the engines are told apart under a transaction.
macro_rules! on {
    ($tx:expr, $session:ident => $call:expr) => {
        $tx.guarded(|engine| match engine {
            Session::Sqlite($session) => $call,
            Session::Postgres($session) => $call,
            Session::Glance($session) => $call,
        })
    };
}

impl Tx {
    /// Runs a statement and returns its rows.
    ///
    /// # Errors
    /// What the engine says.
    pub fn query(&mut self, sql: &Sql) -> Result<Vec<Row>, DbError> {
        let mut rows = Vec::new();
        on!(self, session => session.each(sql, &mut |row| { rows.push(row); true }))?;
        Ok(rows)
    }

    /// Runs a statement and hands its rows over one by one, without holding them all.
    ///
    /// # Errors
    /// What the engine says, or the first error of the closure, which ends the reading.
    pub fn each<E: From<DbError>>(&mut self, sql: &Sql, mut take: impl FnMut(Row) -> Result<(), E>) -> Result<(), E> {
        let mut taken = Ok(());
        on!(self, session => session.each(sql, &mut |row| {
            taken = take(row);
            taken.is_ok()
        }))?;
        taken
    }

    /// Runs a statement that returns at most one row.
    ///
    /// # Errors
    /// [`DbError::ManyRows`], or what the engine says.
    pub fn opt(&mut self, sql: &Sql) -> Result<Option<Row>, DbError> {
        let (mut first, mut count) = (None, 0_usize);
        on!(self, session => session.each(sql, &mut |row| {
            count += 1;
            first.get_or_insert(row);
            count < 2
        }))?;
        if count > 1 { Err(DbError::ManyRows) } else { Ok(first) }
    }

    /// Runs a statement that returns exactly one row.
    ///
    /// # Errors
    /// [`DbError::NoRow`], [`DbError::ManyRows`], or what the engine says.
    pub fn one(&mut self, sql: &Sql) -> Result<Row, DbError> {
        self.opt(sql)?.ok_or(DbError::NoRow)
    }

    /// Runs a statement that returns no rows; answers how many it changed.
    ///
    /// # Errors
    /// What the engine says.
    pub fn execute(&mut self, sql: &Sql) -> Result<u64, DbError> {
        on!(self, session => session.execute(sql))
    }

    /// Runs a statement whose effect nobody looks at before the next statement that answers something, or the commit. What
    /// it meets is told then, so it is one that meets nothing but what ends the work anyway.
    ///
    /// # Errors
    /// What the engine says of this one or of one before it.
    pub fn defer(&mut self, sql: Sql) -> Result<(), DbError> {
        on!(self, session => session.defer(sql))
    }

    /// Runs one statement for many rows of parameters, as fast as the engine can; answers how many rows it changed.
    ///
    /// # Errors
    /// What the engine says of the first row it refuses.
    pub fn execute_many(&mut self, text: &str, rows: impl IntoIterator<Item = Vec<Param>>) -> Result<u64, DbError> {
        let mut rows = rows.into_iter();
        on!(self, session => session.execute_many(text, &mut rows))
    }

    /// Runs statements without parameters, separated by semicolons: schema changes.
    ///
    /// # Errors
    /// What the engine says of the first that fails.
    pub fn batch(&mut self, statements: &str) -> Result<(), DbError> {
        on!(self, session => session.batch(statements))
    }

    /// Waits until nobody else holds any of the keys and holds them to the end of the transaction. Sorts the keys, so
    /// that one call never deadlocks with another. Nothing on SQLite, whose writer is alone.
    ///
    /// # Errors
    /// What the engine says.
    pub fn lock(&mut self, keys: &[LockKey]) -> Result<(), DbError> {
        on!(self, session => session.lock(keys))
    }

    /// Lets the statements of this transaction take as long as they need: for what looks through whole tables.
    ///
    /// # Errors
    /// What the engine says.
    pub fn take_time(&mut self) -> Result<(), DbError> {
        on!(self, session => session.take_time())
    }

    /// Has a question go to the server together with the one statement of a glance. False where there is no way to be
    /// saved: then it is asked first.
    pub(crate) fn ask_along(&mut self, question: &Sql) -> bool {
        match &mut self.engine {
            Session::Sqlite(_) | Session::Postgres(_) => false,
            Session::Glance(glance) => {
                glance.ask_along(question.clone());
                true
            }
        }
    }

    /// The rows of [`Tx::ask_along`]; told also after a failed statement.
    pub(crate) fn told_along(&mut self) -> Result<Vec<Row>, DbError> {
        match &mut self.engine {
            Session::Glance(glance) => glance.told_along().inspect_err(|_| self.failed = true),
            Session::Sqlite(_) | Session::Postgres(_) => Err(DbError::NoRow),
        }
    }

    /// Fails the transaction so that its closure runs again from the start: what it took for granted did not hold.
    pub(crate) fn start_over(&mut self) -> DbError {
        (self.failed, self.retryable) = (true, true);
        DbError::Serialization
    }

    /// Runs a closure whose work is undone when it fails, without failing the transaction.
    ///
    /// # Errors
    /// The closure's own.
    pub fn savepoint<T, E: From<DbError>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let name = format!("inner_{}", self.depth);
        self.batch(&format!("savepoint {name}"))?;
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        let result = if self.failed && result.is_ok() { Err(DbError::Aborted.into()) } else { result };
        if result.is_ok() {
            self.batch(&format!("release savepoint {name}"))?;
        } else {
            self.failed = false;
            match &mut self.engine {
                Session::Sqlite(session) => session.drop_deferred(),
                Session::Postgres(session) => session.drop_deferred(),
                Session::Glance(_) => {}
            }
            self.batch(&format!("rollback to savepoint {name}; release savepoint {name}"))?;
        }
        result
    }

    /// Which engine this is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.engine {
            Session::Sqlite(_) => Dialect::Sqlite,
            Session::Postgres(_) | Session::Glance(_) => Dialect::Postgres,
        }
    }

    pub(super) fn new(engine: Session) -> Self {
        Self { engine, failed: false, retryable: false, depth: 0 }
    }

    /// Forgets the last closure, before the next one.
    pub(super) fn reset(&mut self) {
        (self.failed, self.retryable, self.depth) = (false, false, 0);
    }

    /// Whether a statement failed and nothing undid it.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Whether a statement met a failure that running again may cure.
    pub(super) fn may_retry(&self) -> bool {
        self.retryable
    }

    pub(super) fn session(&mut self) -> &mut Session {
        &mut self.engine
    }

    fn guarded<T>(&mut self, run: impl FnOnce(&mut Session) -> Result<T, DbError>) -> Result<T, DbError> {
        if self.failed {
            return Err(DbError::Aborted);
        }
        run(&mut self.engine).inspect_err(|error| {
            self.failed = true;
            self.retryable |= error.is_retryable();
        })
    }
}
