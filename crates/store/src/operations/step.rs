//! How old a database is, seen without changing it.

use super::catalog;
use crate::db::{Db, DbError, Tx};
use crate::knowledge;
use crate::schema::{STEP, STEPS};

/// A database beside what this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// There is no workspace yet.
    Empty,
    /// The next opening changes its system tables: a backup comes first.
    Older {
        /// Its last step.
        step: i64,
    },
    /// Nothing will be changed.
    Current,
    /// A later program wrote it.
    Newer {
        /// Its last step.
        step: i64,
    },
}

/// How old the database is.
///
/// # Errors
/// When it cannot be read.
pub fn age(db: &Db) -> Result<Age, DbError> {
    let step = db.read_blocking(step)?;
    let known = STEPS.last().map_or(0, |step| step.number);
    Ok(match step {
        0 => Age::Empty,
        step if step < known => Age::Older { step },
        step if step > known => Age::Newer { step },
        _ => Age::Current,
    })
}

/// The last step of the system tables; 0 where there are none.
pub(super) fn step(tx: &mut Tx) -> Result<i64, DbError> {
    if !catalog::names(tx)?.iter().any(|name| name == "settings") {
        return Ok(0);
    }
    Ok(knowledge::setting(tx, STEP)?.and_then(|step| step.as_i64()).unwrap_or(0))
}
