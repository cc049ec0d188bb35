//! How a connection to the file is set up.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::failure::translate;
use crate::db::{DbError, DbOptions};
use crate::private::private_file;

/// Prepared statements kept per connection; the least recently used one goes.
const STATEMENTS: usize = 256;

/// Kept by WAL commits: FULL syncs the log on every commit, so that an answer means the data is on disk.
const WRITER: &str = "
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma foreign_keys = on;
    pragma cache_size = -16384;
    pragma mmap_size = 268435456;
    pragma temp_store = memory;
    pragma journal_size_limit = 67108864;
";

const READER: &str = "
    pragma query_only = on;
    pragma cache_size = -8192;
    pragma mmap_size = 268435456;
    pragma temp_store = memory;
";

/// The writer's connection; makes the file when it is missing.
pub(super) fn for_writing(path: &Path, options: &DbOptions) -> Result<Connection, DbError> {
    if !path.exists() {
        // SQLite gives the log beside it the same rights.
        private_file(path).map_err(|error| DbError::Storage(format!("{}: {error}", path.display())))?;
    }
    open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, WRITER, options)
}

/// A reader's connection to a file that is there.
pub(super) fn for_reading(path: &Path, options: &DbOptions) -> Result<Connection, DbError> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY, READER, options)
}

/// A reader's connection to a file that nobody writes; it may lie where nothing can be written.
pub(super) fn for_reading_frozen(path: &Path, options: &DbOptions) -> Result<Connection, DbError> {
    let name = path.to_str().ok_or_else(|| DbError::Storage("the name of the file is not UTF-8".to_owned()))?;
    let name = name.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    open(Path::new(&format!("file:{name}?immutable=1")), flags, READER, options)
}

/// Makes a file that nobody has open complete in itself: without a log beside it, readable from anywhere.
pub(in crate::db) fn settle(path: &Path) -> Result<(), DbError> {
    let connection = Connection::open(path).map_err(translate)?;
    connection.execute_batch("pragma journal_mode = delete").map_err(translate)
}

fn open(path: &Path, flags: OpenFlags, pragmas: &str, options: &DbOptions) -> Result<Connection, DbError> {
    // Every connection stays on one thread at a time, so SQLite's own mutexes are not needed.
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(translate)?;
    connection.busy_timeout(options.lock_timeout).map_err(translate)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Plans go by statistics and not by the values that are bound: else SQLite plans a kept statement anew for each value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(translate)?;
    connection.execute_batch(pragmas).map_err(translate)?;
    if let Some(register) = options.register {
        register(&connection).map_err(translate)?;
    }
    Ok(connection)
}
