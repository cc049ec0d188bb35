//! A fresh database of each kind, so that every test of data runs on both.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tempfile::TempDir;

use super::postgres;
use crate::db::{Db, DbOptions};

/// An empty database that goes when this value goes.
pub struct TestDatabase {
    /// `sqlite` or `postgres`.
    pub name: &'static str,
    /// How to open it.
    pub options: DbOptions,
    /// What goes with it.
    _place: Place,
}

/// Where a database is, as far as it goes with it; schemas of the test server go with the server.
enum Place {
    Folder(TempDir),
    Schema,
    Database(String),
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Database(name) = self {
            postgres().drop_database(name);
        }
    }
}

impl TestDatabase {
    /// Opens the database.
    ///
    /// # Panics
    /// Where it can't be opened.
    #[must_use]
    pub fn open(&self) -> Db {
        match Db::open(&self.options) {
            Ok(db) => db,
            Err(error) => panic!("{} can't be opened: {error}", self.name),
        }
    }
}

/// A fresh SQLite file and a fresh schema on the test server.
///
/// # Panics
/// Where there is no room for a file, or PostgreSQL is not installed.
#[must_use]
pub fn databases() -> Vec<TestDatabase> {
    let schema = TestDatabase { name: "postgres", options: postgres().fresh_schema(), _place: Place::Schema };
    vec![file(), schema]
}

fn file() -> TestDatabase {
    let folder = match TempDir::with_prefix("plenary-test-") {
        Ok(folder) => folder,
        Err(error) => panic!("no folder for a test database: {error}"),
    };
    let mut options = DbOptions::sqlite(path(&folder));
    options.readers = 2;
    TestDatabase { name: "sqlite", options, _place: Place::Folder(folder) }
}

fn path(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("test.sqlite")
}

/// Databases in which something was made that is copied: the bytes of a file, and the name of a database of the test server.
struct Originals {
    file: Vec<u8>,
    database: String,
}

/// A database of each kind in which `make` was done. It is done once for each `what` in this process: to make a workspace takes
/// longer than most tests of it. `make` closes what it opens.
///
/// # Panics
/// With `make`, and where a database can't be had.
pub fn copies(what: &'static str, make: impl Fn(&TestDatabase)) -> Vec<TestDatabase> {
    static KNOWN: Mutex<BTreeMap<&str, Arc<OnceLock<Originals>>>> = Mutex::new(BTreeMap::new());
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default().clone();
    let originals = known.get_or_init(|| {
        let file = file();
        make(&file);
        let database = postgres().fresh_database();
        make(&TestDatabase { name: "postgres", options: postgres().options_of(&database), _place: Place::Schema });
        let Place::Folder(folder) = &file._place else { panic!("an SQLite file is in a folder") };
        Originals { file: closed(&path(folder)), database }
    });
    let copied = file();
    if let Place::Folder(folder) = &copied._place
        && let Err(error) = std::fs::write(path(folder), &originals.file)
    {
        panic!("no copy of a test database: {error}");
    }
    let name = postgres().copied_database(&originals.database);
    let options = postgres().options_of(&name);
    vec![copied, TestDatabase { name: "postgres", options, _place: Place::Database(name) }]
}

/// The bytes of a file that nobody has open, with all that was written.
fn closed(path: &Path) -> Vec<u8> {
    let log = path.with_extension("sqlite-wal");
    assert!(std::fs::metadata(&log).map_or(0, |log| log.len()) == 0, "whoever made {} has it open", path.display());
    match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => panic!("no original of a test database: {error}"),
    }
}

/// Runs a test on a fresh database of each kind, and says on which one it failed.
///
/// # Panics
/// With the test, and where a database can't be had.
pub fn on_both(test: impl Fn(&Db)) {
    for database in databases() {
        let db = database.open();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| test(&db))) {
            eprintln!("the test failed on {}", database.name);
            resume_unwind(panic);
        }
    }
}
