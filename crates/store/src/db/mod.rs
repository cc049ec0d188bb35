//! One database of two kinds: SQLite on threads of its own, or PostgreSQL over a pool.
//!
//! Domain code is synchronous: it gets a [`Tx`] and returns a result. [`Db::write`] and [`Db::read`] carry such a closure
//! to the engine and bring its answer back; the two engines are told apart inside [`Db`] and [`Tx`] and nowhere else.
//!
//! | kind      | SQLite                                | PostgreSQL    |
//! |-----------|---------------------------------------|---------------|
//! | bool      | INTEGER 0 or 1                        | `boolean`     |
//! | i64       | INTEGER                               | `bigint`      |
//! | f64       | REAL                                  | `float8`      |
//! | text      | TEXT                                  | `text`        |
//! | bytes     | BLOB                                  | `bytea`       |
//! | uuid      | BLOB of 16 bytes                      | `uuid`        |
//! | instant   | INTEGER, microseconds since 1970 UTC  | `timestamptz` |
//! | date      | TEXT `YYYY-MM-DD`                     | `date`        |
//! | json      | TEXT                                  | `jsonb`       |

mod error;
mod handle;
mod lock_key;
mod options;
mod param;
mod placeholders;
mod postgres;
mod row;
mod sql;
mod sqlite;
mod turn;
mod tx;

pub use error::DbError;
pub use handle::Db;
pub use lock_key::LockKey;
pub use options::{DbOptions, Location, Register};
pub use param::Param;
pub use row::Row;
pub use sql::Sql;
pub use tx::Tx;

/// Which engine a transaction runs on: only for the few texts that can't be written for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The embedded engine.
    Sqlite,
    /// The server engine.
    Postgres,
}

/// Makes an SQLite file that nobody has open complete in itself: without a log beside it, readable from anywhere.
///
/// # Errors
/// When somebody has it open, or the disk refuses.
pub fn settle_file(path: &std::path::Path) -> Result<(), DbError> {
    sqlite::settle(path)
}

/// Parameters of a statement in order: `params![id, name, None::<i64>]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { ::std::vec![$($crate::db::Param::from($value)),*] };
}
pub use crate::params;
