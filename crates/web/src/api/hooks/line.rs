//! What the doors of lines have in common: which line it is, and what was sent there. Whoever does not know the secret learns
//! nothing, not even whether there is such a line.

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use axum::http::{HeaderMap, StatusCode, Uri};
use channels::telephone::{Knock, Refused};
use model::{Actor, Id};
use store::{Error, Line, LineSecrets, Work};

use crate::bodies;
use crate::problem::Problem;
use crate::state::Web;

/// A line that is heard, and a request at its door.
pub(super) struct AtLine {
    pub(super) line: Line,
    pub(super) secrets: LineSecrets,
    pub(super) knock: Knocked,
}

/// A request, whole.
pub(super) struct Knocked {
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Knocked {
    /// Lets somebody hear it; `url` is the address as the provider knows it, without what is asked behind it.
    pub(super) fn heard<T>(&self, event: Option<&str>, url: &str, hear: impl FnOnce(&Knock<'_>) -> T) -> T {
        let url = self.uri.query().map_or_else(|| url.to_owned(), |query| format!("{url}?{query}"));
        let header = |name: &str| self.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        hear(&Knock { event, url: &url, header: &header, body: &self.body })
    }
}

/// The line, and what was sent to it.
pub(super) async fn at_line(web: &Web, line: &str, request: Request) -> Result<AtLine, Problem> {
    let id: Id = line.parse().map_err(|_| unsigned())?;
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let body = Bytes::from_request(request, web).await.map_err(|rejection| {
        let status = rejection.status();
        let code = if status == StatusCode::PAYLOAD_TOO_LARGE { "too_large" } else { "unreadable_body" };
        Problem::new(status, code, rejection.body_text())
    })?;
    bodies::weigh(uri.path(), &body)?;
    let read = move |work: &mut Work<'_>| work.line_at_door(id);
    let (line, secrets) = web.app.workspace().read(Actor::Public, read).await?.ok_or_else(unsigned)?;
    Ok(AtLine { line, secrets, knock: Knocked { uri, headers, body } })
}

/// Why a request is not taken.
pub(super) fn refused(error: Refused, code: &str) -> Problem {
    match error {
        Refused::Signature => unsigned(),
        Refused::Unreadable(how) => Problem::from(Error::field("body", code, how)),
    }
}

fn unsigned() -> Problem {
    let how = "the request is not signed by whoever knows the secret of this line";
    Problem::new(StatusCode::UNAUTHORIZED, "bad_signature", how)
}
