//! Errors in the form of RFC 9457: what is wrong, where, what to do. Never 500 for what a caller sent.

use std::any::Any;

use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use store::db::DbError;
use store::{Error, FAULTS_TOLD, FieldError};

/// An answer that is an error.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) code: String,
    pub(crate) detail: String,
    pub(crate) errors: Vec<FieldError>,
    /// Where in a filter, in characters.
    pub(crate) position: Option<usize>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { status, code: code.into(), detail: detail.into(), errors: Vec::new(), position: None }
    }

    pub(crate) fn bad_request(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    pub(crate) fn unauthorised() -> Self {
        let how = "show a token: Authorization: Bearer TOKEN";
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", how)
    }

    /// What is our own fault: it stands in the log, and nobody else can do anything about it.
    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the request failed; it is in the log")
    }

    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// The body.
    pub(crate) fn body(&self) -> Value {
        let title = self.status.canonical_reason().unwrap_or("Error");
        let errors: Vec<_> = self.errors.iter().take(FAULTS_TOLD).map(fault).collect();
        let mut body = json!({
            "type": "about:blank", "title": title, "status": self.status.as_u16(), "detail": self.detail,
            "code": self.code, "errors": errors,
        });
        if let (Some(position), Value::Object(map)) = (self.position, &mut body) {
            map.insert("position".to_owned(), json!(position));
        }
        body
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error {
            Error::Db(error) => of_database(&error),
            Error::NoModule(_) => Self::new(StatusCode::NOT_FOUND, "no_such_module", detail),
            Error::NotFound { .. } => Self::not_found(detail),
            Error::Forbidden { code, .. } => Self::new(StatusCode::FORBIDDEN, code, detail),
            Error::Stranger => Self::unauthorised(),
            Error::Invalid(errors) => {
                let code = "validation_failed";
                Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail) }
            }
            Error::Conflict { code, errors, .. } => Self { errors, ..Self::new(StatusCode::CONFLICT, code, detail) },
            Error::Stale { .. } => Self::new(StatusCode::PRECONDITION_FAILED, "stale", detail),
            Error::BadQuery { code, position, .. } => {
                Self { position, ..Self::new(StatusCode::BAD_REQUEST, code, detail) }
            }
        }
    }
}

/// One fault; with the words of a definition in every language, so that whoever shows it can choose.
fn fault(error: &FieldError) -> Value {
    let mut json = json!({"field": error.field, "code": error.code, "message": error.message});
    if let (Some(said), Value::Object(map)) = (&error.said, &mut json) {
        map.insert("said".to_owned(), json!(said));
    }
    json
}

/// Only what the caller can do something about is told; the rest goes to the log.
fn of_database(error: &DbError) -> Problem {
    let unavailable = |code: &str, detail: &str| Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail);
    match error {
        DbError::Value(what) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed", what.clone()),
        DbError::ForeignKey { .. } => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "broken_link", "a link leads to a record that is not there")
        }
        DbError::Unique { .. } => Problem::new(StatusCode::CONFLICT, "duplicate", error.to_string()),
        error if error.is_retryable() => unavailable("busy", "too much is written at once: try again"),
        DbError::Timeout => {
            unavailable("too_slow", "this takes too long to find out: ask for less at once, or more precisely")
        }
        DbError::Exhausted => unavailable("busy", "the database is busy: try again"),
        DbError::Closed | DbError::Disconnected(_) | DbError::Storage(_) => {
            tracing::error!(%error, "the database cannot be used");
            unavailable("unavailable", "the database cannot be used at the moment")
        }
        error => {
            tracing::error!(%error, "request failed");
            Problem::internal()
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        // Where people look, it is dressed as a page.
        response.extensions_mut().insert(self);
        response
    }
}

/// What a page or endpoint that is not there answers.
pub(crate) async fn no_such_page(uri: Uri) -> Problem {
    Problem::not_found(format!("there is nothing at {}", uri.path()))
}

/// What a route answers to a method that it does not know.
pub(crate) async fn no_such_method(method: Method, uri: Uri) -> Problem {
    let detail = format!("{} does not know the method {method}", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}

/// Says as a problem what the framework refuses in plain words: an address whose parts cannot be read.
pub(crate) fn in_our_words(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if response.status() == StatusCode::BAD_REQUEST && kind.is_some_and(|kind| kind.starts_with("text/plain")) {
        return Problem::bad_request("invalid_address", "a part of the address cannot be read").into_response();
    }
    response
}

/// What is answered when a handler fell over.
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(panic = %text, "a handler panicked");
    Problem::internal().into_response()
}
