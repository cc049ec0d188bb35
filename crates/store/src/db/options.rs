//! How a database is opened.

use std::path::PathBuf;
use std::time::Duration;

/// Adds functions and collations to a fresh SQLite connection.
pub type Register = fn(&rusqlite::Connection) -> rusqlite::Result<()>;

/// Where the data lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file, made when missing; for an existing folder the file `plenary.sqlite` in it.
    Sqlite(PathBuf),
    /// A schema of a PostgreSQL database, made when missing.
    Postgres {
        /// `postgres://…`, as libpq understands it.
        url: String,
        /// The schema of the workspace.
        schema: String,
    },
}

/// How to open a [`Db`](super::Db).
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// Where the data lies.
    pub location: Location,
    /// An SQLite file that nobody writes, such as a backup: it is read as it lies, and nothing is made beside it.
    pub frozen: bool,
    /// Threads that read an SQLite file, each with a connection of its own, besides one for [`Db::read_brief`](super::Db::read_brief).
    pub readers: usize,
    /// Connections to PostgreSQL at most.
    pub connections: usize,
    /// Run on every new SQLite connection.
    pub register: Option<Register>,
    /// How long to wait for a lock: for other processes on SQLite, for row and table locks on PostgreSQL.
    pub lock_timeout: Duration,
    /// How long a statement may run outside schema changes, on SQLite one that reads; zero is without end. A server that has said nothing
    /// for a little longer is given up.
    pub statement_timeout: Duration,
    /// How long to wait for a connection of the pool, and for a new one until it can be used; on SQLite for a thread that reads.
    pub pool_timeout: Duration,
}

impl DbOptions {
    /// An SQLite file, or the file `plenary.sqlite` in an existing folder.
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self::at(Location::Sqlite(path.into()))
    }

    /// A schema of the PostgreSQL database at `url`.
    pub fn postgres(url: impl Into<String>, schema: impl Into<String>) -> Self {
        Self::at(Location::Postgres { url: url.into(), schema: schema.into() })
    }

    fn at(location: Location) -> Self {
        Self {
            location,
            frozen: false,
            readers: 4,
            connections: 16,
            register: None,
            lock_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(20),
            pool_timeout: Duration::from_secs(10),
        }
    }
}
