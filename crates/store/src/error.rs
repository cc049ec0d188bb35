//! What can be wrong with a request to read or write records.

use model::value::ValueError;
use model::{Id, Label, Locale};

use crate::db::DbError;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name, or the path inside it (`tickets[0].ticket_type`).
    pub field: String,
    /// Stable code.
    pub code: String,
    /// What would be right, in English; the interface says it in the reader's language by `code`.
    pub message: String,
    /// What people read instead, where a definition says it.
    pub said: Option<Box<Label>>,
}

impl FieldError {
    /// An error of `field`.
    pub fn new(field: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), message: message.into(), said: None }
    }

    /// The same in words of a definition.
    #[must_use]
    pub fn saying(self, words: &Label) -> Self {
        Self { message: words.get(Locale::En).to_owned(), said: Some(Box::new(words.clone())), ..self }
    }

    /// The same error of a field deeper inside `outer`.
    #[must_use]
    pub fn inside(mut self, outer: &str) -> Self {
        self.field = format!("{outer}.{}", self.field);
        self
    }

    /// A value that does not fit `field`.
    pub fn of(field: impl Into<String>, error: ValueError) -> Self {
        Self::new(field, error.code, error.message)
    }
}

/// Why something was not read or written. Nothing is half done: the transaction is rolled back.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// There is no such module.
    #[error("there is no module {0:?}")]
    NoModule(String),
    /// There is no such record, or the caller may not know of it.
    #[error("there is no such record in {module}")]
    NotFound {
        /// Where it was looked for.
        module: String,
        /// What was looked for.
        id: String,
    },
    /// The caller may not do this.
    #[error("{message}")]
    Forbidden {
        /// Stable code.
        code: &'static str,
        /// Which right is missing.
        message: String,
    },
    /// Nobody may come in with what was shown: it was never given out, was revoked or has ended, or its user is kept out.
    #[error("show a token: Authorization: Bearer TOKEN")]
    Stranger,
    /// The caller sent something that cannot be kept.
    #[error("{}", invalid(.0))]
    Invalid(Vec<FieldError>),
    /// What was asked does not fit the present state.
    #[error("{message}")]
    Conflict {
        /// Stable code: `duplicate`, `invalid_transition`, `sold_out` …
        code: &'static str,
        /// What stands in the way.
        message: String,
        /// By field, where it is about fields.
        errors: Vec<FieldError>,
    },
    /// The record was changed since the caller read it.
    #[error("the record is now at version {current}")]
    Stale {
        /// Its present version.
        current: i64,
    },
    /// A filter, sort, cursor or page that cannot be understood.
    #[error("{message}")]
    BadQuery {
        /// Stable code.
        code: String,
        /// What is wrong.
        message: String,
        /// Where in the text, in characters from 0.
        position: Option<usize>,
    },
}

impl Error {
    /// No record `id` in `module` that the caller may know of.
    pub fn not_found(module: &str, id: Id) -> Self {
        Self::NotFound { module: module.to_owned(), id: id.to_string() }
    }

    /// One field is wrong.
    pub fn field(field: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, code, message)])
    }

    /// The state of things forbids it.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict { code, message: message.into(), errors: Vec::new() }
    }

    /// A right is missing.
    pub fn forbidden(code: &'static str, message: impl Into<String>) -> Self {
        Self::Forbidden { code, message: message.into() }
    }

    /// Whoever looks through the eyes of another writes nothing.
    #[must_use]
    pub fn only_looking() -> Self {
        Self::forbidden(
            "only_looking",
            "you only look as another user: nothing is changed. Come back to yourself first",
        )
    }

    /// The query cannot be understood.
    pub fn bad_query(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::BadQuery { code: code.into(), message: message.into(), position: None }
    }
}

/// How many faults of one request are told; whoever made more of them starts with these.
pub const FAULTS_TOLD: usize = 20;

fn invalid(errors: &[FieldError]) -> String {
    let told = errors.iter().take(FAULTS_TOLD).map(|error| format!("{}: {}", error.field, error.message));
    let more = errors.len().saturating_sub(FAULTS_TOLD);
    let more = (more > 0).then(|| format!("and {more} more"));
    told.chain(more).collect::<Vec<_>>().join("; ")
}

/// The result of reading or writing records.
pub type Result<T, E = Error> = std::result::Result<T, E>;
