//! The doors of lines that bring requests: lead forms of networks, and whatever any program signs.

use app::requests::{Became, heard, verified};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use channels::requests::{Heard, Source};
use model::Actor;
use serde_json::json;
use store::{Error, Origin, Work};

use super::line::{AtLine, at_line, refused};
use crate::problem::Problem;
use crate::state::Web;

/// What networks want to hear.
const OK: &str = "ok";

/// Answers a source that asks whether this is the right door.
pub(crate) async fn verify(
    State(web): State<Web>,
    Path(line): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let AtLine { line, secrets, knock } = at_line(&web, &line, request).await?;
    let url = web.app.request_url(line.id);
    let verified = knock.heard(None, &url, |knock| verified(&line, &secrets, knock));
    Ok(plain(verified.map_err(|error| refused(error, "invalid_request"))?))
}

/// What a source tells.
pub(crate) async fn hear(
    State(web): State<Web>,
    Path(line): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let AtLine { line, secrets, knock } = at_line(&web, &line, request).await?;
    let (id, url) = (line.id, web.app.request_url(line.id));
    let heard = knock.heard(None, &url, |knock| heard(&line, &secrets, knock));
    let heard = match heard.map_err(|error| refused(error, "invalid_request"))? {
        Heard::Answered(words) => return Ok(plain(words)),
        heard => heard,
    };
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        // It was switched off meanwhile: nothing is lost, as it is told again.
        let off = || Error::conflict("line_off", "the line is switched off");
        let (line, _) = work.line_at_door(id)?.ok_or_else(off)?;
        match &heard {
            Heard::Came(came) => app.take_request(work, &line, came).map(Some),
            Heard::Told(notices) => {
                for notice in notices {
                    app.await_request(work, &line, notice)?;
                }
                Ok(None)
            }
            Heard::Answered(_) => Ok(None),
        }
    };
    let is_program = app::requests::source(&line) == Some(Source::Webhook);
    let became = match web.app.workspace().write(Actor::Public, Origin::from("request"), run).await {
        Ok((became, _)) => became,
        // A network has no use for what is wrong with an answer, and nothing was kept.
        Err(Error::Invalid(_)) if !is_program => None,
        Err(error) => return Err(error.into()),
    };
    if !is_program {
        return Ok(plain(OK.to_owned()));
    }
    let status = match became {
        Some(Became::Made) | None => "received",
        Some(Became::Before) => "repeated",
        Some(Became::Rejected) => "rejected",
    };
    Ok(Json(json!({"status": status})).into_response())
}

fn plain(words: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response()
}
