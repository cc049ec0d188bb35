//! What surveys ask: made, changed, deleted.

use app::shape::{SurveyEdit, version};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::rights::Capability;
use model::survey::{SENT, Survey};
use model::{Actor, Definitions};
use serde_json::{Value, json};
use store::{Error, Work};

use super::shape::{is_dry_run, plan};
use crate::api::answer::{Reply, Write, data, etag, if_match};
use crate::blocking::blocking;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<impl IntoResponse, Problem> {
    let tag = etag(version(&web.app.workspace().knowledge().definitions));
    let (app, read) = (web.app.clone(), web.app.workspace());
    let read = read.read(caller.actor(), move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        Ok(work.definitions().surveys().map(|(survey, pack)| shown(&app, survey, pack)).collect::<Vec<_>>())
    });
    Ok(([(header::ETAG, tag)], Json(data(read.await?))))
}

pub(crate) async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let tag = etag(version(&web.app.workspace().knowledge().definitions));
    let app = web.app.clone();
    let read = move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        let none = || Error::NotFound { module: SENT.to_owned(), id: name.clone() };
        named(&app, work.definitions(), &name).ok_or_else(none)
    };
    Ok(([(header::ETAG, tag)], Json(web.app.workspace().read(caller.actor(), read).await?)))
}

pub(crate) async fn add(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let edit = SurveyEdit::New(write.object()?);
    shape(&web, caller.actor(), edit, write, query, StatusCode::CREATED).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let edit = SurveyEdit::Change { survey, body: write.object()? };
    shape(&web, caller.actor(), edit, write, query, StatusCode::OK).await
}

pub(crate) async fn delete(
    State(web): State<Web>,
    caller: Caller,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    shape(&web, caller.actor(), SurveyEdit::Delete { survey }, write, query, StatusCode::NO_CONTENT).await
}

async fn shape(
    web: &Web,
    actor: Actor,
    edit: SurveyEdit,
    write: Write,
    query: Option<String>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (dry_run, expected) = (is_dry_run(query.as_deref())?, if_match(&write.headers)?);
    let (app, by) = (web.app.clone(), actor.clone());
    let done = || async move {
        let shaping = app.clone();
        let (name, reshaped) = blocking(move || shaping.shape_survey(&by, edit, expected, dry_run)).await??;
        if dry_run {
            return Ok(Reply::new(StatusCode::OK, plan(&reshaped)));
        }
        let survey = named(&app, &reshaped.definitions, &name);
        let is_gone = status == StatusCode::NO_CONTENT;
        let reply = if is_gone { Reply::empty() } else { Reply::new(status, survey.unwrap_or_default()) };
        Ok(reply.with("etag", etag(version(&reshaped.definitions))))
    };
    write.run_long(web, actor, done).await
}

fn named(app: &app::App, definitions: &Definitions, name: &str) -> Option<Value> {
    let survey = definitions.survey(name)?;
    Some(shown(app, survey, definitions.survey_pack(name).unwrap_or_default()))
}

fn shown(app: &app::App, survey: &Survey, pack: &str) -> Value {
    let mut json = json!(survey);
    if let Some(map) = json.as_object_mut() {
        map.insert("pack".to_owned(), json!(pack));
        map.insert("public_url".to_owned(), json!(survey.anonymous.then(|| app.survey_url(&survey.name))));
    }
    json
}
