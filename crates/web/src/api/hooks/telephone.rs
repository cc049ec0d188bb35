//! The doors of telephone lines: their providers tell of calls here, each signed in its own way.

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Path, Request, State};
use axum::http::StatusCode;
use channels::telephone::{Knock, Refused};
use model::{Actor, Id};
use store::{Error, Origin, Work};

use crate::bodies;
use crate::problem::Problem;
use crate::state::Web;

/// What a provider tells that names events in the body.
pub(crate) async fn hear(
    State(web): State<Web>,
    Path(line): Path<String>,
    request: Request,
) -> Result<StatusCode, Problem> {
    take(&web, &line, None, request).await
}

/// What a provider tells that names events by the address.
pub(crate) async fn hear_event(
    State(web): State<Web>,
    Path((line, event)): Path<(String, String)>,
    request: Request,
) -> Result<StatusCode, Problem> {
    take(&web, &line, Some(&event), request).await
}

/// Whoever does not know the secret learns nothing, not even whether there is such a line.
async fn take(web: &Web, line: &str, event: Option<&str>, request: Request) -> Result<StatusCode, Problem> {
    let id: Id = line.parse().map_err(|_| unsigned())?;
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let bytes = Bytes::from_request(request, web).await.map_err(|rejection| {
        let status = rejection.status();
        let code = if status == StatusCode::PAYLOAD_TOO_LARGE { "too_large" } else { "unreadable_body" };
        Problem::new(status, code, rejection.body_text())
    })?;
    bodies::weigh(uri.path(), &bytes)?;
    let read = move |work: &mut Work<'_>| work.line_at_door(id);
    let (line, secret) = web.app.workspace().read(Actor::Public, read).await?.ok_or_else(unsigned)?;
    let mut url = web.app.line_url(id);
    if let Some(event) = event {
        url = format!("{url}/events/{event}");
    }
    if let Some(query) = uri.query() {
        url = format!("{url}?{query}");
    }
    let heard = {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        app::telephone::heard(&line, &secret, &Knock { event, url: &url, header: &header, body: &bytes })
    };
    let told = heard.map_err(|refused| match refused {
        Refused::Signature => unsigned(),
        Refused::Unreadable(how) => Problem::from(Error::field("body", "invalid_call", how)),
    })?;
    let Some(told) = told else { return Ok(StatusCode::NO_CONTENT) };
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| match work.line_at_door(id)? {
        Some((line, _)) => app.take_call_event(work, &line, &told),
        // It was switched off meanwhile.
        None => Ok(()),
    };
    web.app.workspace().write(Actor::Public, Origin::from("telephone"), run).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn unsigned() -> Problem {
    let how = "the request is not signed by whoever knows the secret of this line";
    Problem::new(StatusCode::UNAUTHORIZED, "bad_signature", how)
}
