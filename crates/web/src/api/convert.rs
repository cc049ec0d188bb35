//! A lead becomes a client.

use app::convert;
use app::convert::{Candidate, Conversion, LEADS, of};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value, json};
use store::Work;

use super::answer::Write;
use super::records::{id, stands};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

/// Whom the lead may be already.
pub(crate) async fn offer(
    State(web): State<Web>,
    caller: Caller,
    Path(lead): Path<String>,
) -> Result<Json<Value>, Problem> {
    let id = id(LEADS, &lead)?;
    let read = move |work: &mut Work<'_>| {
        let lead = work.get(LEADS, id)?;
        let process = work.definitions().process(LEADS).cloned();
        let is_open = process.is_some_and(|process| convert::step(&process, &lead).is_some());
        let offer = of(work, &lead)?;
        let shown = |candidates: &[Candidate]| candidates.iter().map(shown).collect::<Vec<_>>();
        Ok(json!({"open": is_open, "contacts": shown(&offer.contacts), "accounts": shown(&offer.accounts)}))
    };
    Ok(Json(web.app.workspace().read(caller.actor(), read).await?))
}

fn shown(candidate: &Candidate) -> Value {
    let signs: Vec<_> = candidate.signs.iter().map(|sign| sign.code()).collect();
    let (id, title) = (candidate.record.id.to_string(), candidate.record.title());
    json!({"id": id, "title": title, "because": signs, "sure": candidate.is_sure})
}

/// Makes the client.
pub(crate) async fn convert(
    State(web): State<Web>,
    caller: Caller,
    Path(lead): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, id, body) = (web.app.clone(), id(LEADS, &lead)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        let lead = app.convert(work, id, &Conversion::read(&body)?)?;
        stands(work, &lead)
    };
    write.run(&web, caller.author(), run).await
}
