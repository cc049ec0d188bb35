//! The PDF of a ticket.

use std::collections::BTreeSet;

use app::{DrawingError, TicketFile, TicketFileError};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::Locale;

use super::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

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

pub(crate) async fn pdf(
    State(web): State<Web>,
    caller: Caller,
    Path(ticket): Path<String>,
) -> Result<Response, Problem> {
    let id = id("tickets", &ticket)?;
    let actor = caller.actor();
    let locale = web
        .app
        .workspace()
        .read(actor.clone(), move |work| {
            let order = work.get("tickets", id)?.link("order");
            let order = order.map(|order| work.as_process(|work| work.get("orders", order))).transpose()?;
            Ok(order.and_then(|order| order.text("locale").and_then(Locale::parse)))
        })
        .await?;
    let locale = locale.unwrap_or(web.app.workspace().knowledge().settings.locale);
    Ok(file(web.app.tickets_pdf(actor, BTreeSet::from([id]), locale).await?))
}

/// A PDF to be saved or shown by the browser's own viewer; the name has only letters that a header may carry.
pub(crate) fn file(file: TicketFile) -> Response {
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
