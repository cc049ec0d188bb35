//! The doors of telephone lines: their providers tell of calls here, each signed in its own way.

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use model::Actor;
use store::{Origin, Work};

use super::line::{AtLine, at_line, refused};
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

async fn take(web: &Web, line: &str, event: Option<&str>, request: Request) -> Result<StatusCode, Problem> {
    let AtLine { line, secrets, knock } = at_line(web, line, request).await?;
    let id = line.id;
    let mut url = web.app.line_url(id);
    if let Some(event) = event {
        url = format!("{url}/events/{event}");
    }
    let heard = knock.heard(event, &url, |knock| app::telephone::heard(&line, &secrets.secret, knock));
    let told = heard.map_err(|error| refused(error, "invalid_call"))?;
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
