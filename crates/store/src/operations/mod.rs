//! Operations on a whole workspace: backup and restore, copying between databases, checking, sealing the log, holding
//! effects back.
//!
//! Everything that moves rows goes through [`carry`]: one snapshot of the source is read table by table, by the
//! database's own [`catalog`], and written in one transaction of the target, which is read back and compared before it is
//! committed. What is derived from records (the search index, identities) is not carried but made anew.

mod backup;
mod canonical;
mod carry;
mod catalog;
mod check;
mod copy;
mod error;
mod manifest;
#[cfg(feature = "testing")]
mod older;
mod plain;
mod quarantine;
mod restore;
mod seal;
mod step;
mod sums;
mod whole;

pub use backup::{backup, remove_database};
pub(crate) use canonical::values;
pub(crate) use catalog::names as tables;
pub(crate) use catalog::{Table, tables as tables_of_rows};
pub use check::{Area, Finding, Report, Vouched};
pub use copy::{Copied, copy};
pub use error::OperationError;
pub use manifest::{FilesNote, Manifest, PackNote};
#[cfg(feature = "testing")]
pub use older::older;
pub(crate) use plain::is_backup;
pub(crate) use quarantine::FREE;
pub use quarantine::{Cause, Held, Quarantine};
pub use restore::{inspect, restore};
pub use seal::{Chain, SEAL_BATCH};
pub(crate) use seal::{digest as digest_of_delta, is_blank};
pub use step::{Age, age};
pub use sums::{Sums, TableSum};

use crate::db::{Db, DbError, DbOptions};
use crate::query::functions;

/// Opens a database for an operation on all of it, with the functions that statements over records call.
///
/// # Errors
/// As [`Db::open`].
pub fn open(options: &DbOptions) -> Result<Db, DbError> {
    Db::open(&DbOptions { register: Some(functions::register), ..options.clone() })
}

/// The result of an operation.
pub type Result<T, E = OperationError> = std::result::Result<T, E>;
