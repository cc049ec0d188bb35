//! One program serves one SQLite file: two would each hold what they know and run the same jobs. A lock of the system on a
//! file beside the database says who does; it goes with its process, however that ends.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use store::{DbOptions, Location, private_file};

use crate::commands::Failure;
use crate::opening::unwritable;

/// Held as long as the database is served; nothing where it is a server's, which many programs share.
pub(crate) struct Serving(#[expect(dead_code, reason = "held, not used")] Option<File>);

impl Serving {
    /// Takes the lock.
    pub(crate) fn begin(options: &DbOptions) -> Result<Self, Failure> {
        let Location::Sqlite(database) = &options.location else { return Ok(Self(None)) };
        // Under whatever name it is reached.
        let path = beside(&database.canonicalize().unwrap_or_else(|_| database.clone()));
        let mut file = private_file(&path).map_err(|error| unwritable(&path, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(taken(database, &mut file)),
            Err(TryLockError::Error(error)) => {
                tracing::warn!(%error, path = %path.display(), "this disk knows no locks: serve the database only once");
            }
        }
        file.set_len(0)
            .and_then(|()| write!(file, "{}", std::process::id()))
            .map_err(|error| unwritable(&path, &error))?;
        Ok(Self(Some(file)))
    }
}

/// `plenary.db.serving`
fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".serving");
    name.into()
}

fn taken(database: &Path, file: &mut File) -> Failure {
    let mut process = String::new();
    let _ = file.read_to_string(&mut process);
    let process = process.trim().parse::<u32>().map_or("another process".to_owned(), |id| format!("process {id}"));
    Failure::new(format!(
        "{} is already served by {process}: stop it first, or serve another folder with --data",
        database.display()
    ))
}
