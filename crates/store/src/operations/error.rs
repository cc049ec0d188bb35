//! Why an operation on a whole workspace fails. Nothing is half done: the target is as it was.

use std::path::{Path, PathBuf};

use crate::db::DbError;
use crate::error::Error;
use crate::workspace::OpenError;

/// Why it fails, in a sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// A database refuses.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The packs cannot be read, or the source was written by a newer program.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A record cannot be read or written.
    #[error(transparent)]
    Store(#[from] Error),
    /// There is no workspace where one should be read.
    #[error("there is no workspace here: begin with `plenary init`")]
    NothingThere,
    /// The target holds something.
    #[error("there is a workspace already: name an empty --data folder, or a database or --workspace that is new")]
    NotEmpty,
    /// Source and target are one.
    #[error("the source and the target are the same database")]
    Same,
    /// What is there is no backup, the database itself perhaps: nothing takes its place.
    #[error("{} is there and is no backup, so nothing takes its place: name another file, or remove it yourself", .0.display())]
    NotReplaced(PathBuf),
    /// A file of that name is there.
    #[error("{} is already there: name another file, or replace it with --force", .0.display())]
    Exists(PathBuf),
    /// The file is something else, or was cut.
    #[error("{} is not a backup of Plenary: {why}", path.display())]
    NotABackup {
        /// Which file.
        path: PathBuf,
        /// What shows it.
        why: String,
    },
    /// What was read is not what was written.
    #[error("{what} is damaged: its contents are not those that were noted when it was made")]
    Damaged {
        /// A table, the files, the manifest.
        what: String,
    },
    /// A value is not of the type of its column.
    #[error("{table}.{column} holds a value of another type ({error}): run `plenary check`")]
    Unreadable {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What the database says.
        error: DbError,
    },
    /// A column has a type that Plenary makes none of.
    #[error("{table}.{column} has the type {kind:?}, which is none of Plenary's")]
    Foreign {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Its type in the language of the database.
        kind: String,
    },
    /// The disk refuses.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The other side of a copy stopped; its own error says why.
    #[error("the operation was interrupted")]
    Interrupted,
}

impl OperationError {
    /// Makes an error of the disk at `path`.
    pub(super) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { path, error }
    }
}
