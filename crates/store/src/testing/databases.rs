//! A fresh database of each kind, so that every test of data runs on both.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use tempfile::TempDir;

use super::postgres;
use crate::db::{Db, DbOptions};

/// An empty database that goes when this value goes.
pub struct TestDatabase {
    /// `sqlite` or `postgres`.
    pub name: &'static str,
    /// How to open it.
    pub options: DbOptions,
    /// The folder of an SQLite file.
    _folder: Option<TempDir>,
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
    let folder = match TempDir::with_prefix("plenary-test-") {
        Ok(folder) => folder,
        Err(error) => panic!("no folder for a test database: {error}"),
    };
    let mut sqlite = DbOptions::sqlite(folder.path().join("test.sqlite"));
    sqlite.readers = 2;
    vec![
        TestDatabase { name: "sqlite", options: sqlite, _folder: Some(folder) },
        TestDatabase { name: "postgres", options: postgres().fresh_schema(), _folder: None },
    ]
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
