//! Forms with files, read part by part: what of it is kept, and how large it may be, the reader says.

use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;

use crate::problem::Problem;
use crate::state::Web;

/// A form of which no part is read yet.
pub(crate) struct Parts(Multipart);

impl FromRequest<Web> for Parts {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Problem> {
        let form = Multipart::from_request(request, web).await;
        form.map(Self).map_err(|error| {
            let how = "send a form with files (Content-Type: multipart/form-data)";
            let is_other = error.status() == StatusCode::BAD_REQUEST;
            let status = if is_other { StatusCode::UNSUPPORTED_MEDIA_TYPE } else { error.status() };
            Problem::new(status, "unsupported_media_type", how)
        })
    }
}

impl Parts {
    /// The next part; nothing after the last one.
    ///
    /// # Errors
    /// 413 `too_large`, 400 `unreadable_body`.
    pub(crate) async fn next(&mut self) -> Result<Option<Part<'_>>, Problem> {
        let field = self.0.next_field().await.map_err(|error| unreadable(&error))?;
        Ok(field.map(Part))
    }
}

/// What one control sent: a text, or a file.
pub(crate) struct Part<'a>(Field<'a>);

impl Part<'_> {
    /// Name of the control.
    pub(crate) fn control(&self) -> &str {
        self.0.name().unwrap_or_default()
    }

    /// Name of the file; empty where none was chosen, nothing for a text.
    pub(crate) fn file_name(&self) -> Option<&str> {
        self.0.file_name()
    }

    /// The next bytes of it, as they come.
    ///
    /// # Errors
    /// As [`Parts::next`].
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        self.0.chunk().await.map_err(|error| unreadable(&error))
    }

    /// All of it.
    ///
    /// # Errors
    /// As [`Parts::next`].
    pub(crate) async fn bytes(self) -> Result<Bytes, Problem> {
        self.0.bytes().await.map_err(|error| unreadable(&error))
    }

    /// All of it as a text.
    ///
    /// # Errors
    /// As [`Parts::next`].
    pub(crate) async fn text(self) -> Result<String, Problem> {
        Ok(String::from_utf8_lossy(&self.bytes().await?).into_owned())
    }
}

fn unreadable(error: &MultipartError) -> Problem {
    let status = error.status();
    let code = if status == StatusCode::PAYLOAD_TOO_LARGE { "too_large" } else { "unreadable_body" };
    Problem::new(status, code, error.body_text())
}
