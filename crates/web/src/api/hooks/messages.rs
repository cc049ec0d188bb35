//! The doors of lines that carry messages: here it is told what became of a message, and what somebody wrote.

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use model::Actor;
use store::{Origin, Work};

use super::line::{AtLine, at_line, refused};
use crate::problem::Problem;
use crate::state::Web;

/// What a carrier tells.
pub(crate) async fn hear(
    State(web): State<Web>,
    Path(line): Path<String>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let AtLine { line, secrets, knock } = at_line(&web, &line, request).await?;
    let (id, url) = (line.id, web.app.message_url(line.id));
    let heard = knock.heard(None, &url, |knock| app::short::heard(&line, &secrets, knock));
    let told = heard.map_err(|error| refused(error, "invalid_message"))?;
    let Some(told) = told else { return Ok(StatusCode::NO_CONTENT) };
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| match work.line_at_door(id)? {
        Some((line, _)) => app.take_told(work, &line, &told),
        // It was switched off meanwhile.
        None => Ok(()),
    };
    web.app.workspace().write(Actor::Public, Origin::from("message"), run).await?;
    Ok(StatusCode::NO_CONTENT)
}
