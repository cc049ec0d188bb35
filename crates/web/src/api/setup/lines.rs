//! Lines, for administrators: who tells of calls and carries messages, where, and whose extension is whose.

use app::requests::Tried;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Id;
use serde_json::{Map, Value, json};
use store::{Error, Line, Work};

use crate::api::answer::{Reply, Write, data};
use crate::api::keys;
use crate::api::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::setup::lines::{changed, made};
use crate::state::Web;

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    let app = web.app.clone();
    let read = move |work: &mut Work<'_>| {
        let lines = work.lines()?;
        lines.iter().map(|line| shown(&app, work, line)).collect::<store::Result<Vec<_>>>()
    };
    Ok(Json(data(web.app.workspace().read(caller.actor(), read).await?)))
}

pub(crate) async fn create(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    let (make, app) = (made(web.app.clone(), write.object()?), web.app.clone());
    let run = move |work: &mut Work<'_>| {
        let id = make(work)?;
        answer(&app, work, id, StatusCode::CREATED)
    };
    write.run(&web, caller.author(), run).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(line): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let id = id("lines", &line)?;
    let (change, app) = (changed(web.app.clone(), id, write.object()?), web.app.clone());
    let run = move |work: &mut Work<'_>| {
        change(work)?;
        answer(&app, work, id, StatusCode::OK)
    };
    write.run(&web, caller.author(), run).await
}

pub(crate) async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path(line): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (id, body) = (id("lines", &line)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &[])?;
        work.delete_line(id)?;
        Ok(Reply::empty())
    };
    write.run(&web, caller.author(), run).await
}

/// Tells the bot of a line where it tells of what is written to it.
pub(crate) async fn connect(
    State(web): State<Web>,
    caller: Caller,
    Path(line): Path<String>,
    write: Write,
) -> Result<Json<Value>, Problem> {
    let id = id("lines", &line)?;
    keys::known(&write.object()?, "", &[])?;
    let wrong = web.app.connect_line(caller.actor(), id).await?;
    Ok(Json(json!({"connected": wrong.is_none(), "answer": wrong})))
}

/// What would be made of a sample of what the source of a line sends; nothing is kept.
pub(crate) async fn attempt(
    State(web): State<Web>,
    caller: Caller,
    Path(line): Path<String>,
    write: Write,
) -> Result<Json<Value>, Problem> {
    let (id, body) = (id("lines", &line)?, write.object()?);
    keys::known(&body, "", &["body"])?;
    let Some(sample) = body.get("body") else {
        return Err(Error::field("body", "required", "a sample of what the source sends").into());
    };
    let tried = web.app.try_request(caller.actor(), id, sample).await?;
    Ok(Json(told(&tried)))
}

fn told(tried: &Tried) -> Value {
    let found = tried
        .found
        .iter()
        .map(|(told, field)| json!({"key": told.key, "label": told.label, "value": told.text(), "field": field}));
    let made = tried.made.as_ref().map(|(title, fields)| {
        let fields: Map<_, _> = fields.iter().map(|(name, value)| (name.clone(), value.to_json())).collect();
        json!({"module": tried.module, "title": title, "fields": fields})
    });
    let faults = tried.faults.iter().map(|it| json!({"field": it.field, "code": it.code, "message": it.message}));
    json!({"found": found.collect::<Vec<_>>(), "made": made, "errors": faults.collect::<Vec<_>>()})
}

fn answer(app: &app::App, work: &mut Work<'_>, id: Id, status: StatusCode) -> store::Result<Reply> {
    let line = work.line(id)?;
    Ok(Reply::new(status, shown(app, work, &line)?))
}

fn shown(app: &app::App, work: &mut Work<'_>, line: &Line) -> store::Result<Value> {
    let setup = &line.setup;
    let (verify_token, waits) = (app.verify_token(work, line)?, app.waits_of_line(work, line.id)?);
    let next = waits.next.map(|at| at.to_string());
    let extensions: Map<_, _> =
        setup.extensions.iter().map(|(extension, user)| (extension.clone(), json!(user.to_string()))).collect();
    Ok(json!({
        "id": line.id.to_string(), "name": setup.name, "kind": setup.kind, "account": setup.account,
        "sender": setup.sender, "address": setup.url, "body": setup.body,
        "form": setup.form, "confirmation": setup.confirmation, "header": setup.header, "id_path": setup.id_path,
        "extensions": extensions, "active": setup.active,
        "url": app.line_url(line.id), "messages_url": app.message_url(line.id),
        "requests_url": app.request_url(line.id), "verify_token": verify_token,
        "waiting": {"count": waits.count, "answer": waits.answer, "next_attempt_at": next},
    }))
}
