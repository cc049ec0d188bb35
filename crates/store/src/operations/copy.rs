//! Copies a workspace from one database into another, of the same or of the other kind, and its files.

use super::carry::carry;
use super::quarantine::Cause;
use super::whole::Whole;
use super::{OperationError, Result, Sums};
use crate::db::Db;
use crate::files::Files;

/// What was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Every table, as it was read and as it was written.
    pub tables: Sums,
    /// How many files.
    pub files: u64,
}

/// Copies everything into an empty place, where effects are then held. The source may be in use: what is copied is one
/// moment of it.
///
/// # Errors
/// [`OperationError::NotEmpty`]; what the databases and the disk say. The target's database is then as it was.
pub fn copy(source: &Db, files: &Files, target: &Db, target_files: &Files) -> Result<Copied> {
    let tables = carry(source, &[], target, Whole { cause: Cause::Copy })?;
    let mut copied = 0;
    if files.root() != target_files.root() {
        let io = |error| OperationError::Io { path: files.root().to_owned(), error };
        for file in files.each().map_err(io)? {
            let (name, bytes) = file.map_err(io)?;
            target_files.put(&name, &bytes).map_err(OperationError::at(target_files.root()))?;
            copied += 1;
        }
    }
    Ok(Copied { tables, files: copied })
}
