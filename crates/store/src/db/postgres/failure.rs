//! PostgreSQL's errors in our terms.

use std::error::Error as _;

use tokio_postgres::Error;
use tokio_postgres::error::DbError as Report;

use crate::db::DbError;

/// Puts an error of the driver into our terms.
pub(super) fn translate(error: Error) -> DbError {
    if let Some(report) = error.as_db_error() {
        return classify(report);
    }
    match error.source() {
        Some(source) if source.is::<std::io::Error>() => DbError::Disconnected(format!("{error}: {source}")),
        _ if error.is_closed() => DbError::Disconnected(error.to_string()),
        Some(source) => DbError::other("postgres", format!("{error}: {source}")),
        None => DbError::other("postgres", error),
    }
}

fn classify(report: &Report) -> DbError {
    let code = report.code().code();
    let message = || report.message().to_owned();
    let owned = |part: Option<&str>| part.map(ToOwned::to_owned);
    match code {
        "23505" => DbError::Unique {
            table: owned(report.table()).unwrap_or_default(),
            columns: report.detail().map(key_columns).unwrap_or_default(),
            constraint: owned(report.constraint()),
        },
        "23503" => DbError::ForeignKey { constraint: owned(report.constraint()) },
        "23502" => DbError::NotNull {
            table: owned(report.table()).unwrap_or_default(),
            column: owned(report.column()).unwrap_or_default(),
        },
        "23514" => DbError::Check { constraint: owned(report.constraint()).unwrap_or_default() },
        "40001" => DbError::Serialization,
        "40P01" => DbError::Deadlock,
        "55P03" => DbError::LockTimeout,
        "57014" => DbError::Timeout,
        "25006" => DbError::ReadOnly,
        "25P02" => DbError::Aborted,
        "53100" => DbError::Storage(message()),
        "53300" | "57P01" | "57P02" | "57P03" => DbError::Disconnected(message()),
        "XX001" | "XX002" => DbError::Corrupt(message()),
        // The text may be translated; the name of the routine is not.
        "0A000" if report.routine() == Some("RevalidateCachedQuery") => DbError::StalePlan,
        _ if code.starts_with("22") => DbError::Value(message()),
        _ if code.starts_with("08") => DbError::Disconnected(message()),
        _ => DbError::other(code, report.message()),
    }
}

/// Reads the columns in "Key (event, number)=(1, 2) already exists.", in whatever language the words are.
fn key_columns(detail: &str) -> Vec<String> {
    let inside = detail.split_once('(').and_then(|(_, rest)| rest.split_once(")=("));
    inside
        .map(|(columns, _)| columns.split(", ").map(|name| name.trim_matches('"').to_owned()).collect())
        .unwrap_or_default()
}
