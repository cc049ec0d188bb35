//! What can go wrong between a statement and its rows, in terms that are the same for both engines.

/// A failure of the database layer. Cheap to clone, because one failed commit answers a whole batch of writers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// A row with this key is already there.
    #[error("a value of {table} ({}) is already taken", columns.join(", "))]
    Unique {
        /// The table that holds the other row; empty where the engine names only an index.
        table: String,
        /// The columns of the key, in its order; empty where the engine names only an index.
        columns: Vec<String>,
        /// The name of the constraint or index, where the engine tells it.
        constraint: Option<String>,
    },
    /// A link points at nothing, or something still points at a deleted row.
    #[error("a link is broken ({})", constraint.as_deref().unwrap_or("the engine doesn't say which"))]
    ForeignKey {
        /// The name of the constraint, which only PostgreSQL tells.
        constraint: Option<String>,
    },
    /// A column that must be filled got null.
    #[error("{table}.{column} must be filled")]
    NotNull {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A `check` of the table says no.
    #[error("the check {constraint} refuses the row")]
    Check {
        /// The name of the constraint, or its expression where it has no name.
        constraint: String,
    },
    /// Another process holds the SQLite file for writing.
    #[error("the database file is busy")]
    Busy,
    /// Concurrent transactions can't be put in an order (SQLSTATE 40001).
    #[error("the transaction collided with another one")]
    Serialization,
    /// Transactions waited for each other (SQLSTATE 40P01).
    #[error("the transaction was the victim of a deadlock")]
    Deadlock,
    /// A lock was not to be had in time (SQLSTATE 55P03).
    #[error("a lock was not free in time")]
    LockTimeout,
    /// The shape of a table changed under a prepared statement.
    #[error("the tables changed under the statement")]
    StalePlan,
    /// The statement ran longer than it may (SQLSTATE 57014).
    #[error("the statement took too long")]
    Timeout,
    /// A write inside [`Db::read`](super::Db::read).
    #[error("the transaction may only read")]
    ReadOnly,
    /// An earlier statement of this transaction failed and its failure was passed over.
    #[error("the transaction has already failed")]
    Aborted,
    /// A closure that runs on the database asked the database for another transaction.
    #[error("a transaction was asked for inside a transaction")]
    Nested,
    /// The closure panicked; its work is rolled back.
    #[error("the work on the database panicked: {0}")]
    Panicked(String),
    /// A value that the engines can't hold alike: NUL in text, a year outside 1–9999, a number that is none.
    #[error("a value can't be stored: {0}")]
    Value(String),
    /// A name that is no plain identifier.
    #[error("{0:?} is not a name of a table or column")]
    Identifier(String),
    /// The statement and its parameters don't fit together.
    #[error("parameters don't fit the statement: {0}")]
    Parameters(String),
    /// A row was promised and none came.
    #[error("no such row")]
    NoRow,
    /// At most one row was promised and more came.
    #[error("more than one row where one was expected")]
    ManyRows,
    /// A column of a row holds another kind of value than was asked for.
    #[error("column {column} holds {found}, not {expected}")]
    Kind {
        /// The index of the column.
        column: usize,
        /// What was asked for.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// The handle was closed.
    #[error("the database is closed")]
    Closed,
    /// The server can't be reached, or hung up.
    #[error("the database can't be reached: {0}")]
    Disconnected(String),
    /// No connection of the pool came free in time.
    #[error("all connections to the database are taken")]
    Exhausted,
    /// The file is damaged or no database at all.
    #[error("the database file is damaged: {0}")]
    Corrupt(String),
    /// The disk is full or fails.
    #[error("the disk refuses: {0}")]
    Storage(String),
    /// Anything else, in the engine's words.
    #[error("{message} ({code})")]
    Other {
        /// SQLSTATE, or SQLite's extended result code.
        code: String,
        /// The engine's message.
        message: String,
    },
}

impl DbError {
    /// Whether the same closure, run again from the start, may well succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Busy | Self::Serialization | Self::Deadlock | Self::LockTimeout | Self::StalePlan)
    }

    pub(super) fn other(code: impl Into<String>, message: impl std::fmt::Display) -> Self {
        Self::Other { code: code.into(), message: message.to_string() }
    }
}
