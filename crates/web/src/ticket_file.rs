//! Tickets as PDF, as an answer.

use app::{DrawingError, TicketFile, TicketFileError};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

impl From<TicketFileError> for Problem {
    fn from(error: TicketFileError) -> Self {
        match error {
            TicketFileError::Store(error) => error.into(),
            TicketFileError::Drawing(DrawingError::Busy) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "too many documents are drawn at this moment: try again",
            ),
            other => {
                tracing::error!(error = %other, "a ticket cannot be drawn");
                Self::new(StatusCode::CONFLICT, "cannot_be_drawn", other.to_string())
            }
        }
    }
}

/// A PDF to be saved or shown by the browser's own viewer; the name has only letters that a header may carry.
pub(crate) fn answer(file: TicketFile) -> Response {
    let name: String =
        file.name.chars().filter(|letter| letter.is_ascii_alphanumeric() || ".-_".contains(*letter)).collect();
    let mut response = file.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    if let Ok(disposition) = HeaderValue::from_str(&format!("inline; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}
