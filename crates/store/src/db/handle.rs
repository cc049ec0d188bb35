//! The handle on a database.

use std::sync::Arc;

use super::postgres::PostgresDb;
use super::sqlite::SqliteDb;
use super::turn::{Job, Mode, Turn, in_turn};
use super::{DbError, DbOptions, Dialect, Location, Tx};

/// A database; clones share it. Dropping the last clone waits for writes that are under way.
#[derive(Clone)]
pub struct Db(Engine);

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<SqliteDb>),
    Postgres(PostgresDb),
}

impl Db {
    /// Opens a database, and makes the file or the schema when it is missing. Blocks for the moment this takes; needs
    /// no runtime, because the engines bring their own threads.
    ///
    /// # Errors
    /// Where the file or the server can't be opened, or the name of the schema is none.
    pub fn open(options: &DbOptions) -> Result<Self, DbError> {
        Ok(Self(match &options.location {
            Location::Sqlite(path) => Engine::Sqlite(Arc::new(SqliteDb::open(path, options)?)),
            Location::Postgres { url, schema } => Engine::Postgres(PostgresDb::open(url, schema, options)?),
        }))
    }

    /// The same PostgreSQL pool on another schema, made when missing: thousands of workspaces share the connections
    /// of a node.
    ///
    /// # Errors
    /// [`DbError::Identifier`] for a bad name; [`DbError::Parameters`] on SQLite, where a workspace is a file.
    pub fn in_schema(&self, schema: &str) -> Result<Self, DbError> {
        match &self.0 {
            Engine::Postgres(db) => Ok(Self(Engine::Postgres(db.in_schema(schema)?))),
            Engine::Sqlite(_) => Err(DbError::Parameters("an SQLite file has no schemas".to_owned())),
        }
    }

    /// Which engine this is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match &self.0 {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a closure in a transaction and answers when its work is on disk. An error or a panic rolls it back.
    ///
    /// On PostgreSQL (READ COMMITTED) the closure runs again after a deadlock or a lost lock, so it must not change
    /// anything but the database. Dropping the future does not call the work off. On SQLite it runs on the one writer thread: at most 20 ms, no network, no hashing.
    ///
    /// # Errors
    /// The closure's own, or a [`DbError`] turned into it.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        wait(self.submit(Mode::Write, work)).await
    }

    /// Runs a closure that only reads, on one consistent snapshot. Dropping the future calls it off.
    ///
    /// # Errors
    /// The closure's own; [`DbError::ReadOnly`] when it writes, [`DbError::Timeout`] after a statement that took too long,
    /// [`DbError::Exhausted`] where too many read already.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        wait(self.submit(Mode::Read, work)).await
    }

    /// [`Db::read`] for a few rows by their keys, such as who signs in: it does not wait behind those that take longer.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn read_brief<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        wait(self.submit(Mode::Brief, work)).await
    }

    /// [`Db::read`] for what mostly is one statement: that one needs no transaction around it. A closure that asks for more
    /// runs again from the start, on one snapshot.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn glance<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        wait(self.submit(Mode::Glance, work)).await
    }

    /// Changes the schema: a turn of its own, one at a time on all nodes. On SQLite links are not enforced meanwhile
    /// (tables are rebuilt) but checked before the commit.
    ///
    /// # Errors
    /// The closure's own; [`DbError::ForeignKey`] where the change leaves a broken link.
    pub async fn ddl<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        wait(self.submit(Mode::Ddl, work)).await
    }

    /// [`Db::write`] for plain threads: the command line, job workers, tests. Blocks; not for asynchronous code.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        block(&self.submit(Mode::Write, work))
    }

    /// [`Db::read`] for plain threads.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        block(&self.submit(Mode::Read, work))
    }

    /// [`Db::ddl`] for plain threads.
    ///
    /// # Errors
    /// As [`Db::ddl`].
    pub fn ddl_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        block(&self.submit(Mode::Ddl, work))
    }

    /// Runs one statement outside any transaction (`create index concurrently`, `vacuum`), however long it takes.
    ///
    /// # Errors
    /// What the engine says.
    pub async fn standalone(&self, statement: impl Into<String> + Send) -> Result<(), DbError> {
        wait(self.submit_standalone(statement.into())).await
    }

    /// [`Db::standalone`] for plain threads.
    ///
    /// # Errors
    /// What the engine says.
    pub fn standalone_blocking(&self, statement: impl Into<String>) -> Result<(), DbError> {
        block(&self.submit_standalone(statement.into()))
    }

    /// Brings the statistics up to date by which statements are planned, without waiting. PostgreSQL does so by itself.
    pub fn optimise_soon(&self) {
        if let Engine::Sqlite(db) = &self.0 {
            // Bounded: a turn of the writer is short whatever the size of the tables.
            drop(db.standalone("pragma analysis_limit = 400; pragma optimize = 0x10002".to_owned()));
        }
    }

    /// Finishes what is under way and lets go of the file or the connections. Later work answers [`DbError::Closed`].
    pub async fn close(&self) {
        let db = self.clone();
        let (done, closed) = flume::bounded(1);
        std::thread::spawn(move || {
            db.close_blocking();
            let _ = done.send(());
        });
        let _ = closed.recv_async().await;
    }

    /// [`Db::close`] for plain threads.
    pub fn close_blocking(&self) {
        match &self.0 {
            Engine::Sqlite(db) => db.close(),
            Engine::Postgres(db) => db.close(),
        }
    }

    /// Turns [`Tx::lock`] into nothing (or back), for tests that must fail without their locks.
    #[cfg(feature = "testing")]
    pub fn testing_disable_locks(&self, disabled: bool) {
        if let Engine::Postgres(db) = &self.0 {
            db.disable_locks(disabled);
        }
    }

    fn submit<T, E, F>(&self, mode: Mode, work: F) -> flume::Receiver<Result<T, E>>
    where
        F: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (job, answer) = Job::new(work);
        let turn: Box<dyn Turn> = Box::new(job);
        if in_turn() {
            turn.answer(Err(DbError::Nested));
            return answer;
        }
        match &self.0 {
            Engine::Sqlite(db) => db.submit(mode, turn),
            // The pool is large, and the server lets nobody wait long.
            Engine::Postgres(db) if mode == Mode::Brief => db.submit(Mode::Glance, turn),
            Engine::Postgres(db) => db.submit(mode, turn),
        }
        answer
    }

    fn submit_standalone(&self, statement: String) -> flume::Receiver<Result<(), DbError>> {
        match &self.0 {
            Engine::Sqlite(db) => db.standalone(statement),
            Engine::Postgres(db) => db.standalone(statement),
        }
    }
}

/// A turn that is dropped without an answer met a closed database.
async fn wait<T, E: From<DbError>>(answer: flume::Receiver<Result<T, E>>) -> Result<T, E> {
    answer.recv_async().await.unwrap_or_else(|_| Err(DbError::Closed.into()))
}

fn block<T, E: From<DbError>>(answer: &flume::Receiver<Result<T, E>>) -> Result<T, E> {
    answer.recv().unwrap_or_else(|_| Err(DbError::Closed.into()))
}
