//! SQLite's errors in our terms.

use rusqlite::{Error, ErrorCode, ffi};

use crate::db::DbError;

/// Puts an error of the driver into our terms.
pub(super) fn translate(error: Error) -> DbError {
    match error {
        Error::SqliteFailure(failure, message) => classify(failure, message.unwrap_or_else(|| failure.to_string())),
        Error::SqlInputError { error, msg, sql, .. } => classify(error, format!("{msg} in {sql}")),
        Error::ExecuteReturnedResults => DbError::Parameters("the statement returns rows".to_owned()),
        other => DbError::other("sqlite", other),
    }
}

fn classify(failure: ffi::Error, message: String) -> DbError {
    match failure.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            unique(after(&message))
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => DbError::ForeignKey { constraint: None },
        ffi::SQLITE_CONSTRAINT_NOTNULL => {
            let (table, column) = after(&message).split_once('.').unwrap_or(("", after(&message)));
            DbError::NotNull { table: table.to_owned(), column: column.to_owned() }
        }
        ffi::SQLITE_CONSTRAINT_CHECK => DbError::Check { constraint: after(&message).to_owned() },
        ffi::SQLITE_CONSTRAINT_DATATYPE => DbError::Value(message),
        extended => match failure.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DbError::Busy,
            ErrorCode::OperationInterrupted => DbError::Timeout,
            ErrorCode::ReadOnly => DbError::ReadOnly,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => DbError::Corrupt(message),
            ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => DbError::Storage(message),
            ErrorCode::TooBig | ErrorCode::TypeMismatch => DbError::Value(message),
            _ => DbError::other(extended.to_string(), message),
        },
    }
}

/// What follows the colon in "UNIQUE constraint failed: ticket.event, ticket.number".
fn after(message: &str) -> &str {
    message.split_once(": ").map_or(message, |(_, names)| names)
}

/// Reads "t.a, t.b", or "index 'name'" for a key over expressions.
fn unique(names: &str) -> DbError {
    if let Some(index) = names.strip_prefix("index ") {
        let constraint = Some(index.trim_matches('\'').to_owned());
        return DbError::Unique { table: String::new(), columns: Vec::new(), constraint };
    }
    let pairs: Vec<_> = names.split(", ").filter_map(|name| name.split_once('.')).collect();
    DbError::Unique {
        table: pairs.first().map(|(table, _)| (*table).to_owned()).unwrap_or_default(),
        columns: pairs.iter().map(|(_, column)| (*column).to_owned()).collect(),
        constraint: None,
    }
}
