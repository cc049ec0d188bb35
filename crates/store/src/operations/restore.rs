//! Makes a workspace from a backup, in an empty place.

use std::path::Path;

use super::backup::remove_database;
use super::carry::carry;
use super::catalog;
use super::manifest::FORMAT;
use super::plain::{FILES, MANIFEST, digest_of, files_table};
use super::quarantine::Cause;
use super::whole::{Whole, word};
use super::{Manifest, OperationError, Result, TableSum};
use crate::db::{Db, DbError, DbOptions, Location, Sql, Tx};
use crate::files::Files;
use crate::schema::STEPS;
use crate::workspace::OpenError;

/// Reads a backup whole and compares it with its manifest.
///
/// # Errors
/// [`OperationError::NotABackup`], [`OperationError::Damaged`].
pub fn inspect(path: &Path) -> Result<Manifest> {
    let manifest = manifest_of(path)?;
    let file = Db::open(&frozen(path))?;
    let expected = manifest.clone();
    let inspected = file.read_blocking(move |tx| {
        let damaged = |what: String| Err(OperationError::Damaged { what });
        let tables = catalog::tables(tx)?;
        for table in tables.iter().filter(|table| !is_own(&table.name)) {
            if expected.tables.get(&table.name) != Some(&TableSum::of(tx, table)?) {
                return damaged(format!("the table {} of the backup", table.name));
            }
        }
        if let Some(missing) = expected.tables.keys().find(|name| tables.iter().all(|table| table.name != **name)) {
            return damaged(format!("the table {missing} of the backup"));
        }
        if TableSum::of(tx, &files_table())? != expected.files.sum {
            return damaged("the files' store of the backup".to_owned());
        }
        Ok(())
    });
    file.close_blocking();
    inspected.map(|()| manifest)
}

/// Makes a workspace from the backup at `path` in an empty place, with its files; effects are then held. The backup is
/// read whole and compared with its manifest before anything is written.
///
/// # Errors
/// [`OperationError::NotEmpty`]; those of [`inspect`]; what the databases and the disk say. Nothing is left then.
pub fn restore(path: &Path, target: &DbOptions, files: &Files) -> Result<Manifest> {
    let manifest = inspect(path)?;
    let known = STEPS.last().map_or(0, |step| step.number);
    if manifest.step > known {
        return Err(OpenError::Newer { found: manifest.step, known }.into());
    }
    let fresh = match &target.location {
        Location::Sqlite(path) if !path.exists() => Some(path.clone()),
        _ => None,
    };
    let (source, db) = (Db::open(&frozen(path))?, super::open(target)?);
    let (from, to) = (source.clone(), files.clone());
    let files = Box::new(move |tx: &mut Tx| write_files(tx, &from, &to));
    let restored = carry(&source, &[FILES, MANIFEST], &db, Whole::of(Cause::Restore, files));
    source.close_blocking();
    db.close_blocking();
    if let (Err(_), Some(path)) = (&restored, fresh) {
        remove_database(&path);
    }
    restored.map(|_| manifest)
}

fn write_files(tx: &mut Tx, source: &Db, files: &Files) -> Result<()> {
    for file in files_of(source) {
        let (name, bytes) = file?;
        files.put(&name, &bytes).map_err(OperationError::at(files.root()))?;
        word(tx)?;
    }
    Ok(())
}

/// The files of a backup, one after another. A thread of their own reads them: no turn asks another database for one.
fn files_of(source: &Db) -> flume::Receiver<Result<(String, Vec<u8>), DbError>> {
    let (give, take) = flume::bounded(1);
    let source = source.clone();
    std::thread::spawn(move || {
        let each = give.clone();
        let read = source.read_blocking::<_, DbError, _>(move |tx| {
            tx.each(&Sql::new("select name, bytes from backup_files order by name"), |row| {
                // Nobody takes them any more where one could not be written.
                each.send(Ok((row.text(0)?, row.bytes(1)?))).map_err(|_| DbError::Closed)
            })
        });
        if let Err(error) = read {
            let _ = give.send(Err(error));
        }
    });
    take
}

/// The manifest of a backup, compared with its own digest only.
pub(super) fn manifest_of(path: &Path) -> Result<Manifest> {
    let not = |why: String| OperationError::NotABackup { path: path.to_owned(), why };
    if !path.is_file() {
        return Err(not("there is no such file".to_owned()));
    }
    let file = Db::open(&frozen(path)).map_err(|error| not(error.to_string()))?;
    let row = file.read_blocking(|tx| {
        let row = tx.one(&Sql::new("select body, digest from backup_manifest"))?;
        Ok::<_, OperationError>((row.text(0)?, row.text(1)?))
    });
    file.close_blocking();
    let (body, digest) = row.map_err(|error| not(error.to_string()))?;
    if digest_of(&body) != digest {
        return Err(OperationError::Damaged { what: "the manifest of the backup".to_owned() });
    }
    let format = serde_json::from_str::<serde_json::Value>(&body).ok().and_then(|body| body.get("format")?.as_u64());
    if format > Some(FORMAT.into()) {
        return Err(not("a newer Plenary made it: use that version".to_owned()));
    }
    serde_json::from_str(&body).map_err(|error| not(error.to_string()))
}

fn frozen(path: &Path) -> DbOptions {
    let mut options = DbOptions::sqlite(path);
    options.frozen = true;
    options.readers = 1;
    // A table is read whole, however long that takes.
    options.statement_timeout = std::time::Duration::ZERO;
    options
}

fn is_own(table: &str) -> bool {
    table == FILES || table == MANIFEST
}
