//! Copies a workspace from one database into another, of the same or of the other kind, and its files.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::carry::carry;
use super::quarantine::Cause;
use super::whole::{Whole, word};
use super::{OperationError, Result, Sums};
use crate::db::{Db, Tx};
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
    let copied = Arc::new(AtomicU64::new(0));
    let (from, to, count) = (files.clone(), target_files.clone(), copied.clone());
    let files = Box::new(move |tx: &mut Tx| copy_files(tx, &from, &to, &count));
    let tables = carry(source, &[], target, Whole::of(Cause::Copy, files))?;
    Ok(Copied { tables, files: copied.load(Ordering::Relaxed) })
}

fn copy_files(tx: &mut Tx, files: &Files, target: &Files, copied: &AtomicU64) -> Result<()> {
    if files.root() == target.root() {
        return Ok(());
    }
    let io = |error| OperationError::Io { path: files.root().to_owned(), error };
    for file in files.each().map_err(io)? {
        let (name, bytes) = file.map_err(io)?;
        target.put(&name, &bytes).map_err(OperationError::at(target.root()))?;
        copied.fetch_add(1, Ordering::Relaxed);
        word(tx)?;
    }
    Ok(())
}
