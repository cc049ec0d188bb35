//! A backup: one file, whatever the database, made while the workspace is in use.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::carry::carry;
use super::plain::Plain;
use super::restore::manifest_of;
use super::{Age, Manifest, OperationError, Result, age};
use crate::db::{Db, DbOptions, settle_file};
use crate::files::Files;
use crate::schema::STEPS;
use crate::workspace::OpenError;

/// Tables that are not backed up: whoever was signed in signs in again after a restore.
const LEFT_OUT: &[&str] = &["sessions"];

/// Backs a workspace up into the file `path`: one moment of the database, read without holding writers up, and the files
/// that are there when it has been read. Without `files` the database alone.
///
/// The file gets its name when it is complete and on disk; on failure nothing is left.
///
/// # Errors
/// [`OperationError::Exists`] unless it may be replaced, [`OperationError::NotReplaced`] where it is no backup; what the databases and the disk say.
pub fn backup(source: &Db, files: Option<Files>, path: &Path, replace: bool) -> Result<Manifest> {
    if path.exists() {
        if !replace {
            return Err(OperationError::Exists(path.to_owned()));
        }
        if !path.is_file() || manifest_of(path).is_err() {
            return Err(OperationError::NotReplaced(path.to_owned()));
        }
    }
    // What a later version keeps, and how, this one does not know: half of it would look like all of it.
    if let Age::Newer { step } = age(source)? {
        let known = STEPS.last().map_or(0, |step| step.number);
        return Err(OpenError::Newer { found: step, known }.into());
    }
    let unfinished = Unfinished::beside(path);
    let target = Db::open(&DbOptions::sqlite(&unfinished.0))?;
    let carried = carry(source, LEFT_OUT, &target, Plain { files, engine: source.dialect() });
    target.close_blocking();
    carried?;
    settle_file(&unfinished.0)?;
    let manifest = manifest_of(&unfinished.0)?;
    if !replace && path.exists() {
        return Err(OperationError::Exists(path.to_owned()));
    }
    File::open(&unfinished.0).and_then(|file| file.sync_all()).map_err(OperationError::at(&unfinished.0))?;
    fs::rename(&unfinished.0, path).map_err(OperationError::at(path))?;
    // The name, too, outlives a loss of power.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(OperationError::at(folder))?;
    Ok(manifest)
}

/// A file on its way, which goes when it gets no name.
struct Unfinished(PathBuf);

impl Unfinished {
    fn beside(path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self(path.with_file_name(format!(".{name}.{}.part", uuid::Uuid::now_v7())))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        remove_database(&self.0);
    }
}

/// Removes a database file with what SQLite keeps beside it, as far as it is there.
pub fn remove_database(path: &Path) {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        let _ = fs::remove_file(PathBuf::from(name));
    }
}
